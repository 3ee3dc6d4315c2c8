import Foundation

/// The figures of one model or reader group on one set of cases, as published. All but the name may be missing.
public struct ReportedResult: Sendable {
  public var name: String
  /// Cases with and without the disease, of the unit the figures count (patients, lesions or images).
  public var positives: Int?
  public var negatives: Int?
  /// Cases in all, where the classes are not told.
  public var total: Int?
  public var sensitivity: ReportedNumber?
  public var specificity: ReportedNumber?
  public var accuracy: ReportedNumber?
  public var ppv: ReportedNumber?
  public var npv: ReportedNumber?
  public var auc: ReportedNumber?
  public var aucLower: ReportedNumber?
  public var aucUpper: ReportedNumber?
  public var netBenefit: ReportedNumber?
  /// Threshold probability of the net benefit.
  public var threshold: Double?
  public var p: ReportedNumber?
  /// Intervals of the other figures.
  public var intervals: [Proportion: Limits] = [:]

  public enum Proportion: String, Sendable, CaseIterable { case sensitivity, specificity, accuracy, ppv, npv }

  public struct Limits: Sendable, Equatable {
    public var lower: ReportedNumber
    public var upper: ReportedNumber

    public init(lower: ReportedNumber, upper: ReportedNumber) { (self.lower, self.upper) = (lower, upper) }
  }

  public init(_ name: String) { self.name = name }
}

/// What published figures contradict. It says what cannot be, never what was meant: figures that pass may still be wrong.
public struct ResultAudit: Sendable {
  public struct Finding: Sendable, Codable, Equatable {
    public enum Weight: String, Sendable, Codable {
      /// No data can give these figures.
      case impossible
      /// Possible, but no usual method gives it.
      case unusual
      /// Worth knowing.
      case note
    }
    public let weight: Weight
    /// The figures concerned.
    public let figures: [String]
    public let message: String
    /// How far the figure is from the nearest possible value, on its own scale; nil where that has no meaning.
    public let distance: Double?
  }

  public let findings: [Finding]
  /// Whether nothing is impossible.
  public var isPossible: Bool { !findings.contains { $0.weight == .impossible } }

  public init(_ result: ReportedResult) {
    var audit = Auditor(result)
    audit.run()
    findings = audit.findings + Self.ofIntervals(result) + Self.ofProbability(result)
  }
}

private struct Auditor {
  let result: ReportedResult
  var findings: [ResultAudit.Finding] = []

  init(_ result: ReportedResult) { self.result = result }

  mutating func run() {
    let inRange = checkRanges()
    checkAccuracy()
    if inRange { checkConfusionMatrix() }
    checkAUC()
    checkNetBenefit()
  }

  private mutating func add(
    _ weight: ResultAudit.Finding.Weight, _ figures: [String], _ message: String, _ distance: Double? = nil
  ) {
    findings.append(.init(weight: weight, figures: figures, message: message, distance: distance))
  }

  private static func text(_ value: Double) -> String { String(format: "%.4g", value) }
  private static func text(_ range: ClosedRange<Double>) -> String {
    String(format: "%.4f to %.4f", max(0, range.lowerBound), min(1, range.upperBound))
  }

  // MARK: Each figure by itself

  private mutating func checkRanges() -> Bool {
    let shares: [(String, ReportedNumber?)] = [
      ("sensitivity", result.sensitivity), ("specificity", result.specificity), ("accuracy", result.accuracy),
      ("PPV", result.ppv), ("NPV", result.npv), ("AUC", result.auc), ("AUC's lower limit", result.aucLower),
      ("AUC's upper limit", result.aucUpper), ("p", result.p),
    ]
    var allInside = true
    for (name, share) in shares {
      guard let share, gap(share.range, 0...1) > 0 else { continue }
      allInside = false
      add(.impossible, [name], "\(name) \(Self.text(share.value)) lies outside 0 to 1", gap(share.range, 0...1))
    }
    return allInside
  }

  // MARK: Accuracy is a mean of sensitivity and specificity

