// Imaging: pictures as plain pixels. Decoding of stills (PNG, JPEG, BMP, TIFF, as Pillow 13 decodes them) and of clips frame
// by frame (as FFmpeg 5.1 decodes them), encoding of PNG and JPEG, cropping and resizing (to Pillow's bit), the box of a mask,
// hashes that find near-duplicates, and what can be told from frames alone: overlay, panels, motion, stills in a clip. It knows
// nothing of patients or files beside the one it is given. May import Ultrasound (the boxes), CStills and CFFmpeg (the codecs).

/// The kinds of still picture that are read. Told from the file's first bytes, never from its name.
public enum StillFormat: String, Sendable, Hashable, Codable, CaseIterable {
  case png, jpeg, bmp, tiff

  /// The format whose signature the bytes begin with.
  public init?(signature bytes: [UInt8]) {
    func begins(_ signature: [UInt8]) -> Bool { bytes.starts(with: signature) }
    if begins([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) {
      self = .png
    } else if begins([0xff, 0xd8, 0xff]) {
      self = .jpeg
    } else if begins([0x42, 0x4d]) {
      self = .bmp
    } else if begins([0x49, 0x49, 0x2a, 0]) || begins([0x4d, 0x4d, 0, 0x2a])
      || begins([0x49, 0x49, 0x2b, 0]) || begins([0x4d, 0x4d, 0, 0x2b])
    {
      self = .tiff
    } else {
      return nil
    }
  }
}

/// What a file may ask for before it is refused, so that a few bytes cannot claim the machine's memory.
public struct DecodeLimits: Sendable, Hashable {
  /// Width times height as the header declares them.
  public var maximumPixels: Int
  /// The file's length in bytes.
  public var maximumFileBytes: Int

  public init(maximumPixels: Int, maximumFileBytes: Int) {
    (self.maximumPixels, self.maximumFileBytes) = (maximumPixels, maximumFileBytes)
  }

  /// 178,956,970 pixels (where Pillow raises its `DecompressionBombError`) and a file of 1 GiB.
  public static let standard = DecodeLimits(maximumPixels: 178_956_970, maximumFileBytes: 1 << 30)
}
