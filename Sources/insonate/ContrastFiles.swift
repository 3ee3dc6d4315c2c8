import Figures
import Foundation
import Measurement
import Tables
import Wording

/// The files of a contrast timeline: curve.csv, frames.csv and timeline.svg.
struct ContrastFiles {
  private let recording: ContrastRecording
  private let screening: FrameScreening
  private let timeline: ContrastTimeline
  private let curves: [(site: ContrastSite, curve: TimeIntensityCurve, fit: BolusFit?)]

  init(recording: ContrastRecording, screening: FrameScreening, timeline: ContrastTimeline) throws {
    (self.recording, self.screening, self.timeline) = (recording, screening, timeline)
    curves = try recording.sites.map { site in
      (
        site, try TimeIntensityCurve(recording, site, screening),
        timeline.curves.first { $0.site == site }?.fit
      )
    }
  }

  func write(to folder: URL) throws {
    try curveTable().write(to: folder.appending(path: "curve.csv"))
    try frameTable().write(to: folder.appending(path: "frames.csv"))
    try AtomicFile.write(figure(Wording()).svg, to: folder.appending(path: "timeline.svg"))
  }

  private func since(_ time: Double) -> Double? { timeline.zeroTime.map { time - $0 } }

  private func text(_ value: Double?) -> String { value.map { String(format: "%.9g", $0) } ?? "" }

  private func curveTable() throws -> Table {
    let rows = curves.flatMap { site, curve, fit in
      zip(curve.times, curve.powers).map { time, power in
        [site.rawValue, text(time), text(since(time)), text(power), text(fit?.value(at: time))]
      }
    }
    return try Table(columns: ["site", "time", "since_zero", "power", "model"], rows: rows, source: "curve.csv")
  }

  private func frameTable() throws -> Table {
    let columns = [
      "frame", "time", "since_zero", "phase", "used", "marks", "panel_power", "lesion_power", "reference_power",
      "panel_saturated", "lesion_saturated", "reference_saturated", "dx", "dy", "similarity", "sharpness",
    ]
    let rows = recording.samples.enumerated().map { at, sample -> [String] in
      let phase = timeline.phases.first { $0.start <= sample.time && sample.time < $0.end }
      let levels = [sample.panel, sample.lesion, sample.reference]
      let marks = screening.marks[at].map(\.rawValue).sorted().joined(separator: " ")
      return [
        "\(sample.index)", text(sample.time), text(since(sample.time)), phase?.name ?? "",
        screening.isExcluded(at) ? "0" : "1", marks,
      ] + levels.map { text($0?.power) } + levels.map { text($0?.saturated) } + [
        text(sample.displacement?.dx), text(sample.displacement?.dy), text(sample.displacement?.similarity),
        text(sample.sharpness),
      ]
    }
    return try Table(columns: columns, rows: rows, source: "frames.csv")
  }

  private func figure(_ words: Wording) -> Figure {
    func shown(_ time: Double) -> Double { since(time) ?? time }
    // The whole panel says nothing beside its parts.
    let sites = curves.count > 1 ? curves.filter { $0.site != .panel } : curves
    let drawn = sites.map { site, curve, fit -> ContrastTimelineFigure.Curve in
      let kind: ContrastTimelineFigure.Site =
        switch site {
        case .panel: .panel
        case .lesion: .lesion
        case .reference: .reference
        }
      return ContrastTimelineFigure.Curve(
        site: kind, times: curve.times.map(shown), powers: curve.powers,
        model: fit.map { fit in curve.times.map { fit.value(at: $0) } })
    }
    let samples = recording.samples
    return ContrastTimelineFigure.figure(
      name: "timeline", heading: words("Contrast over time"), curves: drawn,
      phases: timeline.phases.map {
        ContrastTimelineFigure.Phase(name: $0.name, start: shown($0.start), end: shown($0.end))
      },
      arrival: timeline.arrival.time.map(shown),
      excluded: samples.indices.filter { screening.isExcluded($0) }.map { shown(samples[$0].time) },
      places: samples.compactMap { sample in
        sample.displacement.map {
          ContrastTimelineFigure.Place(time: shown(sample.time), dx: $0.dx, dy: $0.dy)
        }
      },
      zero: timeline.zero == .injection ? .injection : timeline.zero == .arrival ? .arrival : .clip, words: words)
  }
}
