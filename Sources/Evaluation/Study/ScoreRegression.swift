import Foundation
import Statistics

/// A logistic regression of the label on a model's score, on the logit scale, and clinical variables (S2-13, S2-15).
struct ScoreRegression: Sendable {
  enum Source: Sendable, Equatable {
    /// Lesions of the validation parts, which the network was not trained on.
    case validation
    /// Lesions the network was trained on.
    case training
    /// Test lesions, on which it then is judged too: its performance there is only apparent.
    case test(split: String)
  }

  /// Above this, rows with gaps are left out; below, gaps are imputed.
  static let mostImputed = 5000
  static let imputations = 20

  let source: Source
  let lesions: [UnitScore]
  let variables: RegressionVariables
  /// Name of the score's term.
  let scoreName: String
  /// Each term alone, the score first; nil where it cannot be fitted, with the reason.
  let alone: [(name: String, model: FactorRegression?, reason: String?)]
  let together: FactorRegression
  /// Lesions with a gap in a variable.
  let incomplete: Int
  let isImputed: Bool

  init(
    _ rows: [UnitScore], source: Source, scoreName: String, _ choices: StudyTables
  ) throws(StatisticsError) {
    let keys = rows.map { LesionKey(patient: $0.patient, lesion: $0.name) }
    variables = RegressionVariables(choices.regression, choices.variables, fittedOn: keys)
    (self.source, self.scoreName) = (source, scoreName)
    let score = IncompleteTerm(scoreName, .numbers(rows.map { ScoreRegression.logit($0.score) }, spline: nil))
    let terms = [score] + (try variables.terms(of: keys))
    let gaps = terms.reduce(into: Set<Int>()) { $0.formUnion($1.missingRows) }
    incomplete = gaps.count
    isImputed = !gaps.isEmpty && rows.count <= ScoreRegression.mostImputed
    let kept = isImputed ? Array(rows.indices) : rows.indices.filter { !gaps.contains($0) }
    lesions = kept.map { rows[$0] }
    let outcomes = lesions.map(\.isMalignant)
    let patients = lesions.map(\.patient)
    let clusters = Set(patients).count < patients.count ? patients : nil
    var sets: [[Factor]] = []
    if isImputed {
      var options = MultipleImputation.Options()
      options.imputations = ScoreRegression.imputations
      for set in try MultipleImputation(outcomes: outcomes, terms: terms, options: options).completed {
        sets.append(set.map { Factor($0) })
      }
    } else {
      var complete: [Factor] = []
      for term in terms { complete.append(Factor(try term.term(rows: kept))) }
      sets = [complete]
    }
    func fit(_ names: [String]?) throws(StatisticsError) -> FactorRegression {
      try FactorRegression(
        outcomes: outcomes, sets: sets.map { set in set.filter { names?.contains($0.name) ?? true } },
        clusters: clusters, profiles: false)
    }
    var alone: [(name: String, model: FactorRegression?, reason: String?)] = []
    for term in terms {
      do throws(StatisticsError) {
        alone.append((term.name, try fit([term.name]), nil))
      } catch {
        alone.append((term.name, nil, "\(error)"))
      }
    }
    self.alone = alone
    together = try fit(nil)
  }

  /// log(p / (1 - p)), where scores of 0 and 1 are taken as a millionth from them.
  static func logit(_ score: Double) -> Double {
    let p = min(1 - 1e-6, max(1e-6, score))
    return log(p / (1 - p))
  }

  /// The probability of a lesion; nil where a value of it is missing or a level unknown.
  func probability(_ row: UnitScore) -> Double? {
    var values = variables.values(of: LesionKey(patient: row.patient, lesion: row.name))
    values[scoreName] = .number(ScoreRegression.logit(row.score))
    return try? together.formula.probability(values)
  }
}
