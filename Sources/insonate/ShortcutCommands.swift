import ArgumentParser
import Cohort
import Foundation
import Imaging
import Shortcuts
import Tables
import Ultrasound

struct AuditCohort: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "How well label, site or device can be told from marks and making of the pictures alone.",
    discussion: """
      Finds calipers, text, body marks, colour, banners and scales in the pixels and writes audit.json, shortcuts.csv (a row a \
      picture) and audit.html with the marks outlined. Exit code 65 if a picture could not be read, or nothing be computed.
      """)

  @Argument var cohort: String
  @Option(help: "The folder to write into.") var out: String
  @Option(help: "A run's predictions.csv, to see whether its scores follow the same marks.") var predictions: String?
  @Option(
    help: "A column told beside the label; may be given several times. Without it: site and device where they differ.")
  var column: [String] = []
  @Option(help: "Permutations of each p value.") var permutations = 199
  @Option(help: "Same seed, same figures, on every machine.") var seed: UInt64 = 1
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if permutations < 19 { throw ValidationError("--permutations: expected 19 or more, found \(permutations)") }
  }

  func run() throws {
    let folder = URL(fileURLWithPath: out)
    let records = try Catalogue.open(URL(fileURLWithPath: cohort)).studyImages()
    let known = Set(records.flatMap(\.clinical.keys)).union(["site", "device", "modality", "exam", "background"])
    if let wrong = column.first(where: { !known.contains($0) }) {
      throw BadInput("--column: expected one of \(known.sorted().joined(separator: ", ")), found \"\(wrong)\"")
    }
    let unlabelled = records.count { $0.label == nil }
    if unlabelled > 0 { Output.error("note: \(unlabelled) pictures without a label are left out") }
    let columns =
      column.isEmpty
      ? ["site", "device"].filter { name in Set(records.compactMap { $0.text(ofColumn: name) }).count > 1 } : column
    let scores = try predictions.map { try PredictionTable.read(URL(fileURLWithPath: $0)) } ?? []
    do { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) } catch {
      throw OutputError.cannotCreate(path: folder.path, reason: error.localizedDescription)
    }
    let progress = ItemProgress(what: "read")
    let readings = CohortReadings(of: records, columns: columns) { progress($0, $1) }
    var settings = ShortcutAudit.Settings()
    (settings.permutations, settings.seed) = (permutations, seed)
    var audit = ShortcutAudit(readings.pictures, predictions: scores, settings: settings)
    audit.notes += readings.failures
    try ShortcutTable.table(of: readings.pictures).write(to: folder.appending(path: "shortcuts.csv"))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(Array(try encoder.encode(audit)), to: folder.appending(path: "audit.json"))
    let page = AuditPage(
      title: "What is not tissue: \(URL(fileURLWithPath: cohort).lastPathComponent)", audit: audit,
      sheets: try sheets(of: readings.pictures, records))
    try AtomicFile.write(try page.html(), to: folder.appending(path: "audit.html"))
    try output.print(
      audit,
      lines: [
        "\(audit.pictures) pictures, \(audit.clusters) clusters: "
          + MarkKind.allCases.map { "\($0.rawValue) \(audit.found[$0.rawValue] ?? 0)" }.joined(separator: ", ")
      ] + audit.verdicts + audit.notes)
    if audit.label == nil && audit.columns.allSatisfy(\.values.isEmpty) || !readings.failures.isEmpty {
      throw ExitCode(65)
    }
  }

  /// For each kind up to 12 pictures, spread over those that have it.
  private func sheets(
    of pictures: [AuditPicture], _ records: [ImageRecord]
  ) throws -> [(caption: String, picture: RGBImage)] {
    let named = Dictionary(records.map { ($0.name, $0) }) { first, _ in first }
    return try MarkKind.allCases.compactMap { kind in
      let with = pictures.filter { $0.reading.has(kind) }
      guard !with.isEmpty else { return nil }
      let shown = with.count <= 12 ? with : (0..<12).map { with[$0 * with.count / 12] }
      let cells = try shown.compactMap { picture in
        try named[picture.name].map {
          MarkSheet.outlined(
            try PictureReader().frame($0.extent.frames / 2, of: $0), marks: picture.reading.marks)
        }
      }
      return (
        "\(kind.rawValue): \(with.count) pictures", MarkSheet.sheet(cells, columns: 4, cell: (360, 300))
      )
    }
  }
}

struct TwinsCohort: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "twins",
    abstract:
      "Writes a cohort's pictures without their marks, or with marks of the other label, to train and test with.",
    discussion: """
      OUT becomes a folder with cohort.csv, images, masks, a map of what was changed in each picture, and twins.png (original \
      beside twin). Outside the map no pixel differs. What stands in the filled places is made up from their surroundings: for \
      training and for tests of reliance, never for reading. Exit code 65 if a picture could not be read.
      """)

  @Argument var cohort: String
  @Option(help: "The folder to make.") var out: String
  @Flag(help: "Plant marks of pictures of the other label onto pictures that have none.") var plant = false
  @Option(help: "Kinds, separated by commas (default: all; with --plant: caliper,text).", transform: Self.kinds)
  var kinds: Set<MarkKind> = []
  @Option(help: "Same seed, same twins, on every machine.") var seed: UInt64 = 1
  @OptionGroup var output: OutputOptions

  private static func kinds(_ text: String) throws -> Set<MarkKind> {
    Set(
      try text.split(separator: ",").map { word in
        guard let kind = MarkKind(rawValue: String(word)) else {
          let words = MarkKind.allCases.map(\.rawValue).joined(separator: ", ")
          throw ValidationError("--kinds: expected some of \(words), found \"\(word)\"")
        }
        return kind
      })
  }

  func run() throws {
    let records = try Catalogue.open(URL(fileURLWithPath: cohort)).studyImages()
    let clips = records.count { $0.extent.frames > 1 }
    if clips > 0 { Output.error("note: \(clips) clips are left out; twins are made of stills and single frames") }
    let wanted = !kinds.isEmpty ? kinds : plant ? [.caliper, .text] : Set(MarkKind.allCases)
    let progress = ItemProgress(what: "made")
    let twins = try TwinCohort.write(
      records, request: TwinCohort.Request(kinds: wanted, plants: plant, seed: seed), to: URL(fileURLWithPath: out)
    ) { progress($0, $1) }
    func counts(_ counts: [String: Int]) -> String {
      counts.sorted { $0.key < $1.key }.filter { $0.value > 0 }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
    try output.print(
      twins,
      lines: [
        "\(twins.pictures) pictures in \(out), \(twins.changed) of them changed",
        "marks before: \(counts(twins.marksBefore))", "marks after: \(counts(twins.marksAfter))",
      ] + twins.failures)
    if !twins.failures.isEmpty { throw ExitCode(65) }
  }
}
