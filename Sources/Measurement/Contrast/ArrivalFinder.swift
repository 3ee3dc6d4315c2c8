import Foundation

/// When contrast arrives.
public enum ContrastArrival: Sendable, Hashable, Codable {
  case found(Onset)
  /// Contrast was there when the clip began.
  case alreadyEnhanced(reason: String)
  case none(reason: String)

  public struct Onset: Sendable, Hashable, Codable {
    /// Seconds on the clip's clock.
    public let time: Double
    /// Before it: mean echo power (white = 1), and the standard deviation of its level in dB.
    public let baseline: Double
    public let deviation: Double
  }

  private enum CodingKeys: String, CodingKey { case state, time, baseline, deviation, reason }

  /// `state` (found, already-enhanced, none) with the onset's numbers, or the reason.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .found(let onset):
      try container.encode("found", forKey: .state)
      try container.encode(onset.time, forKey: .time)
      try container.encode(onset.baseline, forKey: .baseline)
      try container.encode(onset.deviation, forKey: .deviation)
    case .alreadyEnhanced(let reason):
      try container.encode("already-enhanced", forKey: .state)
      try container.encode(reason, forKey: .reason)
    case .none(let reason):
      try container.encode("none", forKey: .state)
      try container.encode(reason, forKey: .reason)
    }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func reason() throws -> String { try container.decode(String.self, forKey: .reason) }
    switch try container.decode(String.self, forKey: .state) {
    case "found": self = .found(try Onset(from: decoder))
    case "already-enhanced": self = .alreadyEnhanced(reason: try reason())
    case "none": self = .none(reason: try reason())
    case let other:
      throw DecodingError.dataCorruptedError(
        forKey: .state, in: container, debugDescription: "expected found, already-enhanced or none, found \(other)")
    }
  }

  public var time: Double? { if case .found(let onset) = self { onset.time } else { nil } }
}

/// Finds the first rise over the baseline by a cumulative sum (Page, Biometrika 1954;41:100) of the level in dB, since speckle's
/// noise is a constant there. The alarm counts only if the level then stays up; the arrival is the last frame within three
/// standard deviations before that rise. Single bright frames, slow drifts and short blips give no arrival.
public struct ArrivalFinder: Sendable {
  /// dB over the baseline that must be reached, and kept for ``lastingSeconds``.
  public var minimumRise = 1.5
  public var lastingSeconds = 2.0
  /// Seconds at the start that are taken as baseline, and the least number of frames.
  public var baselineSeconds = 1.5
  public var baselineFrames = 8
  /// Of Page's sum, in standard deviations: what is taken off each value, and where the alarm is.
  public var slack = 0.5
  public var alarm = 12.0

  public init() {}

  public func arrival(in curve: TimeIntensityCurve) -> ContrastArrival {
    let times = curve.times
    // 100 dB below white is dark on every scanner.
    let levels = curve.powers.map { 10 * log10(max($0, 1e-10)) }
    let start = max(baselineFrames, times.count { $0 - times[0] <= baselineSeconds })
    guard times.count >= 2 * start else {
      return .none(reason: "\(times.count) usable frames are too few to tell a baseline from a rise")
    }
    let smooth = Running.quantile(0.5, of: levels, at: times, within: 1)
    if let reason = risesFromStart(levels, smooth, times, start) { return .alreadyEnhanced(reason: reason) }
    if let found = firstRise(levels, times, start, powers: curve.powers) { return .found(found) }
    let lowest = smooth.min() ?? smooth[0]
    let noise = Self.noise(levels)
    if smooth[0] - lowest >= max(minimumRise, 5 * noise) {
      return .alreadyEnhanced(
        reason: "no rise; the level falls by \(Text.fixed(smooth[0] - lowest, 1)) dB from the clip's beginning")
    }
    return .none(
      reason: "no lasting rise of \(Text.fixed(minimumRise, 1)) dB over the first frames; the level is "
        + "\(Text.fixed(Running.median(levels), 1)) dB of white throughout")
  }

  /// From differences of neighbours, so that no slope counts; in dB.
  private static func noise(_ levels: [Double]) -> Double {
    max(0.02, Running.robustDeviation(zip(levels.dropFirst(), levels).map { $0 - $1 }) / 2.0.squareRoot())
  }

