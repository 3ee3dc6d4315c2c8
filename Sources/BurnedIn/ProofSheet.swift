import Crypto
public import Foundation
public import Imaging
import Tables

/// What a person signs before blanked pictures are used: each file's first, middle and last frame before and after, with the mask's
/// outline and the reasons to look. The pictures before hold names, so a sheet belongs beside the key file and never into a cohort; it is
/// written only where the caller says.
public struct ProofSheet: Sendable {
  /// One file on the sheet.
  public struct Entry: Sendable {
    public var name: String
    public var frameCount: Int
    /// Numbers of the frames shown, from 0, with the picture before and after.
    public var frames: [(index: Int, before: RGBImage, after: RGBImage)]
    public var text: BurnedInText
    /// The files that were written for it.
    public var outputs: [URL]

    /// Takes the first, the middle and the last frame.
    /// - name: what the sheet calls the file.
    public init(
      name: String, frames source: some FrameSource, text: BurnedInText, outputs: [URL]
    ) throws(BurnedInError) {
      (self.name, self.text, self.outputs, frameCount) = (name, text, outputs, source.frameCount)
      frames = []
      for index in Set([0, source.frameCount / 2, source.frameCount - 1]).sorted() {
        let before = try source.frame(index)
        frames.append((index, before, text.blank(before)))
      }
    }
  }

  public static let notice =
    "The pictures on the left hold names, dates and numbers of patients. Keep this sheet where the key file is kept; never put it "
    + "into a cohort, and destroy it when the pictures are signed."

  public var entries: [Entry]

  public init(_ entries: [Entry] = []) { self.entries = entries }

  /// Writes `proof.html` (whole in itself), `proof.png` (the same pictures as one, left before, right after) and `proof.json` (``Record``,
  /// not signed yet) into `folder`, which is made where there is none.
  @discardableResult
  public func write(to folder: URL) throws -> Record {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      // It holds names.
      try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path)
    } catch {
      throw OutputError.cannotCreate(path: folder.path, reason: error.localizedDescription)
    }
    let record = try record()
    try AtomicFile.write(try ProofPage.html(entries), to: folder.appending(path: "proof.html"))
    if let sheet = ContactSheet.image(entries) {
      try AtomicFile.write(try PNG.encode(sheet), to: folder.appending(path: "proof.png"))
    }
    try record.write(to: folder.appending(path: "proof.json"))
    return record
  }

  /// The hashes of what was written, and what a person has to look at.
  public func record() throws(BurnedInError) -> Record {
    var files: [Record.File] = []
    for entry in entries {
      var hashes: [Record.Output] = []
      for output in entry.outputs { hashes.append(try Record.Output(output)) }
      files.append(Record.File(name: entry.name, outputs: hashes, reasons: entry.text.reasons))
    }
    return Record(files: files, signature: nil)
  }
}

extension ProofSheet {
  /// That a person has looked at the sheet: which files, by their hashes, who and when. A later step can demand it.
  public struct Record: Codable, Sendable, Hashable {
    public struct Output: Codable, Sendable, Hashable {
      /// The file's name, without its folder.
      public var file: String
      /// Of its bytes, in hexadecimal.
      public var sha256: String

      public init(_ file: URL) throws(BurnedInError) {
        let bytes: Data
        do { bytes = try Data(contentsOf: file) } catch {
          throw .imaging(.unreadable(file: file.path, reason: error.localizedDescription))
        }
        self.file = file.lastPathComponent
        sha256 = SHA256.hash(data: bytes).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
      }
    }

    public struct File: Codable, Sendable, Hashable {
      public var name: String
      public var outputs: [Output]
      public var reasons: [String]

      public init(name: String, outputs: [Output], reasons: [String]) {
        (self.name, self.outputs, self.reasons) = (name, outputs, reasons)
      }
    }

    public struct Signature: Codable, Sendable, Hashable {
      public var reviewer: String
      /// When it was signed, ISO 8601.
      public var date: String
    }

    public var files: [File]
    public var signature: Signature?

    /// The record as `reviewer` has signed it.
    /// - date: ISO 8601.
    /// - Throws: `BurnedInError.argument` where no reviewer is named.
    public func signed(by reviewer: String, date: String) throws(BurnedInError) -> Record {
      guard reviewer.contains(where: \.isLetter) else {
        throw .argument("expected the reviewer's name, found \"\(reviewer)\"")
      }
      return Record(files: files, signature: Signature(reviewer: reviewer, date: date))
    }

    /// Whether it is signed and holds this file as it is now.
    public func covers(_ file: URL) -> Bool {
      guard signature != nil, let output = try? Output(file) else { return false }
      return files.contains { $0.outputs.contains { $0.sha256 == output.sha256 } }
    }

    public init(files: [File], signature: Signature?) { (self.files, self.signature) = (files, signature) }

    /// - Throws: where the file is no record.
    public init(reading file: URL) throws {
      self = try JSONDecoder().decode(Record.self, from: try Data(contentsOf: file))
    }

    public func write(to file: URL) throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try AtomicFile.write(String(decoding: try encoder.encode(self), as: UTF8.self) + "\n", to: file)
    }
  }
}
