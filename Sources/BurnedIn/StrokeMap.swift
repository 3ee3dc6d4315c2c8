import Imaging

/// A picture seen as strokes: how much each pixel stands out from what surrounds it, in one channel and polarity.
struct StrokeMap {
  enum Channel: Int, CaseIterable { case bright, dark, coloured }

  let width: Int
  let height: Int
  /// The channel itself, bright strokes on dark.
  let values: [UInt8]
  /// The white top-hat: the channel less its opening by a square, so that only what is thinner than the square stays.
  let relief: [UInt8]
  /// Whether a pixel belongs to a stroke.
  let strokes: [Bool]

  /// Greys that a stroke stands out by at least.
  static let faintest: UInt8 = 22
  /// Share of the strongest relief nearby that a stroke has at least: the halo of letters and the speckle between them have less.
  static let share = 0.42
  /// The same where only the strongest are looked for: letters whose brighter colour is all that parts them from echoes they touch.
  static let strongShare = 0.72

  /// - reach: strokes of up to twice this many pixels across are seen.
  init(_ channel: [UInt8], width: Int, height: Int, reach: Int, share: Double = Self.share) {
    (self.width, self.height, values) = (width, height, channel)
    let opened = Filters.maximum(
      Filters.minimum(channel, width, height, reach: reach), width, height, reach: reach)
    let relief = zip(channel, opened).map { $0 > $1 ? $0 - $1 : 0 }
    let strongest = Filters.maximum(relief, width, height, reach: 6 + 2 * reach)
    strokes = zip(relief, strongest).map { $0 >= Self.faintest && Double($0) >= share * Double($1) }
    self.relief = relief
  }

  static func channel(_ kind: Channel, of image: RGBImage) -> [UInt8] {
    switch kind {
    case .bright: return image.grey().pixels
    case .dark: return image.grey().pixels.map { 255 - $0 }
    case .coloured:
      return [UInt8](unsafeUninitializedCapacity: image.width * image.height) { to, filled in
        image.pixels.withUnsafeBufferPointer { from in
          for at in 0..<image.width * image.height {
            let (red, green, blue) = (from[3 * at], from[3 * at + 1], from[3 * at + 2])
            to[at] = max(red, green, blue) - min(red, green, blue)
          }
        }
        filled = image.width * image.height
      }
    }
  }
}

/// Smallest and largest values of squares around each pixel; outside the picture counts as nothing.
enum Filters {
  static func minimum(_ values: [UInt8], _ width: Int, _ height: Int, reach: Int) -> [UInt8] {
    maximum(values.map { 255 - $0 }, width, height, reach: reach).map { 255 - $0 }
  }

  static func maximum(_ values: [UInt8], _ width: Int, _ height: Int, reach: Int) -> [UInt8] {
    guard reach > 0, width > 0, height > 0 else { return values }
    var across = values
    values.withUnsafeBufferPointer { from in
      across.withUnsafeMutableBufferPointer { to in
        for row in 0..<height {
          let start = row * width
          for offset in -reach...reach where offset != 0 {
            let (first, end) = (max(0, -offset), min(width, width - offset))
            var at = start + first
            while at < start + end {
              to[at] = Swift.max(to[at], from[at + offset])
              at += 1
            }
          }
        }
      }
    }
    var both = across
    across.withUnsafeBufferPointer { from in
      both.withUnsafeMutableBufferPointer { to in
        for offset in -reach...reach where offset != 0 {
          let (first, end) = (max(0, -offset), min(height, height - offset))
          guard first < end else { continue }
          var at = first * width
          while at < end * width {
            to[at] = Swift.max(to[at], from[at + offset * width])
            at += 1
          }
        }
      }
    }
    return both
  }
}
