import Statistics

/// What a figure needs of a ROC curve: few enough points to draw, as counts.
package struct CurvePoints: Sendable {
  package var counts: [(falsePositives: Int, truePositives: Int)]
  package let negatives: Int
  package let positives: Int

  /// nil where only one class is present.
  /// - step: points nearer than this to the one before (in shares of both axes together) are left out.
  package init?(scores: [Double], positives labels: [Bool], step: Double = 0.002) {
    guard let curve = try? ROCCurve(scores: scores, positives: labels) else { return nil }
    (negatives, positives, counts) = (curve.negatives, curve.positives, [])
    let corners = curve.corners
    for (index, corner) in corners.enumerated() {
      if let last = counts.last, index < corners.count - 1 {
        let across = Double(corner.falsePositives - last.falsePositives) / Double(negatives)
        let along = Double(corner.truePositives - last.truePositives) / Double(positives)
        if across + along < step { continue }
      }
      counts.append((corner.falsePositives, corner.truePositives))
    }
  }

  /// (1 - specificity, sensitivity).
  package var rates: [Point] {
    counts.map { Point(Double($0.falsePositives) / Double(negatives), Double($0.truePositives) / Double(positives)) }
  }

  /// The band of ``ROCBand`` around these points.
  package var band: (upper: [Point], lower: [Point])? {
    ROCBand.edges(counts: counts, negatives: negatives, positives: positives)
  }
}
