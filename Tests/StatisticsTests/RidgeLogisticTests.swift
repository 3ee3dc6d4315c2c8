import Testing

@testable import Statistics

/// The penalised regression against its score equations.
@Suite struct RidgeLogisticTests {
  private let x = [0.2, 1.4, 0.7, 2.2, 3.1, 0.1, 2.9, 1.8, 2.4, 0.9]
  private let z = [1.0, 0, 1, 0, 1, 1, 0, 0, 1, 0]
  private let y = [false, true, false, true, true, false, true, false, true, false]

  /// At the maximum the residuals' sum is 0, and each column's product with them is the penalty times its coefficient.
  @Test(arguments: [0.1, 1, 10]) func theScoreEquationsHold(penalty: Double) throws {
    let model = try RidgeLogistic(columns: [x, z], outcomes: y, penalty: penalty)
    let residuals = y.indices.map { (y[$0] ? 1.0 : 0) - expit(model.logOdds([x[$0], z[$0]])) }
    #expect(abs(residuals.reduce(0, +)) < 1e-7)
    for (place, column) in [x, z].enumerated() {
      let mean = column.reduce(0, +) / 10
      let deviation = (column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 10).squareRoot()
      let product = zip(column, residuals).reduce(0) { $0 + ($1.0 - mean) / deviation * $1.1 }
      #expect(abs(product - penalty * model.coefficients[place]) < 1e-6)
    }
  }

  @Test func constantEqualAndSeparatingColumnsAreTaken() throws {
    let split = y.map { $0 ? 5.0 : -5 }
    let model = try RidgeLogistic(
      columns: [split, split, [Double](repeating: 3, count: 10)], outcomes: y, penalty: 1)
    #expect(abs(model.coefficients[0] - model.coefficients[1]) < 1e-9)
    #expect(model.coefficients[0] > 0 && model.coefficients[2] == 0)
    #expect(model.logOdds([5, 5, 3]) > 0)
  }

  @Test func badInputIsRefused() {
    #expect(throws: StatisticsError.self) { try RidgeLogistic(columns: [[1]], outcomes: [true, false], penalty: 1) }
    #expect(throws: StatisticsError.self) {
      try RidgeLogistic(columns: [[.nan, 1]], outcomes: [true, false], penalty: 1)
    }
    #expect(throws: StatisticsError.self) { try RidgeLogistic(columns: [[1, 2]], outcomes: [true, true], penalty: 1) }
    #expect(throws: StatisticsError.self) {
      try RidgeLogistic(columns: [[1, 2]], outcomes: [true, false], penalty: 0)
    }
  }
}
