import Foundation

/// How well a logistic model would do on new patients, by Harrell's bootstrap (Harrell, Lee & Mark, Stat Med 1996;15:361): the
/// model is fitted anew on each resample, screening included, and judged there and on the original rows; the mean difference is
/// its optimism, taken off what it shows on its own rows. As rms's `validate`, but that a resample whose classes are separated
/// is fitted by Firth's method, as ``FactorRegression`` would: left out, such resamples would flatter the model.
public struct ModelValidation: Sendable {
  public struct Index: Sendable, Codable, Equatable {
    /// On the rows the model was fitted on.
    public let apparent: Double
    /// Mean of the resamples' models on their own resample.
    public let training: Double
    /// Mean of the resamples' models on the original rows.
    public let test: Double

    public var optimism: Double { training - test }
    public var corrected: Double { apparent - optimism }
  }

  public let auc: Index
  /// Of a logistic regression of the outcome on the model's log odds; apparent 1.
  public let slope: Index
  /// Of the same regression; apparent 0.
  public let intercept: Index
  public let brier: Index
  /// Resamples that count, and those left out since no model could be fitted (one class only, nothing selected).
  public let resamples: Int
  public let failed: Int

  /// - Parameters:
  ///   - alpha: where given each resample is screened by the factors' univariate tests, as the model was.
  ///   - clusters: the patient of each row, resampled as a whole; each row by itself where nil.
  /// - Throws: `outOfRange`, `tooFew` under 10 resamples or where fewer than half of them give a model; what `LogisticModel`
  ///   throws.
  public init(
    outcomes: [Bool], factors: [Factor], alpha: Double? = nil, clusters: [String]? = nil, resamples: Int = 200,
    seed: UInt64 = 1
  ) throws(StatisticsError) {
    if resamples < 10 { throw .tooFew(what: "resamples of a validation", needed: 10, found: resamples) }
    let width = try FactorRegression.requireEnough(outcomes.count, factors)
    let design = try Design(terms: factors.flatMap(\.terms), outcomes: outcomes)
    var groups: [[Int]] = []
    for factor in factors { groups.append(try design.columns(of: factor.terms.map(\.name))) }
    let refit = Refit(matrix: design.matrix, outcomes: outcomes, groups: groups, alpha: alpha)
    let all = Array(outcomes.indices)
    if alpha == nil {
      do throws(StatisticsError) { _ = try design.fit(outcomes) } catch .separated {}
    }
    guard let original = refit.coefficients(all), let apparent = refit.judge(original, all) else {
      throw .tooFew(what: "factors that the screening keeps", needed: 1, found: 0)
    }
    let members = try Self.members(clusters, rows: outcomes.count)
    let pairs = concurrentMap(resamples) { index -> (Judged, Judged)? in
      var random = SplitMix64(seed: seed, stream: UInt64(index))
      let rows = members.indices.flatMap { _ in members[random.below(members.count)] }
      guard let beta = refit.coefficients(rows), let own = refit.judge(beta, rows),
        let new = refit.judge(beta, all)
      else { return nil }
      return (own, new)
    }.compactMap(\.self)
    if pairs.count * 2 < resamples {
      throw .tooFew(
        what: "resamples that give a model of \(width) coefficients", needed: resamples / 2, found: pairs.count)
    }
    func index(_ value: (Judged) -> Double) -> Index {
      let count = Double(pairs.count)
      return Index(
        apparent: value(apparent), training: pairs.reduce(0) { $0 + value($1.0) } / count,
        test: pairs.reduce(0) { $0 + value($1.1) } / count)
    }
    (auc, slope) = (index(\.auc), index(\.slope))
    (intercept, brier) = (index(\.intercept), index(\.brier))
    (self.resamples, failed) = (pairs.count, resamples - pairs.count)
  }

  private static func members(_ clusters: [String]?, rows: Int) throws(StatisticsError) -> [[Int]] {
    guard let clusters else { return (0..<rows).map { [$0] } }
    try Require.sameLength("clusters", clusters.count, as: rows)
    var place: [String: Int] = [:]
    var members: [[Int]] = []
    for row in 0..<rows {
      if let index = place[clusters[row]] {
        members[index].append(row)
      } else {
        place[clusters[row]] = members.count
        members.append([row])
      }
    }
    return members
  }
}

