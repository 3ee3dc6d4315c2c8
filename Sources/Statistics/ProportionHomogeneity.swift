/// Whether a proportion (the sensitivity, the specificity) is the same in several strata, and whether it rises or falls with
/// their order.
public struct ProportionHomogeneity: Sendable {
  public enum Method: String, Sendable {
    case chiSquare = "chi-square"
    case fisher = "Fisher exact"
    /// Rows that share patients: the generalised score test with the variance between patients (Boos, Am Stat 1992;46:327;
    /// Rotnitzky & Jewell, Biometrika 1990;77:485).
    case clusteredScore = "score test clustered by patient"
  }

  public let method: Method
  /// Chi-square and its degrees of freedom; for Fisher's test 0 and none, where only `p` says something.
  public let heterogeneity: TestResult
  /// Chi-square with one degree of freedom over strata numbered 0, 1, 2, ...: Cochran (1954) and Armitage (Biometrics
  /// 1955;11:375), or its clustered analogue.
  public let trend: TestResult

  /// Independent rows: Pearson's test, or Fisher's where an expected count is below 5 and the table is small enough.
  /// - Parameter strata: successes and rows of each, in order.
  /// - Throws: `outOfRange` for counts that cannot be, `tooFew` where fewer than two strata have rows or every row is alike.
  public init(strata: [(successes: Int, total: Int)]) throws(StatisticsError) {
    for (index, stratum) in strata.enumerated() where !(0...max(0, stratum.total)).contains(stratum.successes) {
      throw .outOfRange(
        what: "successes", row: index, expected: "0 to \(stratum.total)", found: "\(stratum.successes)")
    }
    let table = try ContingencyTable(strata.map { [$0.successes, $0.total - $0.successes] })
    if table.minimumExpected < 5, let p = try? table.fisher() {
      (method, heterogeneity) = (.fisher, TestResult(statistic: 0, p: p))
    } else {
      (method, heterogeneity) = (.chiSquare, table.chiSquare())
    }
    let total = Double(strata.reduce(0) { $0 + $1.total })
    let share = Double(strata.reduce(0) { $0 + $1.successes }) / total
    var (score, places, squares) = (0.0, 0.0, 0.0)
    for (place, stratum) in strata.enumerated() {
      let (x, n) = (Double(place), Double(stratum.total))
      score += x * (Double(stratum.successes) - n * share)
      places += n * x
      squares += n * x * x
    }
    let variance = share * (1 - share) * (squares - places * places / total)
    trend = TestResult(chiSquare: score * score / variance, degrees: 1)
  }

  /// Rows that share patients, within a stratum or between strata.
  /// - Parameters:
  ///   - strata: number of each row's stratum, from 0; a number without rows is left out.
  ///   - clusters: patient of each row.
  /// - Throws: `lengthsDiffer`, `outOfRange`, `tooFew` where fewer than two strata have rows, or where every row or patient is
  ///   alike so that nothing varies.
  public init<Cluster: Hashable>(
    successes: [Bool], strata: [Int], clusters: [Cluster]
  ) throws(StatisticsError) {
    try Require.sameLength("strata", strata.count, as: successes.count)
    try Require.sameLength("clusters", clusters.count, as: successes.count)
    for (row, stratum) in strata.enumerated() where stratum < 0 {
      throw .outOfRange(what: "stratum", row: row, expected: "0 or more", found: "\(stratum)")
    }
    let used = Set(strata).sorted()
    if used.count < 2 { throw .tooFew(what: "strata with rows", needed: 2, found: used.count) }
    var column: [Int: Int] = [:]
    for (index, stratum) in used.enumerated() { column[stratum] = index }
    let share = Double(successes.count { $0 }) / Double(successes.count)

    var place: [Cluster: Int] = [:]
    var residuals: [[Double]] = []
    var sizes = [Double](repeating: 0, count: used.count)
    for row in successes.indices {
      let cluster = place[clusters[row], default: residuals.count]
      if cluster == residuals.count {
        place[clusters[row]] = cluster
        residuals.append([Double](repeating: 0, count: used.count))
      }
      let stratum = column[strata[row], default: 0]
      residuals[cluster][stratum] += (successes[row] ? 1 : 0) - share
      sizes[stratum] += 1
    }
    // The common share is estimated from the same rows: what it takes from each stratum goes with the stratum's size.
    let part = sizes.map { $0 / Double(successes.count) }
    let influences = residuals.map { own in
      let sum = own.reduce(0, +)
      return own.indices.map { own[$0] - part[$0] * sum }
    }
    let score = used.indices.map { stratum in residuals.reduce(0) { $0 + $1[stratum] } }
    let free = used.count - 1
    var variance = Matrix(rows: free, columns: free)
    for influence in influences {
      for i in 0..<free { for j in 0..<free { variance[i, j] += influence[i] * influence[j] } }
    }
    guard let factor = Cholesky.factor(variance).factor else {
      throw .tooFew(what: "patients whose calls differ", needed: used.count, found: 0)
    }
    let kept = Array(score[..<free])
    method = .clusteredScore
    heterogeneity = TestResult(
      chiSquare: zip(kept, factor.solve(kept)).reduce(0) { $0 + $1.0 * $1.1 }, degrees: free)
    func along(_ values: [Double]) -> Double {
      zip(used, values).reduce(0) { $0 + Double($1.0) * $1.1 }
    }
    let spread = influences.reduce(0) { $0 + along($1) * along($1) }
    trend = TestResult(chiSquare: along(score) * along(score) / spread, degrees: 1)
  }
}
