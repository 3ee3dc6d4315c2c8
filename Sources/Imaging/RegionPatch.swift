import Ultrasound

/// A frame made coarser by a whole factor and smoothed, to be looked at between its pixels.
struct CoarseFrame: Sendable {
  let factor: Int
  let width: Int
  let height: Int
  let values: [Float]
  /// Not to be compared: under the overlay.
  let isCovered: [Bool]?

  /// - overlay: pixels above 127 are covered; of the frame's size.
  init(_ frame: GreyImage, factor: Int, overlay: GreyImage?) {
    self.factor = factor
    let (width, height) = (max(1, frame.width / factor), max(1, frame.height / factor))
    (self.width, self.height) = (width, height)
    values = Self.smoothed(Self.means(frame, factor, width, height), width: width, height: height)
    isCovered = overlay.map { Self.covered($0, factor, width, height) }
  }

  private static func means(_ frame: GreyImage, _ factor: Int, _ width: Int, _ height: Int) -> [Float] {
    var means = [Float](repeating: 0, count: width * height)
    let (share, wide, high) = (1 / Float(factor * factor), frame.width, frame.height)
    frame.pixels.withUnsafeBufferPointer { pixels in
      for y in 0..<min(height * factor, high) {
        let row = y / factor * width
        for x in 0..<min(width * factor, wide) { means[row + x / factor] += Float(pixels[y * wide + x]) * share }
      }
    }
    return means
  }

  /// Weights 1, 2, 1 across and down; the border repeats.
  private static func smoothed(_ values: [Float], width: Int, height: Int) -> [Float] {
    var across = values
    for y in 0..<height {
      for x in 0..<width {
        let (left, right) = (max(0, x - 1), min(width - 1, x + 1))
        across[y * width + x] =
          (values[y * width + left] + 2 * values[y * width + x] + values[y * width + right]) / 4
      }
    }
    var smooth = across
    for y in 0..<height {
      let (above, below) = (max(0, y - 1) * width, min(height - 1, y + 1) * width)
      for x in 0..<width {
        smooth[y * width + x] = (across[above + x] + 2 * across[y * width + x] + across[below + x]) / 4
      }
    }
    return smooth
  }

  private static func covered(_ overlay: GreyImage, _ factor: Int, _ width: Int, _ height: Int) -> [Bool] {
    var covered = [Bool](repeating: false, count: width * height)
    for y in 0..<min(height * factor, overlay.height) {
      for x in 0..<min(width * factor, overlay.width) where overlay.pixels[y * overlay.width + x] > 127 {
        covered[y / factor * width + x / factor] = true
      }
    }
    return covered
  }
}

/// Where a region lies: its centre in pixels of the frame and its size against the first frame's.
struct RegionPose: Sendable, Hashable {
  var x: Double
  var y: Double
  var scale: Double

  func distance(to other: RegionPose) -> Double {
    ((x - other.x) * (x - other.x) + (y - other.y) * (y - other.y)).squareRoot()
  }
}

/// The places of a region that are compared, as offsets from its centre at scale 1.
struct RegionGrid: Sendable {
  struct Place: Sendable {
    var u: Float
    var v: Float
    var weight: Float
  }

  let columns: Int
  /// Row by row.
  let places: [Place]
  /// Every fourth of them.
  let few: [Int]
  /// Pixels from one place to the next.
  let spacing: Double

  /// - mask: of the frame; places in it count whole, those around it by half.
  init(box: PixelBox, mask: GreyImage, margin: Double) {
    let (width, height) = (box.width + 2 * margin, box.height + 2 * margin)
    spacing = max(1, (width * height / 1600).squareRoot())
    let (columns, rows) = (max(2, Int(width / spacing)), max(2, Int(height / spacing)))
    self.columns = columns
    let (centreX, centreY) = (box.x + box.width / 2, box.y + box.height / 2)
    var (places, few): ([Place], [Int]) = ([], [])
    for row in 0..<rows {
      for column in 0..<columns {
        let u = (Double(column) - Double(columns - 1) / 2) * spacing
        let v = (Double(row) - Double(rows - 1) / 2) * spacing
        let (x, y) = (Int((centreX + u).rounded(.down)), Int((centreY + v).rounded(.down)))
        let isInside = x >= 0 && y >= 0 && x < mask.width && y < mask.height && mask.pixels[y * mask.width + x] > 127
        if row % 2 == 0 && column % 2 == 0 { few.append(places.count) }
        places.append(Place(u: Float(u), v: Float(v), weight: isInside ? 1 : 0.5))
      }
    }
    (self.places, self.few) = (places, few)
  }

  /// Means over the places within two rows and columns, by weight; 0 where none counts.
  func means(of values: [Float], _ weights: [Float]) -> [Float] {
    let rows = places.count / columns
    return places.indices.map { index in
      let (row, column) = (index / columns, index % columns)
      var (sum, weight): (Float, Float) = (0, 0)
      for y in max(0, row - 2)...min(rows - 1, row + 2) {
        for at in y * columns + max(0, column - 2)...y * columns + min(columns - 1, column + 2) {
          sum += weights[at] * values[at]
          weight += weights[at]
        }
      }
      return weight > 0 ? sum / weight : 0
    }
  }
}