  private func risesFromStart(_ levels: [Double], _ smooth: [Double], _ times: [Double], _ start: Int) -> String? {
    let part = levels[..<start]
    let middle = times[..<start].reduce(0, +) / Double(start)
    let mean = part.reduce(0, +) / Double(start)
    var (cross, square) = (0.0, 0.0)
    for at in 0..<start {
      cross += (times[at] - middle) * (levels[at] - mean)
      square += (times[at] - middle) * (times[at] - middle)
    }
    let slope = cross / square
    let error = Self.noise(Array(levels[..<(2 * start)])) / square.squareRoot()
    let rise = slope * (times[start - 1] - times[0])
    // A drift of the probe is slow; a wash-in rises on after the first frames.
    let later = smooth[min(smooth.count - 1, 2 * start)] - smooth[start]
    guard rise >= minimumRise, slope >= 6 * error, later >= 0 else { return nil }
    return "the level rises by \(Text.fixed(rise, 1)) dB in the first \(Text.fixed(times[start - 1] - times[0], 1)) s"
  }

  private func firstRise(
    _ levels: [Double], _ times: [Double], _ start: Int, powers: [Double]
  ) -> ContrastArrival.Onset? {
    var baseline = Baseline(Array(levels[..<start]))
    var (sum, first) = (0.0, start)
    var at = start
    while at < levels.count {
      let away = (levels[at] - baseline.mean) / baseline.deviation
      if sum == 0 { first = at }
      // One frame alone gives no alarm.
      sum = max(0, sum + min(away, 4) - slack)
      if sum == 0 { baseline.add(levels[at]) }
      if sum >= alarm {
        if let seen = beginning(levels, times, from: first, baseline) {
          let before = powers[..<first]
          return ContrastArrival.Onset(
            time: times[seen], baseline: before.reduce(0, +) / Double(before.count), deviation: baseline.deviation)
        }
        // A blip: begin anew behind it.
        sum = 0
      }
      at += 1
    }
    return nil
  }

  /// Looks within ten seconds for the frame from which the level stays up, then back to the last frame within three standard
  /// deviations: a blip or drift that alarmed the sum before is none of the rise. nil where the level does not stay up.
  private func beginning(_ levels: [Double], _ times: [Double], from first: Int, _ baseline: Baseline) -> Int? {
    let rise = baseline.mean + max(minimumRise, 3 * baseline.deviation)
    let risen = levels.indices[first...].first { at in
      guard times[at] <= times[first] + 10, times[times.count - 1] >= times[at] + lastingSeconds else { return false }
      let end = times[at...].firstIndex { $0 > times[at] + lastingSeconds } ?? times.count
      // A tenth may fall back.
      return levels[at] >= rise && 10 * levels[at..<end].count { $0 < rise } <= end - at
    }
    guard var at = risen else { return nil }
    while at > first, levels[at - 1] > baseline.mean + 3 * baseline.deviation { at -= 1 }
    return at
  }

  /// Mean and standard deviation of the level before contrast, as they grow.
  private struct Baseline {
    private var values: [Double]
    private(set) var mean: Double
    private var squares = 0.0
    private var products = 0.0

    init(_ first: [Double]) {
      // Flashes and blips among the first frames must not widen it.
      let middle = Running.median(first)
      let spread = max(0.05, Running.robustDeviation(first))
      values = []
      mean = middle
      for value in first { add(min(max(value, middle - 3 * spread), middle + 3 * spread)) }
    }

    mutating func add(_ value: Double) {
      values.append(value)
      let away = value - mean
      mean += away / Double(values.count)
      squares += away * (value - mean)
      if values.count > 1 { products += (values[values.count - 2] - mean) * (value - mean) }
    }

    /// Widened where neighbours are alike (breathing, probe motion), as for a first-order autoregression.
    var deviation: Double {
      let variance = squares / Double(max(1, values.count - 1))
      let alike = squares > 0 ? min(max(products / squares, 0), 0.8) : 0
      // What codecs and rounding alone do to a still picture.
      return max(0.1, (variance * (1 + alike) / (1 - alike)).squareRoot())
    }
  }
}
