public import Imaging
import Synchronization

/// Reads the frames of a file one at a time, in any order, from any thread; nothing but the frame asked for is in memory.
public final class FrameReader: Sendable {
  public let layout: PixelLayout
  private let file: DICOMFile
  private let locations: FrameLocations
  private let arrangement: StoredFrame.Arrangement
  private let decoder: FrameDecoder
  /// Where all frames lie in one stream.
  private let video: VideoFrames?
  /// Made when the first picture is asked for; it may have to look at every frame.
  private let conversion = Mutex<PixelConversion?>(nil)

  /// Checks the description of the pixels and finds every frame; decodes none.
  public init(_ file: DICOMFile) throws(DICOMError) {
    self.file = file
    layout = try PixelLayout(file)
    guard file.transferSyntax.isRead else {
      throw .unsupported(
        file: file.name, detail: "transfer syntax \(file.transferSyntax.name) (\(file.transferSyntax.uid))")
    }
    arrangement = Self.arrangement(file, layout)
    locations = try FrameLocations(file, layout, arrangement)
    video = if case .stream(let parts) = locations { try VideoFrames(file, layout, parts) } else { nil }
    decoder = FrameDecoder(name: file.name, transferSyntax: file.transferSyntax, layout: layout)
  }

  public var frameCount: Int { layout.frames }

  /// What speaks against Number of Frames where uncompressed pixels hold whole frames beyond it, which no reader would show;
  /// nil where nothing does. Pictures of a few bits, which are padded, are not judged.
  public var surplus: String? {
    guard case .native(_, let bits) = locations, bits >= 64,
      case .value(let range) = file.dataSet.element(layout.element)?.content, range.count * 8 / bits > layout.frames
    else { return nil }
    return "\(Tag.numberOfFrames) says \(layout.frames), the pixels hold \(range.count * 8 / bits) whole frames"
  }

  /// As the data set says it; where that says nothing, by the clock of a video's stream, which is decoded to its end for it.
  public func timing() throws(DICOMError) -> FrameTiming {
    let declared = FrameTiming(file, frames: frameCount)
    guard declared.source == .none, let times = try video?.times() else { return declared }
    return FrameTiming(stream: times, notes: declared.notes)
  }

  /// The frame's bytes as they lie in the file. Those of a video's frame are not apart from the others', and not given.
  public func encodedFrame(_ index: Int) throws(DICOMError) -> [UInt8] {
    try checkIndex(index)
    switch locations {
    case .native(let start, let bits):
      let first = index * bits / 8
      return try file.dataSet.source.bytes(at: start + first, count: ((index + 1) * bits + 7) / 8 - first)
    case .encapsulated(let frames):
      return try joined(frames[index])
    case .stream:
      throw .unsupported(file: file.name, detail: "\(file.transferSyntax.name): its frames have no bytes of their own")
    }
  }

  /// The frame decoded, before any lookup table or window.
  public func storedFrame(_ index: Int) throws(DICOMError) -> StoredFrame {
    var frame = try decodedFrame(index)
    if layout.samplesPerPixel == 1, layout.bitsStored < layout.bitsAllocated { frame.keepLowest(layout.bitsStored) }
    return frame
  }

  /// As ``storedFrame(_:)``, but what the unused bits of a grey sample carry is left in them: of a frame without compression
  /// every byte of the file, its words little endian, single bits unpacked.
  public func decodedFrame(_ index: Int) throws(DICOMError) -> StoredFrame {
    if let video {
      try checkIndex(index)
      return try video.frame(index)
    }
    let encoded = try encodedFrame(index)
    switch locations {
    case .native(let start, let bits):
      let bytes = holdsBytesInBigWords ? try bytesOfBigWords(from: start, at: index * bits / 8, encoded) : encoded
      return native(bytes, firstBit: index * bits % 8)
    case .encapsulated, .stream: return try decoder.decode(encoded, "frame \(index + 1)")
    }
  }

