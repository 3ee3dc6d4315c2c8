/// Fills marked places of a picture with what stands around them, texture included.
///
/// Tile by tile, from the rim of a marked place inwards, a piece of the near surroundings whose own rim fits best is set in, and
/// its brightness is bent by a harmonic function so that it meets the rim without a step (Perez, Gangnet and Blake, SIGGRAPH
/// 2003, with an exemplar as source, as Criminisi, Perez and Toyama, IEEE Trans Image Process 2004;13:1200). The speckle set in
/// is thus the picture's own. Outside the mask no byte changes. Nothing is drawn by chance.
public struct Inpainting: Sendable {
  /// Side of a tile in pixels.
  public var tile = 12
  /// How far around a tile its pieces are looked for; doubled, up to three times, where all is marked.
  public var reach = 36
  /// Width of the rim that is compared.
  public var rim = 3

  public init() {}

  /// - Parameter mask: of the picture's size; above 127 is filled.
  /// - Returns: the picture filled; as it was where the mask marks nothing, or all.
  /// - Precondition: the mask has the picture's size.
  public func filled(_ picture: RGBImage, mask: GreyImage) -> RGBImage {
    precondition(mask.width == picture.width && mask.height == picture.height, "Inpainting: the mask has another size")
    var known = mask.pixels.map { $0 <= 127 }
    guard known.contains(false), known.contains(true) else { return picture }
    var work = Work(picture, sources: Self.eroded(known, width: picture.width, height: picture.height))
    while true {
      let front = tiles(known, width: picture.width, height: picture.height)
      if front.isEmpty { break }
      for pixels in front { work.fill(pixels, known: &known, settings: self) }
    }
    return RGBImage(width: picture.width, height: picture.height, pixels: work.pixels)
  }

  /// Marked pixels within half a tile of a known one, by tile.
  private func tiles(_ known: [Bool], width: Int, height: Int) -> [[Int]] {
    let depth = max(2, tile / 2)
    let columns = (width + tile - 1) / tile
    var byTile: [Int: [Int]] = [:]
    for index in known.indices where !known[index] {
      let (x, y) = (index % width, index / width)
      let isNear =
        (max(0, y - depth)...min(height - 1, y + depth)).contains { row in
          known[row * width + x]
        } || (max(0, x - depth)...min(width - 1, x + depth)).contains { known[y * width + $0] }
      if isNear { byTile[y / tile * columns + x / tile, default: []].append(index) }
    }
    // Those with most of their rim known go first; those with none wait for their neighbours.
    func rim(_ pixels: [Int]) -> Double {
      let touching = pixels.filter { index in
        let x = index % width
        return x > 0 && known[index - 1] || x + 1 < width && known[index + 1] || index >= width && known[index - width]
          || index + width < known.count && known[index + width]
      }
      return Double(touching.count) / Double(pixels.count)
    }
    return byTile.map { (key: $0.key, rim: rim($0.value), pixels: $0.value) }.filter { $0.rim > 0 }
      .sorted { ($1.rim, $0.key) < ($0.rim, $1.key) }.map(\.pixels)
  }

  /// Where a piece may be taken from: known, with known neighbours, so that no smeared edge of a mark is copied.
  private static func eroded(_ known: [Bool], width: Int, height: Int) -> [Bool] {
    var out = known
    for index in known.indices where !known[index] {
      let (x, y) = (index % width, index / width)
      for row in max(0, y - 1)...min(height - 1, y + 1) {
        for column in max(0, x - 1)...min(width - 1, x + 1) { out[row * width + column] = false }
      }
    }
    return out
  }

  /// The picture while it is filled.
  private struct Work {
    let width: Int
    let height: Int
    var pixels: [UInt8]
    /// Brightness, for the search.
    var luma: [Float]
    let sources: [Bool]

    init(_ picture: RGBImage, sources: [Bool]) {
      (width, height, pixels) = (picture.width, picture.height, picture.pixels)
      luma = picture.grey().pixels.map(Float.init)
      self.sources = sources
    }

    mutating func fill(_ hole: [Int], known: inout [Bool], settings: Inpainting) {
      let around = ring(of: hole, known: known, width: settings.rim)
      let offset = bestOffset(hole, around, settings)
      let inside = Set(hole)
      for color in 0..<3 {
        let bend = membrane(hole, inside, known) { index in
          guard let offset else { return Float(self.pixels[3 * index + color]) }
          let source = index + offset
          // A rim pixel whose counterpart is outside the picture, or a mark, says nothing of the step.
          guard self.isSource(index, offset) else { return .nan }
          return Float(self.pixels[3 * index + color]) - Float(self.pixels[3 * source + color])
        }
        for (place, index) in hole.enumerated() {
          let base = offset.map { Float(pixels[3 * (index + $0) + color]) } ?? 0
          pixels[3 * index + color] = UInt8(min(255, max(0, (base + bend[place]).rounded())))
        }
      }
      for index in hole {
        known[index] = true
        luma[index] = Float(
          RGBImage.luma(pixels[3 * index], pixels[3 * index + 1], pixels[3 * index + 2]))
      }
    }

