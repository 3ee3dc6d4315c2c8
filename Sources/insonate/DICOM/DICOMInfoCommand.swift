import ArgumentParser
import DICOM
import Foundation

extension DICOMCommand {
  struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Size, colours, transfer syntax, times of the frames and calibrated regions.",
      discussion: "Of the patient it says only whether a name is there. Lengths are in mm, times in ms.")
    @Argument(help: "The DICOM file.") var file: String
    @OptionGroup var output: OutputOptions

    func run() throws {
      let summary = try FileSummary(DICOMFile(URL(fileURLWithPath: file)))
      try output.print(summary, lines: lines(summary))
    }

    private func lines(_ summary: FileSummary) -> [String] {
      var device = [summary.manufacturer, summary.model].compactMap(\.self).joined(separator: " ")
      if device.isEmpty { device = "not named" }
      var lines = [
        "file             \(summary.file)",
        "kind             \(summary.sopClass?.name ?? "not named"), modality \(summary.modality ?? "not named")",
        "device           \(device)",
        "transfer syntax  \(syntax(summary.transferSyntax))",
        "picture          \(summary.columns) x \(summary.rows), \(summary.frames) frames, \(summary.photometric), "
          + "\(summary.bitsStored) of \(summary.bitsAllocated) bits",
        "times            \(times(summary))",
        "patient's name   \(summary.patientNamePresent ? "present" : "absent")",
        "burned-in text   \(summary.burnedInAnnotation ?? "not said")",
      ]
      if let spacing = summary.pixelSpacing {
        lines.append("pixel spacing    \(spacing[0]) x \(spacing[1]) mm (rows x columns)")
      }
      if summary.regions.isEmpty { lines.append("regions          none") }
      for (index, region) in summary.regions.enumerated() { lines += self.region(region, number: index + 1) }
      return lines + summary.notes.map { "note             \($0)" }
    }

    private func syntax(_ syntax: FileSummary.Syntax) -> String {
      "\(syntax.name) (\(syntax.uid))" + (syntax.isRead ? "" : ", not decoded")
    }

    private func times(_ summary: FileSummary) -> String {
      let times = summary.frameTimes
      guard let last = times.milliseconds?.last else { return "not known" }
      guard let rate = times.meanFramesPerSecond else { return times.source.rawValue }
      return String(format: "%.1f ms to the last frame, %.2f frames a second (", last, rate) + times.source.rawValue
        + ")"
    }

    private func region(_ region: FileSummary.Region, number: Int) -> [String] {
      func axis(_ axis: FileSummary.Axis) -> String {
        if let spacing = axis.millimetresPerPixel { return String(format: "%.6g mm", spacing) }
        guard let unit = axis.unit, let delta = axis.delta else { return "not calibrated" }
        return String(format: "%.6g ", delta) + unit
      }
      let place = "columns \(region.minX)-\(region.maxX), rows \(region.minY)-\(region.maxY)"
      return [
        "region \(number)         \(region.spatialFormat) \(region.dataType), \(place); a pixel: "
          + "\(axis(region.horizontal)) x \(axis(region.vertical))"
      ] + region.problems.map { "                 \($0)" }
    }
  }
}
