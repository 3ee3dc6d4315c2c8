import Imaging

/// Widens the boxes of words over letters that their edges cut: where a line was found in part only, the rest of its letters would
/// still tell what it said.
struct CutLetters {
  private let maps: [StrokeMap]

  /// - scene: what the first frames show; bright and coloured strokes stay in its lowest values, dark ones in its highest.
  init(_ scene: Scene) {
    let low = LineFinder(scene.lowest)
    let high = scene.frames > 1 ? LineFinder(scene.highest) : low
    maps = StrokeMap.Channel.allCases.map { channel in
      let picture = (channel == .dark ? high : low).channels[channel.rawValue]
      return StrokeMap(picture.pixels, width: picture.width, height: picture.height, reach: LineFinder.reaches[0])
    }
  }

  /// - isOutside: whether the word stands beside the tissue. Inside, streaks run across, so that only the upper and lower edge tell.
  func widened(
    _ box: PixelRectangle, letterHeight: Int, channel: StrokeMap.Channel, isOutside: Bool
  ) -> PixelRectangle {
    let map = maps[channel.rawValue]
    guard box.width > 0, box.height > 0, box.right <= map.width, box.bottom <= map.height else { return box }
    var wide = box
    let most = max(6, letterHeight)
    // As many letters as the box is wide, half of them at least cut.
    let needed = max(3, box.width / (2 * max(5, letterHeight)))
    let thin = max(3, letterHeight / 2)
    var row = box.top
    while row > 0, box.top - row < most,
      map.cut(row: row, beyond: row - 1, box.left..<box.right, thin) >= (row == box.top ? needed : needed / 2 + 1)
    { row -= 1 }
    wide.top = row == box.top ? row : max(0, row - 1)
    row = box.bottom - 1
    while row < map.height - 1, row - box.bottom + 1 < most,
      map.cut(row: row, beyond: row + 1, box.left..<box.right, thin)
        >= (row == box.bottom - 1 ? needed : needed / 2 + 1)
    { row += 1 }
    wide.bottom = row == box.bottom - 1 ? box.bottom : min(map.height, row + 2)
    guard isOutside else { return wide }
    let (rows, low) = (box.top..<box.bottom, max(3, letterHeight / 3))
    if map.cut(column: box.left, beyond: box.left - 1, rows, low) >= 2 {
      while wide.left > 0, box.left - wide.left < most, map.hasStroke(column: wide.left - 1, rows) { wide.left -= 1 }
      wide.left = max(0, wide.left - 1)
    }
    if map.cut(column: box.right - 1, beyond: box.right, rows, low) >= 2 {
      while wide.right < map.width, wide.right - box.right < most, map.hasStroke(column: wide.right, rows) {
        wide.right += 1
      }
      wide.right = min(map.width, wide.right + 1)
    }
    return wide
  }
}

extension StrokeMap {
  /// Strokes at most `thin` pixels wide that go on from a row into the next one.
  fileprivate func cut(row: Int, beyond: Int, _ columns: Range<Int>, _ thin: Int) -> Int {
    guard (0..<height).contains(row), (0..<height).contains(beyond) else { return 0 }
    return Self.runs(columns, thin) { column in
      strokes[row * width + column]
        && (max(0, column - 1)...min(width - 1, column + 1)).contains { strokes[beyond * width + $0] }
    }
  }

  fileprivate func cut(column: Int, beyond: Int, _ rows: Range<Int>, _ thin: Int) -> Int {
    guard (0..<width).contains(column), (0..<width).contains(beyond) else { return 0 }
    return Self.runs(rows, thin) { row in
      strokes[row * width + column]
        && (max(0, row - 1)...min(height - 1, row + 1)).contains { strokes[$0 * width + beyond] }
    }
  }

  fileprivate func hasStroke(column: Int, _ rows: Range<Int>) -> Bool {
    rows.contains { strokes[$0 * width + column] }
  }

  private static func runs(_ places: Range<Int>, _ thin: Int, _ isOn: (Int) -> Bool) -> Int {
    var (count, length) = (0, 0)
    for place in places {
      if isOn(place) {
        length += 1
      } else {
        if (1...thin).contains(length) { count += 1 }
        length = 0
      }
    }
    return count + ((1...thin).contains(length) ? 1 : 0)
  }
}
