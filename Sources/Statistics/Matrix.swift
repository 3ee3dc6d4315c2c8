import Foundation

/// A small dense matrix, row-major; enough for the normal equations of a regression.
struct Matrix: Sendable {
  let rows: Int
  let columns: Int
  var values: [Double]

  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    values = [Double](repeating: 0, count: rows * columns)
  }

  /// Columns of equal length side by side.
  init(columns list: [[Double]], rows: Int) {
    self.init(rows: rows, columns: list.count)
    for (j, column) in list.enumerated() {
      for i in 0..<rows { values[i * columns + j] = column[i] }
    }
  }

  subscript(i: Int, j: Int) -> Double {
    get { values[i * columns + j] }
    set { values[i * columns + j] = newValue }
  }

  var diagonal: [Double] { (0..<min(rows, columns)).map { self[$0, $0] } }

  /// The square matrix of the given rows and columns.
  func submatrix(_ indices: [Int]) -> Matrix {
    var part = Matrix(rows: indices.count, columns: indices.count)
    for (i, row) in indices.enumerated() {
      for (j, column) in indices.enumerated() { part[i, j] = self[row, column] }
    }
    return part
  }

  /// The chosen columns, in the order given.
  func columns(_ indices: [Int]) -> Matrix {
    var part = Matrix(rows: rows, columns: indices.count)
    for i in 0..<rows {
      for (j, column) in indices.enumerated() { part[i, j] = self[i, column] }
    }
    return part
  }

  func times(_ vector: [Double]) -> [Double] {
    (0..<rows).map { i in
      var sum = 0.0
      for j in 0..<columns { sum += values[i * columns + j] * vector[j] }
      return sum
    }
  }
}

/// L with A = L Lᵀ of a symmetric positive definite matrix.
struct Cholesky {
  private let lower: Matrix

  /// - Returns: nil and the column at which a pivot fell below `tolerance` times its diagonal element.
  static func factor(_ matrix: Matrix, tolerance: Double = 1e-13) -> (factor: Cholesky?, dependentColumn: Int) {
    var lower = Matrix(rows: matrix.rows, columns: matrix.rows)
    for j in 0..<matrix.rows {
      for i in j..<matrix.rows {
        var sum = matrix[i, j]
        for k in 0..<j { sum -= lower[i, k] * lower[j, k] }
        if i == j {
          // Written so that a NaN fails too.
          guard sum > tolerance * matrix[j, j] else { return (nil, j) }
          lower[j, j] = sum.squareRoot()
        } else {
          lower[i, j] = sum / lower[j, j]
        }
      }
    }
    return (Cholesky(lower: lower), -1)
  }

  private init(lower: Matrix) { self.lower = lower }

  /// log of the square root of det A.
  var halfLogDeterminant: Double { lower.diagonal.reduce(0) { $0 + log($1) } }

  /// x with A x = b.
  func solve(_ right: [Double]) -> [Double] {
    let n = lower.rows
    var x = right
    for i in 0..<n {
      for k in 0..<i { x[i] -= lower[i, k] * x[k] }
      x[i] /= lower[i, i]
    }
    return solveUpper(x)
  }

  /// x with Lᵀ x = b: of independent standard normal b, an x whose covariance is A's inverse.
  func solveUpper(_ right: [Double]) -> [Double] {
    let n = lower.rows
    var x = right
    for i in stride(from: n - 1, through: 0, by: -1) {
      for k in i + 1..<max(n, i + 1) { x[i] -= lower[k, i] * x[k] }
      x[i] /= lower[i, i]
    }
    return x
  }

  var inverse: Matrix {
    let n = lower.rows
    var result = Matrix(rows: n, columns: n)
    for j in 0..<n {
      var unit = [Double](repeating: 0, count: n)
      unit[j] = 1
      let column = solve(unit)
      for i in 0..<n { result[i, j] = column[i] }
    }
    return result
  }
}
