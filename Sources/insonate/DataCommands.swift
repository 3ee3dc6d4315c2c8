import ArgumentParser
import Cohort
import Foundation
import InSilico
import Tables

struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: "Makes an in-silico cohort with known truth.")

  @Argument(
    help: "What is simulated: \(SimulatedSystem.allCases.map(\.rawValue).joined(separator: ", ")).",
    transform: Self.system)
  var system: SimulatedSystem
  @Option(help: "The folder to make.")
  var out: String
  @Option(help: "Number of patients.\(Self.defaults { "\($0.patients)" })")
  var patients: Int?
  @Option(help: "Images, pairs, triples or clips of each lesion.\(Self.defaults { "\($0.imagesPerLesion)" })")
  var imagesPerLesion: Int?
  @Option(help: "Frames of a clip, where the system makes clips.\(Self.defaults { $0.frames.map { "\($0)" } })")
  var frames: Int?
  @Option(help: "Side of the square images in pixels.\(Self.defaults { "\($0.imageSize)" })")
  var imageSize: Int?
  @Option(
    help:
      "Part of the patients, or lesions, that are malignant.\(Self.defaults { "\(($0.prevalence * 1000).rounded() / 1000)" })"
  )
  var prevalence: Double?
  @Option(name: .customLong("ideal-auc"), help: "AUC of an observer who knows all that the images show.")
  var idealAUC = CohortSettings().idealAUC
  @Option(help: "Same seed, same images, on every machine.")
  var seed = CohortSettings().seed
  @OptionGroup var output: OutputOptions

  private static func system(_ name: String) throws -> SimulatedSystem {
    if let system = SimulatedSystem(rawValue: name) { return system }
    let systems = SimulatedSystem.allCases.map(\.rawValue).joined(separator: ", ")
    throw ValidationError("system: expected one of \(systems), found \(name)")
  }

  /// The systems' own values, as help shows them.
  private static func defaults(_ value: (CohortSettings) -> String?) -> String {
    let values = SimulatedSystem.allCases.compactMap { system in
      value(CohortSettings(of: system)).map { "\(system.rawValue) \($0)" }
    }
    return " (default: \(values.joined(separator: ", ")))"
  }

  private struct Summary: Encodable { let folder: String, lesions: Int, images: Int }

  private var settings: CohortSettings {
    var settings = CohortSettings(of: system)
    settings.patients = patients ?? settings.patients
    settings.imagesPerLesion = imagesPerLesion ?? settings.imagesPerLesion
    settings.frames = frames ?? settings.frames
    settings.imageSize = imageSize ?? settings.imageSize
    settings.prevalence = prevalence ?? settings.prevalence
    (settings.idealAUC, settings.seed) = (idealAUC, seed)
    return settings
  }

  func run() throws {
    let cohort = try Simulator.cohort(of: system, settings: settings)
    let folder = URL(fileURLWithPath: out)
    let progress = ItemProgress(what: "simulated images")
    try cohort.write(to: folder) { progress($0, $1) }
    let summary = Summary(folder: folder.path, lesions: cohort.lesionCount, images: cohort.imageCount)
    try output.print(
      summary, lines: ["\(summary.images) in-silico images of \(summary.lesions) lesions in \(folder.path)"])
  }
}

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Brings images and what is known of them into a cohort.",
    discussion: """
      SOURCE is a cohort table (CSV: patient, lesion, label, file, ...), a folder with cohort.csv, a folder of classes \
      (benign/, malignant/) with images and masks, or any other folder: DICOM files, stills and clips in it and below are told by \
      their content, class folders give labels, and DICOM gives patients, exams, times and millimetres. The same source again \
      changes nothing; an import that was cut off goes on where it was. What files of annotations in such a folder mark comes in \
      with it, as by insonate cohort annotate; so does annotations.json beside a table.

      What cannot be imported is listed by file and reason. Of a mixed folder the rest comes in, of a table or class folder only \
      with --allow-failures. Exit code 65 where anything could not be imported and failures are not allowed.
      """)

  @Argument(help: "Table or folder.") var source: String
  @Option(help: "The cohort, made where there is none.") var into: String
  @Option(help: "A cohort table that lies elsewhere; its files are looked for in SOURCE.") var table: String?
  @Flag(help: "Import what is sound, and exit with 0 although something is not.") var allowFailures = false
  @Option(help: "Files read at a time (default: one a processor core).") var jobs: Int?
  @Option(
    help:
      "De-identify files on the way, headers and pixels, with this key file (made where there is none; never in the cohort)."
  )
  var deidentify: String?
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs: expected 1 or more, found \(jobs)") }
  }

  func run() throws {
    let progress = ItemProgress(what: "read")
    let (from, to) = (URL(fileURLWithPath: source), URL(fileURLWithPath: into))
    let truth = try InSilicoTruth(of: from)
    let privacy = try deidentify.map { try ImportPrivacy(key: URL(fileURLWithPath: $0), cohort: to) }
    var report = try Importer.run(
      source: from, into: to, table: table.map { URL(fileURLWithPath: $0) },
      options: ImportOptions(allowsFailures: allowFailures, jobs: jobs, intake: privacy?.intake)
    ) { progress($0, $1) }
    if report.added + report.unchanged == 0, report.failures.isEmpty {
      throw BadInput("\(from.path): holds nothing that can be imported: no DICOM image, still or clip")
    }
    try privacy?.finish()
    report.notes += privacy?.notes ?? []
    if report.images > 0 { try truth.write(to: to) }
    try Importer.annotate(
      &report, source: from, table: table.map { URL(fileURLWithPath: $0) }, pseudonym: privacy?.pseudonym)
    if report.images > 0 { try keepDocuments(of: from, in: to) }
    try output.print(report, lines: Self.lines(report))
    // Nothing at all is no success, whatever is allowed.
    if !report.failures.isEmpty, !allowFailures || report.images == 0 { throw ExitCode(65) }
  }

  /// Codebook, histology tree and enrolment log that lie in the folder, or beside the table.
  private func keepDocuments(of source: URL, in cohort: URL) throws {
    let isFolder = (try? source.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true
    let folder = isFolder ? source : source.deletingLastPathComponent()
    let documents = CohortDocument.allCases.map { ($0, folder.appending(path: $0.fileName)) }
      .filter { FileManager.default.fileExists(atPath: $0.1.path) }
    guard !documents.isEmpty else { return }
    try CohortRecords.keep(documents, in: try Catalogue.open(cohort))
  }

  private static func lines(_ report: ImportReport) -> [String] {
    var lines = [
      "\(report.cohort): \(report.added) images added, \(report.unchanged) were there already",
      "\(report.images) images of \(report.lesions) lesions; patients: \(report.patientSource) (\(report.patients))",
    ]
    lines += report.notes
    lines += report.annotations?.lines ?? []
    lines += report.failures.map { "failed: \($0)" }
    return lines
  }
}

