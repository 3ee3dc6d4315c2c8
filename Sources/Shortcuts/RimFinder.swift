import Foundation

/// What devices put at a picture's rim: logos and orientation marks, ticks and grey bars, pictograms of the body.
struct RimFinder {
  let planes: PicturePlanes
  let field: FieldOfView
  let components: [InkComponent]

  /// Whether a rectangle lies at the rim (its middle in the outer eighth) or mostly outside the field.
  func isOutside(_ rect: PixelRect) -> Bool {
    let (w, h) = (Double(planes.width), Double(planes.height))
    let nearest = min(
      min(rect.centerX, w - rect.centerX) / w, min(rect.centerY, h - rect.centerY) / h)
    return nearest < 0.04 || groundShare(around: rect) > 0.3
  }

  /// Part of the pixels on and around a rectangle that are ground or as dark: letters of a device stand on black.
  func groundShare(around rect: PixelRect) -> Double {
    let area = rect.grown(by: 3).clipped(width: planes.width, height: planes.height)
    var (dark, count) = (0.0, 0.0)
    for y in area.top..<max(area.top, area.bottom) {
      for x in area.left..<max(area.left, area.right) {
        count += 1
        let index = y * planes.width + x
        if field.ground[index] || planes.value[index] <= FieldOfView.darkest { dark += 1 }
      }
    }
    return count > 0 ? dark / count : 0
  }

  /// Pictures of 5 to 40 pixels in the corners that stand on black inside bright tissue: orientation marks and cut logos.
  func cornerMarks() -> [Candidate] {
    let reach = max(24, min(planes.width, planes.height) / 10)
    let corners = [
      PixelRect(0, 0, reach, reach), PixelRect(planes.width - reach, 0, planes.width, reach),
      PixelRect(0, planes.height - reach, reach, planes.height),
      PixelRect(planes.width - reach, planes.height - reach, planes.width, planes.height),
    ]
    return corners.compactMap { corner in
      let area = corner.clipped(width: planes.width, height: planes.height)
      return outlined(in: area)
    }
  }

  /// Black beside bright: pixels of at most 12 with one of 120 or more within two, which no tissue shows in number.
  private func outlined(in area: PixelRect) -> Candidate? {
    var marked = [Bool](repeating: false, count: planes.value.count)
    var any = false
    for y in area.top..<area.bottom {
      for x in area.left..<area.right {
        guard let own = planes.at(x, y), own <= 12 else { continue }
        var bright: [Int] = []
        for (across, down) in [(1, 0), (-1, 0), (0, 1), (0, -1), (2, 0), (-2, 0), (0, 2), (0, -2)] {
          if let value = planes.at(x + across, y + down), value >= 110 {
            bright.append((y + down) * planes.width + x + across)
          }
        }
        guard !bright.isEmpty else { continue }
        any = true
        marked[y * planes.width + x] = true
        for index in bright where abs(index % planes.width - x) + abs(index / planes.width - y) == 1 {
          marked[index] = true
        }
      }
    }
    guard any else { return nil }
    let pieces = InkComponent.all(of: marked, planes: planes, smallest: 24).filter { piece in
      (5...44).contains(piece.rect.width) && (5...44).contains(piece.rect.height) && piece.fill >= 0.25
        && piece.rect.left >= area.left - 2 && piece.rect.right <= area.right + 2
    }
    guard let largest = pieces.max(by: { $0.pixels.count < $1.pixels.count }) else { return nil }
    var rect = pieces.dropFirst().reduce(pieces[0].rect) { $0.union($1.rect) }
    // The mark is a box of its own, often cut by the picture's edge.
    if rect.left <= 8 { rect.left = 0 }
    if rect.top <= 8 { rect.top = 0 }
    if rect.right >= planes.width - 8 { rect.right = planes.width }
    if rect.bottom >= planes.height - 8 { rect.bottom = planes.height }
    let pixels = (rect.top..<rect.bottom).flatMap { row in (rect.left..<rect.right).map { row * planes.width + $0 } }
    return Candidate(
      kind: .banner, rect: rect, confidence: min(1, Double(largest.pixels.count) / 60), pixels: pixels)
  }

