import ArgumentParser
import Cohort
import Foundation

struct SplitCohort: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: "Divides a cohort, stratified by label, proves that nothing leaks, and writes the division.",
    discussion: """
      Whatever the division, patients, exams and pictures that look alike (other frames, copies, crops, mirror images, drawn \
      calipers) stay on one side. A division that puts them on two is refused with the pairs (exit code 65). The proof is \
      written beside the table, as split-proof.json.
      """)

  enum Way: String, ExpressibleByArgument, CaseIterable {
    case patient, site, date, given
  }

  @Argument var cohort: String
  @Option(
    help: """
      patient: k folds, or the parts of --fractions. site: each site in turn, or those of --hold-out, is the test part. date: \
      patients first seen after --after are the test part. given: the table's split column.
      """)
  var by = Way.patient
  @Option(help: "Number of folds.") var folds = 5
  @Option(
    help: """
      Parts of one division instead of folds, of sum 1: train,test or train,validation,test or train,validation,internal \
      test,external test (0.7,0.1,0.1,0.1). With --hold-out: of the other sites.
      """, transform: Self.numbers)
  var fractions: [Double] = []
  @Option(help: "Sites (or values of --column) that are the external test, separated by commas.", transform: Self.names)
  var holdOut: [String] = []
  @Option(help: "The last day of training, as 2020-05-31.") var after: String?
  @Option(help: "A column whose values take the place of the sites.") var column: String?
  @Option(help: "Part of the training patients kept for validation, where --fractions names none.") var validation =
    0.15
  @Option(help: "Same seed, same division, on every machine.") var seed: UInt64 = 0
  @Option(help: "The table to write; without it the division is only shown.") var out: String?
  @OptionGroup var output: OutputOptions

  private struct Outcome: Encodable {
    var folds: [Fold]
    var proof: SplitProof
  }

  func run() throws {
    let catalogue = try Catalogue.open(URL(fileURLWithPath: cohort))
    try catalogue.refreshLikeness()
    let images = try catalogue.studyImages()
    let request = SplitRequest(method: method, validationFraction: validation, seed: seed)
    let made = try Splitter.folds(of: images, request: request)
    let proof = try catalogue.proof(of: made, images: images, request: request)
    if let out {
      let table = URL(fileURLWithPath: out)
      try SplitTable.write(made, of: images, to: table)
      try proof.write(to: table.deletingLastPathComponent().appending(path: SplitProof.fileName))
    }
    try output.print(
      Outcome(folds: made, proof: proof),
      lines: made.map(Self.line) + [
        "proof: \(proof.pairsExamined) pairs of images on two sides; no patient, exam or look-alike among them",
        "proof \(proof.sha256)",
      ])
  }

  private static func line(_ fold: Fold) -> String {
    "fold \(fold.index + 1)\(fold.name.map { " (\($0))" } ?? ""): train \(fold.train.count), validation "
      + "\(fold.validation.count), test \(fold.test.count) images"
      + (fold.external.isEmpty ? "" : ", \(fold.external.count) of them external")
      + (fold.leftOut.isEmpty ? "" : "; \(fold.leftOut.count) left out")
  }

  private var method: SplitRequest.Method {
    switch by {
    case .given: .given
    case .date: .after(date: after ?? "")
    case .site:
      holdOut.isEmpty
        ? .column(column ?? "site") : .holdOut(column: column ?? "site", values: holdOut, parts: fractions)
    case .patient:
      if !holdOut.isEmpty, let column {
        .holdOut(column: column, values: holdOut, parts: fractions)
      } else if let column {
        .column(column)
      } else {
        fractions.isEmpty ? .kFold(folds: folds) : .parts(fractions)
      }
    }
  }

  func validate() throws {
    if folds < 2 { throw ValidationError("--folds: expected 2 or more, found \(folds)") }
    if !(0..<1).contains(validation) {
      throw ValidationError("--validation: expected 0 to below 1, found \(validation)")
    }
    if (by == .date) != (after != nil) {
      throw ValidationError(by == .date ? "--by date needs --after" : "--after belongs to --by date")
    }
    if !holdOut.isEmpty, by != .site, column == nil || by != .patient {
      throw ValidationError("--hold-out belongs to --by site, or to --column")
    }
    if column != nil, by == .date || by == .given {
      throw ValidationError("--column does not go with --by \(by.rawValue)")
    }
    if !fractions.isEmpty {
      guard by == .patient || by == .site, (column == nil && by == .patient) || !holdOut.isEmpty else {
        throw ValidationError("--fractions belongs to --by patient, or to --hold-out")
      }
      let most = holdOut.isEmpty ? 4 : 3
      guard (2...most).contains(fractions.count), fractions.allSatisfy({ $0 > 0 && $0 < 1 }),
        abs(fractions.reduce(0, +) - 1) < 1e-6
      else {
        throw ValidationError("--fractions: expected 2 to \(most) numbers above 0 of sum 1, found \(fractions)")
      }
    }
  }

  private static func names(_ text: String) -> [String] {
    text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }

  private static func numbers(_ text: String) throws -> [Double] {
    try names(text).map { name in
      guard let number = Double(name) else { throw ValidationError("expected numbers, found \"\(name)\"") }
      return number
    }
  }
}
