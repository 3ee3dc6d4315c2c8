import Imaging
import Ultrasound

@testable import Measurement

/// Screens with a bar and a map whose values are known.
enum Screens {
  typealias Stop = (Float, Float, Float)

  static let maps: [String: [Stop]] = [
    "stiffness": [
      (0, 0, 130), (0, 40, 255), (0, 190, 255), (60, 255, 120), (240, 240, 0), (255, 110, 0), (200, 0, 0),
    ],
    "four colours": [(20, 20, 160), (0, 160, 200), (20, 190, 40), (230, 220, 20), (220, 20, 20)],
    "strain": [(255, 0, 0), (255, 255, 0), (0, 220, 0), (0, 200, 200), (0, 0, 255)],
    "flow": [
      (130, 240, 255), (0, 110, 240), (5, 20, 170), (0, 0, 60), (0, 0, 0), (60, 0, 0), (190, 10, 5), (255, 110, 0),
      (255, 240, 90),
    ],
    "pale flow": [
      (120, 255, 190), (0, 130, 255), (30, 30, 230), (60, 20, 140), (140, 10, 20), (230, 20, 10), (255, 150, 0),
      (255, 255, 140),
    ],
    "power": [(0, 0, 0), (90, 0, 20), (190, 20, 0), (250, 120, 0), (255, 220, 60), (255, 250, 200)],
  ]

  static func colour(_ name: String, _ value: Float) -> BarColour {
    let stops = maps[name] ?? []
    let place = min(max(value, 0), 1) * Float(stops.count - 1)
    let low = min(Int(place), stops.count - 2)
    func colour(_ stop: Stop) -> BarColour { BarColour(red: stop.0, green: stop.1, blue: stop.2) }
    return colour(stops[low]).mixed(with: colour(stops[low + 1]), place - Float(low))
  }

  static let map = PixelBox(x: 60, y: 20, width: 80, height: 70)
  static let bar = PixelBox(x: 16, y: 24, width: 10, height: 90)
  static let lyingBar = PixelBox(x: 60, y: 120, width: 90, height: 9)

  /// The value at a pixel of the map, from 0.12 at its left to 0.88, or beyond 1 in its last columns.
  static func value(_ x: Int) -> Float { x >= 70 ? 1.2 : 0.12 + 0.76 * Float(x) / 69 }

  /// - Parameter values: pixels of the map, from its left, that are coloured.
  static func screen(
    _ name: String, opacity: Float = 1, isLying: Bool = false, values: Range<Int> = 0..<80, hasBar: Bool = true
  ) -> RGBImage {
    var pixels = [UInt8](repeating: 0, count: 180 * 140 * 3)
    func put(_ x: Int, _ y: Int, _ colour: BarColour) {
      for (channel, level) in [colour.red, colour.green, colour.blue].enumerated() {
        pixels[(y * 180 + x) * 3 + channel] = UInt8(min(max(level.rounded(), 0), 255))
      }
    }
    for y in 20..<90 {
      for x in 0..<80 {
        let level = Float((x * 37 + y * 61 + x * y * 7) % 160)
        let grey = BarColour(red: level, green: level, blue: level)
        put(60 + x, y, values.contains(x) ? grey.mixed(with: colour(name, value(x)), opacity) : grey)
      }
    }
    let box = isLying ? lyingBar : bar
    for y in Int(box.y)..<Int(box.maxY) where hasBar {
      for x in Int(box.x)..<Int(box.maxX) {
        let share = isLying ? Float(x) - Float(box.x) : Float(box.maxY) - 1 - Float(y)
        put(x, y, colour(name, share / 89))
      }
    }
    return RGBImage(width: 180, height: 140, pixels: pixels)
  }
}
