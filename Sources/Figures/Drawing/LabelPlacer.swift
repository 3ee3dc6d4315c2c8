/// Puts short labels beside marks where they cover neither marks nor each other.
struct LabelPlacer {
  private var taken: [(left: Double, top: Double, right: Double, bottom: Double)] = []
  private let plot: Plot

  init(plot: Plot) { self.plot = plot }

  mutating func occupy(_ centre: Point, radius: Double) {
    taken.append((centre.x - radius, centre.y - radius, centre.x + radius, centre.y + radius))
  }

  /// Draws the label at the first free side of the mark; leaves it out where none is free.
  mutating func draw(_ text: String, beside mark: Point, radius: Double, size: Double, on canvas: inout Canvas) {
    let width = TextWidth.of(text, size: size)
    let gap = radius + 3
    for ring in 0..<3 {
      let away = gap + Double(ring) * 9
      let corners = [
        Point(mark.x + away, mark.y - size / 2), Point(mark.x - away - width, mark.y - size / 2),
        Point(mark.x - width / 2, mark.y - away - size), Point(mark.x - width / 2, mark.y + away),
        Point(mark.x + away * 0.7, mark.y + away * 0.7), Point(mark.x + away * 0.7, mark.y - away * 0.7 - size),
        Point(mark.x - away * 0.7 - width, mark.y - away * 0.7 - size),
        Point(mark.x - away * 0.7 - width, mark.y + away * 0.7),
      ]
      for corner in corners {
        let box = (left: corner.x, top: corner.y, right: corner.x + width, bottom: corner.y + size)
        guard box.left > plot.left + 2, box.right < plot.right + 20, box.top > plot.top - 4,
          box.bottom < plot.bottom - 2,
          !taken.contains(where: {
            $0.left < box.right && box.left < $0.right && $0.top < box.bottom && box.top < $0.bottom
          })
        else { continue }
        canvas.text(text, at: Point(corner.x, corner.y + size * 0.82), size: size)
        taken.append(box)
        return
      }
    }
  }
}
