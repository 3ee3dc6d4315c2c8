import Foundation

/// A model drawn as axes of points (S2-16): each variable's contribution scaled so that the widest axis spans 0...100, and
/// the total read off as a probability. Equals R's rms::nomogram when its axes are given explicitly.
public struct Nomogram: Sendable, Codable, Equatable {
  public struct Mark: Sendable, Codable, Equatable {
    /// The value as written on the axis: a number or a level.
    public let label: String
    /// The number; nil for a level.
    public let value: Double?
    public let points: Double
  }

  public struct Axis: Sendable, Codable, Equatable {
    public let term: String
    /// How people call it; `term` where nil.
    public let label: String?
    /// Of a number: years, mm.
    public let unit: String?
    public let marks: [Mark]

    public init(term: String, label: String? = nil, unit: String? = nil, marks: [Mark]) {
      (self.term, self.label, self.unit, self.marks) = (term, label, unit, marks)
    }

    /// Marks in stretches along which points only rise or only fall: more than one where a spline turns and the axis doubles
    /// back. A figure draws every other stretch on the other side of the line; neighbours share the mark at the turn.
    public var stretches: [ClosedRange<Int>] {
      // A mark for missing values is no place on the curve.
      let count = marks.lastIndex { $0.value != nil }.map { $0 + 1 } ?? marks.count
      var result: [ClosedRange<Int>] = []
      var (start, direction) = (0, 0.0)
      for place in 1..<max(1, count) where marks[place].value != nil {
        let step = marks[place].points - marks[place - 1].points
        if step == 0 { continue }
        if direction * step < 0 {
          result.append(start...(place - 1))
          start = place - 1
        }
        direction = step
      }
      return count == 0 ? [] : result + [start...(count - 1)]
    }
  }

  /// A probability on the lowest axis.
  public struct ProbabilityMark: Sendable, Codable, Equatable {
    public let probability: Double
    /// Total of points that has it.
    public let points: Double
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
  /// What a live page computes with; nil for axes that were given without.
  public let formula: PredictionFormula?

  /// - Parameter ticks: for each term of the model, in the order to draw.
  /// - Throws: `outOfRange` for a term or level the model does not hold, `empty` for an axis without ticks.
  public init(_ model: LogisticModel, ticks: [(term: String, ticks: Ticks)]) throws(StatisticsError) {
    try self.init(model.formula, ticks: ticks)
  }

  /// The axes of a formula. A spline's axis has 0 points at the lowest of its marks, as rms has it; where the curve dips
  /// between marks the points there are below 0, and the probabilities still hold.
  /// - Parameter ticks: for each term of the formula, in the order to draw. A term that knows missing values gets a mark for
  ///   them at its end.
  /// - Throws: `outOfRange` for a term or level the formula does not hold, `empty` for an axis without ticks.
  public init(_ formula: PredictionFormula, ticks: [(term: String, ticks: Ticks)]) throws(StatisticsError) {
    for term in formula.terms where !ticks.contains(where: { $0.term == term.name }) {
      throw .empty(what: "ticks of \(term.name)")
    }
    var axes: [(term: String, marks: [Contribution])] = []
    for axis in ticks { axes.append((axis.term, try Self.marks(axis.term, axis.ticks, formula))) }
    try self.init(intercept: formula.intercept, axes: axes, formula: formula)
  }

  /// The axes of any linear predictor, in the order to draw.
  /// - Throws: `empty` for an axis without marks, `notFinite`, `outOfRange` where no axis changes the risk.
  public init(intercept: Double, axes: [(term: String, marks: [Contribution])]) throws(StatisticsError) {
    try self.init(intercept: intercept, axes: axes, formula: nil)
  }

  private init(
    intercept: Double, axes: [(term: String, marks: [Contribution])], formula: PredictionFormula?
  ) throws(StatisticsError) {
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
    self.formula = formula
    self.axes = zip(axes, lows).map { axis, low in
      let term = formula?.terms.first { $0.name == axis.term }
      return Axis(
        term: axis.term, label: term?.label, unit: term?.unit,
        marks: axis.marks.map { Mark(label: $0.label, value: $0.value, points: 100 * ($0.amount - low) / widest) })
    }
  }

