/// A colour of the screen.
struct ScreenColor: Sendable, Hashable {
  var red: Double
  var green: Double
  var blue: Double

  init(_ red: Double, _ green: Double, _ blue: Double) { (self.red, self.green, self.blue) = (red, green, blue) }

  /// Straight line to another colour.
  func mixed(_ other: ScreenColor, _ share: Double) -> ScreenColor {
    ScreenColor(
      red + (other.red - red) * share, green + (other.green - green) * share, blue + (other.blue - blue) * share)
  }
}

/// Colours along a scale, evenly spaced from 0 to 1.
struct ColorMap: Sendable {
  let stops: [ScreenColor]

  func color(_ place: Double) -> ScreenColor {
    let scaled = min(1, max(0, place)) * Double(stops.count - 1)
    let low = min(stops.count - 2, Int(scaled))
    return stops[low].mixed(stops[low + 1], scaled - Double(low))
  }

  /// Blue for soft, red for stiff.
  static let stiffness = ColorMap(stops: [
    ScreenColor(0, 0, 120), ScreenColor(0, 40, 255), ScreenColor(0, 190, 255), ScreenColor(60, 255, 120),
    ScreenColor(240, 240, 0), ScreenColor(255, 110, 0), ScreenColor(200, 0, 0),
  ])

  /// Amber on black, as contrast modes are shown.
  static let contrast = ColorMap(stops: [
    ScreenColor(0, 0, 0), ScreenColor(70, 30, 6), ScreenColor(165, 85, 20), ScreenColor(238, 165, 60),
    ScreenColor(255, 225, 150), ScreenColor(255, 252, 230),
  ])

  /// Flow towards the probe, from slow to fast.
  static let towards = ColorMap(stops: [
    ScreenColor(110, 0, 0), ScreenColor(215, 15, 5), ScreenColor(255, 110, 0), ScreenColor(255, 235, 90),
  ])

  /// Flow away from the probe.
  static let away = ColorMap(stops: [
    ScreenColor(0, 0, 110), ScreenColor(5, 30, 220), ScreenColor(0, 130, 255), ScreenColor(130, 240, 255),
  ])

  /// Fine flow without direction.
  static let power = ColorMap(stops: [
    ScreenColor(120, 40, 0), ScreenColor(215, 95, 15), ScreenColor(255, 165, 60), ScreenColor(255, 230, 165),
  ])
}

/// A colour picture in the making.
struct Canvas: Sendable {
  let size: Int
  private(set) var pixels: [UInt8]

  /// - Parameter grey: size x size levels.
  init(size: Int, grey: [UInt8]) {
    self.size = size
    pixels = [UInt8](repeating: 0, count: 3 * size * size)
    for index in grey.indices { for channel in 0..<3 { pixels[3 * index + channel] = grey[index] } }
  }

  /// Levels through a colour map.
  init(size: Int, grey: [UInt8], map: ColorMap) {
    self.init(size: size, grey: grey)
    let table = (0...255).map { map.color(Double($0) / 255) }
    for index in grey.indices { set(index, table[Int(grey[index])]) }
  }

  /// Paints over a pixel; outside the picture nothing happens.
  ///
  /// - Parameter cover: 0 leaves what is there, 1 hides it.
  mutating func paint(column: Int, row: Int, _ color: ScreenColor, cover: Double = 1) {
    guard column >= 0, row >= 0, column < size, row < size else { return }
    let index = row * size + column
    let there = ScreenColor(
      Double(pixels[3 * index]), Double(pixels[3 * index + 1]), Double(pixels[3 * index + 2]))
    set(index, there.mixed(color, cover))
  }

  private mutating func set(_ index: Int, _ color: ScreenColor) {
    pixels[3 * index] = UInt8(min(255, max(0, color.red + 0.5)))
    pixels[3 * index + 1] = UInt8(min(255, max(0, color.green + 0.5)))
    pixels[3 * index + 2] = UInt8(min(255, max(0, color.blue + 0.5)))
  }

  /// The outline of a box of pixels.
  mutating func outline(_ box: PixelFrame, _ color: ScreenColor) {
    for column in box.left..<box.right {
      paint(column: column, row: box.top, color)
      paint(column: column, row: box.bottom - 1, color)
    }
    for row in box.top..<box.bottom {
      paint(column: box.left, row: row, color)
      paint(column: box.right - 1, row: row, color)
    }
  }

  /// A vertical scale, its high end on top, with a text above and below.
  mutating func scale(_ box: PixelFrame, above: String, below: String, color: (Double) -> ScreenColor) {
    let height = max(1, box.bottom - box.top - 1)
    for row in box.top..<box.bottom {
      let shade = color(1 - Double(row - box.top) / Double(height))
      for column in box.left..<box.right { paint(column: column, row: row, shade) }
    }
    let letter = MiniFont.height(in: size)
    write(above, left: box.left, top: box.top - letter - 1)
    write(below, left: box.left, top: box.bottom + 2)
  }

  mutating func write(_ text: String, left: Int, top: Int, color: ScreenColor = ScreenColor(225, 225, 225)) {
    for (column, row) in MiniFont.dots(text, in: size) { paint(column: left + column, row: top + row, color) }
  }
}

/// A box of whole pixels; right and bottom are the first beyond it.
struct PixelFrame: Sendable, Hashable {
  let left: Int
  let top: Int
  let right: Int
  let bottom: Int

  func contains(column: Int, row: Int) -> Bool { column >= left && column < right && row >= top && row < bottom }
}

/// Letters of 3 x 5 dots for what machines write on their pictures.
enum MiniFont {
  private static let rows: [Character: [UInt8]] = [
    "0": [7, 5, 5, 5, 7], "1": [2, 6, 2, 2, 7], "2": [7, 1, 7, 4, 7], "3": [7, 1, 7, 1, 7], "4": [5, 5, 7, 1, 1],
    "5": [7, 4, 7, 1, 7], "6": [7, 4, 7, 5, 7], "7": [7, 1, 1, 2, 2], "8": [7, 5, 7, 5, 7], "9": [7, 5, 7, 1, 7],
    "-": [0, 0, 7, 0, 0], "+": [0, 2, 7, 2, 0], ".": [0, 0, 0, 0, 2], ":": [0, 2, 0, 2, 0], "/": [1, 1, 2, 4, 4],
    "k": [4, 5, 6, 5, 5], "P": [7, 5, 7, 4, 4], "a": [0, 7, 1, 7, 7], "c": [0, 7, 4, 4, 7], "m": [0, 5, 7, 5, 5],
    "s": [0, 3, 6, 1, 6],
  ]

  /// Side of a dot: small pictures have small letters.
  private static func dot(in size: Int) -> Int { max(1, size / 240) }

  static func height(in size: Int) -> Int { 5 * dot(in: size) }

  /// Pixels of a text from its upper left corner.
  static func dots(_ text: String, in size: Int) -> [(column: Int, row: Int)] {
    let side = dot(in: size)
    var dots: [(Int, Int)] = []
    for (place, letter) in text.enumerated() {
      for (row, bits) in (rows[letter] ?? []).enumerated() {
        for column in 0..<3 where bits & (4 >> UInt8(column)) != 0 {
          for y in 0..<side {
            for x in 0..<side { dots.append(((4 * place + column) * side + x, row * side + y)) }
          }
        }
      }
    }
    return dots
  }
}
