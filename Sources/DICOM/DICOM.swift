// DICOM: files of DICOM as data sets, pictures, times and regions. Reads the data set itself, so that nothing a file says is
// believed before it is checked and no cine lies in memory whole; frames are decoded one at a time; writes data sets, the pixels
// copied or streamed. It knows no cohort. May import Ultrasound (the boxes), Imaging (the pictures), CDCMTK and CStills (the
// codecs).

/// What a file may ask for before it is refused, so that a few bytes cannot claim the machine's memory.
public struct DICOMLimits: Sendable, Hashable {
  /// Bytes of one decoded frame.
  public var maximumFrameBytes: Int
  /// Bytes of one encoded frame, and of a single value that is read.
  public var maximumValueBytes: Int
  /// Bytes to which a deflated data set may grow; it lies in memory whole.
  public var maximumInflatedBytes: Int
  /// Elements of the data set and all its sequences together.
  public var maximumElements: Int
  /// Sequences inside sequences.
  public var maximumDepth: Int

  public init(
    maximumFrameBytes: Int, maximumValueBytes: Int, maximumInflatedBytes: Int, maximumElements: Int, maximumDepth: Int
  ) {
    self.maximumFrameBytes = maximumFrameBytes
    self.maximumValueBytes = maximumValueBytes
    self.maximumInflatedBytes = maximumInflatedBytes
    self.maximumElements = maximumElements
    self.maximumDepth = maximumDepth
  }

  /// 512 MiB a frame, 256 MiB a value, 128 MiB inflated, 500,000 elements, 64 sequences deep.
  public static let standard = DICOMLimits(
    maximumFrameBytes: 512 << 20, maximumValueBytes: 256 << 20, maximumInflatedBytes: 128 << 20,
    maximumElements: 500_000, maximumDepth: 64)
}
