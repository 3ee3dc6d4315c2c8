import DICOM
import Foundation
import Imaging
import Tables
import Ultrasound

/// Reads, checks and copies the files of drafts.
struct Inspection: Sendable {
  /// Where new files are copied to.
  let staging: URL
  /// Files the cohort holds, by SHA-256; they are not copied again.
  let stored: [String: FileFacts]
  let intake: DICOMIntake?
  /// Of the hashes of names.
  let salt: [UInt8]

  /// What became of a draft.
  enum Outcome: Sendable {
    case image(ImageFacts, looks: [Int: PictureLook], times: [Double]?)
    /// No picture, by the kind of file it is.
    case leftOut(String)
    case problem(CohortProblem)
  }

  /// Why a draft cannot be taken.
  enum Failure: Error {
    /// Without the file's name where it is the draft's own.
    case problem(String)
    case leftOut(String)
    /// The copy could not be written: ends the import.
    case output(OutputError)

    /// A row of a table needs to be told which of its files it is.
    func naming(_ url: URL, unlessPlaceOf draft: ImageDraft) -> Failure {
      guard case .problem(let message) = self, !draft.isFound, draft.place != url.path else { return self }
      return .problem("\(url.path): \(message)")
    }
  }

  /// A file that was read, and its copy.
  private struct Taken {
    var file: FileFacts
    var scan: PictureScan
  }

  /// Outcomes of drafts that share a file, which is read once. Errors: a copy that could not be written.
  func inspect(_ drafts: [ImageDraft]) throws(OutputError) -> [Outcome] {
    guard let url = drafts.first?.file else { return [] }
    let taken: Result<Taken, Failure>
    do throws(Failure) {
      let frames = Set(drafts.compactMap { draft in draft.frameIsRange ? nil : draft.frame.flatMap { Int($0) } })
      taken = .success(try take(url, isFound: drafts.contains(where: \.isFound), frames: frames))
    } catch {
      taken = .failure(error)
    }
    var outcomes: [Outcome] = []
    for draft in drafts {
      do throws(Failure) {
        guard case .success(let taken) = taken else {
          if case .failure(let error) = taken { throw error.naming(url, unlessPlaceOf: draft) }
          continue
        }
        outcomes.append(try outcome(of: draft, taken))
      } catch {
        switch error {
        case .problem(let message): outcomes.append(.problem(CohortProblem(place: draft.place, message: message)))
        case .leftOut(let kind): outcomes.append(.leftOut(kind))
        case .output(let error): throw error
        }
      }
    }
    return outcomes
  }

  private func outcome(of draft: ImageDraft, _ taken: Taken) throws(Failure) -> Outcome {
    let scan = taken.scan
    let extent = try extent(of: draft, scan)
    var (masks, pictures): ([FileFacts], [GreyImage]) = ([], [])
    for url in draft.masks {
      let (mask, picture) = try takeMask(url, width: scan.width, height: scan.height)
      masks.append(mask)
      pictures.append(picture.grey())
    }
    var calcificationMasks: [FileFacts] = []
    for url in draft.calcificationMasks {
      calcificationMasks.append(try takeMask(url, width: scan.width, height: scan.height).0)
    }
    let marked = MaskBox.boundingBox(ofMasks: pictures)
    if marked == nil, let first = draft.masks.first {
      guard draft.isNormal else { throw .problem("mask \(first.path) marks no pixel") }
      masks = []
    }
    try requireInside(draft.region, "roi", scan)
    try requireInside(draft.backgroundRegion, "background_roi", scan)
    let facts = ImageFacts(
      file: taken.file, masks: masks, calcificationMasks: calcificationMasks, width: scan.width, height: scan.height,
      region: draft.region ?? marked, extent: extent, spacing: scan.spacing, regions: scan.regions, dicom: scan.dicom)
    let frames: [Int] =
      switch extent {
      case .still: [0]
      case .frame(let index): [index]
      case .clip(let frames): PictureScan.standing(for: frames)
      }
    return .image(facts, looks: scan.looks.filter { frames.contains($0.key) }, times: scan.times)
  }

  /// What of its file a draft is. The `frame` cell of a still says whatever its table wants to say.
  private func extent(of draft: ImageDraft, _ scan: PictureScan) throws(Failure) -> PictureExtent {
    guard scan.isMoving else { return .still }
    guard let text = draft.frame else { return .clip(frames: scan.frames) }
    guard !draft.frameIsRange else {
      throw .problem("frames \"\(text)\": parts of a clip are not read; expected frame, or neither for the whole clip")
    }
    guard let index = Int(text), (0..<scan.frames).contains(index) else {
      throw .problem("frame \"\(text)\": expected a number from 0 to \(scan.frames - 1), or nothing for the whole clip")
    }
    return .frame(index)
  }

