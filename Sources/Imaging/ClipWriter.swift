internal import CFFmpeg
public import Foundation

/// Writes a clip without loss: PNG frames in a QuickTime file (`.mov`), which ``ClipReader`` and other programs read back pixel for
/// pixel. The bytes follow from frames and times alone: nothing says when, where or by what the file was made. Until ``finish()`` has
/// returned, the file is none. Not for use by several threads at once.
public final class ClipWriter {
  private let handle: OpaquePointer
  private let file: String
  private let size: (width: Int, height: Int)

  /// Makes the file, and replaces what is there.
  /// - Throws: `ImagingError.clip` where it cannot be made, or frames cannot have that size.
  public init(_ file: URL, width: Int, height: Int) throws(ImagingError) {
    self.file = file.path
    size = (width, height)
    var opened: OpaquePointer?
    try Self.run(file.path) { cff_create(file.path, Int32(clamping: width), Int32(clamping: height), &opened, $0) }
    guard let opened else { throw .clip(file: file.path, problem: .outOfMemory) }
    handle = opened
  }

  deinit { cff_discard(handle) }

  /// - Parameters:
  ///   - frame: of the clip's size.
  ///   - microseconds: after the clip's start; above that of the frame before.
  public func add(_ frame: RGBImage, microseconds: Int64) throws(ImagingError) {
    guard frame.width == size.width, frame.height == size.height else {
      let found = "a frame of \(frame.width) x \(frame.height) pixels, expected \(size.width) x \(size.height)"
      throw .clip(file: file, problem: .notWritable(detail: found))
    }
    try Self.run(file) { cff_add(handle, frame.pixels, frame.pixels.count, microseconds, $0) }
  }

  /// The last frame lasts as long as the one before it.
  public func finish() throws(ImagingError) {
    try Self.run(file) { cff_finish(handle, $0) }
  }

  private static func run(
    _ file: String, _ entry: (UnsafeMutablePointer<CChar>) -> cff_status
  ) throws(ImagingError) {
    var status = CFF_OK
    let text = ClipCall.message { status = entry($0) }
    guard status != CFF_OK else { return }
    if status == CFF_NO_MEMORY { throw .clip(file: file, problem: .outOfMemory) }
    throw .clip(file: file, problem: .notWritable(detail: text))
  }
}
