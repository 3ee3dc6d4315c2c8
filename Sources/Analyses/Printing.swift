import Foundation
import Statistics
import Tables

/// Numbers as tables print them.
enum Printed {
  static func number(_ value: Double, _ decimals: Int = 3) -> String {
    if value.isNaN { return "n/a" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    let text = String(format: "%.\(decimals)f", value)
    // No "-0.00".
    return text.hasPrefix("-") && !text.contains(where: { ("1"..."9").contains($0) }) ? String(text.dropFirst()) : text
  }

  /// Four significant digits, for coefficients and statistics of any size.
  static func plain(_ value: Double) -> String {
    value.isNaN ? "n/a" : value.isInfinite ? (value < 0 ? "-inf" : "inf") : String(format: "%.4g", value)
  }

  static func interval(_ interval: Interval?, _ decimals: Int = 3) -> String {
    interval.map { "\(number($0.lower, decimals)) to \(number($0.upper, decimals))" } ?? "n/a"
  }

  static func p(_ p: Double) -> String { p.isNaN ? "n/a" : p < 0.001 ? "<0.001" : number(p) }
}

extension Estimate {
  /// `{value, lower, upper}`.
  var json: JSONValue {
    .object(
      ["value": .number(value)].merging(
        interval.map { ["lower": .number($0.lower), "upper": .number($0.upper)] } ?? [:]
      ) {
        $1
      })
  }
}

extension Interval {
  var json: JSONValue { .object(["lower": .number(lower), "upper": .number(upper), "level": .number(level)]) }
}