  private mutating func checkAccuracy() {
    guard let accuracy = result.accuracy, let sensitivity = result.sensitivity, let specificity = result.specificity
    else { return }
    let low = min(sensitivity.range.lowerBound, specificity.range.lowerBound)
    let high = max(sensitivity.range.upperBound, specificity.range.upperBound)
    let distance = gap(accuracy.range, low...high)
    guard distance > 0 else { return }
    add(
      .impossible, ["accuracy", "sensitivity", "specificity"],
      "accuracy \(Self.text(accuracy.value)) lies outside sensitivity and specificity "
        + "(\(Self.text(min(sensitivity.value, specificity.value))) to "
        + "\(Self.text(max(sensitivity.value, specificity.value)))), whose mean weighted by the classes it is",
      distance)
  }

  // MARK: One confusion matrix

  private mutating func checkConfusionMatrix() {
    let figures = [
      ("sensitivity", result.sensitivity), ("specificity", result.specificity), ("accuracy", result.accuracy),
      ("PPV", result.ppv), ("NPV", result.npv),
    ].filter { $0.1 != nil }.map(\.0)
    guard figures.count >= 2 || (figures.count == 1 && result.positives != nil) else { return }
    let matrices = PossibleMatrices(result)
    if let sizes = matrices.sizes {
      if let found = matrices.exists(sizes) {
        if !found {
          add(
            .impossible, figures,
            "no confusion matrix of \(matrices.sizesText) cases gives \(figures.joined(separator: ", ")) as printed"
              + (matrices.closest(sizes).map { "; the nearest is off by \(Self.text($0))" } ?? ""),
            matrices.closest(sizes))
          if let remedy = matrices.remedy(sizes) { add(.note, figures, remedy) }
          notePrevalences()
        }
        return
      }
      add(.note, figures, "too many cases to try every confusion matrix; only the implied prevalences were compared")
    }
    checkPrevalences()
  }

  /// What prevalences the figures would need, beside the one there is.
  private mutating func notePrevalences() {
    let implied = ImpliedPrevalence.all(result)
    if implied.isEmpty { return }
    var parts = implied.map { name, range in
      "\(name) \(Self.text((max(0, range.lowerBound) + min(1, range.upperBound)) / 2))"
    }
    if let positives = result.positives, let negatives = result.negatives {
      parts.append("the classes' numbers \(Self.text(Double(positives) / Double(positives + negatives)))")
    }
    add(
      .note, implied.map(\.name),
      "prevalences they imply with sensitivity and specificity: " + parts.joined(separator: ", "))
  }

  /// Every pair of figures with sensitivity and specificity implies a prevalence; they must be one.
  private mutating func checkPrevalences() {
    var implied = ImpliedPrevalence.all(result)
    if let positives = result.positives, let negatives = result.negatives, positives + negatives > 0 {
      let prevalence = Double(positives) / Double(positives + negatives)
      implied.append(("the classes' numbers", (prevalence - 1e-9)...(prevalence + 1e-9)))
    }
    for (index, first) in implied.enumerated() {
      for second in implied[(index + 1)...] where gap(first.range, second.range) > 0 {
        add(
          .impossible, [first.name, second.name],
          "with sensitivity and specificity, \(first.name) implies a prevalence of \(Self.text(first.range)) and "
            + "\(second.name) one of \(Self.text(second.range))", gap(first.range, second.range))
      }
    }
  }

  // MARK: AUC

  private mutating func checkAUC() {
    guard let auc = result.auc else { return }
    if let sensitivity = result.sensitivity, let specificity = result.specificity {
      // A curve through (1 - specificity, sensitivity) that never falls.
      let low = max(0, sensitivity.range.lowerBound) * max(0, specificity.range.lowerBound)
      let high =
        1 - max(0, 1 - sensitivity.range.upperBound) * max(0, 1 - specificity.range.upperBound)
      let distance = gap(auc.range, (low - 1e-9)...(high + 1e-9))
      if distance > 0 {
        add(
          .impossible, ["AUC", "sensitivity", "specificity"],
          "no ROC curve through the point of sensitivity and specificity has an AUC of \(Self.text(auc.value)); it is "
            + "\(Self.text(low)) to \(Self.text(high))", distance)
      }
    }
    guard let lower = result.aucLower, let upper = result.aucUpper else { return }
    guard gap(auc.range, lower.range.lowerBound...max(lower.range.lowerBound, upper.range.upperBound)) == 0 else {
      return add(
        .impossible, ["AUC", "its interval"],
        "the interval \(Self.text(lower.value)) to \(Self.text(upper.value)) does not hold the AUC "
          + "\(Self.text(auc.value)) it is of",
        max(lower.value - auc.value, auc.value - upper.value))
    }
    if lower.value <= 0, upper.value >= 1 {
      return add(.note, ["AUC's interval"], "the interval from 0 to 1 says nothing: too few cases")
    }
    checkSymmetry(auc, lower, upper)
    checkWidth(auc, lower, upper)
  }

