import Foundation
import Imaging

/// Pictures drawn for the tests: speckle with a dark lesion, and marks put on it with their pixels known.
struct Drawn {
  let width: Int
  let height: Int
  var pixels: [UInt8]
  /// Pixels of all marks put on it.
  var truth: Set<Int> = []

  /// Speckle: the size of the sum of random phasors, smoothed as a beam does it, so that no pixel jumps.
  init(width: Int = 240, height: Int = 200, seed: UInt64) {
    (self.width, self.height) = (width, height)
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func random() -> Double {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Double(state >> 11) * 0x1p-53
    }
    func field() -> [Double] {
      var values = (0..<width * height).map { _ in (random() + random() + random() - 1.5) }
      for _ in 0..<2 {
        var next = values
        for y in 1..<height - 1 {
          for x in 2..<width - 2 {
            let at = y * width + x
            next[at] =
              (values[at] * 2 + values[at - 1] * 1.5 + values[at + 1] * 1.5 + values[at - 2] + values[at + 2]
                + values[at - width] + values[at + width]) / 9
          }
        }
        values = next
      }
      return values
    }
    let (real, imaginary) = (field(), field())
    var grey = [UInt8](repeating: 0, count: width * height)
    for at in grey.indices {
      let (x, y) = (Double(at % width), Double(at / width))
      let inside = pow((x - Double(width) / 2) / 45, 2) + pow((y - Double(height) / 2) / 28, 2) < 1
      let amplitude = (real[at] * real[at] + imaginary[at] * imaginary[at]).squareRoot()
      grey[at] = UInt8(min(150, max(14, (inside ? 30 : 80) + amplitude * 140)))
    }
    pixels = grey.flatMap { [$0, $0, $0] }
  }

  var picture: RGBImage { RGBImage(width: width, height: height, pixels: pixels) }

  mutating func set(_ x: Int, _ y: Int, _ color: [UInt8] = [226, 226, 226]) {
    guard x >= 0, y >= 0, x < width, y < height else { return }
    for channel in 0..<3 { pixels[3 * (y * width + x) + channel] = color[channel] }
    truth.insert(y * width + x)
  }

  mutating func plus(_ x: Int, _ y: Int, arm: Int = 7, _ color: [UInt8] = [226, 226, 226]) {
    for place in -arm...arm {
      for side in -1...1 {
        set(x + place, y + side, color)
        set(x + side, y + place, color)
      }
    }
  }

  mutating func cross(_ x: Int, _ y: Int, arm: Int = 7) {
    for place in -arm...arm {
      for side in 0...1 {
        set(x + place + side, y + place)
        set(x + place + side, y - place)
      }
    }
  }

  mutating func dots(from start: (Int, Int), to end: (Int, Int), every step: Double = 5) {
    let length = hypot(Double(end.0 - start.0), Double(end.1 - start.1))
    for place in stride(from: 12, through: length - 12, by: step) {
      let (x, y) = (
        Double(start.0) + Double(end.0 - start.0) * place / length,
        Double(start.1) + Double(end.1 - start.1) * place / length
      )
      for (across, down) in [(0, 0), (1, 0), (0, 1), (1, 1)] { set(Int(x) + across, Int(y) + down) }
    }
  }

  /// Two pairs of crosses with dots between them.
  mutating func calipers() {
    let (x, y) = (width / 2, height / 2)
    for (from, to) in [((x - 50, y), (x + 50, y)), ((x, y - 34), (x, y + 34))] {
      plus(from.0, from.1)
      plus(to.0, to.1)
      dots(from: from, to: to)
    }
  }

  /// The dots of a trace.
  mutating func trace(_ a: Double, _ b: Double) {
    for place in 0..<40 {
      let angle = Double(place) / 40 * 2 * Double.pi
      let (x, y) = (Int(Double(width) / 2 + a * cos(angle)), Int(Double(height) / 2 + b * sin(angle)))
      for (across, down) in [(0, 0), (1, 0), (0, 1), (1, 1)] { set(x + across, y + down) }
    }
  }

  private static let letters: [Character: [String]] = [
    "L": ["1...", "1...", "1...", "1...", "1...", "1...", "1111"],
    "T": ["1111", ".11.", ".11.", ".11.", ".11.", ".11.", ".11."],
    "R": ["111.", "1..1", "1..1", "111.", "1.1.", "1..1", "1..1"],
    "O": ["1111", "1..1", "1..1", "1..1", "1..1", "1..1", "1111"],
    "U": ["1..1", "1..1", "1..1", "1..1", "1..1", "1..1", "1111"],
    "3": ["1111", "...1", "...1", "1111", "...1", "...1", "1111"],
  ]

  /// Letters of 14 rows, strokes of two pixels.
  mutating func write(_ text: String, _ x: Int, _ y: Int) {
    var left = x
    for letter in text {
      for (row, line) in (Self.letters[letter] ?? []).enumerated() {
        for (column, dot) in line.enumerated() where dot == "1" {
          for (across, down) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            set(left + 2 * column + across, y + 2 * row + down)
          }
        }
      }
      left += 11
    }
  }

  /// How much of the truth a mask covers, and both together: intersection over union.
  func overlap(_ mask: GreyImage) -> Double {
    let found = Set(mask.pixels.indices.filter { mask.pixels[$0] > 0 })
    return Double(found.intersection(truth).count) / Double(max(1, found.union(truth).count))
  }
}

let shared = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data")
let busi = shared.appending(path: "breast-busi")
let hasBUSI = FileManager.default.fileExists(atPath: busi.path)
