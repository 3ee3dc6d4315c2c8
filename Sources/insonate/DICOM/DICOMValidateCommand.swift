import ArgumentParser
import DICOM
import Foundation

extension DICOMCommand {
  struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Says what is wrong with files: missing attributes, frames that lie, regions that cannot be.",
      discussion: "Decodes every frame. Exit code 65 if any file has a problem; notes are no problems.")
    @Argument(help: "DICOM files.") var files: [String]
    @OptionGroup var output: OutputOptions

    private struct Found: Encodable {
      let file: String
      let isSound: Bool
      let problems: [String], notes: [String]
    }

    private func verdict(_ problems: Int) -> String {
      problems == 0 ? "sound" : problems == 1 ? "1 problem" : "\(problems) problems"
    }

    func run() throws {
      let found = files.map { path in
        let inspection = FileInspection { () throws(DICOMError) in try DICOMFile(URL(fileURLWithPath: path)) }
        return Found(
          file: path, isSound: inspection.isSound, problems: inspection.problems, notes: inspection.notes)
      }
      try output.print(
        ["files": found],
        lines: found.flatMap { file in
          ["\(file.file): \(verdict(file.problems.count))"] + file.problems.map { "  problem: \($0)" }
            + file.notes.map { "  note: \($0)" }
        })
      if found.contains(where: { !$0.isSound }) { throw ExitCode(65) }
    }
  }
}
