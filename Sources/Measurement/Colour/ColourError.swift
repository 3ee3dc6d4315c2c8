public import Ultrasound

/// Why a picture's colours could not be read back as numbers.
public enum ColourError: Error, CustomStringConvertible, Sendable, Equatable {
  /// The picture shows no bar to read by; what was looked at, and why it was refused.
  case noBar(reasons: [String])
  /// A box that holds no scale of colours.
  case notABar(box: PixelBox, reason: String)
  /// The numbers at the bar cannot be told.
  case noScale(reason: String)
  case parameter(name: String, expected: String, found: String)
  /// Too little of a region is coloured for its numbers to stand for it; shares of its pixels, 0...1.
  case coverage(found: Double, needed: Double)
  /// Nothing in the region has a colour of the bar.
  case noColour(region: PixelBox)

  public var description: String {
    switch self {
    case .noBar(let reasons): "no colour bar was found: " + reasons.joined(separator: "; ")
    case .notABar(let box, let reason): "\(Self.text(box)) is no colour bar: \(reason)"
    case .noScale(let reason): "the numbers of the colour bar are not known: \(reason)"
    case .parameter(let name, let expected, let found): "\(name): expected \(expected), found \(found)"
    case .coverage(let found, let needed):
      "only \(Self.percent(found)) % of the region is coloured, expected at least \(Self.percent(needed)) %"
    case .noColour(let box): "\(Self.text(box)) shows no colour of the bar"
    }
  }

  private static func percent(_ share: Double) -> Int { share.isFinite ? Int((100 * share).rounded()) : 0 }

  static func text(_ box: PixelBox) -> String {
    let numbers = [box.x, box.y, box.width, box.height].map { Int(exactly: $0).map(String.init) ?? "\($0)" }
    return "the box at \(numbers[0]), \(numbers[1]) of \(numbers[2]) x \(numbers[3]) pixels"
  }
}
