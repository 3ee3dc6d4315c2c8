import Foundation
import Statistics

/// Medians and means of a series, and of what lies around each of its values in time.
enum Running {
  static func median(_ values: [Double]) -> Double { Quantile.type7(sorted: values.sorted(), 0.5) }

  /// A standard deviation from the median absolute deviation, as for normal values.
  static func robustDeviation(_ values: [Double]) -> Double {
    let middle = median(values)
    return 1.4826 * median(values.map { abs($0 - middle) })
  }

  /// The quantile of the values within `seconds` before and after each; near the ends the window shrinks to what is there on
  /// both sides (but for `keepsWidth`), so that a steady slope stays as it is.
  static func quantile(
    _ probability: Double, of values: [Double], at times: [Double], within seconds: Double, keepsWidth: Bool = false
  ) -> [Double] {
    values.indices.map { at in
      Quantile.type7(
        sorted: values[window(at, times, seconds, keepsWidth: keepsWidth)].sorted(), probability)
    }
  }

  static func mean(of values: [Double], at times: [Double], within seconds: Double) -> [Double] {
    values.indices.map { at in
      let part = values[window(at, times, seconds, keepsWidth: false)]
      return part.reduce(0, +) / Double(part.count)
    }
  }

  private static func window(_ at: Int, _ times: [Double], _ seconds: Double, keepsWidth: Bool) -> ClosedRange<Int> {
    let room = keepsWidth ? seconds : min(seconds, times[at] - times[0], times[times.count - 1] - times[at])
    var (first, last) = (at, at)
    while first > 0, times[at] - times[first - 1] <= room + 1e-9 { first -= 1 }
    while last + 1 < times.count, times[last + 1] - times[at] <= room + 1e-9 { last += 1 }
    return first...last
  }
}

/// Numbers in sentences.
enum Text {
  static func fixed(_ value: Double, _ decimals: Int) -> String { String(format: "%.\(decimals)f", value) }
}
