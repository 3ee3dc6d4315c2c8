import DICOM
import Foundation
import Imaging
import Tables
import Ultrasound

extension Inspection {
  /// What a file holds, and its copy among the new files.
  ///
  /// - isFound: whether it may turn out to be no picture.
  /// - frames: frames of a clip to look at beside those that stand for it.
  /// - parts: of the frames, to look at beside all of them.
  func take(_ url: URL, isFound: Bool, frames: Set<Int>, parts: Set<PixelBox> = []) throws(Failure) -> Taken {
    let head: FileHead
    do throws(FileBytes.Refusal) { head = try FileHead(url) } catch { throw .problem(error.description) }
    let content = FileContent(head)
    let expected = "expected a DICOM file, a still (PNG, JPEG, BMP, TIFF) or a clip (MP4, MOV, AVI, MPEG, WebM, GIF)"
    let mayBeLeftOut = isFound && !FileContent.promisesPicture(url)
    if let intake, content == .still || content == .perhapsClip {
      return try takeCleaned(url, intake, frames: frames, parts: parts)
    }
    switch content {
    case .still:
      let (file, still) = try takeStill(url)
      return Taken(file: file, scan: PictureScan(still, parts: parts))
    case .dicom: return try takeDICOM(url, frames: frames, parts: parts)
    case .perhapsClip: return try takeClip(url, frames: frames, parts: parts, expected: expected)
    case .text:
      if mayBeLeftOut { throw .leftOut(Self.kind(url, or: "text")) }
      throw .problem("\(expected), found text")
    case .foreign(let kind):
      if mayBeLeftOut { throw .leftOut(Self.kind(url, or: kind)) }
      throw .problem("\(expected), found \(kind)")
    case .empty:
      if mayBeLeftOut, ["csv", "txt", "json", "md", "xml"].contains(url.pathExtension.lowercased()) {
        throw .leftOut(Self.kind(url, or: "text"))
      }
      throw .problem("\(expected), found an empty file")
    }
  }

  /// A still or clip without what names people in it.
  private func takeCleaned(
    _ url: URL, _ intake: FileIntake, frames: Set<Int>, parts: Set<PixelBox>
  ) throws(Failure) -> Taken {
    guard let prepare = intake.preparePicture else {
      throw .problem("only DICOM files are de-identified on the way")
    }
    let folder = staging.appendingPathComponent(".\(UUID().uuidString)", isDirectory: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file: URL
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
      file = try prepare(url, folder)
    } catch let error as OutputError {
      throw .output(error)
    } catch {
      throw .problem(Self.message(error, of: url))
    }
    guard file.pathExtension == "mov" else {
      let (facts, still) = try takeStill(file)
      return Taken(file: facts, scan: PictureScan(still, parts: parts))
    }
    return try takeClip(file, frames: frames, parts: parts, expected: "expected a clip")
  }

  /// The pixels of a mask alone, where files are cleaned.
  func takeMaskFile(_ url: URL) throws(Failure) -> (FileFacts, Still) {
    let (facts, still) = try readStill(url)
    guard intake != nil else { return (try keep(facts.bytes, as: facts.name, sha256: facts.sha256), still) }
    let bytes: [UInt8]
    do throws(ImagingError) { bytes = try PNG.encode(still.grey()) } catch { throw .problem(error.description) }
    let sha256 = FieldHash.hexadecimal(of: bytes)
    return (try keep(bytes, as: "\(sha256).png", sha256: sha256), still)
  }

  private static func kind(_ url: URL, or content: String) -> String {
    url.pathExtension.isEmpty ? content : url.pathExtension.lowercased()
  }

  /// Reads a still once: what is decoded is what is copied and hashed.
  func takeStill(_ url: URL) throws(Failure) -> (FileFacts, Still) {
    let (read, still) = try readStill(url)
    return (try keep(read.bytes, as: read.name, sha256: read.sha256), still)
  }

