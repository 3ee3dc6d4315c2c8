import Foundation

/// Makes the timeline of a recording.
public struct TimelineMaker: Sendable {
  public var phases = PhaseModel.generic
  /// Seconds on the clip's clock; may lie before its first frame.
  public var injection: Double?
  public var analyser = EnhancementAnalyser()
  public var sampler: PhaseSampler?
  /// dB by which the lesion must differ from the parenchyma to be hyper- or hypoenhanced. A convention of ours: about what readers
  /// see side by side; guidelines name no number.
  public var isoDecibels = 2.0

  public init() {}

  /// - Throws: `setting` where the injection comes after the arrival; `tooFew` where all frames had to be left out.
  public func timeline(
    of recording: ContrastRecording, screening: FrameScreening
  ) throws(ContrastError) -> ContrastTimeline {
    if let injection, !injection.isFinite {
      throw .setting(name: "injection", expected: "seconds on the clip's clock", found: "\(injection)")
    }
    guard isoDecibels >= 0, isoDecibels.isFinite else {
      throw .setting(name: "iso", expected: "0 dB or more", found: "\(isoDecibels)")
    }
    var (curves, notes): ([(ContrastSite, TimeIntensityCurve)], [String]) = ([], recording.notes)
    for site in recording.sites {
      curves.append((site, try TimeIntensityCurve(recording, site, screening)))
    }
    let (arrival, site) = first(of: curves)
    if let injection, let time = arrival.time, time < injection {
      throw .setting(
        name: "injection", expected: "at or before the arrival of contrast at \(Text.fixed(time, 1)) s",
        found: "\(injection) s")
    }
    let zero: ContrastTimeline.Zero = injection != nil ? .injection : arrival.time != nil ? .arrival : .none
    let zeroTime = injection ?? arrival.time
    let enhancements = curves.map { analyser.analyse($1, site: $0, zero: zeroTime) }
    let origin = origin(zeroTime, arrival, &notes)
    let gone = enhancements.compactMap(\.disappearance).max()
    let placed = origin.map { place(recording, screening, from: $0, gone: gone) } ?? []
    notes += Self.stepNotes(screening)
    return ContrastTimeline(
      frames: recording.samples.count, firstTime: recording.samples[0].time,
      lastTime: recording.samples[recording.samples.count - 1].time, arrival: arrival, arrivalSite: site, zero: zero,
      zeroTime: zeroTime, phaseModel: phases, phases: placed, curves: enhancements,
      contrasts: contrasts(curves, placed), steps: screening.steps, marked: Self.counts(screening),
      longestDisplacement: recording.samples.compactMap { sample in
        sample.displacement.flatMap { $0.isMeasured ? ($0.dx * $0.dx + $0.dy * $0.dy).squareRoot() : nil }
      }.max(), sample: drawn(recording, screening, placed), notes: notes)
  }

  /// The panel tells the arrival; where it shows none, the parenchyma, then the lesion.
  private func first(of curves: [(ContrastSite, TimeIntensityCurve)]) -> (ContrastArrival, ContrastSite) {
    let order: [ContrastSite] = [.panel, .reference, .lesion]
    let arrivals = order.compactMap { site in
      curves.first { $0.0 == site }.map { (analyser.finder.arrival(in: $0.1), site) }
    }
    return arrivals.first { $0.0.time != nil } ?? arrivals[0]
  }

  /// Where the phases' own zero lies.
  private func origin(_ zero: Double?, _ arrival: ContrastArrival, _ notes: inout [String]) -> Double? {
    switch phases.origin {
    case .arrival:
      if arrival.time == nil { notes.append("the phases count from the arrival, which was not found: none are placed") }
      return arrival.time
    case .injection:
      if injection == nil, zero != nil {
        notes.append(
          "the phases count from the injection, whose time was not given: they are counted from the arrival, and so lie "
            + "late by the time from vein to organ")
      }
      if zero == nil { notes.append("neither injection nor arrival is known: no phases are placed") }
      return zero
    }
  }

