public import DICOM
public import Foundation
import Tables

/// Whose file it was, for the key file.
public struct PatientRecord: Sendable, Hashable, Codable {
  public let id: String
  /// A keyed hash of name and birth date, so that two people with one id are noticed.
  public let identity: String
  public let pseudonym: String
  /// By how many days dates were moved back; nil where they were not.
  public let daysBack: Int?
  /// What the pseudonym was made from.
  public let lookup: String
}

/// A file that was decided on, ready to be written.
public struct DeidentifiedFile: Sendable {
  /// The source, for messages.
  public let name: String
  public let set: EditableDataSet
  let check: LeakCheck
  public let patient: PatientRecord
  public let uids: [String: String]
  let actions: ActionCounts
  public let pixels: Pixels
  /// What to know of the result; nothing of the patient.
  public let notes: [String]

  public struct Pixels: Sendable {
    /// nil where nobody looked.
    public let finding: PixelFinding?
    public let transferSyntax: TransferSyntax
    /// In each frame.
    public let blankedPixels: Int
    public let notes: [String]
  }

  /// Whether a person must look at the pixels before the file may be given away.
  public var needsReview: Bool { pixels.finding?.needsReview ?? true }

  /// Folder and name of the output: pseudonym, study, series, instance. Nothing of the source's name or path.
  public var path: [String] {
    [patient.pseudonym] + [Tag.studyInstance, .seriesInstance].map { uid($0) } + [uid(.sopInstance) + ".dcm"]
  }

  private func uid(_ tag: Tag) -> String {
    let bytes: [UInt8]?
    switch set[tag]?.value {
    case .bytes(let value): bytes = value
    case .stored(let stored): bytes = try? stored.bytes()
    default: bytes = nil
    }
    // Only digits and dots, whatever a kept UID holds: it becomes a path.
    let text = String(decoding: bytes ?? [], as: UTF8.self).filter { ($0.isASCII && $0.isNumber) || $0 == "." }
    return text.allSatisfy { $0 == "." } ? "none" : text
  }

  /// The file in memory, searched for what should be gone.
  public func bytes() throws(DeidentificationError) -> [UInt8] {
    do {
      let bytes = try DICOMFileWriter(pixels.transferSyntax).bytes(of: set, name: name)
      try verify(try check.places(in: DICOMFile(name: name, bytes: bytes)))
      return bytes
    } catch {
      throw named(error)
    }
  }

  /// Puts the file in its place: written beside, read again and searched for what should be gone, then renamed. On failure
  /// nothing is left.
  public func write(to file: URL) throws(DeidentificationError) {
    let beside = file.deletingLastPathComponent()
      .appending(path: ".\(file.lastPathComponent).\(getpid())-\(UInt32.random(in: 0...UInt32.max)).partial")
    do {
      try DICOMFileWriter(pixels.transferSyntax).write(set, toNew: beside)
      try verify(try check.places(in: DICOMFile(beside)))
      guard rename(beside.path, file.path) == 0 else {
        throw DICOMError.cannotCreate(file: file.path, reason: String(cString: strerror(errno)))
      }
    } catch {
      unlink(beside.path)
      throw named(error)
    }
  }

  private func verify(_ places: [String]) throws(DeidentificationError) {
    guard places.isEmpty else { throw .leak(file: name, places: places) }
  }

  private func named(_ error: any Error) -> DeidentificationError {
    switch error {
    case let error as DeidentificationError: error
    case DICOMError.cannotCreate(let file, let reason): .output(.cannotCreate(path: file, reason: reason))
    case DICOMError.writeFailed(let file, let reason): .output(.writeFailed(path: file, reason: reason))
    case let error as DICOMError: .dicom(error)
    default: .refused(file: name, reason: "\(error)")
    }
  }
}
