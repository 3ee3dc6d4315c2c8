import Foundation

extension ReportedResult {
  /// The share itself, as printed.
  public subscript(share: Proportion) -> ReportedNumber? {
    switch share {
    case .sensitivity: sensitivity
    case .specificity: specificity
    case .accuracy: accuracy
    case .ppv: ppv
    case .npv: npv
    }
  }

  /// Every figure that two places may print, by name.
  fileprivate var figures: [(name: String, number: ReportedNumber?)] {
    Proportion.allCases.map { ($0.rawValue, self[$0]) }
      + Proportion.allCases.flatMap {
        [
          ("\($0.rawValue)'s lower limit", intervals[$0]?.lower),
          ("\($0.rawValue)'s upper limit", intervals[$0]?.upper),
        ]
      }
      + [("AUC", auc), ("AUC's lower limit", aucLower), ("AUC's upper limit", aucUpper), ("net benefit", netBenefit)]
  }
}

extension ResultAudit {
  private static func text(_ value: Double) -> String { String(format: "%.4g", value) }

  /// Intervals of proportions: within 0 to 1, in order, around their figure.
  static func ofIntervals(_ result: ReportedResult) -> [Finding] {
    ReportedResult.Proportion.allCases.flatMap { share -> [Finding] in
      guard let limits = result.intervals[share] else { return [] }
      let (lower, upper) = (limits.lower, limits.upper)
      let name = "\(share.rawValue)'s interval"
      let printed = "\(text(lower.value)) to \(text(upper.value))"
      let outside = max(gap(lower.range, 0...1), gap(upper.range, 0...1))
      if outside > 0 {
        return [
          Finding(
            weight: .impossible, figures: [name], message: "\(name) \(printed) reaches outside 0 to 1",
            distance: outside)
        ]
      }
      if lower.range.lowerBound > upper.range.upperBound {
        return [
          Finding(
            weight: .impossible, figures: [name], message: "\(name) \(printed) ends below its start",
            distance: lower.value - upper.value)
        ]
      }
      if let value = result[share] {
        let distance = gap(
          value.range, lower.range.lowerBound...max(lower.range.lowerBound, upper.range.upperBound))
        if distance > 0 {
          return [
            Finding(
              weight: .impossible, figures: [share.rawValue, name],
              message: "the interval \(printed) does not hold the \(share.rawValue) \(text(value.value)) it is of",
              distance: distance)
          ]
        }
      }
      if lower.value <= 0, upper.value >= 1 {
        return [
          Finding(
            weight: .note, figures: [name], message: "\(name) from 0 to 1 says nothing: too few cases", distance: nil)
        ]
      }
      return []
    }
  }

  static func ofProbability(_ result: ReportedResult) -> [Finding] {
    guard let p = result.p, p.value == 0 else { return [] }
    let bound = p.halfUnit > 0 ? "; it is below \(text(2 * p.halfUnit))" : ""
    return [Finding(weight: .note, figures: ["p"], message: "no p-value is 0\(bound)", distance: nil)]
  }

  /// Figures of one thing printed in two places, which must be the same but for their rounding (S1-22, S2 §3.6). Differing numbers
  /// of cases make them two things.
  public static func repeated(_ first: ReportedResult, _ second: ReportedResult) -> [Finding] {
    let sizes = [(first.positives, second.positives), (first.negatives, second.negatives), (first.total, second.total)]
    for (a, b) in sizes { if let a, let b, a != b { return [] } }
    return zip(first.figures, second.figures).compactMap { a, b in
      guard let one = a.number, let other = b.number else { return nil }
      let distance = gap(one.range, other.range)
      guard distance > 0 else { return nil }
      return Finding(
        weight: .impossible, figures: [a.name],
        message: "\(a.name) is printed as \(text(one.value)) in one place and \(text(other.value)) in another",
        distance: distance)
    }
  }

  /// A p-value of the difference of two AUCs, against their intervals: the standard errors are a 95 % interval's width over 3.92, and
  /// shared cases can only make the difference's smaller. Cases in different numbers are taken as different cases (an unpaired
  /// test), of which the p-value follows. Intervals of other kinds differ a little, hence a margin of 0.15 + 10 % on z.
  public static func comparison(_ a: ReportedResult, _ b: ReportedResult, p: ReportedNumber) -> [Finding] {
    guard let aucA = a.auc, let aucB = b.auc, let errorA = errors(a), let errorB = errors(b), p.value >= 0, p.value <= 1
    else { return [] }
    let nearest = gap(aucA.range, aucB.range)
    let furthest = max(
      aucA.range.upperBound - aucB.range.lowerBound, aucB.range.upperBound - aucA.range.lowerBound)
    func joint(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
    guard errorA.lowerBound > 0, errorB.lowerBound > 0 else { return [] }
    let lowest = nearest / joint(errorA.upperBound, errorB.upperBound)
    let highest = furthest / joint(errorA.lowerBound, errorB.lowerBound)
    func z(_ p: Double) -> Double { -NormalDistribution.quantile(min(max(p, 1e-12), 1) / 2) }
    let printed = z(p.range.upperBound)...max(z(p.range.upperBound), z(p.range.lowerBound))
    func significance(_ z: Double) -> String { text(NormalDistribution.twoSided(z)) }
    let margin = 0.15 + 0.1 * highest
    let isUnpaired = [(a.positives, b.positives), (a.negatives, b.negatives), (a.total, b.total)].contains { pair in
      pair.0.flatMap { first in pair.1.map { $0 != first } } ?? false
    }
    if printed.upperBound < lowest - margin {
      return [
        Finding(
          weight: .unusual, figures: ["p", "AUC"],
          message:
            "p \(text(p.value)) for AUCs \(text(aucA.value)) and \(text(aucB.value)): their intervals allow at most "
            + significance(lowest), distance: p.value - NormalDistribution.twoSided(lowest))
      ]
    }
    if isUnpaired, printed.lowerBound > highest + margin {
      return [
        Finding(
          weight: .unusual, figures: ["p", "AUC"],
          message:
            "p \(text(p.value)) for AUCs \(text(aucA.value)) and \(text(aucB.value)) of different cases: their intervals "
            + "allow at least \(significance(highest))", distance: NormalDistribution.twoSided(highest) - p.value)
      ]
    }
    return []
  }

  /// Standard errors that a printed 95 % interval of an AUC allows.
  private static func errors(_ result: ReportedResult) -> ClosedRange<Double>? {
    guard let lower = result.aucLower, let upper = result.aucUpper else { return nil }
    let narrow = max(0, upper.range.lowerBound - lower.range.upperBound)
    return narrow / 3.92...max(narrow, upper.range.upperBound - lower.range.lowerBound) / 3.92
  }
}
