import Foundation

/// The insonated field: what is not the dark ground that reaches in from the picture's rim; and its shape.
struct FieldOfView: Sendable {
  let width: Int
  let height: Int
  /// True where the ground is.
  let ground: [Bool]
  /// Part of the picture that is ground.
  let share: Double
  /// Part of each side's rim (top, right, bottom, left) that is ground.
  let rim: [Double]
  /// Columns a row by which the field's left and right edge move outwards; 0 for an upright edge; nil where the edge does not
  /// show.
  let leftSlope: Double?
  let rightSlope: Double?
  /// Where the two edges would meet, in rows above the picture's first, divided by its height; nil unless both lean outwards.
  let apex: Double?

  /// Brightest value that counts as ground.
  static let darkest: UInt8 = 10

  init(_ planes: PicturePlanes) {
    (width, height) = (planes.width, planes.height)
    var ground = [Bool](repeating: false, count: width * height)
    var open: [Int] = []
    let (width, height) = (width, height)
    func enter(_ index: Int) {
      guard !ground[index], planes.value[index] <= Self.darkest else { return }
      ground[index] = true
      open.append(index)
    }
    for x in 0..<width {
      enter(x)
      enter((height - 1) * width + x)
    }
    for y in 0..<height {
      enter(y * width)
      enter(y * width + width - 1)
    }
    while let index = open.popLast() {
      let x = index % width
      if x > 0 { enter(index - 1) }
      if x + 1 < width { enter(index + 1) }
      if index >= width { enter(index - width) }
      if index + width < ground.count { enter(index + width) }
    }
    self.ground = ground
    share = Double(ground.lazy.filter(\.self).count) / Double(max(1, ground.count))
    func part(_ places: [Int]) -> Double {
      Double(places.filter { ground[$0] }.count) / Double(max(1, places.count))
    }
    rim = [
      part((0..<width).map { $0 }), part((0..<height).map { $0 * width + width - 1 }),
      part((0..<width).map { (height - 1) * width + $0 }), part((0..<height).map { $0 * width }),
    ]
    let left = Self.slope(ground, width, height, fromLeft: true)
    let right = Self.slope(ground, width, height, fromLeft: false)
    (leftSlope, rightSlope) = (left?.slope, right?.slope)
    if let left, let right, left.slope > 0.05, right.slope > 0.05 {
      // x = l0 - l1 y on the left, x = r0 + r1 y on the right.
      apex = (right.start - left.start) / (left.slope + right.slope) / Double(height)
    } else {
      apex = nil
    }
  }

  /// The straight edge of the ground at one side: Theil and Sen's line through the rows in which ground reaches in by 3 pixels
  /// or more, in the upper two thirds (below a curved array's arc closes in).
  private static func slope(
    _ ground: [Bool], _ width: Int, _ height: Int, fromLeft: Bool
  ) -> (slope: Double, start: Double)? {
    var points: [(y: Double, x: Double)] = []
    for y in stride(from: 0, to: 2 * height / 3, by: max(1, height / 64)) {
      var reach = 0
      while reach < width, ground[y * width + (fromLeft ? reach : width - 1 - reach)] { reach += 1 }
      if reach >= 3, reach < width / 2 { points.append((Double(y), Double(fromLeft ? reach : width - reach))) }
    }
    guard points.count >= 8 else { return nil }
    var slopes: [Double] = []
    for one in points.indices {
      for other in (one + 1)..<points.count where points[other].y - points[one].y > 4 {
        slopes.append((points[other].x - points[one].x) / (points[other].y - points[one].y))
      }
    }
    guard !slopes.isEmpty else { return nil }
    slopes.sort()
    let slope = slopes[slopes.count / 2]
    let starts = points.map { $0.x - slope * $0.y }.sorted()
    return (fromLeft ? -slope : slope, starts[starts.count / 2])
  }
}
