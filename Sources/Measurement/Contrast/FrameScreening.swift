import Foundation

/// Why a frame is not like the others.
public enum FrameMark: String, Sendable, Codable, CaseIterable {
  /// A burst of high power, or another frame far brighter than those around it. Left out of the curves.
  case flash
  /// The plane was left, or the picture could not be laid on the reference. Left out of the curves.
  case outOfPlane
  /// The same picture as before. Not sampled.
  case repeated
  /// The track was not measured; the last known place stands in.
  case untracked
  /// More than a tenth of a region is white.
  case saturated
}

/// A sudden change of all of the picture's brightness that stays.
public struct LevelStep: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Codable {
    /// Somebody turned the gain; later frames are brought back by it.
    case gain
    /// A flash after which contrast is gone. Curves end there: what follows is replenishment.
    case destruction
  }

  public let kind: Kind
  /// Seconds on the clip's clock, of the first frame after it.
  public let time: Double
  public let decibels: Double
}

/// Tells frames that would spoil a curve, and steps of gain, from the numbers of the whole clip.
public struct FrameScreening: Sendable {
  /// dB above the median of the three seconds around from which a frame is a flash, and the least step of gain.
  public static let flashDecibels = 1.5
  /// A frame is out of plane where its similarity is below this part of the better ones (80th percentile) of 20 s around.
  public static let similarityShare = 0.7

  /// One set a frame.
  public let marks: [Set<FrameMark>]
  public let steps: [LevelStep]

  public init(_ recording: ContrastRecording) {
    let samples = recording.samples
    let times = samples.map(\.time)
    let levels = samples.map { recording.compression.decibels($0.panel?.power ?? 0) }
    let flashes = Self.flashes(levels, times)
    var marks = samples.map { sample -> Set<FrameMark> in
      var marks: Set<FrameMark> = []
      if sample.isRepeated { marks.insert(.repeated) }
      if sample.displacement?.isMeasured == false { marks.insert(.untracked) }
      if [sample.panel, sample.lesion, sample.reference].contains(where: { ($0?.saturated ?? 0) > 0.1 }) {
        marks.insert(.saturated)
      }
      return marks
    }
    let away = Self.outOfPlane(recording, times)
    for at in samples.indices {
      if flashes[at] { marks[at].insert(.flash) }
      if away[at], !flashes[at] { marks[at].insert(.outOfPlane) }
    }
    self.marks = marks
    let kept = samples.indices.filter { !flashes[$0] && !away[$0] }
    steps = recording.frameInterval <= 0.25 ? Self.steps(recording, kept) : []
  }

  /// Whether a frame belongs to no curve.
  public func isExcluded(_ at: Int) -> Bool { !marks[at].isDisjoint(with: [.flash, .outOfPlane]) }

  /// Runs of bright frames that come and go from one frame to the next: a wash-in that a step of gain cuts off also stands out.
  private static func flashes(_ levels: [Double], _ times: [Double]) -> [Bool] {
    let middles = Running.quantile(0.5, of: levels, at: times, within: 1.5)
    let rests = zip(levels, middles).map { $0 - $1 }
    let limit = max(flashDecibels, 6 * Running.robustDeviation(rests))
    var flashes = [Bool](repeating: false, count: levels.count)
    var at = 0
    while at < rests.count {
      guard rests[at] > limit else {
        at += 1
        continue
      }
      let start = at
      while at < rests.count, rests[at] > limit { at += 1 }
      let half = 0.5 * (rests[start..<at].max() ?? 0)
      let entry = (max(1, start - 1)...min(levels.count - 1, start + 1)).map { levels[$0] - levels[$0 - 1] }
      let exit = (max(1, at - 1)...max(1, min(levels.count - 1, at + 1))).map { levels[$0 - 1] - levels[$0] }
      guard start == 0 || (entry.max() ?? 0) >= half, at == rests.count || (exit.max() ?? 0) >= half else { continue }
      for frame in start..<at { flashes[frame] = true }
    }
    return flashes
  }

  private static func outOfPlane(_ recording: ContrastRecording, _ times: [Double]) -> [Bool] {
    let known = recording.samples.indices.filter { recording.samples[$0].displacement?.similarity != nil }
    var away = recording.samples.map { sample in
      // Without a B-mode panel the picture is dark before contrast: what cannot be followed need not be away.
      recording.registersToOneFrame && sample.displacement?.isMeasured == false
    }
    let values = known.map { recording.samples[$0].displacement?.similarity ?? 0 }
    // Contrast alone changes by itself: there a drop means nothing.
    guard recording.registersToOneFrame, values.count > 1 else { return away }
    let good = Running.quantile(0.8, of: values, at: known.map { times[$0] }, within: 10, keepsWidth: true)
    // Two pictures of speckle alone hardly correlate.
    for (place, at) in known.enumerated() where good[place] > 0.3 && values[place] < similarityShare * good[place] {
      away[at] = true
    }
    return away
  }

  /// A step lies between two frames and nowhere else: on either side the level goes on as evenly as before.
  private static func steps(_ recording: ContrastRecording, _ kept: [Int]) -> [LevelStep] {
    let (samples, side) = (recording.samples, 5)
    guard kept.count >= 2 * side + 1 else { return [] }
    func levels(_ site: ContrastSite) -> [Double]? {
      let levels = kept.compactMap { site.level(in: samples[$0]).map { recording.compression.decibels($0.power) } }
      return levels.count == kept.count ? levels : nil
    }
    guard let panel = levels(.panel) else { return [] }
    let others = recording.sites.dropFirst().compactMap(levels)
    let changes = zip(panel.dropFirst(), panel).map { $0 - $1 }
    let noise = Running.robustDeviation(changes)
    var steps: [LevelStep] = []
    var at = side - 1
    while at + side < panel.count {
      defer { at += 1 }
      let around = Array(changes[at - side + 1..<at] + changes[at + 1..<at + side])
      let slope = Running.median(around)
      let jump = changes[at] - slope
      guard abs(jump) >= max(flashDecibels, 8 * noise),
        around.allSatisfy({ abs($0 - slope) <= max(0.3 * abs(jump), 6 * noise) })
      else { continue }
      let step = Self.step(panel, at, side, slope)
      let agree = others.allSatisfy { Self.step($0, at, side, slope) / step > 0.4 }
      guard step / jump > 0.6, agree else { continue }
      // Over a longer gap contrast itself may have come.
      guard samples[kept[at + 1]].time - samples[kept[at]].time <= 1.5 else { continue }
      let isBurst = kept[at + 1] > kept[at] + 1 && step < 0
      steps.append(
        LevelStep(kind: isBurst ? .destruction : .gain, time: samples[kept[at + 1]].time, decibels: step))
      at += side
    }
    return steps
  }

  /// How far the frames behind `at` lie above those up to it, the slope taken off.
  private static func step(_ levels: [Double], _ at: Int, _ side: Int, _ slope: Double) -> Double {
    let after = levels[at + 1...at + side].reduce(0, +) / Double(side)
    let before = levels[at - side + 1...at].reduce(0, +) / Double(side)
    return after - before - Double(side) * slope
  }
}
