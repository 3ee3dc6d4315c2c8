import Foundation

/// Draws from the models by which chained equations fill a column.
struct ImputationRandom {
  var random: SplitMix64

  /// Standard normal.
  mutating func normal() -> Double {
    // Half a step off 0, whose quantile is infinite.
    NormalDistribution.quantile(random.uniform() + 0x1p-54)
  }

  mutating func normals(_ count: Int) -> [Double] { (0..<count).map { _ in normal() } }

  mutating func chiSquare(degrees: Double) -> Double {
    ChiSquareDistribution.quantile(random.uniform() + 0x1p-54, degrees: degrees)
  }
}

/// Predictive mean matching (Rubin 1986; Little 1988): a gap gets the value of a row whose prediction is near its own. As
/// mice's `pmm`: predictions of known rows from the estimate, of gaps from a draw of the coefficients' posterior.
enum MeanMatching {
  /// - Parameters:
  ///   - predictors: [rows, columns], an intercept among them.
  ///   - known: rows of `values` that were observed; the others' values are not read.
  /// - Returns: a value for each row of `gaps`.
  static func fill(
    _ values: [Double], _ predictors: Matrix, known: [Int], gaps: [Int], donors: Int, _ random: inout ImputationRandom
  ) throws(StatisticsError) -> [Double] {
    let columns = predictors.columns
    var squares = Matrix(rows: columns, columns: columns)
    var products = [Double](repeating: 0, count: columns)
    for row in known {
      for j in 0..<columns {
        let x = predictors[row, j]
        products[j] += x * values[row]
        for k in 0...j { squares[j, k] += x * predictors[row, k] }
      }
    }
    for j in 0..<columns { for k in 0..<j { squares[k, j] = squares[j, k] } }
    let factor = try ridged(squares)
    let estimate = factor.solve(products)
    func predict(_ row: Int, _ beta: [Double]) -> Double {
      var sum = 0.0
      for j in 0..<columns { sum += predictors[row, j] * beta[j] }
      return sum
    }
    var residual = 0.0
    for row in known {
      let difference = values[row] - predict(row, estimate)
      residual += difference * difference
    }
    let degrees = Double(max(known.count - columns, 1))
    let sigma = (residual / random.chiSquare(degrees: degrees)).squareRoot()
    let shift = factor.solveUpper(random.normals(columns))
    let drawn = zip(estimate, shift).map { $0 + sigma * $1 }
    // Shuffled before the (stable) sort, so that which of many equal predictions stand nearest is left to chance.
    var order = known
    for place in stride(from: order.count - 1, to: 0, by: -1) {
      order.swapAt(place, random.random.below(place + 1))
    }
    let keyed = order.map { (prediction: predict($0, estimate), row: $0) }.sorted { $0.prediction < $1.prediction }
    let predictions = keyed.map(\.prediction)
    return gaps.map { gap in
      let nearest = nearestWindow(predictions, predict(gap, drawn), min(donors, keyed.count))
      return values[keyed[nearest.lowerBound + random.random.below(nearest.count)].row]
    }
  }

  /// The `count` ascending numbers nearest to a target.
  static func nearestWindow(_ sorted: [Double], _ target: Double, _ count: Int) -> Range<Int> {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < target { low = middle + 1 } else { high = middle }
    }
    var (start, end) = (low, low)
    while end - start < count {
      if start == 0 {
        end += 1
      } else if end == sorted.count {
        start -= 1
      } else if target - sorted[start - 1] <= sorted[end] - target {
        start -= 1
      } else {
        end += 1
      }
    }
    return start..<end
  }

  /// A factor, with a small ridge where columns depend on each other.
  static func ridged(_ matrix: Matrix) throws(StatisticsError) -> Cholesky {
    if let factor = Cholesky.factor(matrix, tolerance: 1e-10).factor { return factor }
    var ridged = matrix
    for j in 0..<matrix.rows { ridged[j, j] += max(matrix[j, j] * 1e-5, 1e-12) }
    let (factor, column) = Cholesky.factor(ridged)
    guard let factor else { throw .collinear(column: "\(column + 1) of an imputation") }
    return factor
  }
}
