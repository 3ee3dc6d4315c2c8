public import Ultrasound

/// A scale of colours drawn on the screen. Positions along it run from 0 at its lower or left end to 1 at its upper or right end.
public struct ColourBar: Sendable, Hashable, Codable {
  public enum Orientation: String, Sendable, Codable { case vertical, horizontal }

  public enum Kind: String, Sendable, Codable {
    /// From one colour to another: shear-wave elastography, power Doppler.
    case oneSided = "one-sided"
    /// Two scales that meet at a dark or pale baseline: colour Doppler, towards and away.
    case twoSided = "two-sided"
    /// Two scales of the same colours on both sides of a baseline: only the distance from it can be read.
    case mirrored
    /// The same colours at places that have no baseline between them: no scale of a measurement.
    case repeating
    /// The grey map of the B-mode picture: no measurement.
    case grey
  }

  /// In whole pixels of the picture.
  public let box: PixelBox
  public let orientation: Orientation
  public let kind: Kind
  /// From position 0 to 1, one a pixel of the bar's length: the median across its thickness.
  public let colours: [BarColour]
  /// Side by side across the thickness where the colour changes that way too (variance maps), each as long as `colours`.
  public let lanes: [[BarColour]]
  /// Where flow is zero; nil where there is no baseline.
  public let baseline: Double?
  /// Mean deviation across the thickness, in levels of 0...255: what compression and noise left of one colour.
  public let noise: Double
  /// The part of its length whose edges were seen to be straight, 0...1.
  public let confidence: Double

  /// Whether colours can be read back by it.
  public var isScale: Bool { kind != .grey && kind != .repeating }

  /// The colour at a position, between two pixels their mixture.
  public func colour(at position: Double) -> BarColour {
    guard let last = colours.indices.last, last > 0, position.isFinite else {
      return colours.first ?? BarColour(red: 0, green: 0, blue: 0)
    }
    let place = min(max(position, 0), 1) * Double(last)
    let low = min(Int(place), last - 1)
    return colours[low].mixed(with: colours[low + 1], Float(place - Double(low)))
  }
}