  /// Usual intervals lie evenly around the AUC, on its own scale or that of its log odds; a bootstrap's nearly so.
  private mutating func checkSymmetry(_ auc: ReportedNumber, _ lower: ReportedNumber, _ upper: ReportedNumber) {
    func ratios(_ scale: (Double) -> Double) -> ClosedRange<Double> {
      func inside(_ x: Double) -> Double { min(max(x, 1e-6), 1 - 1e-6) }
      let below = (
        scale(inside(auc.range.lowerBound)) - scale(inside(lower.range.upperBound)),
        scale(inside(auc.range.upperBound)) - scale(inside(lower.range.lowerBound))
      )
      let above = (
        scale(inside(upper.range.lowerBound)) - scale(inside(auc.range.upperBound)),
        scale(inside(upper.range.upperBound)) - scale(inside(auc.range.lowerBound))
      )
      let low = max(above.0, 0) / max(below.1, 1e-9)
      return low...max(low, above.1 / max(below.0, 1e-9))
    }
    guard upper.range.upperBound < 1 else { return }
    let usual = 0.5...2.0
    let scales: [(Double) -> Double] = [{ $0 }, { Foundation.log($0 / (1 - $0)) }]
    guard scales.allSatisfy({ gap(ratios($0), usual) > 0 }) else { return }
    add(
      .unusual, ["AUC", "its interval"],
      "the interval reaches \(Self.text(auc.value - lower.value)) below the AUC and "
        + "\(Self.text(upper.value - auc.value)) above it; no usual method gives so uneven a one")
  }

  /// The variance of an AUC is at most AUC (1 - AUC) / the smaller class (Birnbaum & Klose 1957).
  private mutating func checkWidth(_ auc: ReportedNumber, _ lower: ReportedNumber, _ upper: ReportedNumber) {
    guard let positives = result.positives, let negatives = result.negatives, min(positives, negatives) > 1 else {
      return
    }
    let nearHalf = min(max(0.5, auc.range.lowerBound), min(auc.range.upperBound, 1 - 1e-6))
    let reach = 1.96 * (nearHalf * (1 - nearHalf) / Double(min(positives, negatives) - 1)).squareRoot()
    let (place, reachOfLogit) = (log(nearHalf / (1 - nearHalf)), reach / (nearHalf * (1 - nearHalf)))
    let widest = max(2 * reach, expit(place + reachOfLogit) - expit(place - reachOfLogit))
    let width = upper.range.lowerBound - lower.range.upperBound
    if width > widest * 1.1 {
      add(
        .unusual, ["AUC's interval"],
        "the interval is \(Self.text(upper.value - lower.value)) wide; with \(positives) and \(negatives) independent "
          + "cases a 95 % interval is at most \(Self.text(widest))", width - widest)
    }
  }

  // MARK: Net benefit

  private mutating func checkNetBenefit() {
    guard let benefit = result.netBenefit else { return }
    guard let positives = result.positives, let negatives = result.negatives, positives + negatives > 0 else {
      if gap(benefit.range, -.infinity...1) > 0 { add(.impossible, ["net benefit"], "net benefit is at most 1") }
      return
    }
    let prevalence = Double(positives) / Double(positives + negatives)
    let distance = gap(benefit.range, -.infinity...(prevalence + 1e-9))
    if distance > 0 {
      add(
        .impossible, ["net benefit", "prevalence"],
        "net benefit \(Self.text(benefit.value)) is more than the prevalence \(Self.text(prevalence)), which it can never "
          + "exceed", distance)
    }
    guard let threshold = result.threshold, threshold > 0, threshold < 1 else { return }
    let all = prevalence - (1 - prevalence) * threshold / (1 - threshold)
    if distance == 0, benefit.range.lowerBound <= all {
      add(
        .note, ["net benefit"],
        "at a threshold of \(Self.text(threshold)) acting on everybody has a net benefit of \(Self.text(all)): the model's "
          + "\(Self.text(benefit.value)) gains nothing over it")
    }
  }
}