  /// Probability at a total of points.
  public func probability(total: Double) -> Double { expit(base + total / pointsPerUnit) }

  /// Total of points at a probability; ±infinity at 0 and 1.
  public func total(probability: Double) -> Double { (log(probability / (1 - probability)) - base) * pointsPerUnit }

  /// The largest total the axes' marks allow.
  public var largestTotal: Double { axes.reduce(0) { $0 + ($1.marks.map(\.points).max() ?? 0) } }

  /// Round totals from 0 to at or above the largest, five to eleven of them.
  public var totalTicks: [Double] { RoundTicks.covering(0, largestTotal) }

  /// The probabilities that a total of 0...`largestTotal` reaches, with their totals.
  public func probabilityMarks(
    _ probabilities: [Double] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99]
  ) -> [ProbabilityMark] {
    let largest = largestTotal
    return probabilities.map { ProbabilityMark(probability: $0, points: total(probability: $0)) }
      .filter { $0.points >= 0 && $0.points <= largest }
  }

  private static func marks(
    _ name: String, _ ticks: Ticks, _ formula: PredictionFormula
  ) throws(StatisticsError) -> [Contribution] {
    guard let term = formula.terms.first(where: { $0.name == name }) else {
      throw .outOfRange(
        what: "axis", row: nil, expected: "one of \(formula.terms.map(\.name).joined(separator: ", "))", found: name)
    }
    let values: [(label: String, value: PredictionFormula.Value)] =
      switch ticks {
      case .numbers(let numbers): numbers.map { (RoundTicks.label($0), .number($0)) }
      case .levels(let levels): levels.map { ($0, .level($0)) }
      }
    if values.isEmpty { throw .empty(what: "ticks of \(name)") }
    if case .numbers(let numbers) = ticks { try Require.finite(numbers, "tick of \(name)") }
    var marks: [Contribution] = []
    for (label, value) in values {
      guard let amount = term.amount(value) else {
        throw .outOfRange(
          what: "tick of \(name)", row: nil,
          expected: term.coding.levels.map { "one of \($0.joined(separator: ", "))" } ?? "a number", found: label)
      }
      if case .number(let number) = value {
        marks.append(Contribution(label: label, value: number, amount: amount))
      } else {
        marks.append(Contribution(label: label, value: nil, amount: amount))
      }
    }
    if let missing = term.missing { marks.append(Contribution(label: "missing", value: nil, amount: missing)) }
    return marks
  }
}

/// Numbers an axis is labelled with.
public enum RoundTicks {
  /// Multiples of 1, 2 or 5 times a power of ten from at or below `low` to at or above `high`, five to eleven of them.
  public static func covering(_ low: Double, _ high: Double) -> [Double] {
    guard high > low, (high - low).isFinite else { return [low] }
    let rough = (high - low) / 5
    let power = pow(10, log10(rough).rounded(.down))
    // A power below 1 is divided by, since multiples of 0.1 are not the nearest numbers to 0.1, 0.2, 0.3.
    let whole = [1.0, 2, 5, 10].last { $0 * power <= rough * (1 + 1e-12) } ?? 1
    let divisor = (1 / power).rounded()
    func tick(_ multiple: Double) -> Double { power < 1 ? multiple * whole / divisor : multiple * whole * power }
    let step = whole * power
    let first = (low / step + 1e-9).rounded(.down)
    let last = (high / step - 1e-9).rounded(.up)
    return stride(from: first, through: last, by: 1).map(tick)
  }

  /// Those of them that lie from `low` to `high`; the two themselves where fewer than two do.
  public static func within(_ low: Double, _ high: Double) -> [Double] {
    let inside = covering(low, high).filter { $0 >= low && $0 <= high }
    return inside.count > 1 ? inside : [low, high]
  }

  /// A number as an axis shows it: 20, not 20.0.
  static func label(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
  }
}
