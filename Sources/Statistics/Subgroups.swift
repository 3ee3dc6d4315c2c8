/// The strata of one factor, each by itself and tested against each other (S2-22).
///
/// Strata with fewer patients of a class than `FewestCases.test`, those without a variance and those whose factor is missing are
/// shown but enter no test.
public struct Subgroups: Sendable {
  public enum Measure: String, Sendable, CaseIterable {
    case auc = "AUC"
    case sensitivity, specificity
  }
  public enum Question: String, Sendable {
    /// Whether the strata differ.
    case heterogeneity
    /// Whether the measure rises or falls with the order of the strata; asked of three or more ordered ones.
    case trend
  }

  public struct Test: Sendable {
    public let measure: Measure
    public let question: Question
    /// In words, with what it accounts for.
    public let method: String
    public let result: TestResult
    /// Cochran's only.
    public let iSquared: Double?
    /// Labels of the strata that entered.
    public let strata: [String]
  }

  public struct Pair: Sendable {
    public let a: String
    public let b: String
    /// DeLong's unpaired test; with the covariance of shared patients where there are any, and then no Satterthwaite p.
    public let comparison: AUCComparison
    /// Holm's p among the pairs of this factor.
    public let pHolm: Double
  }

  public let strata: [StratumAccuracy]
  public let tests: [Test]
  public let pairs: [Pair]
  /// What was not tested and why.
  public private(set) var notes: [String] = []
  /// Whether a patient has rows in one stratum twice or in two strata: the tests then allow for it.
  public let isClustered: Bool

  /// - Parameter isOrdered: the strata are in the factor's order, so that a trend has a meaning.
  /// - Throws: `lengthsDiffer`, `notFinite`, `empty` without strata, `outOfRange` for the level.
  public init(
    _ given: [Stratum], cutOff: Double?, isOrdered: Bool, fewest: FewestCases = FewestCases(), level: Double = 0.95
  ) throws(StatisticsError) {
    if given.isEmpty { throw .empty(what: "strata") }
    var strata: [StratumAccuracy] = []
    for stratum in given { strata.append(try StratumAccuracy(stratum, cutOff: cutOff, fewest: fewest, level: level)) }
    self.strata = strata
    let levels = given.indices.filter { !given[$0].isMissing }
    let names = levels.flatMap { given[$0].patients }
    isClustered = Set(names).count < names.count
    var tests: [Test] = []
    var pairs: [Pair] = []

    let tested = levels.filter { strata[$0].isTested }
    if tested.count >= 2 {
      let omitted = levels.filter { !strata[$0].isTested && strata[$0].n > 0 }.map { strata[$0].label }
      if !omitted.isEmpty {
        notes.append("AUC: the tests leave out \(omitted.joined(separator: ", ")) (see the flags)")
      }
      let covariance = AreaCovariance(
        tested.compactMap { index in
          strata[index].delong.flatMap { delong in
            strata[index].area.map { .init(delong: delong, area: $0, patients: given[index].patients) }
          }
        }, isClustered: isClustered)
      do throws(StatisticsError) {
        let found = try covariance.heterogeneity()
        let how = isClustered ? "of logit AUC, with the covariance of shared patients" : "of logit AUC"
        let labels = tested.map { strata[$0].label }
        tests.append(
          Test(
            measure: .auc, question: .heterogeneity, method: "Cochran Q " + how, result: found.q,
            iSquared: found.iSquared, strata: labels))
        if isOrdered, tested.count > 2 {
          tests.append(
            Test(
              measure: .auc, question: .trend, method: "slope " + how, result: found.trend, iSquared: nil,
              strata: labels))
        }
      } catch { notes.append("AUC: no test between strata: \(error)") }
      pairs = try covariance.pairs(labels: tested.map { strata[$0].label }, level: level)
    } else if !levels.isEmpty {
      notes.append("AUC: fewer than two strata have \(fewest.test) patients of either class: no test between strata")
    }
    if let cutOff, !levels.isEmpty {
      for measure in [Measure.sensitivity, .specificity] {
        let wanted = measure == .sensitivity
        let calls = levels.map { ClassCalls(given[$0], positive: wanted, cutOff: cutOff) }
          .filter { $0.patientCount >= fewest.test }
        do throws(StatisticsError) {
          guard calls.count >= 2 else {
            throw .tooFew(
              what: "strata with \(fewest.test) \(wanted ? "positives" : "negatives")", needed: 2, found: calls.count)
          }
          tests += try ClassCalls.tests(calls, measure, isOrdered: isOrdered)
        } catch { notes.append("\(measure.rawValue): no test between strata: \(error)") }
      }
    }
    (self.tests, self.pairs) = (tests, pairs)
  }
}

/// The calls of one class in one stratum.
private struct ClassCalls {
  let label: String
  let right: [Bool]
  let patients: [String]
  var patientCount: Int { Set(patients).count }

  init(_ stratum: Stratum, positive: Bool, cutOff: Double) {
    let own = stratum.positives.indices.filter { stratum.positives[$0] == positive }
    label = stratum.label
    right = own.map { (stratum.scores[$0] >= cutOff) == positive }
    patients = own.map { stratum.patients[$0] }
  }

  static func tests(
    _ calls: [ClassCalls], _ measure: Subgroups.Measure, isOrdered: Bool
  ) throws(StatisticsError) -> [Subgroups.Test] {
    let names = calls.flatMap(\.patients)
    let right = calls.flatMap(\.right)
    if Set(right).count == 1 {
      throw .outOfRange(
        what: "calls", row: nil, expected: "some right and some wrong", found: right[0] ? "all right" : "all wrong")
    }
    let found: ProportionHomogeneity
    if Set(names).count < names.count {
      let strata = calls.enumerated().flatMap { index, call in [Int](repeating: index, count: call.right.count) }
      found = try ProportionHomogeneity(successes: right, strata: strata, clusters: names)
    } else {
      found = try ProportionHomogeneity(
        strata: calls.map { (call: ClassCalls) in
          (successes: call.right.count { $0 }, total: call.right.count)
        })
    }
    let labels = calls.map(\.label)
    var tests = [
      Subgroups.Test(
        measure: measure, question: .heterogeneity, method: found.method.rawValue, result: found.heterogeneity,
        iSquared: nil, strata: labels)
    ]
    if isOrdered, calls.count > 2 {
      tests.append(
        Subgroups.Test(
          measure: measure, question: .trend,
          method: found.method == .clusteredScore ? found.method.rawValue : "Cochran-Armitage", result: found.trend,
          iSquared: nil, strata: labels))
    }
    return tests
  }
}
