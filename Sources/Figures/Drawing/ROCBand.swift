import Foundation

/// A pointwise 95 % band around an empirical ROC curve that needs neither a distribution nor a bootstrap.
///
/// An operating point is two independent proportions, (1 - specificity) out of the benign and sensitivity out of the
/// malignant. Going from it in a direction at angle a, the Wilson limits taken at z cos a and z sin a trace the edge of
/// its 95 % region (an ellipse, bent so that it stays within 0 to 1). The band is what the regions of all operating
/// points cover. It is pointwise, not simultaneous, and takes the units as independent.
package enum ROCBand {
  /// Upper and lower edge as (1 - specificity, sensitivity), both rising.
  /// - counts: false and true positives at each cut-off, rising.
  package static func edges(
    counts: [(falsePositives: Int, truePositives: Int)], negatives: Int, positives: Int
  ) -> (upper: [Point], lower: [Point])? {
    guard negatives > 0, positives > 0 else { return nil }
    let z = 1.959963984540054
    var above: [Point] = []
    var below: [Point] = []
    for count in counts {
      for step in 0...8 {
        let angle = Double(step) / 8 * Double.pi / 2
        let across = wilson(count.falsePositives, negatives, z * cos(angle))
        let along = wilson(count.truePositives, positives, z * sin(angle))
        above.append(Point(across.lower, along.upper))
        below.append(Point(across.upper, along.lower))
      }
    }
    above.sort { ($0.x, $0.y) < ($1.x, $1.y) }
    below.sort { ($0.x, $0.y) > ($1.x, $1.y) }
    var highest = 0.0
    let upper = above.map { point in
      highest = max(highest, point.y)
      return Point(point.x, highest)
    }
    var lowest = 1.0
    let lower = below.map { point in
      lowest = min(lowest, point.y)
      return Point(point.x, lowest)
    }
    return (thinned(upper) + [Point(1, 1)], [Point(0, 0)] + thinned(lower.reversed()))
  }

  /// Wilson's score limits at any z; the proportion itself at z = 0.
  package static func wilson(_ successes: Int, _ trials: Int, _ z: Double) -> (lower: Double, upper: Double) {
    let n = Double(trials)
    let p = Double(successes) / n
    let centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (max(0, centre - half), min(1, centre + half))
  }

  /// Leaves out points nearer than a quarter of a pixel (of 400) to the one before.
  private static func thinned(_ points: [Point]) -> [Point] {
    var kept: [Point] = []
    for (index, point) in points.enumerated() {
      if let last = kept.last, index < points.count - 1, abs(last.x - point.x) + abs(last.y - point.y) < 0.0006 {
        continue
      }
      kept.append(point)
    }
    return kept
  }
}