  /// The frame as it is shown: 8-bit RGB (see ``PixelConversion``).
  public func rgb(_ index: Int) throws(DICOMError) -> RGBImage {
    try rgb(try storedFrame(index))
  }

  /// A frame of this reader as it is shown.
  public func rgb(_ frame: StoredFrame) throws(DICOMError) -> RGBImage {
    try pixelConversion().rgb(frame)
  }

  private func pixelConversion() throws(DICOMError) -> PixelConversion {
    // Not made under the lock: two threads may both look at every frame once, and find the same.
    if let made = conversion.withLock({ $0 }) { return made }
    let made = try PixelConversion(file, layout, frames: self)
    conversion.withLock { $0 = made }
    return made
  }

  func paletteTable() throws(DICOMError) -> PaletteTable { try PaletteTable(file) }

  private func checkIndex(_ index: Int) throws(DICOMError) {
    guard (0..<frameCount).contains(index) else {
      throw .noSuchFrame(file: file.name, index: index, frames: frameCount)
    }
  }

  private func joined(_ fragments: [ByteRange]) throws(DICOMError) -> [UInt8] {
    var total = 0
    for fragment in fragments { total += fragment.count }
    let limit = file.dataSet.source.limits.maximumValueBytes
    guard total <= limit else {
      throw .tooLarge(file: file.name, detail: "an encoded frame of \(total) bytes, limit \(limit)")
    }
    return try .filled(count: total) { (to) throws(DICOMError) in
      var done = 0
      for fragment in fragments {
        let part = UnsafeMutableBufferPointer(rebasing: to[done..<done + fragment.count])
        try file.dataSet.source.read(at: fragment.start, into: UnsafeMutableRawBufferPointer(part))
        done += fragment.count
      }
    }
  }

  /// Bytes written as words of 16 bits, the second byte of each first (PS3.5 annex A.3 with OW).
  private var holdsBytesInBigWords: Bool {
    file.dataSet.isBigEndian && layout.bitsAllocated == 8 && file.dataSet.element(.pixels)?.vr == .ow
  }

  /// The frame at `offset` behind `start`, each word's bytes put in order; a frame may begin or end inside a word.
  private func bytesOfBigWords(from start: Int, at offset: Int, _ encoded: [UInt8]) throws(DICOMError) -> [UInt8] {
    let (first, end) = (offset & ~1, (offset + encoded.count + 1) & ~1)
    var words = try file.dataSet.source.bytes(at: start + first, count: end - first)
    NativeFrame.swapBytes(&words, wordSize: 2)
    return Array(words[(offset - first)..<(offset - first + encoded.count)])
  }

  private func native(_ encoded: [UInt8], firstBit: Int) -> StoredFrame {
    var bytes = encoded
    if layout.bitsAllocated == 1 {
      bytes = NativeFrame.bits(
        encoded, first: firstBit, count: layout.rows * layout.columns * layout.samplesPerPixel)
    } else if file.dataSet.isBigEndian {
      NativeFrame.swapBytes(&bytes, wordSize: layout.bytesPerSample)
    }
    return StoredFrame(
      layout, bytesPerSample: layout.bytesPerSample, arrangement: arrangement, photometric: layout.photometric,
      bytes: bytes)
  }

  /// Uncompressed YBR_FULL_422 has half the chroma; where the pixels are long enough for all of it, they hold all of it.
  private static func arrangement(_ file: DICOMFile, _ layout: PixelLayout) -> StoredFrame.Arrangement {
    let plain: StoredFrame.Arrangement = layout.isPlanar ? .planar : .interleaved
    guard !file.transferSyntax.isEncapsulated, layout.bitsAllocated == 8,
      [.ybrFull422, .ybrPartial422].contains(layout.photometric),
      case .value(let range) = file.dataSet.element(layout.element)?.content
    else { return plain }
    let (whole, overflows) = (layout.rows * layout.columns * 3).multipliedReportingOverflow(by: layout.frames)
    return !overflows && range.count >= whole ? plain : .halvedChroma
  }
}
