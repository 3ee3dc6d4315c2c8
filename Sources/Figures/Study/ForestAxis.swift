import Foundation
import Statistics
import Wording

/// The axis of a forest plot and how its estimates are written: as they are, or as ratios on a logarithmic scale.
extension ForestFigure {
  static func written(_ estimate: Estimate, _ measure: Measure, _ words: Wording) -> String {
    guard measure.isRatio, let interval = estimate.interval, !interval.lower.isNaN, !interval.upper.isNaN else {
      return words.brief(estimate, decimals: measure.decimals)
    }
    return words("\(ratio(estimate.value)) (\(ratio(interval.lower)) to \(ratio(interval.upper)))")
  }

  /// Three digits; "<0.01" and ">9999" beyond what a reader can use.
  private static func ratio(_ value: Double) -> String {
    if value < 0.01 { return "<0.01" }
    if value > 9999 { return ">9999" }
    return Text.fixed(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0)
  }

  /// Where a value stands on the axis: itself, or the logarithm of a ratio.
  static func place(_ value: Double, _ measure: Measure) -> Double {
    measure.isRatio ? (value > 0 ? log(value) : -.infinity) : value
  }

  /// The axis holds every estimate; intervals may go beyond it.
  static func axis(_ rows: [Row], overall: Estimate?, measure: Measure) -> Axis {
    let estimates = (rows.compactMap(\.estimate) + [overall].compactMap(\.self)).filter(\.value.isFinite)
    let values = estimates.map { place($0.value, measure) }.filter(\.isFinite)
    var (lower, upper) = (values.min() ?? 0, values.max() ?? 1)
    // A few very wide intervals are cut, so that the others can be read: none reaches further than three usual
    // half-widths.
    let ends = estimates.compactMap(\.interval).map { (place($0.lower, measure), place($0.upper, measure)) }
      .filter { $0.0.isFinite && $0.1.isFinite }
    let widths = ends.map { ($0.1 - $0.0) / 2 }.sorted()
    if let lowest = ends.map(\.0).min(), let highest = ends.map(\.1).max() {
      let usual = 3 * widths[widths.count / 2]
      (lower, upper) = (min(lower, max(lowest, lower - usual)), max(upper, min(highest, upper + usual)))
    }
    if measure.isRatio {
      (lower, upper) = (min(lower, 0), max(upper, 0))
      if let range = measure.range {
        (lower, upper) = (log(max(1e-6, range.lowerBound)), log(max(1e-6, range.upperBound)))
      }
      return ratioAxis(lower, upper)
    }
    if let range = measure.range { (lower, upper) = (range.lowerBound, range.upperBound) }
    let pad = measure.range == nil ? max(0.02 * (upper - lower), 1e-6) : 0
    let isShare = measure.range == nil && lower >= 0 && upper <= 1
    let range = (isShare ? max(0, lower - pad) : lower - pad)...(isShare ? min(1, upper + pad) : upper + pad)
    let ticks = Axis.niceTicks(range.lowerBound, range.upperBound, about: 5)
    return Axis("", range, ticks: ticks)
  }

  private static func ratioAxis(_ lower: Double, _ upper: Double) -> Axis {
    let (low, high) = upper > lower ? (lower - 0.1, upper + 0.1) : (-1, 1)
    let all = [
      0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000,
    ].map { log($0) }.filter { $0 >= low && $0 <= high }
    let every = max(1, (all.count + 7) / 8)
    let zero = all.firstIndex { abs($0) < 1e-12 } ?? 0
    var axis = Axis("", low...high, ticks: all.enumerated().filter { ($0.offset - zero) % every == 0 }.map(\.element))
    axis.format = { value in
      let ratio = exp(value)
      return Text.fixed(ratio, ratio < 0.0099 ? 3 : ratio < 0.099 ? 2 : ratio < 0.99 ? 1 : 0)
    }
    return axis
  }
}
