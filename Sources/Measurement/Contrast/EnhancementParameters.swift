import Foundation

/// What a curve of contrast says in numbers. Powers have white = 1; times are seconds. What cannot be had is absent.
public struct EnhancementParameters: Sendable, Codable, Hashable {
  /// Echo power without contrast.
  public var baseline: Double
  /// On the clip's clock.
  public var peakTime: Double
  /// From time zero.
  public var timeToPeak: Double
  /// Power at the peak over the baseline.
  public var peakEnhancement: Double
  /// From 10 % to 90 % of the peak enhancement.
  public var riseTime: Double?
  /// The steepest rise, power a second.
  public var washInRate: Double?
  /// Areas under the enhancement, power x s: from the arrival to the peak, from the peak to the end of the curve, and both.
  public var washInArea: Double?
  public var washOutArea: Double?
  public var totalArea: Double?
  /// From the model's onset, of the whole passage; only where half of the peak was seen to wash out.
  public var meanTransitTime: Double?
  /// From the peak until half of the enhancement is left; only where that was seen.
  public var halfWashOutTime: Double?

  /// The numbers by name, as in tables.
  public var named: [(name: String, value: Double?)] {
    [
      ("baseline", baseline), ("peakTime", peakTime), ("timeToPeak", timeToPeak), ("peakEnhancement", peakEnhancement),
      ("riseTime", riseTime), ("washInRate", washInRate), ("washInArea", washInArea), ("washOutArea", washOutArea),
      ("totalArea", totalArea), ("meanTransitTime", meanTransitTime), ("halfWashOutTime", halfWashOutTime),
    ]
  }

  /// Of a model.
  /// - Parameters:
  ///   - arrival: where the wash-in area begins, on the clip's clock.
  ///   - end: of the curve, where the wash-out area ends.
  init(_ fit: BolusFit, zero: Double, arrival: Double, end: Double) {
    let (first, second) = (fit.shape[0], fit.shape[1])
    let (mode, peak) = (fit.peakTime - fit.onset, fit.peakTime)
    func enhancement(_ time: Double) -> Double { fit.area * fit.model.shape(time - fit.onset, first, second) }
    let top = enhancement(peak)
    baseline = fit.baseline
    (peakTime, timeToPeak, peakEnhancement) = (peak, peak - zero, top)
    let tenth = Self.crossing(0.1 * top, fit.onset, peak, enhancement)
    let ninetieth = Self.crossing(0.9 * top, fit.onset, peak, enhancement)
    riseTime = ninetieth - tenth
    washInRate = (0..<400).map { at -> Double in
      let (from, to) = (fit.onset + mode * Double(at) / 400, fit.onset + mode * Double(at + 1) / 400)
      return (enhancement(to) - enhancement(from)) / (to - from)
    }.max()
    let start = min(max(arrival, fit.onset), peak)
    washInArea = Self.area(start, peak, enhancement)
    guard end > peak else { return }
    let washOut = Self.area(peak, end, enhancement)
    washOutArea = washOut
    totalArea = Self.area(start, peak, enhancement) + washOut
    guard enhancement(end) <= 0.5 * top else { return }
    meanTransitTime = fit.model.mean(first, second)
    halfWashOutTime = Self.crossing(0.5 * top, peak, end, { top - enhancement($0) }) - peak
  }

  /// Of the curve itself, smoothed over a second.
  init?(_ curve: TimeIntensityCurve, baseline: Double, zero: Double, arrival: Double) {
    let smooth = curve.smoothed
    let times = curve.times
    guard let first = times.firstIndex(where: { $0 >= arrival }),
      let top = (first..<times.count).max(by: { smooth[$0] < smooth[$1] }), smooth[top] > baseline
    else { return nil }
    self.baseline = baseline
    let peak = smooth[top] - baseline
    (peakTime, timeToPeak, peakEnhancement) = (times[top], times[top] - zero, peak)
    guard top > first else { return }
    func passed(_ share: Double) -> Double? {
      let limit = baseline + share * peak
      guard let at = (first...top).last(where: { smooth[$0] < limit }), at < top else { return nil }
      return times[at] + (limit - smooth[at]) / (smooth[at + 1] - smooth[at]) * (times[at + 1] - times[at])
    }
    if let tenth = passed(0.1), let ninetieth = passed(0.9) { riseTime = ninetieth - tenth }
    washInRate = Self.steepest(times, smooth, first...top)
    washInArea = Self.trapezia(times, curve.powers, baseline, first...top)
    guard top + 1 < times.count else { return }
    washOutArea = Self.trapezia(times, curve.powers, baseline, top...times.count - 1)
    totalArea = Self.trapezia(times, curve.powers, baseline, first...times.count - 1)
    if let half = (top..<times.count).first(where: { smooth[$0] <= baseline + 0.5 * peak }) {
      halfWashOutTime = times[half] - times[top]
    }
  }

  /// The slope of a straight line through each second of the wash-in, the steepest of them.
  private static func steepest(_ times: [Double], _ values: [Double], _ range: ClosedRange<Int>) -> Double? {
    var best: Double?
    var from = range.lowerBound
    for to in range where times[to] - times[from] >= 1 {
      while from + 1 < to, times[to] - times[from + 1] >= 1 { from += 1 }
      let slope = (values[to] - values[from]) / (times[to] - times[from])
      best = max(best ?? slope, slope)
    }
    return best
  }

  private static func trapezia(
    _ times: [Double], _ values: [Double], _ baseline: Double, _ range: ClosedRange<Int>
  ) -> Double {
    (range.lowerBound..<range.upperBound).reduce(0.0) {
      $0 + (times[$1 + 1] - times[$1]) * (0.5 * (values[$1] + values[$1 + 1]) - baseline)
    }
  }

  /// Where a rising function reaches `value`, by halving.
  private static func crossing(
    _ value: Double, _ from: Double, _ to: Double, _ function: (Double) -> Double
  ) -> Double {
    var (low, high) = (from, to)
    for _ in 0..<60 {
      let middle = 0.5 * (low + high)
      if function(middle) < value { low = middle } else { high = middle }
    }
    return 0.5 * (low + high)
  }

  /// By Simpson's rule.
  private static func area(_ from: Double, _ to: Double, _ function: (Double) -> Double) -> Double {
    guard to > from else { return 0 }
    let (parts, step) = (400, (to - from) / 400)
    var sum = function(from) + function(to)
    for at in 1..<parts { sum += (at % 2 == 1 ? 4 : 2) * function(from + Double(at) * step) }
    return sum * step / 3
  }
}
