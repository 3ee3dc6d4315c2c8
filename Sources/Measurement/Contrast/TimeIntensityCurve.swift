import Foundation

/// Echo power of one place of a contrast clip over time, without the frames that spoil it.
public struct TimeIntensityCurve: Sendable, Hashable {
  /// Seconds, ascending.
  public let times: [Double]
  /// Mean echo power, white = 1; brought back by steps of gain.
  public let powers: [Double]

  /// - Throws: `tooFew` without a point, `setting` where lengths differ, a value is not finite or below 0, or times do not rise.
  public init(times: [Double], powers: [Double]) throws(ContrastError) {
    guard times.count == powers.count else {
      throw .setting(name: "curve", expected: "\(times.count) values, one a time", found: "\(powers.count)")
    }
    guard !times.isEmpty else { throw .tooFew(what: "points of the curve", needed: 1, found: 0) }
    for (at, time) in times.enumerated() {
      guard time.isFinite, at == 0 || time > times[at - 1] else {
        throw .setting(name: "curve, point \(at + 1)", expected: "a time after the one before", found: "\(time)")
      }
      guard powers[at].isFinite, powers[at] >= 0 else {
        throw .setting(name: "curve, point \(at + 1)", expected: "a power of 0 or more", found: "\(powers[at])")
      }
    }
    (self.times, self.powers) = (times, powers)
  }

  /// What `site` shows: without excluded frames, brought back by steps of gain, up to a destruction of the bubbles.
  /// - Throws: `tooFew` where no frame is left.
  public init(_ recording: ContrastRecording, _ site: ContrastSite, _ screening: FrameScreening) throws(ContrastError) {
    let end = screening.steps.first { $0.kind == .destruction }?.time ?? .infinity
    let gains = screening.steps.filter { $0.kind == .gain }
    var (times, powers): ([Double], [Double]) = ([], [])
    for (at, sample) in recording.samples.enumerated() where !screening.isExcluded(at) && sample.time < end {
      guard let level = site.level(in: sample) else { continue }
      let gain = gains.filter { $0.time <= sample.time }.reduce(0) { $0 + $1.decibels }
      times.append(sample.time)
      powers.append(level.power * pow(10, -gain / 10))
    }
    try self.init(times: times, powers: powers)
  }

  var last: Double { times[times.count - 1] }

  /// The mean over the second around each point.
  var smoothed: [Double] { Running.mean(of: powers, at: times, within: 0.5) }

  /// Median power in `range`; nil where no point lies there.
  public func median(in range: Range<Double>) -> Double? {
    let part = zip(times, powers).filter { range.contains($0.0) }.map(\.1)
    return part.isEmpty ? nil : Running.median(part)
  }
}
