import ArgumentParser
import BurnedIn
import Deidentification
import Foundation

extension DICOMCommand {
  struct Deidentify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes DICOM images without the people in them (PS3.15, Basic Profile and options).",
      discussion: """
        The files come into folders by pseudonym, study and series, with a report without names, deidentification.json. The \
        key file, made where there is none, says who is who: keep it away from what is given away. The same input, key and \
        options give the same files. Exit code 65 where a file could not be done, unless --allow-failures. What each option \
        does, and what stays your duty: docs/deidentification.md.
        """)

    enum DateHandling: String, CaseIterable, ExpressibleByArgument {
      case shift, remove, keep

      var option: DeidentificationOptions.Dates {
        switch self {
        case .shift: .shift
        case .remove: .remove
        case .keep: .keep
        }
      }
    }

    @Argument(help: "A DICOM file, or a folder of them.") var input: String
    @Option(help: "The folder to write into; it must not lie in the input, nor hold it.") var out: String
    @Option(help: "The key file; made, readable by you alone, where there is none.") var key: String
    @Option(help: "Dates: shift (back by one number of days per patient), remove or keep.")
    var dates = DateHandling.shift
    @Flag(inversion: .prefixedNo, help: "Keep sex, age (90 and over as 90), size, weight.")
    var keepPatientCharacteristics = true
    @Flag(help: "Keep serial number, station and calibration. Maker and model stay in any case.") var keepDevice = false
    @Flag(help: "Keep name and address of the institution.") var keepInstitution = false
    @Flag(help: "Keep the UIDs.") var keepUids = false
    @Flag(help: "Keep private elements that the standard's list, or the file itself, calls safe.")
    var keepSafePrivate = false
    @Flag(inversion: .prefixedNo, help: "Keep the words of descriptions that are of a list of medical words.")
    var cleanDescriptors = true
    @Flag(inversion: .prefixedNo, help: "Search the pixels for text, by strokes and by Tesseract, and blank it.")
    var cleanPixels = true
    @Flag(help: "Numbers of depth scales and colour bars, TI and MI stay in the pixels.") var keepScales = false
    @Option(
      help: "A folder for the proof sheet (pictures before and after); it holds names: keep it beside the key file.")
    var proof: String?
    @Flag(help: "Record old and new UIDs in the key file.") var recordUids = false
    @Flag(help: "Exit with 0 although files failed.") var allowFailures = false
    @OptionGroup var output: OutputOptions

    private var options: DeidentificationOptions {
      var options = DeidentificationOptions()
      options.dates = dates.option
      options.keepsPatientCharacteristics = keepPatientCharacteristics
      options.keepsDevice = keepDevice
      options.keepsInstitution = keepInstitution
      options.keepsUIDs = keepUids
      options.keepsSafePrivate = keepSafePrivate
      options.cleansDescriptors = cleanDescriptors
      return options
    }

    func validate() throws {
      if proof != nil, !cleanPixels {
        throw ValidationError("--proof shows what was blanked; it does not go with --no-clean-pixels")
      }
    }

    private func cleaning(out: URL) throws -> BurnedInCleaning {
      let sheet = proof.map { URL(fileURLWithPath: $0).standardizedFileURL }
      if let sheet, (sheet.path + "/").hasPrefix(out.standardizedFileURL.path + "/") {
        throw BadInput("--proof: the sheet holds names and must not lie in the output folder, which is given away")
      }
      return try BurnedInCleaning(BlankingOptions(policy: .everything, keepsScales: keepScales), proof: sheet)
    }

    func run() throws {
      let folder = URL(fileURLWithPath: out)
      let keyFile = try KeyFile(URL(fileURLWithPath: key), out: folder, keepsUIDs: recordUids)
      let progress = ItemProgress(what: "files de-identified")
      let cleaning = cleanPixels ? try cleaning(out: folder) : nil
      let summary = try DeidentificationRun(options: options, key: keyFile, out: folder, pixels: cleaning)
        .run(URL(fileURLWithPath: input)) { done, total in progress(done, total) }
      try cleaning?.finish(
        outputs: Dictionary(summary.outputs.map { ($0.input, folder.appending(path: $0.output)) }) { first, _ in first }
      )
      let report = summary.report
      try output.print(
        summary,
        lines: [
          "\(report.written) of \(report.files) files written to \(out)"
            + (report.duplicates > 0 ? ", \(report.duplicates) the same as another" : "")
        ]
          + (report.needReview > 0 ? ["\(report.needReview) files whose pixels nobody has signed off"] : [])
          + report.doubtfulPatients.map { "\($0): one id with two names or birth dates; perhaps two people" }
          + summary.failures.map { "failed: \($0.file): \($0.reason)" })
      if !allowFailures, !summary.failures.isEmpty {
        throw BadInput("\(summary.failures.count) of \(report.files) files were not de-identified")
      }
    }
  }
}