  /// Outline drawings of 24 to 220 pixels near the rim: thin strokes that enclose, little filled.
  func bodyMarks(without used: Set<Int>) -> [Candidate] {
    components.indices.filter { place in
      let piece = components[place]
      let (w, h) = (piece.rect.width, piece.rect.height)
      guard !used.contains(place), (22...220).contains(w), (16...220).contains(h), piece.fill <= 0.35,
        piece.certainty >= 0.25, max(w, h) <= 5 * min(w, h), !isStraight(piece)
      else { return false }
      let nearest = min(
        min(piece.rect.left, planes.width - piece.rect.right), min(piece.rect.top, planes.height - piece.rect.bottom))
      return Double(nearest) <= 0.15 * Double(min(planes.width, planes.height)) || groundShare(around: piece.rect) > 0.4
    }.map { place in
      let piece = components[place]
      return Candidate(kind: .bodyMark, rect: piece.rect, confidence: piece.certainty, pixels: piece.pixels)
    }
  }

  /// Whether most of a piece lies in one row and one column: the corner of a box, an axis.
  private func isStraight(_ piece: InkComponent) -> Bool {
    let rows = Dictionary(grouping: piece.pixels) { $0 / planes.width }.values.map(\.count).sorted()
    let columns = Dictionary(grouping: piece.pixels) { $0 % planes.width }.values.map(\.count).sorted()
    return 10 * (rows.suffix(2).reduce(0, +) + columns.suffix(2).reduce(0, +)) >= 7 * piece.pixels.count
  }

  /// Four or more small pieces of ink in one column at even distances, at the left or right rim.
  func ticks(without used: Set<Int>) -> [Candidate] {
    let small = components.indices.filter { place in
      let piece = components[place]
      return !used.contains(place) && piece.rect.width <= 14 && piece.rect.height <= 8
        && min(piece.rect.centerX, Double(planes.width) - piece.rect.centerX) < 0.1 * Double(planes.width)
    }
    var found: [Candidate] = []
    var taken: Set<Int> = []
    for first in small where !taken.contains(first) {
      let column = small.filter { place in
        !taken.contains(place)
          && (abs(components[place].rect.left - components[first].rect.left) <= 1
            || abs(components[place].rect.right - components[first].rect.right) <= 1)
          && abs(components[place].level - components[first].level) <= 40
      }.sorted { components[$0].rect.centerY < components[$1].rect.centerY }
      guard column.count >= 4 else { continue }
      let gaps = zip(column, column.dropFirst()).map {
        components[$1].rect.centerY - components[$0].rect.centerY
      }
      let middle = gaps.sorted()[gaps.count / 2]
      guard middle >= 6, gaps.filter({ abs($0 - middle) <= max(1.5, 0.06 * middle) }).count * 10 >= gaps.count * 8
      else { continue }
      taken.formUnion(column)
      let rect = column.dropFirst().reduce(components[column[0]].rect) { $0.union(components[$1].rect) }
      found.append(
        Candidate(
          kind: .scale, rect: rect, confidence: min(1, Double(column.count) / 8),
          pixels: column.flatMap { components[$0].pixels }.sorted()))
    }
    return found
  }

  /// Upright strips at the left or right rim whose rows are of one value and run evenly from dark to bright or back.
  func greyBars() -> [Candidate] {
    [0..<planes.width / 8, (planes.width - planes.width / 8)..<planes.width].compactMap { columns in
      var rows: [(row: Int, from: Int, to: Int, value: Int)] = []
      var best: [(row: Int, from: Int, to: Int, value: Int)] = []
      func close() {
        if rows.count > best.count { best = rows }
        rows = []
      }
      for y in 0..<planes.height {
        // The longest run of one value (within 3) of 5 pixels or more.
        var (from, longest, start) = (columns.lowerBound, 0, columns.lowerBound)
        for x in columns {
          if x > start, abs(Int(planes.value[y * planes.width + x]) - Int(planes.value[y * planes.width + start])) > 3 {
            start = x
          }
          if x - start + 1 > longest { (longest, from) = (x - start + 1, start) }
        }
        let value = Int(planes.value[y * planes.width + from])
        guard longest >= 5, longest <= 40 else {
          close()
          continue
        }
        if let last = rows.last, abs(last.from - from) > 2 || abs(last.value - value) > 12 { close() }
        rows.append((y, from, from + longest, value))
      }
      close()
      guard best.count >= 48, let first = best.first, let last = best.last, abs(last.value - first.value) >= 110 else {
        return nil
      }
      let sign = last.value > first.value ? 1 : -1
      let backwards = zip(best, best.dropFirst()).filter { ($1.value - $0.value) * sign < -2 }.count
      guard backwards * 20 <= best.count else { return nil }
      let rect = PixelRect(best.map(\.from).min() ?? 0, first.row, best.map(\.to).max() ?? 0, last.row + 1)
      let pixels = best.flatMap { row in (row.from..<row.to).map { row.row * planes.width + $0 } }
      return Candidate(kind: .scale, rect: rect, confidence: min(1, Double(best.count) / 96), pixels: pixels)
    }
  }
}
