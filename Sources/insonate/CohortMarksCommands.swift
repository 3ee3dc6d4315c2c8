import Annotations
import ArgumentParser
import Cohort
import Deidentification
import Foundation
import Tables
import Ultrasound

/// What class names of annotations mean beyond the usual ones.
struct VocabularyOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What a class name of the file means, as NAME=ROLE or NAME=ROLE:LABEL; several times for several names.",
      discussion: "Roles are lesion, background and calcification, labels benign and malignant.", valueName: "name=role"
    ))
  var map: [String] = []

  func validate() throws { _ = try vocabulary() }

  func vocabulary() throws -> RegionVocabulary {
    var terms = RegionVocabulary.standard.terms
    for entry in map {
      let parts = entry.split(separator: "=", maxSplits: 1).map(String.init)
      let meaning = parts.last?.split(separator: ":").map(String.init) ?? []
      guard parts.count == 2, (1...2).contains(meaning.count), let role = RegionOfInterest.Role(rawValue: meaning[0])
      else {
        throw ValidationError("map: expected NAME=ROLE or NAME=ROLE:LABEL, found \(entry.debugDescription)")
      }
      var label: Label?
      if meaning.count == 2 {
        guard role == .lesion, let known = Label(rawValue: meaning[1]) else {
          throw ValidationError("map: expected benign or malignant, for a lesion, found \(entry.debugDescription)")
        }
        label = known
      }
      terms[parts[0].lowercased()] = RegionVocabulary.Meaning(role, label)
    }
    return RegionVocabulary(terms: terms)
  }
}

struct CohortAnnotate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "annotate", abstract: "Brings what people marked with other programs into a cohort.",
    discussion: """
      Files of annotations (LabelMe, COCO, CVAT, Pair, the cohort's own export, DICOM segmentations and reports), told by their \
      content, and folders of them. Each picture is found in the cohort by its SOP Instance UID or its path. Of each file all comes \
      in or nothing; a file that came in before changes nothing. Exit code 65 where a file failed, unless failures are allowed.
      """)

  @Argument var cohort: String
  @Argument(help: "Files of annotations, and folders.") var paths: [String]
  @OptionGroup var vocabulary: VocabularyOptions
  @Flag(help: "Leave out pictures that the cohort has not, and exit with 0 although a file failed.")
  var allowFailures = false
  @Option(
    help:
      "The key file that the cohort's DICOM files were de-identified with, since annotations name the original files.")
  var key: String?
  @OptionGroup var output: OutputOptions

  func run() throws {
    let folder = URL(fileURLWithPath: cohort)
    let catalogue = try Catalogue.open(folder)
    let report = try catalogue.annotate(
      paths.map { URL(fileURLWithPath: $0) }, vocabulary: try vocabulary.vocabulary(),
      allowsAbsent: allowFailures, pseudonym: try pseudonym(folder))
    try output.print(report, lines: report.lines + report.failures.map { "failed: \($0)" })
    if !report.failures.isEmpty, !allowFailures { throw ExitCode(65) }
  }
}

extension CohortAnnotate {
  /// The UID that a de-identified file has for its own. A key file that is not there is no new key here.
  private func pseudonym(_ cohort: URL) throws -> (@Sendable (String) -> String)? {
    guard let key else { return nil }
    guard FileManager.default.fileExists(atPath: key) else { throw BadInput("\(key): there is no such key file") }
    let file = try KeyFile(URL(fileURLWithPath: key), out: cohort)
    return { file.key.uid(for: $0) }
  }
}

extension AnnotationReport {
  /// Without the failures.
  var lines: [String] {
    var lines = [
      "\(applied.count) files of annotations: \(regions) regions in \(images) images; \(unchanged.count) files came in before"
    ]
    if leftOut > 0 { lines.append("\(leftOut) JSON and XML files left out: no annotations") }
    if repeated > 0 { lines.append("\(repeated) regions were there already") }
    lines.append(
      "lesion boxes \(boxes), masks \(masks), masks of calcifications \(calcificationMasks), labels \(labels)")
    return lines + notes.map { "note: \($0)" }
  }
}

struct CohortTrack: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "track", abstract: "Carries what is drawn in frames of clips through the clips.",
    discussion: """
      Each region drawn in a frame is followed both ways until the clip's end, the next frame in which its role is drawn, or to \
      where it is lost, and kept with its confidence. What was tracked before is replaced, what is drawn never changed.
      """)

  @Argument var cohort: String
  @Option(help: "A clip, by its name in the cohort; several times for several.") var image: [String] = []
  @Flag(help: "All clips with something drawn in a frame.") var every = false
  @Option(help: "Clips at a time (default: one a processor core).") var jobs: Int?
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard every != !image.isEmpty else { throw ValidationError("expected either --image or --every") }
    if let jobs, jobs < 1 { throw ValidationError("--jobs: expected 1 or more, found \(jobs)") }
  }

  func run() throws {
    let progress = ItemProgress(what: "tracked")
    let report = try Catalogue.open(URL(fileURLWithPath: cohort))
      .track(images: every ? nil : image, jobs: jobs) { progress($0, $1) }
    try output.print(
      report,
      lines: report.clips.flatMap(Self.lines)
        + (report.clips.isEmpty && report.failures.isEmpty ? ["nothing is drawn in a frame of a clip"] : [])
        + report.failures.map { "failed: \($0)" })
    if !report.failures.isEmpty { throw ExitCode(65) }
  }

  private static func lines(_ clip: TrackingReport.Clip) -> [String] {
    [
      "\(clip.image): drawn in \(clip.drawnFrames) and tracked into \(clip.trackedFrames) of \(clip.frames) frames; "
        + "the lesion is known in \(clip.lesionFrames)"
    ]
      + clip.losses.map { loss in
        let name = loss.name.map { " \($0.debugDescription)" } ?? ""
        return "  \(loss.role.rawValue)\(name) of frame \(loss.drawnFrame): "
          + "\(loss.isForwards ? "after" : "before") frame \(loss.lastFrame): \(loss.reason)"
      }
  }
}
