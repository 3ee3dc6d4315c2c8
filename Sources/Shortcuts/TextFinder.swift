import Foundation

/// Rows of letters, without reading them: pieces of ink of like height and brightness that stand side by side on one line.
struct TextFinder {
  let components: [InkComponent]
  let width: Int
  let height: Int

  /// Heights of letters in pixels.
  static let heights = 6...40

  struct Row: Sendable {
    var members: [Int]
    var rect: PixelRect
    var certainty: Double
  }

  /// - Parameter used: components that are taken already, as parts of calipers.
  func rows(without used: Set<Int>) -> [Row] {
    let letters = components.indices.filter { !used.contains($0) && isLetter(components[$0]) }
      .sorted { (components[$0].rect.left, $0) < (components[$1].rect.left, $1) }
    var taken: Set<Int> = []
    var rows: [Row] = []
    for first in letters where !taken.contains(first) {
      var members = [first]
      var last = first
      for next in letters
      where !taken.contains(next) && next != last && components[next].rect.left >= components[last].rect.left {
        if follows(components[last], components[next], first: components[first]) {
          members.append(next)
          last = next
        }
      }
      guard members.count >= 2, let row = row(members) else { continue }
      taken.formUnion(members)
      rows.append(row)
    }
    return rows
  }

  private func isLetter(_ piece: InkComponent) -> Bool {
    Self.heights.contains(piece.rect.height) && piece.rect.width <= 3 * piece.rect.height && piece.rect.width >= 2
      && piece.fill >= 0.15 && piece.fill <= 0.95 && piece.certainty >= 0.08
      && !(piece.rect.width > 2 * piece.rect.height && piece.fill > 0.6)
  }

  private func follows(_ last: InkComponent, _ next: InkComponent, first: InkComponent) -> Bool {
    let tall = Double(max(last.rect.height, next.rect.height))
    let short = Double(min(last.rect.height, next.rect.height))
    guard short >= 0.6 * tall, abs(last.level - next.level) <= 22 else { return false }
    let gap = Double(next.rect.left - last.rect.right)
    guard gap >= -1, gap <= 1.4 * tall else { return false }
    let bottoms = abs(Double(last.rect.bottom - next.rect.bottom))
    let tops = abs(Double(last.rect.top - next.rect.top))
    // Letters stand on one line; small ones and those with a tail share one edge only.
    return min(bottoms, tops) <= max(1, 0.12 * tall)
      && abs(Double(first.rect.bottom - next.rect.bottom)) <= max(2, 0.3 * tall)
  }

  private func row(_ members: [Int]) -> Row? {
    let pieces = members.map { components[$0] }
    let certainty = pieces.map(\.certainty).reduce(0, +) / Double(pieces.count)
    // Two pieces may be chance; many are not.
    let needed = pieces.count >= 4 ? 0.3 : pieces.count == 3 ? 0.4 : 0.55
    guard certainty >= needed else { return nil }
    let rect = pieces.dropFirst().reduce(pieces[0].rect) { $0.union($1.rect) }
    return Row(members: members, rect: rect, certainty: certainty)
  }
}
