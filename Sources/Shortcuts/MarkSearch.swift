import Foundation

/// Runs the finders one after another; what one has taken the next leaves alone.
struct MarkSearch {
  let planes: PicturePlanes
  let field: FieldOfView

  func candidates() -> [Candidate] {
    var map = InkMap(planes)
    map.grow(from: InkComponent.all(of: map.ink, planes: planes), planes: planes)
    let components = InkComponent.all(of: map.ink, planes: planes)
    var used: Set<Int> = []
    let rim = RimFinder(planes: planes, field: field, components: components)
    let calipers = calipers(map, components, &used)
    let ticks = rim.ticks(without: used)
    let tickPixels = Set(ticks.flatMap(\.pixels))
    for (place, piece) in components.enumerated() where tickPixels.contains(piece.pixels[0]) { used.insert(place) }
    var words: [Candidate] = []
    for row in TextFinder(components: components, width: planes.width, height: planes.height).rows(without: used) {
      used.formUnion(row.members)
      words.append(
        Candidate(
          kind: rim.isOutside(row.rect) ? .banner : .text, rect: row.rect, confidence: row.certainty,
          pixels: row.members.flatMap { components[$0].pixels }))
    }
    let colors = ColorFinder(planes: planes)
    return calipers + ticks + rim.greyBars() + words + colors.boxes() + rim.bodyMarks(without: used)
      + rim.cornerMarks() + colors.patches()
  }

  /// Crosses, the lines between them, traces of dots, and the numbers beside.
  private func calipers(_ map: InkMap, _ components: [InkComponent], _ used: inout Set<Int>) -> [Candidate] {
    let crosses = CaliperFinder(planes: planes, ink: map.ink).crosses().filter { !isLetter($0, components) }
    var found: [Candidate] = []
    let lines = CaliperLines(planes: planes)
    for (place, one) in crosses.enumerated() {
      for other in crosses[(place + 1)...] {
        guard let line = lines.line(from: (one.x, one.y), to: (other.x, other.y), clear: max(one.arm, other.arm) + 2)
        else { continue }
        let rect = PixelRect(
          min(one.x, other.x), min(one.y, other.y), max(one.x, other.x) + 1, max(one.y, other.y) + 1)
        found.append(
          Candidate(kind: .caliper, rect: rect, confidence: min(one.confidence, other.confidence), pixels: line))
      }
    }
    for cross in crosses {
      let near = cross.rect.grown(by: max(4, cross.arm))
      var pixels: Set<Int> = []
      for (place, piece) in components.enumerated()
      where piece.rect.overlaps(cross.rect.grown(by: 1)) && piece.rect.width <= 6 * cross.arm
        && piece.rect.height <= 6 * cross.arm
      {
        pixels.formUnion(piece.pixels)
        used.insert(place)
      }
      pixels.formUnion(strokes(of: cross))
      for (place, piece) in components.enumerated()
      where !used.contains(place) && isNumber(piece, beside: cross) && piece.rect.overlaps(near) {
        pixels.formUnion(piece.pixels)
        used.insert(place)
      }
      found.append(
        Candidate(kind: .caliper, rect: cross.rect, confidence: cross.confidence, pixels: pixels.sorted()))
    }
    let free = components.indices.filter { !used.contains($0) }
    let chains = DotChains(free.map { components[$0] })
    for chain in chains.chains() {
      let pieces = chain.map { chains.dots[$0] }
      let rect = pieces.dropFirst().reduce(pieces[0].rect) { $0.union($1.rect) }
      found.append(
        Candidate(
          kind: .caliper, rect: rect, confidence: min(1, Double(chain.count) / 20), pixels: pieces.flatMap(\.pixels)))
    }
    let taken = Set(found.flatMap(\.pixels))
    for place in free where taken.contains(components[place].pixels[0]) { used.insert(place) }
    return found
  }

  /// Whether a turned cross is the X of a word of three pieces or more.
  private func isLetter(_ cross: CaliperFinder.Cross, _ components: [InkComponent]) -> Bool {
    guard cross.isDiagonal else { return false }
    let size = 2 * cross.arm + 1
    let near = components.indices.filter { components[$0].rect.overlaps(cross.rect.grown(by: 8 * cross.arm)) }
    let around = TextFinder(components: near.map { components[$0] }, width: planes.width, height: planes.height)
    return around.rows(without: []).contains { row in
      row.members.count >= 3
        && row.members.contains { place in
          let rect = around.components[place].rect
          return rect.overlaps(PixelRect(cross.x, cross.y, cross.x + 1, cross.y + 1)) && abs(rect.height - size) <= 5
        }
    }
  }

  private func isNumber(_ piece: InkComponent, beside cross: CaliperFinder.Cross) -> Bool {
    let size = Double(2 * cross.arm + 1)
    return Double(piece.rect.height) >= 0.45 * size && Double(piece.rect.height) <= 1.6 * size
      && Double(piece.rect.width) <= 1.3 * size && piece.step >= 25 && abs(piece.level - Double(cross.level)) <= 30
  }

  /// The arms, as wide as the brightness goes.
  private func strokes(of cross: CaliperFinder.Cross) -> [Int] {
    var pixels: [Int] = []
    for place in -cross.arm...cross.arm {
      for side in -1...1 {
        let along =
          cross.isDiagonal ? [(place, place + side), (place, -place + side)] : [(place, side), (side, place)]
        for (across, down) in along {
          let (x, y) = (cross.x + across, cross.y + down)
          if let value = planes.at(x, y), abs(value - cross.level) <= 40 { pixels.append(y * planes.width + x) }
        }
      }
    }
    return pixels
  }
}