  private func readStill(
    _ url: URL
  ) throws(Failure) -> (facts: (bytes: [UInt8], name: String, sha256: String), still: Still) {
    let bytes: [UInt8]
    let still: Still
    do {
      bytes = try FileBytes.read(url)
      still = try Stills.decode(data: bytes, name: url.path)
    } catch {
      throw .problem(Self.message(error, of: url))
    }
    let sha256 = FieldHash.hexadecimal(of: bytes)
    return ((bytes, "\(sha256).\(Self.fileExtension(url))", sha256), still)
  }

  private func keep(_ bytes: [UInt8], as name: String, sha256: String) throws(Failure) -> FileFacts {
    if let known = stored[sha256] { return known }
    do {
      try AtomicFile.write(bytes, to: staging.appendingPathComponent(name, isDirectory: false), flush: false)
    } catch {
      throw .output(error)
    }
    return FileFacts(sha256: sha256, name: name, bytes: bytes.count)
  }

  private func takeClip(_ url: URL, frames: Set<Int>, parts: Set<PixelBox>, expected: String) throws(Failure) -> Taken {
    do {
      // Before anything is copied: it may be no clip at all.
      _ = try ClipReader(url)
      return try copied(url, FileCopy.copy) { try PictureScan(clip: $0, frames: frames, parts: parts) }
    } catch let error as Failure {
      throw error
    } catch ImagingError.clip(_, .unknownFormat) {
      throw .problem("\(expected), found other content")
    } catch {
      throw .problem(Self.message(error, of: url))
    }
  }

  private func takeDICOM(_ url: URL, frames: Set<Int>, parts: Set<PixelBox>) throws(Failure) -> Taken {
    do {
      let original = try DICOMFile(url)
      if let refusal = DICOMFacts.refusal(original) { throw Failure.problem(refusal) }
      let person = PersonHash(original.dataSet, salt: salt)
      let copy: (URL, URL) throws -> (sha256: String, bytes: Int) = { source, target in
        guard let intake else { return try FileCopy.copy(source, to: target) }
        try intake.prepare(source, target)
        return try FileCopy.sum(of: target)
      }
      return try copied(url, copy) {
        try PictureScan(dicom: DICOMFile($0), person: person, frames: frames, parts: parts)
      }
    } catch let error as Failure {
      throw error
    } catch {
      throw .problem(Self.message(error, of: url))
    }
  }

  /// Copies a file of any length, then reads the copy; what cannot be read is removed again.
  private func copied(
    _ url: URL, _ copy: (URL, URL) throws -> (sha256: String, bytes: Int), _ scan: (URL) throws -> PictureScan
  ) throws -> Taken {
    let draft = staging.appendingPathComponent(".\(UUID().uuidString)", isDirectory: false)
    defer { unlink(draft.path) }
    let (sha256, bytes): (String, Int)
    do { (sha256, bytes) = try copy(url, draft) } catch let error as OutputError { throw Failure.output(error) }
    do {
      let result = try scan(draft)
      if let known = stored[sha256] { return Taken(file: known, scan: result) }
      let facts = FileFacts(sha256: sha256, name: "\(sha256).\(Self.fileExtension(url))", bytes: bytes)
      let target = staging.appendingPathComponent(facts.name, isDirectory: false)
      guard rename(draft.path, target.path) == 0 else {
        throw Failure.output(.creating(target.path, code: errno))
      }
      return Taken(file: facts, scan: result)
    } catch {
      throw (error as? Failure) ?? .problem(Self.message(error, of: draft))
    }
  }

  /// What an error says, without the file's name before it.
  private static func message(_ error: any Error, of url: URL) -> String {
    if let error = error as? DICOMError { return error.reason }
    let text = (error as? ImagingError)?.description ?? "\(error)"
    let prefix = "\(url.path): "
    return text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
  }

  private static func fileExtension(_ url: URL) -> String {
    let text = url.pathExtension.lowercased()
    return (1...5).contains(text.utf8.count) && text.utf8.allSatisfy { $0 < 128 } ? text : "image"
  }
}
