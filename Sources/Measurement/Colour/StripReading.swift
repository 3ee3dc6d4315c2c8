/// What a strip of the picture shows along its length, and whether that is a scale.
struct StripReading {
  let plane: ScreenPlane
  /// Without the blurred edges.
  private let inner: Range<Int>
  private let columns: Range<Int>
  /// From the upper end to the lower.
  private(set) var rows: Range<Int>
  private(set) var profile: [BarColour]

  init(_ plane: ScreenPlane, columns: Range<Int>, rows: Range<Int>) {
    self.plane = plane
    self.columns = columns
    self.rows = rows
    let margin = min(max(1, columns.count * 15 / 100), max(0, (columns.count - 1) / 2))
    let inner = columns.lowerBound + margin..<columns.upperBound - margin
    self.inner = inner
    profile = rows.map { BarColour.median(plane.colours(inner, row: $0)) }
  }

  /// Takes in what belongs to the bar beyond the rows given, where it grows grey, black or white, and drops blurred rows.
  mutating func fitEnds() {
    trim()
    extend(by: -1)
    extend(by: 1)
    settleBlack(at: -1)
    settleBlack(at: 1)
  }

  private mutating func trim() {
    let usual = steps.sorted()[steps.count / 2]
    let most = max(24, 4 * usual)
    for _ in 0..<2 where profile.count > 8 {
      if profile[0].difference(from: profile[1]) > most { drop(first: true) }
      if profile[profile.count - 1].difference(from: profile[profile.count - 2]) > most { drop(first: false) }
    }
  }

  private mutating func drop(first: Bool) {
    if first { profile.removeFirst() } else { profile.removeLast() }
    rows = first ? rows.lowerBound + 1..<rows.upperBound : rows.lowerBound..<rows.upperBound - 1
  }

  private mutating func extend(by step: Int) {
    let most = rows.count / 2
    for _ in 0..<most {
      let row = step < 0 ? rows.lowerBound - 1 : rows.upperBound
      guard row >= 0, row < plane.height else { return }
      let colours = plane.colours(inner, row: row)
      let middle = BarColour.median(colours)
      let spread = colours.reduce(Float(0)) { $0 + $1.difference(from: middle) } / Float(max(1, colours.count))
      let edge = step < 0 ? profile[0] : profile[profile.count - 1]
      guard spread <= 10, middle.difference(from: edge) <= 30, standsOut(row, middle) else { return }
      append(middle, at: step)
    }
  }

  private mutating func append(_ colour: BarColour, at step: Int) {
    if step < 0 {
      profile.insert(colour, at: 0)
      rows = rows.lowerBound - 1..<rows.upperBound
    } else {
      profile.append(colour)
      rows = rows.lowerBound..<rows.upperBound + 1
    }
  }

  /// Whether the strip differs from what lies on both its sides.
  private func standsOut(_ row: Int, _ colour: BarColour) -> Bool {
    let beside = [columns.lowerBound - 4..<columns.lowerBound - 2, columns.upperBound + 2..<columns.upperBound + 4]
    return beside.allSatisfy { side in
      let colours = plane.colours(side, row: row)
      return colours.isEmpty || BarColour.median(colours).difference(from: colour) > 20
    }
  }

  /// A bar that fades into a black screen ends where its fall would reach black.
  private mutating func settleBlack(at step: Int) {
    let ordered = step < 0 ? profile : profile.reversed()
    guard ordered.count > 12, ordered[0].peak < 70 else { return }
    let fall = (ordered[8].peak - ordered[0].peak) / 8
    guard fall > 0.5 else { return }
    let more = min(Int((ordered[0].peak / fall).rounded()), rows.count / 12)
    for _ in 0..<max(0, more) {
      let row = step < 0 ? rows.lowerBound - 1 : rows.upperBound
      guard row >= 0, row < plane.height else { return }
      let next = BarColour.median(plane.colours(inner, row: row))
      guard next.peak <= ordered[0].peak + 4 else { return }
      append(next, at: step)
    }
  }

  /// Differences from row to row.
  private var steps: [Float] { zip(profile, profile.dropFirst()).map { $0.difference(from: $1) } }

  /// Mean deviation across the thickness.
  var noise: Double {
    var (sum, count) = (0.0, 0.0)
    for (row, middle) in zip(rows, profile) {
      for colour in plane.colours(inner, row: row) {
        sum += Double(colour.difference(from: middle))
        count += 1
      }
    }
    return count > 0 ? sum / count : 0
  }

  /// Up to eight parts side by side, each from the upper end to the lower.
  func lanes() -> [[BarColour]] {
    let count = min(8, inner.count)
    return (0..<count).map { lane in
      let part = inner.lowerBound + inner.count * lane / count..<inner.lowerBound + inner.count * (lane + 1) / count
      return rows.map { BarColour.median(plane.colours(part, row: $0)) }
    }
  }

  /// Whether it is at least 20 pixels long, and half as long again as wide.
  var isLong: Bool { profile.count >= 20 && 2 * profile.count >= 3 * columns.count }

  /// Why a long strip is no scale of colours; nil where it is one.
  func objection(lanes: [[BarColour]], noise: Double, straight: Double) -> String? {
    let path = steps.reduce(0, +)
    guard path >= 120, steps.filter({ $0 >= 1 }).count >= 8 else { return "it is of one colour" }
    guard (steps.max() ?? 0) <= path / 2 else { return "its colours change at one edge" }
    guard Self.isSmooth(profile, path: path) else { return "its colours change without order" }
    if noise > 12 {
      // A variance map changes across as smoothly as along; a part of a picture does not.
      let isNarrow = columns.count <= 30 && profile.count >= max(60, 4 * columns.count)
      let areSmooth = lanes.allSatisfy { lane in
        Self.isSmooth(lane, path: zip(lane, lane.dropFirst()).reduce(0) { $0 + $1.0.difference(from: $1.1) })
      }
      guard isNarrow, areSmooth, straight >= 0.7 else { return "its rows are not of one colour" }
    }
    return nil
  }

  /// Whether rows of one grey stand out from what lies beside them and change about evenly from end to end.
  var isGreyWedge: Bool {
    guard let first = profile.first, let last = profile.last, noise <= 3 else { return false }
    let bright = zip(rows, profile).filter { $0.1.peak > 80 }
    let seen = bright.filter { standsOut($0.0, $0.1) }
    let astray = profile.indices.map { index -> Float in
      abs(profile[index].peak - first.mixed(with: last, Float(index) / Float(max(1, profile.count - 1))).peak)
    }
    return 10 * seen.count >= 8 * bright.count && (astray.max() ?? 0) <= 0.4 * abs(first.peak - last.peak)
  }

  /// Whether the way from end to end, a sixteenth at a time, is about as long as that from row to row: noise goes to and fro.
  private static func isSmooth(_ colours: [BarColour], path: Float) -> Bool {
    let marks = (0...16).map { colours[$0 * (colours.count - 1) / 16] }
    let coarse = zip(marks, marks.dropFirst()).reduce(Float(0)) { $0 + $1.0.difference(from: $1.1) }
    return coarse >= 0.55 * max(0, path - Float(colours.count))
  }
}
