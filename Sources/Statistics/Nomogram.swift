import Foundation

/// A model drawn as axes of points (S2-16): each variable's contribution scaled so that the widest axis spans 0...100, and
/// the total read off as a probability. Equals R's rms::nomogram when its axes are given explicitly.
public struct Nomogram: Sendable {
  public struct Mark: Sendable, Codable, Equatable {
    /// The value as written on the axis: a number or a level.
    public let label: String
    /// The number; nil for a level.
    public let value: Double?
    public let points: Double
  }

  public struct Axis: Sendable, Codable, Equatable {
    public let term: String
    public let marks: [Mark]
  }

  /// Which values to mark on a term's axis.
  public enum Ticks: Sendable {
    case numbers([Double])
    case levels([String])
  }

  /// A mark before it has points: what it adds to the linear predictor.
  public struct Contribution: Sendable {
    public let label: String
    /// The number; nil for a level.
    public let value: Double?
    public let amount: Double

    public init(label: String, value: Double?, amount: Double) {
      (self.label, self.value, self.amount) = (label, value, amount)
    }
  }

  public let axes: [Axis]
  /// Points for one unit of the linear predictor.
  public let pointsPerUnit: Double
  /// Linear predictor at 0 total points.
  public let base: Double

  /// - Parameter ticks: for each term of the model, in the order to draw.
  /// - Throws: `outOfRange` for a term or level the model does not hold, `empty` for an axis without ticks.
  public init(_ model: LogisticModel, ticks: [(term: String, ticks: Ticks)]) throws(StatisticsError) {
    let betas = Dictionary(model.coefficients.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    for term in model.terms where !ticks.contains(where: { $0.term == term.name }) {
      throw .empty(what: "ticks of \(term.name)")
    }
    var contributions: [[Double]] = []
    for axis in ticks { contributions.append(try Self.contributions(axis.term, axis.ticks, model.terms, betas)) }
    try self.init(
      intercept: betas["(Intercept)"] ?? 0,
      axes: zip(ticks, contributions).map { axis, amounts in
        let marks = amounts.indices.map { tick in
          switch axis.ticks {
          case .numbers(let values):
            Contribution(label: "\(values[tick])", value: values[tick], amount: amounts[tick])
          case .levels(let values): Contribution(label: values[tick], value: nil, amount: amounts[tick])
          }
        }
        return (axis.term, marks)
      })
  }

  /// The axes of any linear predictor, in the order to draw.
  /// - Throws: `empty` for an axis without marks, `notFinite`, `outOfRange` where no axis changes the risk.
  public init(intercept: Double, axes: [(term: String, marks: [Contribution])]) throws(StatisticsError) {
    for axis in axes {
      if axis.marks.isEmpty { throw .empty(what: "marks of \(axis.term)") }
      try Require.finite(axis.marks.map(\.amount), "marks of \(axis.term)")
    }
    let lows = axes.map { $0.marks.map(\.amount).min() ?? 0 }
    let widest = zip(axes, lows).map { ($0.marks.map(\.amount).max() ?? 0) - $1 }.max() ?? 0
    if !(widest > 0) {
      throw .outOfRange(what: "axes", row: nil, expected: "one that changes the risk", found: "none")
    }
    pointsPerUnit = 100 / widest
    base = intercept + lows.reduce(0, +)
    self.axes = zip(axes, lows).map { axis, low in
      Axis(
        term: axis.term,
        marks: axis.marks.map { Mark(label: $0.label, value: $0.value, points: 100 * ($0.amount - low) / widest) })
    }
  }

  /// Probability at a total of points.
  public func probability(total: Double) -> Double { expit(base + total / pointsPerUnit) }

  /// Total of points at a probability; ±infinity at 0 and 1.
  public func total(probability: Double) -> Double { (log(probability / (1 - probability)) - base) * pointsPerUnit }

  private static func contributions(
    _ name: String, _ ticks: Ticks, _ terms: [Term], _ betas: [String: Double]
  ) throws(StatisticsError) -> [Double] {
    guard let term = terms.first(where: { $0.name == name }) else {
      throw .outOfRange(
        what: "axis", row: nil, expected: "one of \(terms.map(\.name).joined(separator: ", "))", found: name)
    }
    switch (ticks, term.values) {
    case (.numbers(let values), .numeric):
      if values.isEmpty { throw .empty(what: "ticks of \(name)") }
      try Require.finite(values, "tick of \(name)")
      return values.map { $0 * (betas[name] ?? 0) }
    case (.levels(let levels), .categorical(_, let reference)):
      if levels.isEmpty { throw .empty(what: "ticks of \(name)") }
      var result: [Double] = []
      for level in levels {
        guard let beta = level == reference ? 0 : betas["\(name)=\(level)"] else {
          throw .outOfRange(what: "tick of \(name)", row: nil, expected: "a level of the model", found: level)
        }
        result.append(beta)
      }
      return result
    default:
      throw .outOfRange(what: "ticks of \(name)", row: nil, expected: "the kind of the term", found: "the other kind")
    }
  }
}
