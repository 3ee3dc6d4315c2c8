/// A colour of the screen, 0...255 each.
public struct BarColour: Sendable, Hashable, Codable {
  public var red: Float
  public var green: Float
  public var blue: Float

  public init(red: Float, green: Float, blue: Float) { (self.red, self.green, self.blue) = (red, green, blue) }

  /// The brightest channel.
  var peak: Float { max(red, green, blue) }
  /// How far it is from grey: the brightest channel less the darkest.
  var chroma: Float { peak - min(red, green, blue) }

  /// The largest difference of a channel.
  func difference(from other: BarColour) -> Float {
    max(abs(red - other.red), abs(green - other.green), abs(blue - other.blue))
  }

  func mixed(with other: BarColour, _ share: Float) -> BarColour {
    BarColour(
      red: red + (other.red - red) * share, green: green + (other.green - green) * share,
      blue: blue + (other.blue - blue) * share)
  }

  /// Along the axis of grey (1, 1, 1), and across it in two directions; all of unit length, so that distances stay.
  var axes: (grey: Float, first: Float, second: Float) {
    (
      (red + green + blue) * 0.577_350_27, (red - green) * 0.707_106_78, (red + green - 2 * blue) * 0.408_248_29
    )
  }

  /// Channel by channel; black where there are none.
  static func median(_ colours: [BarColour]) -> BarColour {
    guard !colours.isEmpty else { return BarColour(red: 0, green: 0, blue: 0) }
    func middle(_ channel: (BarColour) -> Float) -> Float {
      let sorted = colours.map(channel).sorted()
      return (sorted[sorted.count / 2] + sorted[(sorted.count - 1) / 2]) / 2
    }
    return BarColour(red: middle(\.red), green: middle(\.green), blue: middle(\.blue))
  }
}
