package import Statistics
package import Wording

/// Estimates in words, the same in every figure.
extension Wording {
  /// "0.91 (95 % CI 0.87 to 0.95)"; says so where there is none.
  package func estimate(_ estimate: Estimate, decimals: Int = 2) -> String {
    guard estimate.value.isFinite else { return self("not estimable") }
    let value = Text.signed(estimate.value, decimals)
    guard let interval = estimate.interval, interval.lower.isFinite, interval.upper.isFinite else { return value }
    let level = Text.fixed(interval.level * 100, 0)
    let (lower, upper) = (Text.signed(interval.lower, decimals), Text.signed(interval.upper, decimals))
    return self("\(value) (\(level) % CI \(lower) to \(upper))")
  }

  /// "0.91 (0.87 to 0.95)".
  package func brief(_ estimate: Estimate, decimals: Int = 2) -> String {
    guard estimate.value.isFinite else { return self("not estimable") }
    let value = Text.signed(estimate.value, decimals)
    guard let interval = estimate.interval, interval.lower.isFinite, interval.upper.isFinite else { return value }
    return self("\(value) (\(Text.signed(interval.lower, decimals)) to \(Text.signed(interval.upper, decimals)))")
  }

  /// "p < 0.001", "p = 0.12".
  package func pValue(_ p: Double) -> String {
    guard p.isFinite else { return self("p not estimable") }
    let text = Text.pValue(p)
    return text.hasPrefix("<") ? "p < " + text.dropFirst() : "p = " + text
  }
}

extension Estimate {
  /// The value and both ends of the interval are numbers.
  var isComplete: Bool { value.isFinite && interval.map { $0.lower.isFinite && $0.upper.isFinite } ?? false }
}
