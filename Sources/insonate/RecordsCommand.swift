import ArgumentParser
import Cohort
import Evaluation
import Foundation
import Tables

struct CohortRecords: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "records",
    abstract: "Keeps a cohort's codebook, histology tree and enrolment log, and shows what they say of it.",
    discussion: """
      A table that is given takes the place of the one kept before; a codebook that a cell contradicts is refused, with every \
      such cell (exit code 65). A folder that is imported may hold them as codebook.csv, histology.csv and enrolment.csv.
      """)

  @Argument var cohort: String
  @Option(
    help: "variable, type (number, flag, category, ordered, date, text), unit, levels, minimum, maximum, missing.")
  var codebook: String?
  @Option(help: "term, parent, label, synonyms; without it the usual kinds of the five organs.") var histology: String?
  @Option(help: "patient[, lesion], included, reason[, stage][, date].") var enrolment: String?
  @OptionGroup var output: OutputOptions

  private struct Outcome: Encodable {
    var variables: [Codebook.Variable]
    /// Columns of the cohort that the codebook does not describe.
    var undescribed: [String]
    var histology: HistologyCounts
    var enrolment: EnrolmentOutcome?
  }

  private struct EnrolmentOutcome: Encodable {
    var included: Int
    var excluded: Int
    var reasons: [String: Int]
    var imagesLeftOut: Int
    var includedWithoutImages: [String]
    var imagesWithoutEntry: [String]
  }

  func run() throws {
    let catalogue = try Catalogue.open(URL(fileURLWithPath: cohort))
    try Self.keep(
      [(.codebook, codebook), (.histology, histology), (.enrolment, enrolment)].compactMap { kind, path in
        path.map { (kind, URL(fileURLWithPath: $0)) }
      }, in: catalogue)
    let images = try catalogue.images()
    let book = try catalogue.codebook()
    let columns = Set(images.flatMap(\.clinical.keys))
    let outcome = Outcome(
      variables: book?.variables ?? [], undescribed: columns.filter { book?[$0] == nil }.sorted(),
      histology: HistologyCounts(of: try catalogue.studyImages(), in: try catalogue.histologyTree()),
      enrolment: try catalogue.enrolment().map { Self.outcome($0, images) })
    try output.print(outcome, lines: Self.lines(outcome))
  }

  /// Keeps tables; an enrolment log is read as the report will read it, too.
  static func keep(_ documents: [(CohortDocument, URL)], in catalogue: Catalogue) throws {
    for (kind, file) in documents {
      if kind == .enrolment { try StudyTables.checkEnrolment(file) }
      try catalogue.keep(kind, file)
    }
  }

  private static func outcome(_ enrolment: Enrolment, _ images: [ImageRecord]) -> EnrolmentOutcome {
    let excluded = enrolment.entries.filter { !$0.isIncluded }
    let differences = enrolment.differences(from: images)
    return EnrolmentOutcome(
      included: enrolment.entries.count - excluded.count, excluded: excluded.count,
      reasons: excluded.reduce(into: [:]) { $0[$1.reason, default: 0] += 1 },
      imagesLeftOut: images.count { enrolment.excludes($0) }, includedWithoutImages: differences.withoutImages,
      imagesWithoutEntry: differences.withoutEntry)
  }

  private static func lines(_ outcome: Outcome) -> [String] {
    var lines = outcome.variables.map { variable in
      let unit = variable.unit.map { " in \($0)" } ?? ""
      let levels = variable.levels.isEmpty ? "" : ": " + variable.levels.map(\.name).joined(separator: ", ")
      return "column     \(variable.name): \(variable.kind.rawValue)\(unit)\(levels)"
    }
    if !outcome.undescribed.isEmpty {
      lines.append("not described: \(outcome.undescribed.joined(separator: ", "))")
    }
    lines += outcome.histology.rows.map { row in
      let indent = String(repeating: "  ", count: row.depth)
      return "histology  \(indent)\(row.term): \(row.lesions) lesions, \(row.patients) patients, \(row.images) images"
    }
    lines += outcome.histology.unknown.sorted { $0.key < $1.key }
      .map { "histology  \"\($0.key)\" is not in the tree: \($0.value) lesions" }
    lines += outcome.histology.contradictions.map { "\($0)" }
    if let enrolment = outcome.enrolment {
      lines.append(
        "enrolment  \(enrolment.included) included, \(enrolment.excluded) excluded; "
          + "\(enrolment.imagesLeftOut) images of excluded are left out of studies")
      lines += enrolment.reasons.sorted { $0.key < $1.key }.map { "           \($0.key): \($0.value)" }
      func named(_ keys: [String], _ what: String) -> [String] {
        keys.isEmpty
          ? [] : ["           \(what): \(keys.prefix(5).joined(separator: "; "))\(keys.count > 5 ? ", …" : "")"]
      }
      lines += named(enrolment.includedWithoutImages, "included, without images")
      lines += named(enrolment.imagesWithoutEntry, "with images, not in the log")
    }
    return lines
  }
}
