import Foundation

/// Multinomial logistic regression with weights, by which chained equations fill a category (with two levels plain logistic
/// regression). The rows of White, Daniel & Royston (Comput Stat Data Anal 2010;54:2267) are added as mice adds them, so that
/// levels that a predictor separates keep finite coefficients.
struct PolytomousLogistic {
  let levels: Int
  /// [level - 1][column] in one row, the first level being the reference.
  private(set) var coefficients: [Double]
  private let factor: Cholesky
  private let columns: Int

  private static let iterationLimit = 50

  /// - Parameters:
  ///   - classes: 0..<levels, one a row of the predictors; only those of `known` are read.
  ///   - start: coefficients of an earlier fit of the same shape.
  init(
    _ classes: [Int], levels: Int, _ predictors: Matrix, known: [Int], start: [Double]?
  ) throws(StatisticsError) {
    let columns = predictors.columns
    var sample = Sample(classes, predictors, known)
    sample.augment(levels: levels)
    var beta = start ?? [Double](repeating: 0, count: (levels - 1) * columns)
    var state = Self.evaluate(sample, levels, beta)
    var factor = try MeanMatching.ridged(state.information)
    for _ in 0..<Self.iterationLimit {
      let step = factor.solve(state.score)
      var scale = 1.0
      var next = state
      var moved = beta
      repeat {
        moved = zip(beta, step).map { $0 + scale * $1 }
        next = Self.evaluate(sample, levels, moved)
        scale /= 2
      } while !(next.logLikelihood >= state.logLikelihood - 1e-9 * (1 + abs(state.logLikelihood))) && scale > 1e-6
      let change = zip(beta, moved).reduce(0) { max($0, abs($1.0 - $1.1) / (1 + abs($1.1))) }
      (beta, state) = (moved, next)
      factor = try MeanMatching.ridged(state.information)
      if change < 1e-6 { break }
    }
    (self.levels, self.columns, self.factor) = (levels, columns, factor)
    coefficients = beta
  }

  /// A level for each gap: coefficients drawn from their posterior's normal approximation, then a level by its probability.
  func fill(_ predictors: Matrix, gaps: [Int], _ random: inout ImputationRandom) -> [Int] {
    let shift = factor.solveUpper(random.normals(coefficients.count))
    let drawn = zip(coefficients, shift).map { $0 + $1 }
    return gaps.map { row in
      let chances = Self.chances(
        predictors.values[(row * columns)..<((row + 1) * columns)], levels, drawn)
      let point = random.random.uniform()
      var sum = 0.0
      for level in 0..<levels - 1 {
        sum += chances[level]
        if point < sum { return level }
      }
      return levels - 1
    }
  }

  private struct Sample {
    var classes: [Int]
    var rows: [ArraySlice<Double>]
    var weights: [Double]

    init(_ classes: [Int], _ predictors: Matrix, _ known: [Int]) {
      let columns = predictors.columns
      self.classes = known.map { classes[$0] }
      rows = known.map { predictors.values[($0 * columns)..<(($0 + 1) * columns)] }
      weights = [Double](repeating: 1, count: known.count)
    }

    /// For each predictor and level two rows half a standard deviation off the means, of a total weight of predictors + 1.
    mutating func augment(levels: Int) {
      guard let width = rows.first?.count, width > 1 else { return }
      var means: [Double] = []
      var deviations: [Double] = []
      var bounds: [ClosedRange<Double>] = []
      for j in 0..<width {
        let values = rows.map { $0[$0.startIndex + j] }
        let (mean, deviation) = Moments.meanAndDeviation(values)
        means.append(mean)
        deviations.append(deviation ?? 0)
        bounds.append((values.min() ?? mean)...(values.max() ?? mean))
      }
      // The intercept, column 0, is no predictor.
      let weight = Double(width) / Double(2 * (width - 1) * levels)
      for j in 1..<width {
        for level in 0..<levels {
          for sign in [0.5, -0.5] {
            var row = means
            row[j] = min(max(means[j] + sign * deviations[j], bounds[j].lowerBound), bounds[j].upperBound)
            rows.append(row[...])
            classes.append(level)
            weights.append(weight)
          }
        }
      }
    }
  }

  private struct State {
    var logLikelihood = 0.0
    var score: [Double]
    var information: Matrix
  }

  private static func chances(_ row: ArraySlice<Double>, _ levels: Int, _ beta: [Double]) -> [Double] {
    let columns = row.count
    var scores = [Double](repeating: 0, count: levels)
    for level in 1..<levels {
      for (j, x) in row.enumerated() { scores[level] += x * beta[(level - 1) * columns + j] }
    }
    let largest = scores.max() ?? 0
    let powers = scores.map { exp($0 - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  private static func evaluate(_ sample: Sample, _ levels: Int, _ beta: [Double]) -> State {
    let columns = sample.rows.first?.count ?? 0
    let size = (levels - 1) * columns
    var state = State(score: [Double](repeating: 0, count: size), information: Matrix(rows: size, columns: size))
    for (place, row) in sample.rows.enumerated() {
      let chances = chances(row, levels, beta)
      let (weight, own) = (sample.weights[place], sample.classes[place])
      state.logLikelihood += weight * log(max(chances[own], 1e-300))
      for a in 1..<levels {
        let residual = weight * ((own == a ? 1 : 0) - chances[a])
        for (j, x) in row.enumerated() { state.score[(a - 1) * columns + j] += residual * x }
        for b in 1...a {
          let shared = weight * chances[a] * ((a == b ? 1 : 0) - chances[b])
          for (j, x) in row.enumerated() {
            let scaled = shared * x
            let base = ((a - 1) * columns + j) * size + (b - 1) * columns
            for (k, other) in row.enumerated() { state.information.values[base + k] += scaled * other }
          }
        }
      }
    }
    for i in 0..<size { for j in 0..<i { state.information[j, i] = state.information[i, j] } }
    return state
  }
}
