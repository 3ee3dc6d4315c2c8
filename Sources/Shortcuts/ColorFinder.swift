/// Coloured pixels over a grey picture, and the thin upright rectangle around them.
struct ColorFinder {
  let planes: PicturePlanes

  /// Largest less smallest colour from which a pixel counts as coloured; a tinted grey map stays below at its brightness.
  static let chroma: UInt8 = 48
  /// Pixels of a patch from which it is reported.
  static let smallest = 40

  /// Connected coloured pixels. Where most of the lit picture is coloured, the grey map itself is tinted: nothing is found.
  func patches() -> [Candidate] {
    var colored = [Bool](repeating: false, count: planes.value.count)
    var (lit, count) = (0, 0)
    for index in colored.indices where planes.value[index] >= 40 {
      lit += 1
      // In tinted maps colour grows with brightness; in a flow map it is most of it.
      if planes.chroma[index] >= Self.chroma, 3 * Int(planes.chroma[index]) >= Int(planes.value[index]) {
        colored[index] = true
        count += 1
      }
    }
    guard count > 0, count * 10 < lit * 8 else { return [] }
    return InkComponent.all(of: colored, planes: planes, smallest: Self.smallest).compactMap { piece in
      let chroma = piece.pixels.reduce(0.0) { $0 + Double(planes.chroma[$1]) } / Double(piece.pixels.count)
      return chroma < 70
        ? nil : Candidate(kind: .color, rect: piece.rect, confidence: min(1, chroma / 120), pixels: piece.pixels)
    }
  }

  /// Rectangles of lines a pixel or two wide, drawn through or dotted, at least 40 pixels long.
  func boxes() -> [Candidate] {
    let across = lines(isRow: true)
    let down = lines(isRow: false)
    var found: [Candidate] = []
    for (place, left) in down.enumerated() {
      for right in down[(place + 1)...] where right.at - left.at >= 30 {
        // A side may run on into bright tissue; it must reach from corner to corner.
        let sides = across.filter { $0.from <= left.at + 5 && $0.to >= right.at - 5 }
        guard let top = sides.first(where: { abs($0.at - max(left.from, right.from)) <= 12 }),
          let bottom = sides.last(where: { abs($0.at - min(left.to, right.to)) <= 12 }), bottom.at - top.at >= 30,
          left.from <= top.at + 5, right.from <= top.at + 5, left.to >= bottom.at - 5, right.to >= bottom.at - 5
        else { continue }
        let rect = PixelRect(left.at, top.at, right.at + 1, bottom.at + 1)
        guard !found.contains(where: { $0.rect.overlaps(rect) }) else { continue }
        let sidesOfBox = [
          Line(at: top.at, from: left.at, to: right.at, isRow: true, share: top.share),
          Line(at: bottom.at, from: left.at, to: right.at, isRow: true, share: bottom.share),
          Line(at: left.at, from: top.at, to: bottom.at, isRow: false, share: left.share),
          Line(at: right.at, from: top.at, to: bottom.at, isRow: false, share: right.share),
        ]
        let share = sidesOfBox.map(\.share).reduce(0, +) / 4
        found.append(
          Candidate(
            kind: .color, rect: rect, confidence: min(1, share),
            pixels: Set(sidesOfBox.flatMap { self.pixels(of: $0) }).sorted()))
      }
    }
    return found
  }

  struct Line {
    /// The row or column it lies on.
    var at: Int
    var from: Int
    var to: Int
    var isRow: Bool
    /// Part of its length that is drawn.
    var share: Double
  }

  private func lines(isRow: Bool) -> [Line] {
    let (count, length) = isRow ? (planes.height, planes.width) : (planes.width, planes.height)
    let (step, jump) = isRow ? (1, planes.width) : (planes.width, 1)
    guard count > 8, length > 40 else { return [] }
    var found: [Line] = []
    planes.value.withUnsafeBufferPointer { value in
      planes.chroma.withUnsafeBufferPointer { chroma in
        for at in 2..<count - 2 {
          // A run of drawn pixels with gaps of at most 5 between them.
          var (from, last, drawn) = (-1, -1, 0)
          func close() {
            if from >= 0, last - from >= 40, Double(drawn) >= 0.4 * Double(last - from) {
              found.append(
                Line(at: at, from: from, to: last, isRow: isRow, share: Double(drawn) / Double(last - from + 1)))
            }
            (from, last, drawn) = (-1, -1, 0)
          }
          for place in 0..<length {
            let index = at * jump + place * step
            let own = Int(value[index])
            let (one, other) = (Int(value[index - 2 * jump]), Int(value[index + 2 * jump]))
            let isColored = chroma[index] >= 40 && chroma[index - 2 * jump] < 24 && chroma[index + 2 * jump] < 24
            if isColored || (own >= 70 && own - max(one, other) >= 24) {
              if from < 0 { from = place }
              (last, drawn) = (place, drawn + 1)
            } else if from >= 0, place - last > 5 {
              close()
            }
          }
          close()
        }
      }
    }
    return found
  }

  private func pixels(of line: Line) -> [Int] {
    (line.from...line.to).map { place in
      line.isRow ? line.at * planes.width + place : place * planes.width + line.at
    }
  }
}