    private func isSource(_ index: Int, _ offset: Int) -> Bool {
      let (across, down) = split(offset)
      let (x, y) = (index % width + across, index / width + down)
      return x >= 0 && y >= 0 && x < width && y < height && sources[y * width + x]
    }

    /// Columns and rows of an offset of at most a quarter of a million rows.
    private func split(_ offset: Int) -> (Int, Int) {
      let down = Int((Double(offset) / Double(width)).rounded())
      return (offset - down * width, down)
    }

    /// Known pixels within `distance` of the hole.
    private func ring(of hole: [Int], known: [Bool], width distance: Int) -> [Int] {
      var found: Set<Int> = []
      for index in hole {
        let (x, y) = (index % width, index / width)
        for row in max(0, y - distance)...min(height - 1, y + distance) {
          for column in max(0, x - distance)...min(width - 1, x + distance) where known[row * width + column] {
            found.insert(row * width + column)
          }
        }
      }
      return found.sorted()
    }

    /// Where the piece that fits best lies from the hole; nil where there is none.
    private func bestOffset(_ hole: [Int], _ ring: [Int], _ settings: Inpainting) -> Int? {
      let xs = (hole + ring).map { $0 % width }
      let ys = (hole + ring).map { $0 / width }
      guard let left = xs.min(), let right = xs.max(), let top = ys.min(), let bottom = ys.max() else { return nil }
      var reach = settings.reach
      for _ in 0..<4 {
        var best: (cost: Float, offset: Int)?
        // An offset of less than half the width, so that it splits into columns and rows one way only.
        let widest = min(reach, (width - 1) / 2)
        let step = reach > settings.reach ? 2 : 1
        for down in stride(from: max(-top, -reach), through: min(height - 1 - bottom, reach), by: step) {
          for across in stride(from: max(-left, -widest), through: min(width - 1 - right, widest), by: step) {
            let offset = down * width + across
            guard hole.allSatisfy({ sources[$0 + offset] }) else { continue }
            if let cost = cost(ring, offset, below: best?.cost ?? .infinity) { best = (cost, offset) }
          }
        }
        if let best { return best.offset }
        reach *= 2
      }
      return nil
    }

    /// The spread of the differences along the rim, and a part of their mean: speckle is coarser where it is brighter.
    private func cost(_ ring: [Int], _ offset: Int, below limit: Float) -> Float? {
      var (sum, squares, count): (Float, Float, Float) = (0, 0, 0)
      for index in ring where sources[index + offset] {
        let difference = luma[index] - luma[index + offset]
        sum += difference
        squares += difference * difference
        count += 1
      }
      guard 2 * Int(count) >= ring.count, count > 0 else { return nil }
      let mean = sum / count
      let cost = squares / count - 0.7 * mean * mean
      return cost < limit ? cost : nil
    }

    /// A function that is `edge` on the known neighbours of the hole and harmonic in it, at the hole's pixels.
    private func membrane(_ hole: [Int], _ inside: Set<Int>, _ known: [Bool], edge: (Int) -> Float) -> [Float] {
      var place: [Int: Int] = [:]
      for (index, pixel) in hole.enumerated() { place[pixel] = index }
      var fixed = [(sum: Float, count: Float)](repeating: (0, 0), count: hole.count)
      var free = [[Int]](repeating: [], count: hole.count)
      var (total, edges): (Float, Float) = (0, 0)
      for (own, index) in hole.enumerated() {
        let x = index % width
        var neighbours: [Int] = []
        if x > 0 { neighbours.append(index - 1) }
        if x + 1 < width { neighbours.append(index + 1) }
        if index >= width { neighbours.append(index - width) }
        if index + width < known.count { neighbours.append(index + width) }
        for neighbour in neighbours {
          if let other = place[neighbour] {
            free[own].append(other)
          } else if known[neighbour] {
            let value = edge(neighbour)
            guard value.isFinite else { continue }
            fixed[own].sum += value
            fixed[own].count += 1
            total += value
            edges += 1
          }
        }
      }
      var values = [Float](repeating: edges > 0 ? total / edges : 0, count: hole.count)
      for _ in 0..<80 {
        var change: Float = 0
        for own in values.indices {
          let count = fixed[own].count + Float(free[own].count)
          guard count > 0 else { continue }
          let next = (fixed[own].sum + free[own].reduce(0) { $0 + values[$1] }) / count
          change = max(change, abs(next - values[own]))
          values[own] = next
        }
        if change < 0.05 { break }
      }
      return values
    }
  }
}