  private func takeMask(_ url: URL, width: Int, height: Int) throws(Failure) -> (FileFacts, Still) {
    let (mask, picture): (FileFacts, Still)
    do throws(Failure) {
      (mask, picture) = try takeStill(url)
    } catch {
      guard case .problem(let message) = error else { throw error }
      throw .problem("mask \(url.path): \(message)")
    }
    guard picture.width == width, picture.height == height else {
      throw .problem("mask \(url.path) has \(picture.width) x \(picture.height) pixels, its image \(width) x \(height)")
    }
    return (mask, picture)
  }

  private func requireInside(_ region: PixelBox?, _ name: String, _ scan: PictureScan) throws(Failure) {
    guard let region else { return }
    guard region.isInside(width: scan.width, height: scan.height) else {
      throw .problem(
        "\(name) \(region.x), \(region.y), \(region.width) x \(region.height) is not inside the image of "
          + "\(scan.width) x \(scan.height) pixels")
    }
  }

  private func take(_ url: URL, isFound: Bool, frames: Set<Int>) throws(Failure) -> Taken {
    let head: FileHead
    do throws(FileBytes.Refusal) { head = try FileHead(url) } catch { throw .problem(error.description) }
    let content = FileContent(head)
    let expected = "expected a DICOM file, a still (PNG, JPEG, BMP, TIFF) or a clip (MP4, MOV, AVI, MPEG, WebM, GIF)"
    let mayBeLeftOut = isFound && !FileContent.promisesPicture(url)
    switch content {
    case .still:
      let (file, still) = try takeStill(url)
      return Taken(file: file, scan: PictureScan(still))
    case .dicom: return try takeDICOM(url, frames: frames)
    case .perhapsClip: return try takeClip(url, frames: frames, expected: expected)
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

  private static func kind(_ url: URL, or content: String) -> String {
    url.pathExtension.isEmpty ? content : url.pathExtension.lowercased()
  }

  /// Reads a still once: what is decoded is what is copied and hashed.
  private func takeStill(_ url: URL) throws(Failure) -> (FileFacts, Still) {
    let bytes: [UInt8]
    let still: Still
    do {
      bytes = try FileBytes.read(url)
      still = try Stills.decode(data: bytes, name: url.path)
    } catch {
      throw .problem(Self.message(error, of: url))
    }
    let sha256 = FieldHash.hexadecimal(of: bytes)
    if let known = stored[sha256] { return (known, still) }
    let facts = FileFacts(sha256: sha256, name: "\(sha256).\(Self.fileExtension(url))", bytes: bytes.count)
    do {
      try AtomicFile.write(bytes, to: staging.appendingPathComponent(facts.name, isDirectory: false), flush: false)
    } catch {
      throw .output(error)
    }
    return (facts, still)
  }

  private func takeClip(_ url: URL, frames: Set<Int>, expected: String) throws(Failure) -> Taken {
    do {
      // Before anything is copied: it may be no clip at all.
      _ = try ClipReader(url)
      return try copied(url, FileCopy.copy) { try PictureScan(clip: $0, frames: frames) }
    } catch let error as Failure {
      throw error
    } catch ImagingError.clip(_, .unknownFormat) {
      throw .problem("\(expected), found other content")
    } catch {
      throw .problem(Self.message(error, of: url))
    }
  }

  private func takeDICOM(_ url: URL, frames: Set<Int>) throws(Failure) -> Taken {
    do {
      let original = try DICOMFile(url)
      if let refusal = DICOMFacts.refusal(original) { throw Failure.problem(refusal) }
      let person = PersonHash(original.dataSet, salt: salt)
      let copy: (URL, URL) throws -> (sha256: String, bytes: Int) = { source, target in
        guard let intake else { return try FileCopy.copy(source, to: target) }
        try intake.prepare(source, target)
        return try FileCopy.sum(of: target)
      }
      return try copied(url, copy) { try PictureScan(dicom: DICOMFile($0), person: person, frames: frames) }
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

extension PixelBox {
  /// Whether the box lies in an image of that size and is not turned inside out.
  func isInside(width imageWidth: Int, height imageHeight: Int) -> Bool {
    x >= 0 && y >= 0 && width >= 0 && height >= 0 && maxX <= Double(imageWidth) && maxY <= Double(imageHeight)
  }
}
