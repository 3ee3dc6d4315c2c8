import Imaging

/// Inferno (Smith & van der Walt 2015), a colour map whose lightness rises evenly, so that no edge is seen where the map has
/// none and it prints in grey.
enum Inferno {
  /// 33 colours at even steps, 0xRRGGBB.
  private static let table: [UInt32] = [
    0x000004, 0x040312, 0x0B0724, 0x150B37, 0x210C4A, 0x2F0A5B, 0x3D0965, 0x4A0C6B, 0x57106E, 0x64156E, 0x71196E,
    0x7D1E6D, 0x8A226A, 0x972766, 0xA32C61, 0xB0315B, 0xBC3754, 0xC73E4C, 0xD24644, 0xDB503B, 0xE45A31, 0xEB6628,
    0xF1731D, 0xF68013, 0xF98E09, 0xFB9D07, 0xFCAC11, 0xFBBC21, 0xF9CB35, 0xF5DB4C, 0xF2EA69, 0xF3F68A, 0xFCFFA4,
  ]

  /// Red, green and blue, 0...255, of a value 0...1.
  static func color(_ value: Float) -> (Float, Float, Float) {
    let place = min(1, max(0, value)) * Float(table.count - 1)
    let low = min(Int(place), table.count - 2)
    let share = place - Float(low)
    func mixed(_ shift: UInt32) -> Float {
      let (a, b) = (Float(table[low] >> shift & 255), Float(table[low + 1] >> shift & 255))
      return a + (b - a) * share
    }
    return (mixed(16), mixed(8), mixed(0))
  }
}

/// The picture of one explanation: what the network saw at left; the same under its heat map at right, with the lesion's
/// outline where it is known; the colours' scale at the edge, strongest at the top.
enum Overlay {
  private static let gap = 8
  private static let bar = 10

  /// - lesion: a flag a pixel of `input`.
  static func picture(_ input: RGBImage, _ heat: HeatMap, lesion: [Bool]?) -> RGBImage {
    let (rows, columns) = (input.height, input.width)
    let width = 2 * columns + 2 * gap + bar
    var pixels = [UInt8](repeating: 255, count: rows * width * 3)
    func put(_ row: Int, _ column: Int, _ color: (Float, Float, Float)) {
      let place = (row * width + column) * 3
      pixels[place] = UInt8(color.0.rounded())
      pixels[place + 1] = UInt8(color.1.rounded())
      pixels[place + 2] = UInt8(color.2.rounded())
    }
    for row in 0..<rows {
      for column in 0..<columns {
        let place = row * columns + column
        let seen = (
          Float(input.pixels[3 * place]), Float(input.pixels[3 * place + 1]), Float(input.pixels[3 * place + 2])
        )
        put(row, column, seen)
        let isEdge = lesion.map { outlines($0, row, column, rows, columns) } ?? false
        put(row, columns + gap + column, isEdge ? (255, 255, 255) : blended(seen, heat.values[place]))
      }
      let value = 1 - Float(row) / Float(max(1, rows - 1))
      for column in 0..<bar { put(row, 2 * columns + 2 * gap + column, Inferno.color(value)) }
    }
    return RGBImage(width: width, height: rows, pixels: pixels)
  }

  /// Weak evidence leaves the picture as it is, strong evidence covers most of it.
  private static func blended(_ seen: (Float, Float, Float), _ value: Float) -> (Float, Float, Float) {
    let (color, opacity) = (Inferno.color(value), 0.7 * value.squareRoot())
    func mixed(_ a: Float, _ b: Float) -> Float { a + (b - a) * opacity }
    return (mixed(seen.0, color.0), mixed(seen.1, color.1), mixed(seen.2, color.2))
  }

  /// Whether a pixel of the lesion touches one that is not.
  private static func outlines(_ lesion: [Bool], _ row: Int, _ column: Int, _ rows: Int, _ columns: Int) -> Bool {
    guard lesion[row * columns + column] else { return false }
    for (y, x) in [(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)] {
      guard (0..<rows).contains(y), (0..<columns).contains(x) else { continue }
      if !lesion[y * columns + x] { return true }
    }
    return false
  }
}
