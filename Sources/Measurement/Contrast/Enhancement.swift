import Foundation
public import Statistics

/// How one place of a clip takes up contrast and loses it.
public struct Enhancement: Sendable, Codable {
  public let site: ContrastSite
  public let arrival: ContrastArrival
  /// The best model's fit, and its numbers; absent with a reason in `notes`.
  public let fit: BolusFit?
  public let model: EnhancementParameters?
  /// 95 % intervals of the model's numbers by name (``EnhancementParameters/named``, and "onset").
  public let intervals: [String: Interval]
  /// Corrected Akaike criteria of all models that were tried, by name.
  public let criteria: [String: Double]
  /// The same numbers from the curve itself, smoothed over a second.
  public let modelFree: EnhancementParameters?
  /// When contrast is gone: three seconds at 5 % of the peak or less. Seconds on the clip's clock.
  public let disappearance: Double?
  public let notes: [String]
}

/// Takes a curve apart.
public struct EnhancementAnalyser: Sendable {
  public var models: [BolusModel] = BolusModel.allCases
  /// Resamples for the intervals; 0 for none.
  public var resamples = 200
  public var seed: UInt64 = 1
  /// Models are laid on the curve up to so many seconds after the arrival, where given: later passages are not in them.
  public var fittedSeconds: Double?
  public var finder = ArrivalFinder()

  public init() {}

  /// - Parameter zero: seconds on the clip's clock from which the time to peak counts; the arrival where absent.
  public func analyse(_ curve: TimeIntensityCurve, site: ContrastSite, zero: Double?) -> Enhancement {
    let arrival = finder.arrival(in: curve)
    var notes: [String] = []
    guard case .found(let onset) = arrival else {
      switch arrival {
      case .alreadyEnhanced(let reason): notes.append("already enhanced when the clip begins: \(reason); no parameters")
      case .none(let reason): notes.append("no arrival of contrast: \(reason)")
      case .found: break
      }
      return Enhancement(
        site: site, arrival: arrival, fit: nil, model: nil, intervals: [:], criteria: [:], modelFree: nil,
        disappearance: nil, notes: notes)
    }
    let start = zero ?? onset.time
    let free = EnhancementParameters(curve, baseline: onset.baseline, zero: start, arrival: onset.time)
    guard let free, let reason = Self.shortcoming(curve, onset, free, &notes) else {
      notes.append("the curve does not rise over its baseline")
      return Enhancement(
        site: site, arrival: arrival, fit: nil, model: nil, intervals: [:], criteria: [:], modelFree: nil,
        disappearance: nil, notes: notes)
    }
    if let refusal = reason.refusal {
      notes.append(refusal)
      return Enhancement(
        site: site, arrival: arrival, fit: nil, model: nil, intervals: [:], criteria: [:],
        modelFree: reason.hasPeak ? free : nil, disappearance: nil, notes: notes)
    }
    let part = fitted(curve, onset)
    let bounds = onset.time - 10...max(onset.time - 9, min(onset.time + 2, free.peakTime - 0.5))
    let fits = models.compactMap { BolusFit($0, to: part, onset: bounds, peak: free.peakTime) }
    let best = fits.min { $0.aicc < $1.aicc }
    if best == nil { notes.append("no model could be laid on the curve") }
    let model = best.map { EnhancementParameters($0, zero: start, arrival: onset.time, end: part.last) }
    if let best, !best.hasConverged { notes.append("the fit had not settled when it was stopped") }
    if let best, best.rSquared < 0.75 {
      notes.append(
        "the model explains \(Text.fixed(100 * best.rSquared, 0)) % of the curve only; use the curve's own numbers")
    }
    if model != nil, model?.meanTransitTime == nil {
      notes.append("less than half of the peak was seen to wash out: no mean transit time, no half wash-out time")
    }
    return Enhancement(
      site: site, arrival: arrival, fit: best, model: model,
      intervals: best.map { intervals($0, part, bounds, zero: start, arrival: onset.time) } ?? [:],
      criteria: Dictionary(fits.map { ($0.model.rawValue, $0.aicc) }) { first, _ in first }, modelFree: free,
      disappearance: Self.disappearance(curve, free), notes: notes)
  }

