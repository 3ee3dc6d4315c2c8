/// Where each frame of a file lies.
enum FrameLocations: Sendable {
  /// One after another without gaps; a frame of single bits may begin inside a byte.
  case native(start: Int, bitsPerFrame: Int)
  /// The fragments of each frame.
  case encapsulated([[ByteRange]])
  /// All of them in one stream, which the fragments make up.
  case stream([ByteRange])

  init(_ file: DICOMFile, _ layout: PixelLayout, _ arrangement: StoredFrame.Arrangement) throws(DICOMError) {
    switch file.dataSet.element(layout.element)?.content {
    case .value(let range):
      guard !file.transferSyntax.isEncapsulated else {
        throw .corrupt(file: file.name, detail: "\(file.transferSyntax.name), but the pixels are not encapsulated")
      }
      self = try Self.native(file, layout, range, arrangement)
    case .fragments(let table, let fragments):
      guard file.transferSyntax.isEncapsulated else {
        throw .corrupt(file: file.name, detail: "\(file.transferSyntax.name), but the pixels are encapsulated")
      }
      if file.transferSyntax.coding == .video {
        self = .stream(fragments)
        return
      }
      self = .encapsulated(try FragmentGrouping(file, table, fragments, frames: layout.frames).frames())
    case .items, nil:
      throw .corrupt(file: file.name, detail: "\(layout.element) is a sequence")
    }
  }

  /// Bits of a frame that is not encapsulated.
  static func bitsPerFrame(_ layout: PixelLayout, _ arrangement: StoredFrame.Arrangement) -> Int {
    if arrangement == .halvedChroma { return layout.rows * ((layout.columns + 1) / 2) * 4 * 8 }
    return layout.rows * layout.columns * layout.samplesPerPixel * layout.bitsAllocated
  }

  private static func native(
    _ file: DICOMFile, _ layout: PixelLayout, _ range: ByteRange, _ arrangement: StoredFrame.Arrangement
  ) throws(DICOMError) -> FrameLocations {
    let bits = bitsPerFrame(layout, arrangement)
    let (all, overflows) = bits.multipliedReportingOverflow(by: layout.frames)
    guard !overflows, all / 8 + (all % 8 == 0 ? 0 : 1) <= range.count else {
      throw .truncated(
        file: file.name,
        detail: "\(Tag.numberOfFrames) says \(layout.frames), the \(range.count) bytes of pixels hold "
          + "\(range.count * 8 / bits) whole frames of \((bits + 7) / 8) bytes")
    }
    return .native(start: range.start, bitsPerFrame: bits)
  }
}