  private func place(
    _ recording: ContrastRecording, _ screening: FrameScreening, from origin: Double, gone: Double?
  ) -> [PlacedPhase] {
    let samples = recording.samples
    let (first, last) = (samples[0].time, samples[samples.count - 1].time.nextUp)
    return phases.phases.map { phase in
      let start = origin + phase.start
      let end = phase.end.map { origin + $0 } ?? max(start, min(gone ?? .infinity, last))
      let (from, to) = (min(max(start, first), last), min(max(end, first), last))
      let inside = samples.indices.filter { samples[$0].time >= from && samples[$0].time < to }
      let note: String? =
        if inside.isEmpty {
          start >= last
            ? "begins after the clip's end" : end <= first ? "ends before the clip begins" : "holds no frame"
        } else if start < first {
          "begins \(Text.fixed(first - start, 1)) s before the clip"
        } else if let planned = phase.end, origin + planned > last {
          "goes on \(Text.fixed(origin + planned - last, 1)) s after the clip"
        } else {
          nil
        }
      return PlacedPhase(
        name: phase.name, start: from, end: max(from, to), firstFrame: inside.first.map { samples[$0].index },
        lastFrame: inside.last.map { samples[$0].index },
        usableFrames: inside.count { Self.isUsable(screening, $0) }, note: note)
    }
  }

  private func contrasts(
    _ curves: [(ContrastSite, TimeIntensityCurve)], _ placed: [PlacedPhase]
  ) -> [PhaseContrast] {
    guard let lesion = curves.first(where: { $0.0 == .lesion })?.1,
      let reference = curves.first(where: { $0.0 == .reference })?.1
    else { return [] }
    return placed.compactMap { phase in
      guard let one = lesion.median(in: phase.start..<phase.end),
        let other = reference.median(in: phase.start..<phase.end), one > 0, other > 0
      else { return nil }
      let decibels = 10 * log10(one / other)
      return PhaseContrast(
        phase: phase.name, lesion: one, reference: other, decibels: decibels,
        word: decibels > isoDecibels ? .hyper : decibels < -isoDecibels ? .hypo : .iso)
    }
  }

  private func drawn(
    _ recording: ContrastRecording, _ screening: FrameScreening, _ placed: [PlacedPhase]
  ) -> [SampledFrame] {
    guard let sampler else { return [] }
    let samples = recording.samples
    let candidates = samples.indices.filter { Self.isUsable(screening, $0) }.map { at -> FrameCandidate in
      let (here, before) = (samples[at], samples[max(0, at - 1)])
      var speed = 0.0
      if at > 0, let to = here.displacement, let from = before.displacement {
        let (dx, dy) = (to.dx - from.dx, to.dy - from.dy)
        speed = (dx * dx + dy * dy).squareRoot() / (here.time - before.time)
      }
      return FrameCandidate(index: here.index, time: here.time, sharpness: here.sharpness, speed: speed)
    }
    return placed.flatMap { sampler.sample(candidates, phase: $0.name, in: $0.start..<$0.end) }
  }

  private static func isUsable(_ screening: FrameScreening, _ at: Int) -> Bool {
    !screening.isExcluded(at) && !screening.marks[at].contains(.repeated)
  }

  private static func counts(_ screening: FrameScreening) -> [String: Int] {
    var counts: [String: Int] = [:]
    for mark in FrameMark.allCases { counts[mark.rawValue] = screening.marks.count { $0.contains(mark) } }
    return counts
  }

  private static func stepNotes(_ screening: FrameScreening) -> [String] {
    screening.steps.map { step in
      let size = "\(Text.fixed(step.decibels, 1)) dB at \(Text.fixed(step.time, 1)) s"
      return switch step.kind {
      case .gain: "the gain was changed by \(size); later frames are brought back by it"
      case .destruction: "the bubbles were destroyed (\(size)): the curves end there"
      }
    }
  }
}
