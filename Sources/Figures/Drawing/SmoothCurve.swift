import Statistics

/// The loess curve of a calibration plot: local lines, span 0.75.
package enum SmoothCurve {
  /// Observed share at 61 places from the lowest to the highest score; empty under 40 rows, where it would draw noise,
  /// or with equal scores.
  /// Above 1,000 rows neighbours in score are averaged first, in groups of equal size, which the eye cannot tell.
  package static func points(scores: [Double], positives: [Bool]) -> [Point] {
    let order = zip(scores, positives).map { (score: $0, isMalignant: $1) }.sorted { $0.score < $1.score }
    guard order.count >= 40, let low = order.first?.score, let high = order.last?.score, high > low else { return [] }
    let size = (order.count + 999) / 1000
    var (x, y): ([Double], [Double]) = ([], [])
    for start in stride(from: 0, to: order.count, by: size) {
      let members = order[start..<min(order.count, start + size)]
      x.append(members.reduce(0) { $0 + $1.score } / Double(members.count))
      y.append(Double(members.count { $0.isMalignant }) / Double(members.count))
    }
    guard let loess = try? Loess(x: x, y: y, span: 0.75, degree: 1) else { return [] }
    return (0...60).map { step in
      let place = low + (high - low) * Double(step) / 60
      return Point(place, min(1, max(0, loess(place))))
    }
  }
}
