/// The pixels that were drawn: strokes of one brightness, at most a few pixels wide, with an edge as sharp as pixels allow.
/// Echoes are smoothed by the beam and by scan conversion, so they rise over several pixels; letters and crosses do not.
struct InkMap: Sendable {
  let width: Int
  let height: Int
  /// True where ink stands.
  private(set) var ink: [Bool]

  /// The widest stroke, and what a drawn edge rises by.
  struct Settings: Sendable {
    var widestStroke = 6
    /// Rise from one pixel to the next.
    var step = 34
    /// Rise over two pixels, where an edge was smoothed once.
    var softStep = 60
    /// Ink darker than this is not looked for.
    var darkest = 105
    /// How much a stroke's own brightness may vary (JPEG makes it ring).
    var flatness = 46
  }

  init(_ planes: PicturePlanes, settings: Settings = Settings()) {
    (width, height) = (planes.width, planes.height)
    var ink = [Bool](repeating: false, count: width * height)
    planes.value.withUnsafeBufferPointer { value in
      ink.withUnsafeMutableBufferPointer { ink in
        for y in 0..<planes.height {
          Self.scan(value, &ink, start: y * planes.width, stride: 1, count: planes.width, settings)
        }
        for x in 0..<planes.width {
          Self.scan(value, &ink, start: x, stride: planes.width, count: planes.height, settings)
        }
      }
    }
    self.ink = Self.crossings(ink, planes, settings)
  }

  /// Adds the places where two strokes cross: there neither direction is narrow, but ink of like brightness lies close on all
  /// four sides.
  private static func crossings(_ ink: [Bool], _ planes: PicturePlanes, _ settings: Settings) -> [Bool] {
    var filled = ink
    let (width, height, reach) = (planes.width, planes.height, settings.widestStroke - 1)
    guard width > 2 * reach, height > 2 * reach else { return ink }
    for y in reach..<height - reach {
      for x in reach..<width - reach {
        let index = y * width + x
        guard !ink[index], Int(planes.value[index]) >= settings.darkest else { continue }
        let own = Int(planes.value[index])
        let isCrossing = [1, -1, width, -width].allSatisfy { step in
          for place in 1...reach {
            let other = index + place * step
            if abs(Int(planes.value[other]) - own) > settings.flatness { return false }
            if ink[other] { return true }
          }
          return false
        }
        if isCrossing { filled[index] = true }
      }
    }
    return filled
  }

  /// Marks the strokes that a row or column crosses.
  private static func scan(
    _ value: UnsafeBufferPointer<UInt8>, _ ink: inout UnsafeMutableBufferPointer<Bool>, start: Int, stride: Int,
    count: Int, _ settings: Settings
  ) {
    guard count >= 5 else { return }
    func at(_ place: Int) -> Int { Int(value[start + place * stride]) }
    var place = 1
    while place < count - 1 {
      let level = at(place)
      let before = at(place - 1)
      let rises =
        level >= settings.darkest
        && (level - before >= settings.step || (place >= 2 && level - at(place - 2) >= settings.softStep))
        && level > before
      guard rises else {
        place += 1
        continue
      }
      let ground = place >= 2 ? min(before, at(place - 2)) : before
      var (end, highest, lowest) = (place, level, level)
      // To the last pixel that is of the stroke's brightness.
      while end + 1 < count, end - place < settings.widestStroke {
        let next = at(end + 1)
        if next > highest { highest = next }
        if highest - min(lowest, next) > settings.flatness { break }
        lowest = min(lowest, next)
        end += 1
      }
      let after = end + 1 < count ? at(end + 1) : 255
      let later = end + 2 < count ? at(end + 2) : after
      let falls = lowest - after >= settings.step - 8 || at(end) - later >= settings.softStep
      if end - place < settings.widestStroke, falls, lowest - max(ground, min(after, later)) >= settings.step - 8 {
        for stroke in place...end { ink[start + stroke * stride] = true }
        place = end + 1
      } else {
        place += 1
      }
    }
  }

  /// Takes in what is connected to a sure piece of ink and of its brightness, where ink stands on tissue nearly as bright: the
  /// bar of a T over a bright layer. A piece that runs out into the tissue stays as it was.
  mutating func grow(from components: [InkComponent], planes: PicturePlanes) {
    for piece in components where piece.spread <= 14 && piece.step >= 40 && piece.level >= 150 {
      let (most, area) = (2 * piece.pixels.count + 40, piece.rect.grown(by: 16).clipped(width: width, height: height))
      var added: [Int] = []
      var open = piece.pixels
      var isInside = true
      while let index = open.popLast(), isInside {
        let (x, y) = (index % width, index / width)
        for (column, row) in [(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)] {
          guard column >= 0, row >= 0, column < width, row < height else { continue }
          let next = row * width + column
          guard !ink[next], abs(Double(planes.value[next]) - piece.level) <= 12 else { continue }
          guard column >= area.left, row >= area.top, column < area.right, row < area.bottom, added.count < most else {
            isInside = false
            break
          }
          ink[next] = true
          added.append(next)
          open.append(next)
        }
      }
      if !isInside { for index in added { ink[index] = false } }
    }
  }
}
