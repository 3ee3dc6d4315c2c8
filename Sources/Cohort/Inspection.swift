import Dispatch
import Foundation
import Imaging
import Synchronization
import Tables
import Ultrasound

/// Reads, checks and copies the files of drafts, on all cores.
struct Inspection: Sendable {
  /// Where new files are copied to.
  let staging: URL
  /// Files the cohort holds, by SHA-256; they are not copied again.
  let stored: [String: FileFacts]

  /// Why a draft cannot be taken.
  enum Failure: Error {
    case problem(CohortProblem)
    /// The copy could not be written: ends the import.
    case output(OutputError)
  }

  typealias Outcome = Result<ImageFacts, Failure>

  /// Facts of each draft, in order. Drafts are read and decoded in parallel, a batch at a time; `progress` is called between
  /// batches, on the calling thread, with the number done and the number there are.
  func inspect(_ drafts: [ImageDraft], progress: ((Int, Int) -> Void)?) throws(CohortError) -> [Outcome] {
    let batch = max(8, 8 * ProcessInfo.processInfo.activeProcessorCount)
    var outcomes: [Outcome] = []
    outcomes.reserveCapacity(drafts.count)
    progress?(0, drafts.count)
    for start in stride(from: 0, to: drafts.count, by: batch) {
      let part = Array(drafts[start..<min(start + batch, drafts.count)])
      for outcome in parallelMap(part, inspect) {
        if case .failure(.output(let error)) = outcome { throw .output(error) }
        outcomes.append(outcome)
      }
      progress?(outcomes.count, drafts.count)
    }
    return outcomes
  }

  private func inspect(_ draft: ImageDraft) -> Outcome {
    do throws(Failure) {
      let (file, still) = try take(draft.file, place: draft.place)
      var (masks, pictures): ([FileFacts], [GreyImage]) = ([], [])
      for url in draft.masks {
        let (mask, picture) = try takeMask(url, of: still, draft)
        masks.append(mask)
        pictures.append(picture.grey())
      }
      var calcificationMasks: [FileFacts] = []
      for url in draft.calcificationMasks { calcificationMasks.append(try takeMask(url, of: still, draft).0) }
      let marked = MaskBox.boundingBox(ofMasks: pictures)
      if marked == nil, let first = draft.masks.first { throw problem(draft, "mask \(first.path) marks no pixel") }
      try requireInside(draft.region, "roi", draft, still)
      try requireInside(draft.backgroundRegion, "background_roi", draft, still)
      let grey = still.grey()
      let hash = NearDuplicates.Hash(words: PerceptualHash(grey).words)
      return .success(
        ImageFacts(
          file: file, masks: masks, calcificationMasks: calcificationMasks, width: still.width, height: still.height,
          hash: hash, thumbnail: Thumbnail(grey), picture: LocalContrast.shrunk(grey),
          region: draft.region ?? marked
        ))
    } catch {
      return .failure(error)
    }
  }

  private func takeMask(
    _ url: URL, of still: Still, _ draft: ImageDraft
  ) throws(Failure) -> (FileFacts, Still) {
    let (mask, picture) = try take(url, place: draft.place)
    guard picture.width == still.width, picture.height == still.height else {
      throw problem(
        draft,
        "mask \(url.path) has \(picture.width) x \(picture.height) pixels, its image \(still.width) x \(still.height)")
    }
    return (mask, picture)
  }

  private func problem(_ draft: ImageDraft, _ message: String) -> Failure {
    .problem(CohortProblem(place: draft.place, message: message))
  }

  private func requireInside(
    _ region: PixelBox?, _ name: String, _ draft: ImageDraft, _ still: Still
  ) throws(Failure) {
    guard let region else { return }
    guard region.isInside(width: still.width, height: still.height) else {
      throw problem(
        draft,
        "\(name) \(region.x), \(region.y), \(region.width) x \(region.height) is not inside the image of "
          + "\(still.width) x \(still.height) pixels")
    }
  }

  /// Reads a file once: what is decoded is what is copied and hashed.
  private func take(_ url: URL, place: String) throws(Failure) -> (FileFacts, Still) {
    let bytes: [UInt8]
    let still: Still
    do {
      bytes = try FileBytes.read(url)
      still = try Stills.decode(data: bytes, name: url.path)
    } catch {
      let message = (error as? ImagingError)?.description ?? "\(error)"
      // The file may be the place itself.
      let prefix = "\(place): "
      throw .problem(
        CohortProblem(
          place: place, message: message.hasPrefix(prefix) ? String(message.dropFirst(prefix.count)) : message))
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

/// `transform` of each element, in order, computed on all cores.
func parallelMap<Element: Sendable, Value: Sendable>(
  _ elements: [Element], _ transform: @Sendable (Element) -> Value
) -> [Value] {
  let values = Mutex([(place: Int, value: Value)]())
  DispatchQueue.concurrentPerform(iterations: elements.count) { place in
    let value = transform(elements[place])
    values.withLock { $0.append((place, value)) }
  }
  return values.withLock { $0 }.sorted { $0.place < $1.place }.map(\.value)
}

/// A regular file's bytes.
enum FileBytes {
  struct Refusal: Error, CustomStringConvertible {
    var description: String
  }

  static func read(_ url: URL) throws -> [UInt8] {
    var facts = stat()
    guard stat(url.path, &facts) == 0 else {
      throw Refusal(description: "\(url.path): cannot be read: \(String(cString: strerror(errno)))")
    }
    guard facts.st_mode & S_IFMT == S_IFREG else {
      throw Refusal(description: "\(url.path): expected a file, found a folder or device")
    }
    let limit = DecodeLimits.standard.maximumFileBytes
    guard Int(facts.st_size) <= limit else {
      throw Refusal(description: "\(url.path): the file has \(facts.st_size) bytes, more than the limit of \(limit)")
    }
    do {
      return [UInt8](try Data(contentsOf: url))
    } catch {
      throw Refusal(description: "\(url.path): cannot be read")
    }
  }
}
