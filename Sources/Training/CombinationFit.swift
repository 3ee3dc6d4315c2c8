import Protocols
import Statistics

/// A lesion a combination is fitted on.
struct FittingLesion {
  let key: LesionKey
  let isMalignant: Bool
  /// The network's, 0 to 1: the mean of its images' scores (S2-11).
  let score: Double
  /// By factor name.
  let values: [String: FactorValue]
}

/// Screens factors and fits the combined model (S2-13, S2-15).
struct CombinationFit {
  let settings: Combination
  let factors: [CombinationFactor]
  let lesions: [FittingLesion]
  /// What messages call the fit: "fold 1", "all folds".
  let place: String
  private var warnings: [String] = []

  /// Errors, naming the place: one class only, no more lesions than parameters, classes separated without a penalty
  /// asked for.
  static func model(
    _ settings: Combination, factors: [CombinationFactor], lesions: [FittingLesion], fold: Int?
  ) throws(TrainingError) -> CombinationModel {
    var fit = CombinationFit(
      settings: settings, factors: factors, lesions: lesions.sorted { $0.key < $1.key },
      place: fold.map { "fold \($0 + 1)" } ?? "all folds")
    return try fit.model(fold)
  }

  private init(settings: Combination, factors: [CombinationFactor], lesions: [FittingLesion], place: String) {
    (self.settings, self.factors, self.lesions, self.place) = (settings, factors, lesions, place)
  }

  private mutating func model(_ fold: Int?) throws(TrainingError) -> CombinationModel {
    let malignant = lesions.count { $0.isMalignant }
    guard malignant > 0, malignant < lesions.count else {
      throw error(
        "expected malignant and benign lesions to fit on, found \(malignant) malignant and "
          + "\(lesions.count - malignant) benign"
      )
    }
    let codings = codings()
    var univariate = [alone(Combination.scoreName, scoreOnly: true, [])]
    var passed: [FactorCoding] = []
    for factor in factors {
      guard let coding = codings.first(where: { $0.factor.name == factor.name }) else {
        univariate.append(.init(factor: factor.name, regression: nil, reason: "no value among the lesions"))
        warn("\(factor.name) has no value among the lesions and is set aside")
        continue
      }
      let result = alone(factor.name, scoreOnly: false, [coding])
      univariate.append(result)
      if let reason = result.reason { warn("\(factor.name) \(reason) and is set aside") }
      guard let p = result.regression?.factors.first?.p else { continue }
      if settings.screening == .all || p < settings.alpha { passed.append(coding) }
    }

    var multivariable: CombinationRegression?
    var kept = passed
    if settings.screening == .multivariable, !passed.isEmpty {
      let together = try regression(withScore: false, passed, what: "the factors that passed alone")
      multivariable = together
      kept = passed.filter { coding in
        together.factors.contains { $0.factor == coding.factor.name && $0.p < settings.alpha }
      }
    }
    if kept.isEmpty { warn("no factor was kept: the combined model only recalibrates the network's score") }
    let combined = try regression(withScore: true, kept, what: "the network's score and the factors kept")
    warnSmall(combined)
    return CombinationModel(
      fold: fold, lesions: lesions.count, malignant: malignant, patients: Set(lesions.map(\.key.patient)).count,
      univariate: univariate, multivariable: multivariable, kept: kept.map(\.factor.name), combined: combined,
      scoreCoding: settings.score, scoreRange: [lesions.map(\.score).min() ?? 0, lesions.map(\.score).max() ?? 1],
      dropping: settings.missing == .drop, codings: kept, warnings: warnings)
  }

  private func codings() -> [FactorCoding] {
    factors.compactMap { factor in
      FactorCoding(
        factor, values: lesions.map { $0.values[factor.name] ?? .missing }, ownLevel: settings.missing == .level)
    }
  }