/// What a region looked like in one frame.
struct RegionPatch: Sendable {
  let grid: RegionGrid
  let values: [Float]
  let weights: [Float]
  private let total: Float
  private let totalOfFew: Float

  init(_ frame: CoarseFrame, at pose: RegionPose, grid: RegionGrid) {
    self.grid = grid
    var values = [Float](repeating: 0, count: grid.places.count)
    var weights = values
    for (index, place) in grid.places.enumerated() {
      guard let value = Self.sample(frame, place, pose) else { continue }
      values[index] = value
      // The black around a sector stays where it is, whatever moves inside.
      weights[index] = place.weight < 1 && value < 3 ? 0 : place.weight
    }
    (self.values, self.weights) = (values, weights)
    total = weights.reduce(0, +)
    totalOfFew = grid.few.reduce(0) { $0 + weights[$1] }
  }

  /// Standard deviation of the greys, by weight.
  var deviation: Float {
    guard total > 0 else { return 0 }
    let mean = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
    return (zip(values, weights).reduce(0) { $0 + ($1.0 - mean) * ($1.0 - mean) * $1.1 } / total).squareRoot()
  }

  /// The part of the region's weight that can be seen in the frame it was taken from, 0...1.
  var visible: Double {
    let whole = grid.places.reduce(0) { $0 + $1.weight }
    return whole > 0 ? Double(total / whole) : 0
  }

  /// Pearson's correlation with another patch of the same grid, of means over 5 x 5 places: of the structure without
  /// the speckle. 0 where nothing varies.
  func structure(like other: RegionPatch) -> Double {
    let common = zip(weights, other.weights).map { min($0, $1) }
    let (one, two) = (grid.means(of: values, common), grid.means(of: other.values, common))
    let count = common.reduce(0, +)
    guard count > 0 else { return 0 }
    var (x, y, xx, yy, xy): (Float, Float, Float, Float, Float) = (0, 0, 0, 0, 0)
    for (index, weight) in common.enumerated() where weight > 0 {
      x += weight * one[index]
      y += weight * two[index]
      xx += weight * one[index] * one[index]
      yy += weight * two[index] * two[index]
      xy += weight * one[index] * two[index]
    }
    let (first, second) = (xx / count - x / count * x / count, yy / count - y / count * y / count)
    guard first > 0.25, second > 0.25 else { return 0 }
    return Double((xy / count - x / count * y / count) / (first * second).squareRoot())
  }

  @inline(__always)
  private static func sample(_ frame: CoarseFrame, _ place: RegionGrid.Place, _ pose: RegionPose) -> Float? {
    let factor = Float(frame.factor)
    let x = (Float(pose.x) + place.u * Float(pose.scale)) / factor - 0.5
    let y = (Float(pose.y) + place.v * Float(pose.scale)) / factor - 0.5
    guard x >= 0, y >= 0, x < Float(frame.width - 1), y < Float(frame.height - 1) else { return nil }
    let (column, row) = (Int(x), Int(y))
    let at = row &* frame.width &+ column
    if let cover = frame.isCovered, cover[at] || cover[at + 1] || cover[at + frame.width] || cover[at + frame.width + 1]
    {
      return nil
    }
    let (across, down) = (x - Float(column), y - Float(row))
    return frame.values.withUnsafeBufferPointer { values in
      let upper = values[at] + across * (values[at &+ 1] - values[at])
      let lower = values[at &+ frame.width] + across * (values[at &+ frame.width &+ 1] - values[at &+ frame.width])
      return upper + down * (lower - upper)
    }
  }

  /// Pearson's correlation by weight with the frame at a pose, -1...1; -1 where less than half of the patch is to be
  /// seen there or nothing varies.
  func likeness(to frame: CoarseFrame, at pose: RegionPose, isCoarse: Bool = false) -> Float {
    var (n, x, y, xx, yy, xy): (Float, Float, Float, Float, Float, Float) = (0, 0, 0, 0, 0, 0)
    func add(_ index: Int) {
      let weight = weights[index]
      guard weight > 0, let other = Self.sample(frame, grid.places[index], pose) else { return }
      let own = values[index]
      n += weight
      x += weight * own
      y += weight * other
      xx += weight * own * own
      yy += weight * other * other
      xy += weight * own * other
    }
    if isCoarse { for index in grid.few { add(index) } } else { for index in values.indices { add(index) } }
    guard n > 0, 2 * n >= (isCoarse ? totalOfFew : total) else { return -1 }
    let (first, second) = (xx / n - x / n * x / n, yy / n - y / n * y / n)
    guard first > 0.25, second > 0.25 else { return -1 }
    return (xy / n - x / n * y / n) / (first * second).squareRoot()
  }
}
