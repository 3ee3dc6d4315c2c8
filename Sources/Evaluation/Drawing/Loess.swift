/// Local linear regression with tricube weights over the nearest `span` of the data (Cleveland 1979), without the robustness
/// rounds, since the response is 0 or 1.
enum Loess {
  /// The smoothed curve at `count` places between the smallest and largest x; empty where x has no extent.
  /// Above 2,000 points neighbours in x are averaged first, each mean weighted by its count.
  static func curve(x: [Double], y: [Double], span: Double = 0.75, count: Int = 61) -> [(x: Double, y: Double)] {
    let points = condensed(x: x, y: y, limit: 2000)
    guard points.count > 3, let first = points.first?.x, let last = points.last?.x, last > first else { return [] }
    let total = points.reduce(0) { $0 + $1.weight }
    var result: [(x: Double, y: Double)] = []
    for step in 0..<count {
      let at = first + (last - first) * Double(step) / Double(count - 1)
      let reach = reach(at: at, points: points, weight: span * total)
      if let value = fit(at: at, points: points, reach: max(reach, 1e-12)) {
        result.append((at, min(1, max(0, value))))
      }
    }
    return result
  }

  typealias Weighted = (x: Double, y: Double, weight: Double)

  static func condensed(x: [Double], y: [Double], limit: Int) -> [Weighted] {
    let order = x.indices.sorted { x[$0] < x[$1] }
    let perPoint = max(1, (order.count + limit - 1) / limit)
    return stride(from: 0, to: order.count, by: perPoint).map { start in
      let members = order[start..<min(order.count, start + perPoint)]
      let weight = Double(members.count)
      let sums = members.reduce(into: (0.0, 0.0)) {
        $0.0 += x[$1]
        $0.1 += y[$1]
      }
      return (sums.0 / weight, sums.1 / weight, weight)
    }
  }

  /// Distance within which points of the wanted weight lie: the two ends of a window over sorted x are moved inwards.
  private static func reach(at place: Double, points: [Weighted], weight wanted: Double) -> Double {
    var low = 0
    var high = points.count - 1
    var weight = points.reduce(0) { $0 + $1.weight }
    while low < high {
      let leftIsFarther = place - points[low].x > points[high].x - place
      let lost = leftIsFarther ? points[low].weight : points[high].weight
      if weight - lost < wanted { break }
      weight -= lost
      if leftIsFarther { low += 1 } else { high -= 1 }
    }
    return max(abs(place - points[low].x), abs(points[high].x - place)) * 1.0001
  }

  private static func fit(at place: Double, points: [Weighted], reach: Double) -> Double? {
    var (s0, s1, s2, t0, t1) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for point in points {
      let offset = point.x - place
      let distance = abs(offset) / reach
      guard distance < 1 else { continue }
      let kernel = 1 - distance * distance * distance
      let weight = kernel * kernel * kernel * point.weight
      s0 += weight
      s1 += weight * offset
      s2 += weight * offset * offset
      t0 += weight * point.y
      t1 += weight * offset * point.y
    }
    guard s0 > 0 else { return nil }
    let determinant = s0 * s2 - s1 * s1
    guard determinant > 1e-10 * s0 * s0 * reach * reach else { return t0 / s0 }
    return (s2 * t0 - s1 * t1) / determinant
  }
}