  /// A factor, or the score, on its own. What keeps it from being fitted is its reason, not an error.
  private func alone(_ name: String, scoreOnly: Bool, _ codings: [FactorCoding]) -> CombinationModel.Alone {
    var dropped: [String] = []
    let (outcomes, groups) = design(withScore: scoreOnly, codings)
    do throws(CombinationRegression.Failure) {
      let regression = try CombinationRegression.fit(
        outcomes: outcomes, groups, penalty: settings.penalty, dropped: &dropped)
      return .init(factor: name, regression: regression, reason: nil)
    } catch {
      let reason =
        switch error {
        case .separated(let kind): "separates the classes (\(kind) separation, no finite odds ratio without a penalty)"
        case .nothingLeft: "is the same in every lesion"
        case .other(let error): "cannot be fitted (\(error))"
        }
      return .init(factor: name, regression: nil, reason: reason)
    }
  }

  private mutating func regression(withScore: Bool, _ codings: [FactorCoding], what: String)
    throws(TrainingError) -> CombinationRegression
  {
    let (outcomes, groups) = design(withScore: withScore, codings)
    let parameters = 1 + groups.reduce(0) { $0 + $1.columns.count }
    guard outcomes.count > parameters else {
      throw error(
        "\(what): expected more lesions than parameters, found \(outcomes.count) lesions"
          + (outcomes.count < lesions.count ? " without missing values" : "") + " and \(parameters) parameters")
    }
    var dropped: [String] = []
    do throws(CombinationRegression.Failure) {
      let regression = try CombinationRegression.fit(
        outcomes: outcomes, groups, penalty: settings.penalty, dropped: &dropped)
      for column in dropped { warn("\(column) follows from other columns and is left out") }
      if regression.method == .firth {
        warn("\(what) separate the classes: fitted with Firth's penalty, their odds ratios are uncertain")
      }
      return regression
    } catch {
      switch error {
      case .separated(let kind):
        throw self.error(
          "\(what) separate the classes (\(kind) separation), so that no finite odds ratios exist; set "
            + "combination.penalty to firth, or name fewer factors")
      case .nothingLeft: throw self.error("\(what) are the same in every lesion")
      case .other(let error): throw self.error("\(what): \(error)")
      }
    }
  }

  /// The lesions with a known value, or a level for missing ones, in every factor.
  private func design(withScore: Bool, _ codings: [FactorCoding]) -> ([Bool], [CombinationRegression.Group]) {
    var outcomes: [Bool] = []
    var rows: [[[Double]]] = []
    for lesion in lesions {
      let encoded = codings.map {
        $0.encoded(lesion.values[$0.factor.name] ?? .missing, dropping: settings.missing == .drop)
      }
      let known = encoded.compactMap(\.self)
      guard known.count == codings.count else { continue }
      outcomes.append(lesion.isMalignant)
      rows.append((withScore ? [[settings.score.value(lesion.score)]] : []) + known)
    }
    let names =
      (withScore ? [(Combination.scoreName, [Combination.scoreName])] : [])
      + codings.map { ($0.factor.name, $0.columns.map(\.name)) }
    let groups = names.enumerated().map { place, group in
      CombinationRegression.Group(
        factor: group.0,
        columns: group.1.enumerated().map { column, name in (name, rows.map { $0[place][column] }) })
    }
    return (outcomes, groups)
  }

  /// Ten cases of the rarer class for each coefficient (Peduzzi et al., J Clin Epidemiol 1996;49:1373).
  private mutating func warnSmall(_ regression: CombinationRegression) {
    let rarer = min(regression.malignant, regression.lesions - regression.malignant)
    let coefficients = regression.coefficients.count - 1
    if rarer < 10 * coefficients {
      warn(
        "\(rarer) lesions of the rarer class for \(coefficients) coefficients, fewer than ten each: the odds ratios "
          + "are unstable"
      )
    }
  }

  private mutating func warn(_ text: String) { warnings.append("\(place): \(text)") }
  private func error(_ text: String) -> TrainingError { .cohort("combination, \(place): \(text)") }
}
