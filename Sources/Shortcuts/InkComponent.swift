/// A connected piece of ink (8 neighbours).
struct InkComponent: Sendable {
  var rect: PixelRect
  /// Indices into the picture, in the order of the search.
  var pixels: [Int]
  /// Mean brightness, and its standard deviation.
  var level: Double
  var spread: Double
  /// Mean rise from the ground to the ink over its rim, 0...255.
  var step: Double

  /// How surely it was drawn and is no echo, 0...1: a high rim and one brightness.
  var certainty: Double {
    let sharp = min(1, max(0, (step - 25) / 60))
    let flat = min(1, max(0, (34 - spread) / 22))
    return sharp * flat
  }
  var fill: Double { Double(pixels.count) / Double(max(1, rect.width * rect.height)) }

  /// The components of a map that have at least `smallest` pixels, from the top.
  static func all(of ink: [Bool], planes: PicturePlanes, smallest: Int = 2) -> [InkComponent] {
    let (width, height) = (planes.width, planes.height)
    var seen = [Bool](repeating: false, count: ink.count)
    var found: [InkComponent] = []
    for start in ink.indices where ink[start] && !seen[start] {
      var members = [start]
      seen[start] = true
      var next = 0
      var rect = PixelRect(width, height, 0, 0)
      while next < members.count {
        let (x, y) = (members[next] % width, members[next] / width)
        next += 1
        rect = rect.union(PixelRect(x, y, x + 1, y + 1))
        for row in max(0, y - 1)...min(height - 1, y + 1) {
          for column in max(0, x - 1)...min(width - 1, x + 1) {
            let neighbour = row * width + column
            guard ink[neighbour], !seen[neighbour] else { continue }
            seen[neighbour] = true
            members.append(neighbour)
          }
        }
      }
      if members.count >= smallest { found.append(InkComponent(members, rect, ink, planes)) }
    }
    return found
  }

  init(_ members: [Int], _ rect: PixelRect, _ ink: [Bool], _ planes: PicturePlanes) {
    var (sum, squares, rise, rim) = (0.0, 0.0, 0.0, 0.0)
    let width = planes.width
    for member in members {
      let own = Double(planes.value[member])
      sum += own
      squares += own * own
      let x = member % width
      func look(_ neighbour: Int) {
        guard !ink[neighbour] else { return }
        rise += own - Double(planes.value[neighbour])
        rim += 1
      }
      if x > 0 { look(member - 1) }
      if x + 1 < width { look(member + 1) }
      if member >= width { look(member - width) }
      if member + width < ink.count { look(member + width) }
    }
    let count = Double(members.count)
    (self.rect, self.pixels) = (rect, members)
    level = sum / count
    spread = max(0, squares / count - (sum / count) * (sum / count)).squareRoot()
    step = rim > 0 ? rise / rim : 0
  }
}