  private func fitted(_ curve: TimeIntensityCurve, _ onset: ContrastArrival.Onset) -> TimeIntensityCurve {
    guard let fittedSeconds else { return curve }
    let count = curve.times.count { $0 <= onset.time + fittedSeconds }
    let part = try? TimeIntensityCurve(times: Array(curve.times[..<count]), powers: Array(curve.powers[..<count]))
    return part ?? curve
  }

  /// What keeps a model from being laid on the curve, and whether its peak is one.
  private static func shortcoming(
    _ curve: TimeIntensityCurve, _ onset: ContrastArrival.Onset, _ free: EnhancementParameters, _ notes: inout [String]
  ) -> (refusal: String?, hasPeak: Bool)? {
    let since = curve.last - onset.time
    let points = curve.times.count { $0 >= onset.time }
    guard points >= 20, since >= 5 else {
      return ("\(points) frames in \(Text.fixed(since, 1)) s after the arrival: expected at least 20 in 5 s", false)
    }
    if curve.last - free.peakTime < max(2, 0.05 * since) {
      return ("no peak: the curve still rises at its end, \(Text.fixed(since, 1)) s after the arrival", false)
    }
    guard let end = curve.median(in: curve.last - 2..<curve.last.nextUp) else { return (nil, true) }
    let left = (end - free.baseline) / free.peakEnhancement
    if left > 0.9 {
      return ("no wash-out: \(Text.fixed(100 * left, 0)) % of the peak is left at the end; no model is fitted", true)
    }
    return (nil, true)
  }

  private static func disappearance(_ curve: TimeIntensityCurve, _ free: EnhancementParameters) -> Double? {
    let smooth = Running.mean(of: curve.powers, at: curve.times, within: 1)
    let limit = free.baseline + 0.05 * free.peakEnhancement
    var since: Double?
    for (time, power) in zip(curve.times, smooth) where time > free.peakTime {
      guard power <= limit else {
        since = nil
        continue
      }
      since = since ?? time
      if let since, time - since >= 3 { return since }
    }
    return nil
  }

  /// Wild bootstrap by blocks (Shao, J Am Stat Assoc 2010;105:218): residuals stay where they are, since noise grows with the
  /// signal, and keep or change their sign together within a second, since neighbours are alike. Percentiles of refits.
  private func intervals(
    _ fit: BolusFit, _ curve: TimeIntensityCurve, _ bounds: ClosedRange<Double>, zero: Double, arrival: Double
  ) -> [String: Interval] {
    guard resamples > 1 else { return [:] }
    let fitted = curve.times.map { fit.value(at: $0) }
    let widening = (Double(fit.count) / Double(max(1, fit.count - 5))).squareRoot()
    var found: [String: [Double]] = [:]
    for resample in 0..<resamples {
      var generator = SplitMix64(seed: seed, stream: UInt64(resample))
      var (block, sign) = (-1, 1.0)
      let powers = curve.times.indices.map { at -> Double in
        let second = Int((curve.times[at] - curve.times[0]).rounded(.down))
        if second != block { (block, sign) = (second, generator.next() >> 63 == 0 ? 1 : -1) }
        return max(0, fitted[at] + sign * widening * (curve.powers[at] - fitted[at]))
      }
      guard let again = fit.refitted(to: powers, of: curve, onset: bounds) else { continue }
      found["onset", default: []].append(again.onset)
      let numbers = EnhancementParameters(again, zero: zero, arrival: arrival, end: curve.last)
      for case (let name, let value?) in numbers.named { found[name, default: []].append(value) }
    }
    return found.compactMapValues { values in
      // An interval of fewer refits would not be one of the same thing.
      guard values.count >= resamples * 9 / 10, values.allSatisfy({ $0.isFinite }) else { return nil }
      let sorted = values.sorted()
      return Interval(
        lower: Quantile.type7(sorted: sorted, 0.025), upper: Quantile.type7(sorted: sorted, 0.975), level: 0.95)
    }
  }
}
