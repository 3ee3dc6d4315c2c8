/// Least squares by Levenberg's and Marquardt's method (Marquardt, J Soc Ind Appl Math 1963;11:431), each number within bounds.
/// A number at its bound that would leave it stands still for the step.
struct LeastSquares {
  var bounds: [ClosedRange<Double>]
  var maximumSteps = 200
  /// The sum of squares must fall by this part for another step to be worth it.
  var tolerance = 1e-12

  struct Solution {
    var values: [Double]
    var squares: Double
    var hasConverged: Bool
  }

  /// - Parameters:
  ///   - start: moved into the bounds.
  ///   - evaluate: the predictions, and for each number the derivatives of all predictions.
  func solve(
    _ observed: [Double], from start: [Double], predict: ([Double]) -> [Double], differentiate: ([Double]) -> [[Double]]
  ) -> Solution {
    var values = zip(start, bounds).map { min(max($0, $1.lowerBound), $1.upperBound) }
    var rests = zip(observed, predict(values)).map { $0 - $1 }
    var squares = rests.reduce(0) { $0 + $1 * $1 }
    var damping = 1e-3
    guard squares.isFinite else { return Solution(values: values, squares: squares, hasConverged: false) }
    for _ in 0..<maximumSteps {
      let slopes = differentiate(values)
      let gradient = slopes.map { slope in zip(slope, rests).reduce(0) { $0 + $1.0 * $1.1 } }
      let free = values.indices.filter { at in
        !(gradient[at] < 0 && values[at] <= bounds[at].lowerBound)
          && !(gradient[at] > 0 && values[at] >= bounds[at].upperBound)
      }
      guard !free.isEmpty, free.contains(where: { gradient[$0] != 0 }) else {
        return Solution(values: values, squares: squares, hasConverged: true)
      }
      let normal = free.map { i in free.map { j in zip(slopes[i], slopes[j]).reduce(0) { $0 + $1.0 * $1.1 } } }
      var improved = false
      while damping < 1e12 {
        if let step = Self.step(normal, free.map { gradient[$0] }, damping) {
          var next = values
          for (place, at) in free.enumerated() {
            next[at] = min(max(values[at] + step[place], bounds[at].lowerBound), bounds[at].upperBound)
          }
          let nextRests = zip(observed, predict(next)).map { $0 - $1 }
          let nextSquares = nextRests.reduce(0) { $0 + $1 * $1 }
          if nextSquares <= squares {
            let gain = squares - nextSquares
            (values, rests, squares, improved) = (next, nextRests, nextSquares, true)
            damping = max(1e-12, damping / 8)
            if gain <= tolerance * squares { return Solution(values: values, squares: squares, hasConverged: true) }
            break
          }
        }
        damping *= 6
      }
      // No step helps: the least is reached, as far as numbers go.
      if !improved { return Solution(values: values, squares: squares, hasConverged: true) }
    }
    return Solution(values: values, squares: squares, hasConverged: false)
  }

  /// (N + damping * diagonal of N) step = gradient, by elimination with the diagonal scaled to 1.
  private static func step(_ normal: [[Double]], _ gradient: [Double], _ damping: Double) -> [Double]? {
    let count = gradient.count
    let scales = (0..<count).map { normal[$0][$0] > 0 ? normal[$0][$0].squareRoot() : 1 }
    var rows = (0..<count).map { i in
      (0..<count).map { normal[i][$0] / (scales[i] * scales[$0]) } + [gradient[i] / scales[i]]
    }
    for i in 0..<count { rows[i][i] += damping }
    for column in 0..<count {
      guard let pivot = (column..<count).max(by: { abs(rows[$0][column]) < abs(rows[$1][column]) }),
        abs(rows[pivot][column]) > 1e-14
      else { return nil }
      rows.swapAt(column, pivot)
      for row in column + 1..<max(count, column + 1) {
        let factor = rows[row][column] / rows[column][column]
        for at in column...count { rows[row][at] -= factor * rows[column][at] }
      }
    }
    var result = [Double](repeating: 0, count: count)
    for row in stride(from: count - 1, through: 0, by: -1) {
      var value = rows[row][count]
      for at in row + 1..<max(count, row + 1) { value -= rows[row][at] * result[at] }
      result[row] = value / rows[row][row]
    }
    let step = zip(result, scales).map { $0 / $1 }
    return step.allSatisfy { $0.isFinite } ? step : nil
  }
}
