internal import COCR
import Imaging
import Synchronization

/// A word as Tesseract read it, in pixels of the picture that was given.
struct ReadWord: Sendable {
  var text: String
  var rectangle: PixelRectangle
  /// 0...100
  var confidence: Double
  var line: Int
}

/// Tesseract with the models of some languages. Any thread may call: each call has a handle of its own, kept for the next.
final class TextReader: Sendable {
  enum Layout: Sendable { case page, line, sparse }

  private let languages: String
  private let idle = Mutex<[Handle]>([])

  private struct Handle: @unchecked Sendable {
    // One thread has it at a time: it is taken out of `idle` for every call.
    let reader: OpaquePointer
  }

  /// - languages: Tesseract's names: `eng`, `chi_sim`.
  /// - Throws: `BurnedInError.reading`, which names the package of a missing model.
  init(_ languages: [String]) throws(BurnedInError) {
    self.languages = languages.joined(separator: "+")
    let first = try open()
    idle.withLock { $0.append(first) }
  }

  deinit { idle.withLock { for handle in $0 { cocr_close(handle.reader) } } }

  /// The words of a grey picture; none of one without pixels.
  func words(_ image: GreyImage, _ layout: Layout) throws(BurnedInError) -> [ReadWord] {
    guard image.width > 0, image.height > 0 else { return [] }
    let handle: Handle
    if let kept = idle.withLock({ $0.popLast() }) { handle = kept } else { handle = try open() }
    defer { idle.withLock { $0.append(handle) } }
    let mode: cocr_mode =
      switch layout {
      case .page: COCR_PAGE
      case .line: COCR_LINE
      case .sparse: COCR_SPARSE
      }
    var found: UnsafeMutablePointer<cocr_words>?
    defer { cocr_free(found) }
    var message = [CChar](repeating: 0, count: Int(COCR_MESSAGE))
    let status = image.pixels.withUnsafeBufferPointer { pixels in
      cocr_read(
        handle.reader, pixels.baseAddress, pixels.count, Int32(clamping: image.width), Int32(clamping: image.height), 1,
        mode, &found, &message)
    }
    guard status == COCR_OK, let found else { throw .reading(Self.text(message)) }
    return (0..<found.pointee.count).map { index in
      let word = found.pointee.words[index]
      return ReadWord(
        text: String(cString: found.pointee.text + word.text),
        rectangle: PixelRectangle(
          left: Int(word.left), top: Int(word.top), right: Int(word.left + word.width),
          bottom: Int(word.top + word.height)),
        confidence: Double(word.confidence), line: Int(word.line))
    }
  }

  private func open() throws(BurnedInError) -> Handle {
    var reader: OpaquePointer?
    var message = [CChar](repeating: 0, count: Int(COCR_MESSAGE))
    let status = cocr_open(languages, nil, &reader, &message)
    guard status == COCR_OK, let reader else { throw .reading(Self.text(message)) }
    return Handle(reader: reader)
  }

  private static func text(_ message: [CChar]) -> String {
    String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