/// A simulated cohort takes its truth along, so that a report can say "in silico" and compare with the ideal observer.
struct InSilicoTruth {
  private var files: [(name: String, bytes: Data)] = []

  /// Read before the import begins, so that a truth that cannot be read leaves no cohort without its mark.
  init(of source: URL) throws {
    let folder = source.hasDirectoryPath ? source : source.deletingLastPathComponent()
    guard SimulationTruth.exists(in: folder) else { return }
    _ = try SimulationTruth(folder: folder)
    for name in ["simulation.json", "truth.csv"] {
      let file = folder.appending(path: name)
      guard let bytes = try? Data(contentsOf: file) else { throw BadInput("\(file.path): cannot be read") }
      files.append((name, bytes))
    }
  }

  /// The same truth again changes nothing.
  func write(to cohort: URL) throws {
    for (name, bytes) in files {
      let file = cohort.appending(path: name)
      if let there = try? Data(contentsOf: file), there == bytes { continue }
      try AtomicFile.write([UInt8](bytes), to: file)
    }
  }
}

struct CohortCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cohort", abstract: "Looks into a cohort, checks, divides and exports it.",
    subcommands: [
      Summary.self, Check.self, SplitCohort.self, Export.self, CohortRecords.self, AuditCohort.self, TwinsCohort.self,
      CohortAnnotate.self, CohortTrack.self, CohortPanels.self,
    ])

  struct Summary: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Counts of patients, lesions, images and columns.")
    @Argument var cohort: String
    @OptionGroup var output: OutputOptions

    func run() throws {
      let summary = try Catalogue.open(URL(fileURLWithPath: cohort)).summary()
      func counts(_ counts: [String: Int]) -> String {
        counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
      }
      try output.print(
        summary,
        lines: [
          "patients  \(summary.patients) (\(summary.patientSource)): \(counts(summary.patientsByLabel))",
          "lesions   \(summary.lesions): \(counts(summary.lesionsByLabel))",
          "images    \(summary.images): \(counts(summary.imagesByLabel)); \(counts(summary.imagesByModality)); \(counts(summary.imagesByKind))",
          "regions   \(summary.imagesWithRegion) images with a lesion region, \(summary.imagesWithMask) with a mask",
          "alike     \(summary.nearDuplicateGroups) groups of near-duplicate images",
        ]
          + summary.clinical.map {
            "column    \($0.name): \($0.kind.rawValue), \($0.distinct) values, \($0.missing) missing"
          })
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Looks for changed files, contradictions and near-duplicates. Exit code 65 if there are problems.")
    @Argument var cohort: String
    @OptionGroup var output: OutputOptions

    func run() throws {
      let check = try Catalogue.open(URL(fileURLWithPath: cohort)).check()
      try output.print(
        check,
        lines: [
          "\(check.images) images, \(check.lesions) lesions, \(check.patients) patients (\(check.patientSource))",
          "\(check.duplicates.count) groups of near-duplicates, \(check.duplicatesAcrossPatients.count) across patients",
        ] + check.duplicatesAcrossPatients.map { "alike, different patients: " + $0.joined(separator: ", ") }
          + (check.isSound ? ["no problems"] : check.problems))
      if !check.isSound { throw ExitCode(65) }
    }
  }

  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Writes a cohort back as a table with its images.")
    @Argument var cohort: String
    @Option(help: "The folder to make.") var out: String
    @OptionGroup var output: OutputOptions

    func run() throws {
      let folder = URL(fileURLWithPath: out)
      try Exporter.run(Catalogue.open(URL(fileURLWithPath: cohort)), to: folder)
      try output.print(["folder": folder.path], lines: [folder.path])
    }
  }
}
