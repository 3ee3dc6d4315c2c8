import Foundation
import Protocols
import Statistics

/// One logistic regression, by maximum likelihood or with Firth's penalty, as combination.json keeps it.
struct CombinationRegression: Codable, Equatable {
  enum Method: String, Codable {
    case maximumLikelihood = "maximum-likelihood"
    case firth
  }

  struct Coefficient: Codable, Equatable {
    /// A column's name, or `(Intercept)`.
    var name: String
    /// The logarithm of the odds ratio.
    var value: Double
    var standardError: Double
    /// With its 95 % interval: Wald's, or, with Firth's penalty, the profile interval of the penalised likelihood (the
    /// intercept's always Wald's).
    var oddsRatio: Estimate
    /// Wald's, or, with Firth's penalty, that of the penalised likelihood ratio (the intercept's always Wald's).
    var p: Double

    static func == (a: Coefficient, b: Coefficient) -> Bool { a.name == b.name && a.value == b.value }
  }

  /// The joint test of all columns of a factor.
  struct FactorTest: Codable, Equatable {
    var factor: String
    var degrees: Int
    var p: Double
  }

  var method: Method
  var lesions: Int
  var malignant: Int
  var coefficients: [Coefficient]
  var factors: [FactorTest]

  /// A factor's columns, one value a lesion in each.
  struct Group {
    var factor: String
    var columns: [(name: String, values: [Double])]
  }

  enum Failure: Error {
    /// No finite maximum likelihood estimate, and no penalty was asked for.
    case separated(String)
    /// All columns of a factor are constant or follow from the others.
    case nothingLeft
    case other(StatisticsError)
  }

  /// - dropped: columns left out since they follow from others.
  static func fit(
    outcomes: [Bool], _ groups: [Group], penalty: Combination.Penalty, dropped: inout [String]
  ) throws(Failure) -> CombinationRegression {
    var groups = groups
    while true {
      guard groups.contains(where: { !$0.columns.isEmpty }) else { throw .nothingLeft }
      let terms = groups.flatMap { $0.columns.map { Term($0.name, $0.values) } }
      do throws(StatisticsError) {
        return try CombinationRegression(outcomes, terms, groups, penalty)
      } catch .collinear(let column) {
        guard let place = groups.firstIndex(where: { $0.columns.contains { $0.name == column } }) else {
          throw .other(.collinear(column: column))
        }
        groups[place].columns.removeAll { $0.name == column }
        dropped.append(column)
      } catch .separated(let kind) {
        throw .separated(kind)
      } catch {
        throw .other(error)
      }
    }
  }

  private init(_ outcomes: [Bool], _ terms: [Term], _ groups: [Group], _ penalty: Combination.Penalty)
    throws(StatisticsError)
  {
    do throws(StatisticsError) {
      let model = try LogisticModel(outcomes: outcomes, terms: terms)
      method = .maximumLikelihood
      coefficients = model.coefficients.map {
        Coefficient(
          name: $0.name, value: $0.value, standardError: $0.standardError, oddsRatio: $0.oddsRatio, p: $0.p)
      }
      factors = try Self.tests(groups) { names throws(StatisticsError) in try model.waldTest(names).p }
    } catch .separated(let kind) {
      guard penalty == .firth else { throw .separated(kind: kind) }
      let model = try FirthModel(outcomes: outcomes, terms: terms)
      method = .firth
      var coefficients: [Coefficient] = []
      for each in model.coefficients {
        var (oddsRatio, p) = (each.oddsRatio, each.p)
        if each.name != model.coefficients.first?.name {
          oddsRatio.interval = try model.profileInterval(each.name)
          p = try model.likelihoodRatioTest([each.name]).p
        }
        coefficients.append(
          Coefficient(
            name: each.name, value: each.value, standardError: each.standardError, oddsRatio: oddsRatio, p: p))
      }
      self.coefficients = coefficients
      factors = try Self.tests(groups) { names throws(StatisticsError) in try model.likelihoodRatioTest(names).p }
    }
    lesions = outcomes.count
    malignant = outcomes.count { $0 }
  }

  private static func tests(_ groups: [Group], p: ([String]) throws(StatisticsError) -> Double)
    throws(StatisticsError) -> [FactorTest]
  {
    var tests: [FactorTest] = []
    for group in groups where !group.columns.isEmpty {
      tests.append(
        FactorTest(factor: group.factor, degrees: group.columns.count, p: try p(group.columns.map(\.name))))
    }
    return tests
  }

  /// Probability of malignancy for the values of the columns by name; a column the model does not hold adds nothing.
  func probability(_ columns: [String: Double]) -> Double {
    let eta = coefficients.dropFirst().reduce(coefficients.first?.value ?? 0) {
      $0 + $1.value * (columns[$1.name] ?? 0)
    }
    return eta >= 0 ? 1 / (1 + exp(-eta)) : exp(eta) / (1 + exp(eta))
  }
}
