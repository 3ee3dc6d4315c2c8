import Foundation
package import Statistics

/// A logistic model as a nomogram needs it: each variable's columns of the design with their coefficients, and the
/// values to offer.
package struct NomogramModel: Sendable {
  /// weight · max(0, x - knot)³, a piece of a restricted cubic spline.
  package struct Cube: Sendable, Codable, Equatable {
    package var knot: Double
    package var weight: Double

    package init(knot: Double, weight: Double) { (self.knot, self.weight) = (knot, weight) }
  }

  /// A column of the design made from a number: linear · x + logit · log(x / (1 - x)) + the cubes.
  package struct Basis: Sendable, Codable, Equatable {
    package var linear: Double
    /// 0 but for a probability that enters on the logit scale, such as a network's score.
    package var logit: Double
    package var cubes: [Cube]

    package init(linear: Double = 1, logit: Double = 0, cubes: [Cube] = []) {
      (self.linear, self.logit, self.cubes) = (linear, logit, cubes)
    }

    package func callAsFunction(_ x: Double) -> Double {
      cubes.reduce(linear * x + (logit == 0 ? 0 : logit * log(x / (1 - x)))) { sum, cube in
        let distance = x - cube.knot
        return distance > 0 ? sum + cube.weight * distance * distance * distance : sum
      }
    }

    /// The columns of R's rms::rcs at these knots (three or more, rising): x, then one for each knot but the last
    /// two, divided by (last knot - first knot)².
    package static func spline(knots: [Double]) -> [Basis] {
      guard knots.count >= 3, let first = knots.first, let last = knots.last, last > first else { return [Basis()] }
      let before = knots[knots.count - 2]
      let scale = (last - first) * (last - first)
      return [Basis()]
        + knots.dropLast(2).map { knot in
          Basis(
            linear: 0,
            cubes: [
              Cube(knot: knot, weight: 1 / scale),
              Cube(knot: before, weight: -(last - knot) / (last - before) / scale),
              Cube(knot: last, weight: (before - knot) / (last - before) / scale),
            ])
        }
    }
  }

  /// A level of a factor and its columns: zeros for the reference, 0, 1, 2, ... in one column for an ordered scale.
  package struct Level: Sendable {
    package var label: String
    package var columns: [Double]

    package init(label: String, columns: [Double]) { (self.label, self.columns) = (label, columns) }
  }

  package enum Kind: Sendable {
    /// - range: of the data the model was made from; no value beyond it is offered.
    /// - decimals: of a value as people write it.
    case number(range: ClosedRange<Double>, bases: [Basis], decimals: Int)
    case levels([Level])
  }

  package struct Variable: Sendable {
    package var label: String
    /// Such as "years"; empty for none.
    package var unit: String
    package var kind: Kind
    /// One for each column.
    package var coefficients: [Double]

    package init(label: String, unit: String = "", kind: Kind, coefficients: [Double]) {
      (self.label, self.unit, self.kind, self.coefficients) = (label, unit, kind, coefficients)
    }

    /// A number with one coefficient.
    package static func number(
      _ label: String, unit: String = "", range: ClosedRange<Double>, decimals: Int = 0, coefficient: Double
    ) -> Variable {
      Variable(
        label: label, unit: unit, kind: .number(range: range, bases: [Basis()], decimals: decimals),
        coefficients: [coefficient])
    }

    /// A factor: the first level is the reference, the others have a coefficient each.
    package static func factor(_ label: String, reference: String, levels: [(label: String, coefficient: Double)])
      -> Variable
    {
      let zeros = Array(repeating: 0.0, count: levels.count)
      let others = levels.enumerated().map { index, level in
        var columns = zeros
        columns[index] = 1
        return Level(label: level.label, columns: columns)
      }
      return Variable(
        label: label, kind: .levels([Level(label: reference, columns: zeros)] + others),
        coefficients: levels.map(\.coefficient))
    }

    /// Ordered levels that count 0, 1, 2, ... with one coefficient (S2-16: hepatitis).
    package static func scores(_ label: String, levels: [String], coefficient: Double) -> Variable {
      let scored = levels.enumerated().map { Level(label: $0.element, columns: [Double($0.offset)]) }
      return Variable(label: label, kind: .levels(scored), coefficients: [coefficient])
    }

    func amount(_ columns: [Double]) -> Double { zip(columns, coefficients).reduce(0) { $0 + $1.0 * $1.1 } }

    /// What a number adds to the linear predictor; nil for a factor.
    func amount(at value: Double) -> Double? {
      guard case .number(_, let bases, _) = kind else { return nil }
      return amount(bases.map { $0(value) })
    }
  }

  package var intercept: Double
  /// In the order to draw.
  package var variables: [Variable]
  /// Of the intercept and then every variable's coefficients; nil for no interval.
  package var covariance: [[Double]]?

  package init(intercept: Double, variables: [Variable], covariance: [[Double]]? = nil) {
    (self.intercept, self.variables, self.covariance) = (intercept, variables, covariance)
  }

  /// As ``Statistics/Nomogram``: a number's axis is marked at 201 places of its range, so that a spline's lowest
  /// place is found.
  /// - Throws: as its initialiser, and `empty` for a model without variables.
  package func nomogram() throws(StatisticsError) -> Nomogram {
    if variables.isEmpty { throw .empty(what: "variables of the nomogram") }
    return try Nomogram(
      intercept: intercept,
      axes: variables.map { variable in
        (variable.label, NomogramModel.marks(variable))
      })
  }

  /// The least each variable adds to the linear predictor: its 0 points.
  var lows: [Double] { variables.map { NomogramModel.marks($0).map(\.amount).min() ?? 0 } }

  /// The covariance where it has a row and a column for the intercept and for every coefficient.
  var usableCovariance: [[Double]]? {
    let size = 1 + variables.reduce(0) { $0 + $1.coefficients.count }
    guard let covariance, covariance.count == size, covariance.allSatisfy({ $0.count == size }),
      covariance.joined().allSatisfy({ $0.isFinite })
    else { return nil }
    return covariance
  }

  private static func marks(_ variable: Variable) -> [Nomogram.Contribution] {
    switch variable.kind {
    case .levels(let levels):
      return levels.map { Nomogram.Contribution(label: $0.label, value: nil, amount: variable.amount($0.columns)) }
    case .number(let range, _, let decimals):
      return (0...200).map { step in
        let value = range.lowerBound + (range.upperBound - range.lowerBound) * Double(step) / 200
        return Nomogram.Contribution(
          label: Text.fixed(value, decimals), value: value, amount: variable.amount(at: value) ?? .nan)
      }
    }
  }
}
