import Foundation

/// A number as a publication prints it: what it stands for lies within half a unit of its last digit.
public struct ReportedNumber: Sendable, Equatable {
  /// On the scale of the quantity (a share for percentages).
  public let value: Double
  /// Half a unit of the last printed digit, on the same scale.
  public let halfUnit: Double

  public init(_ value: Double, halfUnit: Double = 0) { (self.value, self.halfUnit) = (value, abs(halfUnit)) }

  /// - text: `0.855`, `85.5 %`, `85.5` (a share above 1 is a percentage), `.79`; `<0.001` and `>0.05` for what lies between there
  ///   and 0 or 1.
  /// - isShare: whether the quantity lies in 0...1, so that a number above 1 must be a percentage.
  /// Nil for what is no number.
  public init?(_ text: some StringProtocol, isShare: Bool = true) {
    var digits = text.trimmingCharacters(in: .whitespaces)
    if let sign = digits.first, "<>≤≥".contains(sign) {
      let rest = digits.dropFirst()
      guard !rest.contains(where: { "<>≤≥".contains($0) }), let bound = ReportedNumber(rest, isShare: isShare),
        (0...1).contains(bound.value)
      else { return nil }
      let (low, high) = "<≤".contains(sign) ? (0, bound.value) : (bound.value, 1)
      (value, halfUnit) = ((low + high) / 2, (high - low) / 2)
      return
    }
    let hasSign = digits.hasSuffix("%")
    if hasSign { digits = String(digits.dropLast()).trimmingCharacters(in: .whitespaces) }
    guard let number = Double(digits), number.isFinite else { return nil }
    let fraction = digits.lowercased().split(separator: "e")[0].split(separator: ".", omittingEmptySubsequences: false)
    let decimals = fraction.count > 1 ? fraction[1].count : 0
    let unit = hasSign || (isShare && abs(number) > 1) ? 0.01 : 1
    value = number * unit
    halfUnit = 0.5 * pow(10, -Double(decimals)) * unit
  }

  /// What it can stand for. Both ends belong to it, since nobody says how halves were rounded.
  var range: ClosedRange<Double> { (value - halfUnit - 1e-12)...(value + halfUnit + 1e-12) }
}

/// How far two ranges are apart; 0 where they meet.
func gap(_ a: ClosedRange<Double>, _ b: ClosedRange<Double>) -> Double {
  max(0, max(a.lowerBound - b.upperBound, b.lowerBound - a.upperBound))
}
