/// Agreement of two raters beyond chance (Cohen 1960, weighted 1968).
public struct Kappa: Sendable {
  public enum Weights: Sendable {
    /// Only equal categories agree.
    case unweighted
    /// 1 - |i - j| / (k - 1).
    case linear
    /// 1 - (i - j)² / (k - 1)².
    case quadratic
  }

  public let kappa: Double
  /// Observed and expected (weighted) agreement.
  public let observedAgreement: Double
  public let expectedAgreement: Double
  public let categories: Int
  /// For intervals: not assuming kappa 0 (Fleiss, Cohen & Everitt, Psychol Bull 1969;72:323).
  public let standardError: Double
  /// Wald interval.
  public let interval: Interval
  /// Test of kappa 0, with the standard error under that hypothesis.
  public let test: TestResult

  /// Categories are the sorted union of both raters'; weights count positions in it.
  /// - Throws: `lengthsDiffer`, `empty`, `tooFew` when only one category was ever used, where chance agreement is certain.
  public init<Category: Hashable & Comparable>(
    _ first: [Category], _ second: [Category], weights: Weights = .unweighted, level: Double = 0.95
  ) throws(StatisticsError) {
    try Require.level(level)
    try Require.sameLength("second rater", second.count, as: first.count)
    if first.isEmpty { throw .empty(what: "ratings") }
    let names = Set(first).union(second).sorted()
    let k = names.count
    if k < 2 { throw .tooFew(what: "categories", needed: 2, found: k) }
    let position = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    let n = Double(first.count)
    var shares = Matrix(rows: k, columns: k)
    for (a, b) in zip(first, second) { shares[position[a] ?? 0, position[b] ?? 0] += 1 / n }
    let rows = (0..<k).map { i in (0..<k).reduce(0) { $0 + shares[i, $1] } }
    let columns = (0..<k).map { j in (0..<k).reduce(0) { $0 + shares[$1, j] } }
    let weight = Self.matrix(weights, k)
    let rowWeights = (0..<k).map { i in (0..<k).reduce(0) { $0 + columns[$1] * weight[i, $1] } }
    let columnWeights = (0..<k).map { j in (0..<k).reduce(0) { $0 + rows[$1] * weight[$1, j] } }

    var (po, pe) = (0.0, 0.0)
    for i in 0..<k {
      for j in 0..<k {
        po += weight[i, j] * shares[i, j]
        pe += weight[i, j] * rows[i] * columns[j]
      }
    }
    var (spread, nullSpread) = (0.0, 0.0)
    for i in 0..<k {
      for j in 0..<k {
        let mean = rowWeights[i] + columnWeights[j]
        let term = weight[i, j] * (1 - pe) - mean * (1 - po)
        spread += shares[i, j] * term * term
        nullSpread += rows[i] * columns[j] * (weight[i, j] - mean) * (weight[i, j] - mean)
      }
    }
    let centre = po * pe - 2 * pe + po
    kappa = (po - pe) / (1 - pe)
    observedAgreement = po
    expectedAgreement = pe
    categories = k
    standardError = (max(0, spread - centre * centre) / n).squareRoot() / ((1 - pe) * (1 - pe))
    let reach = NormalDistribution.critical(level: level) * standardError
    interval = Interval(lower: kappa - reach, upper: kappa + reach, level: level)
    let nullError = (max(0, nullSpread - pe * pe) / n).squareRoot() / (1 - pe)
    test = TestResult(z: kappa == 0 ? 0 : kappa / nullError)
  }

  private static func matrix(_ weights: Weights, _ k: Int) -> Matrix {
    var matrix = Matrix(rows: k, columns: k)
    for i in 0..<k {
      for j in 0..<k {
        let distance = Double(abs(i - j)) / Double(k - 1)
        switch weights {
        case .unweighted: matrix[i, j] = i == j ? 1 : 0
        case .linear: matrix[i, j] = 1 - distance
        case .quadratic: matrix[i, j] = 1 - distance * distance
        }
      }
    }
    return matrix
  }
}
