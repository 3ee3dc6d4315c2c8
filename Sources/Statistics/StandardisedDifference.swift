/// How far two groups are apart on one variable, in standard deviations and whatever their sizes: what a p-value does not say.
/// Absolute values; about 0.1 is small (Austin, Stat Med 2009;28:3083).
public enum StandardisedDifference {
  /// |mean A - mean B| / sqrt((variance A + variance B) / 2); nil where neither group varies or one has fewer than two values.
  public static func ofNumbers(_ a: [Double], _ b: [Double]) -> Double? {
    guard a.count > 1, b.count > 1 else { return nil }
    let (ofA, ofB) = (Moments.meanAndDeviation(a), Moments.meanAndDeviation(b))
    guard let deviationA = ofA.deviation, let deviationB = ofB.deviation else { return nil }
    let spread = ((deviationA * deviationA + deviationB * deviationB) / 2).squareRoot()
    return spread > 0 ? abs(ofA.mean - ofB.mean) / spread : nil
  }

  /// Categories, by the distance of Mahalanobis between the groups' shares (Yang & Dalton, SAS Global Forum 2012, 335); of two
  /// categories |p - q| / sqrt((p(1-p) + q(1-q)) / 2). Nil where a group is empty or the groups share no category.
  /// - Parameter counts: of each category in group A and group B.
  public static func ofCounts(_ counts: [(a: Int, b: Int)]) -> Double? {
    let used = counts.filter { $0.a + $0.b > 0 }
    let (totalA, totalB) = (used.reduce(0) { $0 + $1.a }, used.reduce(0) { $0 + $1.b })
    guard totalA > 0, totalB > 0 else { return nil }
    if used.count == 1 { return 0 }
    let shares = used.dropFirst().map { (a: Double($0.a) / Double(totalA), b: Double($0.b) / Double(totalB)) }
    var spread = Matrix(rows: shares.count, columns: shares.count)
    for (i, first) in shares.enumerated() {
      for (j, second) in shares.enumerated() {
        spread[i, j] =
          i == j
          ? (first.a * (1 - first.a) + first.b * (1 - first.b)) / 2 : -(first.a * second.a + first.b * second.b) / 2
      }
    }
    guard let factor = Cholesky.factor(spread, tolerance: 1e-10).factor else { return nil }
    let gaps = shares.map { $0.a - $0.b }
    return max(0, zip(gaps, factor.solve(gaps)).reduce(0) { $0 + $1.0 * $1.1 }).squareRoot()
  }
}
