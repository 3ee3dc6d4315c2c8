import BurnedIn
import DICOM
import Deidentification
import Foundation
import Imaging
import Synchronization
import Tables
import Ultrasound

/// Finds the text in the pixels of DICOM files for their de-identification, and keeps for the proof sheet what was found.
final class BurnedInCleaning: PixelCleaning {
  private let finder: BurnedInTextFinder
  private let proof: URL?
  private let sheets = Mutex(Sheets())

  private struct Sheets {
    var entries: [ProofSheet.Entry] = []
    var written = 0
    var files: [ProofSheet.Record.File] = []
  }

  /// Files on one page of the proof; their pictures are in memory until it is written.
  private static let filesOfAPage = 24

  /// - proof: the folder of the proof sheet; none is made where nil.
  init(_ options: BlankingOptions, proof: URL?) throws {
    (finder, self.proof) = (try BurnedInTextFinder(options), proof)
  }

  func inspect(_ file: DICOMFile, frames: FrameReader) throws(DeidentificationError) -> PixelFinding {
    do {
      let size = (width: frames.layout.columns, height: frames.layout.rows)
      let source = SuppliedFrames(frameCount: frames.frameCount, width: size.width, height: size.height) {
        try frames.rgb($0)
      }
      let regions = try file.ultrasoundRegions().compactMap {
        CalibratedRegion($0, width: size.width, height: size.height)
      }
      let text = try finder.find(in: source, regions: regions, identity: Self.identity(of: file))
      if proof != nil {
        try keep(ProofSheet.Entry(name: file.name, frames: source, text: text, outputs: []))
      }
      let blanked = text.findings.filter { !$0.isKept }
      return PixelFinding(
        mask: text.mask.pixels.contains(255) ? text.mask : nil,
        findings: blanked.map { finding in
          "\(finding.kind.rawValue) at \(finding.box.left), \(finding.box.top), \(finding.box.width) x \(finding.box.height)"
        }, needsReview: text.needsReview, reasons: text.reasons)
    } catch let error as DICOMError {
      throw .dicom(error)
    } catch {
      throw .refused(file: file.name, reason: "its pixels could not be searched for text: \(error)")
    }
  }

  /// Names, numbers and dates of the header that must not stand in the picture.
  private static func identity(of file: DICOMFile) -> [String] {
    let tags: [Tag] = [
      .patientName, .patientID, Tag(0x0010, 0x0030), Tag(0x0010, 0x1000), Tag(0x0010, 0x1001), Tag(0x0008, 0x0050),
      Tag(0x0008, 0x0090), Tag(0x0008, 0x1050), Tag(0x0008, 0x1070), Tag(0x0008, 0x0080), .studyDate,
    ]
    let texts = tags.flatMap { (try? file.dataSet.strings($0)) ?? [] }
    let parts = texts.flatMap { $0.split { "^= ".contains($0) } }.map(String.init)
    return Array(Set((texts + parts).filter { $0.count > 1 })).sorted()
  }

  // MARK: Proof

  private func keep(_ entry: ProofSheet.Entry) throws {
    let page: (entries: [ProofSheet.Entry], number: Int)? = sheets.withLock { sheets in
      sheets.entries.append(entry)
      sheets.files.append(.init(name: entry.name, outputs: [], reasons: entry.text.reasons))
      guard sheets.entries.count >= Self.filesOfAPage else { return nil }
      sheets.written += 1
      defer { sheets.entries = [] }
      return (sheets.entries, sheets.written)
    }
    if let page { try write(page.entries, number: page.number) }
  }

  private func write(_ entries: [ProofSheet.Entry], number: Int) throws {
    guard let proof, !entries.isEmpty else { return }
    let folder = proof.appending(path: String(format: "page-%04d", number))
    try ProofSheet(entries).write(to: folder)
    // One record is signed for all pages.
    try? FileManager.default.removeItem(at: folder.appending(path: "proof.json"))
  }

  /// Writes the last page, and the record that a person signs.
  /// - outputs: what was written for each input.
  func finish(outputs: [String: URL]) throws {
    guard let proof else { return }
    let rest = sheets.withLock { sheets in
      sheets.written += 1
      return (entries: sheets.entries, number: sheets.written, files: sheets.files)
    }
    try write(rest.entries, number: rest.number)
    var files = rest.files.sorted { $0.name < $1.name }
    for index in files.indices {
      if let output = outputs[files[index].name] { files[index].outputs = [try .init(output)] }
    }
    try FileManager.default.createDirectory(at: proof, withIntermediateDirectories: true)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: proof.path)
    try ProofSheet.Record(files: files, signature: nil).write(to: proof.appending(path: "proof.json"))
  }
}
