public import Ultrasound

/// One mark found in a picture.
public struct FoundMark: Codable, Sendable, Hashable {
  public var kind: MarkKind
  /// Whole pixels.
  public var box: PixelBox
  /// 0...1: how far above what the finder asks for; not a probability.
  public var confidence: Double
  /// Pixels of the mark itself.
  public var pixels: Int
  /// Mean colour of those pixels, red, green, blue.
  public var color: [UInt8]
}

/// A mark before its colour is looked up.
struct Candidate: Sendable {
  var kind: MarkKind
  var rect: PixelRect
  var confidence: Double
  /// Indices into the picture.
  var pixels: [Int]
}
