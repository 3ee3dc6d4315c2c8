import ArgumentParser
import BurnedIn
import Foundation
import Tables

extension DICOMCommand {
  struct Sign: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Signs a proof sheet: its pictures were looked at, and no name is left in them.",
      discussion: "Exit code 65 where a file of --files is not as it was when the sheet was made, or is not there.")

    @Argument(help: "The folder of the proof sheet, or its proof.json.") var proof: String
    @Option(help: "Who looked.") var reviewer: String
    @Option(help: "The folder that was written: its files must be those that the sheet shows.") var files: String?
    @OptionGroup var output: OutputOptions

    private struct Summary: Encodable { let proof: String, files: Int, reviewer: String, date: String }

    func run() throws {
      var file = URL(fileURLWithPath: proof)
      if (try? file.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true {
        file = file.appending(path: "proof.json")
      }
      let record: ProofSheet.Record
      do { record = try ProofSheet.Record(reading: file) } catch { throw BadInput("\(file.path): \(error)") }
      let date = Date().formatted(.iso8601.year().month().day())
      let signed = try record.signed(by: reviewer, date: date)
      if let files { try Self.require(signed, in: URL(fileURLWithPath: files)) }
      try signed.write(to: file)
      try output.print(
        Summary(proof: file.path, files: record.files.count, reviewer: reviewer, date: date),
        lines: ["\(record.files.count) files signed by \(reviewer), \(date)"])
    }

    /// Every output of the record lies in the folder, unchanged.
    private static func require(_ record: ProofSheet.Record, in folder: URL) throws {
      let all =
        FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
      let there = Dictionary(grouping: all, by: \.lastPathComponent)
      for output in record.files.flatMap(\.outputs) {
        guard let found = there[output.file], found.contains(where: record.covers) else {
          throw BadInput("\(output.file): is not in \(folder.path) as it was when the proof sheet was made")
        }
      }
    }
  }
}