/// What a model shows on some rows.
private struct Judged: Sendable {
  var auc: Double
  var slope: Double
  var intercept: Double
  var brier: Double
}

/// Fits the model of chosen rows of one design, whose knots and levels are those of all rows.
private struct Refit: Sendable {
  let matrix: Matrix
  let outcomes: [Bool]
  let groups: [[Int]]
  let alpha: Double?

  /// A coefficient for each column of the design, 0 for those that are not in the model; nil where none can be fitted.
  func coefficients(_ rows: [Int]) -> [Double]? {
    let chosen = rows.map { outcomes[$0] }
    if !chosen.contains(true) || !chosen.contains(false) { return nil }
    let kept = alpha.map { alpha in groups.filter { (test(rows, chosen, $0) ?? 1) < alpha } } ?? groups
    guard let design = design(rows, kept.flatMap(\.self)) else { return nil }
    guard
      let values = (try? LogisticFit(design: design.matrix, outcomes: chosen).coefficients)
        ?? (try? FirthFit(Design(matrix: design.matrix), chosen).coefficients)
    else { return nil }
    var result = [Double](repeating: 0, count: matrix.columns)
    for (column, value) in zip(design.columns, values) { result[column] = value }
    return result
  }

  /// p of a factor alone: Wald's, or where it separates the classes the penalised likelihood ratio's.
  private func test(_ rows: [Int], _ outcomes: [Bool], _ group: [Int]) -> Double? {
    guard let (matrix, columns) = design(rows, group) else { return nil }
    let own = Array(1..<columns.count)
    if let fit = try? LogisticFit(design: matrix, outcomes: outcomes) {
      return try? WaldTest.joint(fit.coefficients, fit.covariance, own, []).p
    }
    let design = Design(matrix: matrix)
    let held = Dictionary(own.map { ($0, 0.0) }, uniquingKeysWith: { first, _ in first })
    guard let whole = try? FirthFit(design, outcomes), let reduced = try? FirthFit(design, outcomes, held: held) else {
      return nil
    }
    return TestResult(chiSquare: max(0, 2 * (whole.penalized - reduced.penalized)), degrees: own.count).p
  }

  /// The intercept and those of the columns that vary: a level that a resample lacks leaves a constant one.
  private func design(_ rows: [Int], _ group: [Int]) -> (matrix: Matrix, columns: [Int])? {
    guard let first = rows.first else { return nil }
    let varying = group.sorted().filter { column in
      rows.contains { matrix[$0, column] != matrix[first, column] }
    }
    if varying.isEmpty { return nil }
    let columns = [0] + varying
    return (Matrix(columns: columns.map { column in rows.map { matrix[$0, column] } }, rows: rows.count), columns)
  }

  func judge(_ beta: [Double], _ rows: [Int]) -> Judged? {
    var logOdds: [Double] = []
    logOdds.reserveCapacity(rows.count)
    for row in rows {
      var sum = 0.0
      for j in beta.indices { sum += matrix[row, j] * beta[j] }
      logOdds.append(sum)
    }
    let chosen = rows.map { outcomes[$0] }
    let line = Matrix(columns: [[Double](repeating: 1, count: rows.count), logOdds], rows: rows.count)
    guard let curve = try? ROCCurve(scores: logOdds, positives: chosen) else { return nil }
    var calibration = (intercept: 0.0, slope: 1.0)
    do throws(StatisticsError) {
      let fit = try LogisticFit(design: line, outcomes: chosen)
      calibration = (fit.coefficients[0], fit.coefficients[1])
    } catch .separated {
      // Only a model's own rows: there the best slope has no end, and counts as the 1 of every other model.
    } catch {
      return nil
    }
    var squares = 0.0
    for (value, outcome) in zip(logOdds, chosen) {
      let error = expit(value) - (outcome ? 1 : 0)
      squares += error * error
    }
    return Judged(
      auc: curve.auc, slope: calibration.slope, intercept: calibration.intercept, brier: squares / Double(rows.count))
  }
}
