/// A logistic model as what a calculator needs: intercept, and for each variable how its value becomes columns and their
/// coefficients. Written as JSON it makes a live nomogram; no patient's data is in it.
public struct PredictionFormula: Sendable, Codable, Equatable {
  public struct Term: Sendable, Codable, Equatable {
    public var name: String
    /// How people call it; `name` where nil.
    public var label: String?
    /// Of a number: years, mm.
    public var unit: String?
    public var coding: TermCoding
    /// One for each column of the coding.
    public var coefficients: [Double]
    /// What a missing value adds to the log odds; nil where a value is needed, or where `missing` is a level.
    public var missing: Double?

    public init(
      name: String, label: String? = nil, unit: String? = nil, coding: TermCoding, coefficients: [Double],
      missing: Double? = nil
    ) {
      (self.name, self.label, self.unit) = (name, label, unit)
      (self.coding, self.coefficients, self.missing) = (coding, coefficients, missing)
    }

    /// What a value adds to the log odds; nil for a value it has no column for.
    public func amount(_ value: Value) -> Double? {
      let columns: [Double]?
      switch value {
      case .number(let number): columns = number.isFinite ? coding.columns(number) : nil
      case .level(let level): columns = coding.columns(level)
      case .missing:
        if let missing { return missing }
        columns = coding.columns("missing")
      }
      guard let columns, columns.count == coefficients.count else { return nil }
      return zip(columns, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }

  public enum Value: Sendable, Equatable {
    case number(Double)
    case level(String)
    case missing
  }

  public var intercept: Double
  public var terms: [Term]

  public init(intercept: Double, terms: [Term]) { (self.intercept, self.terms) = (intercept, terms) }

  /// The log odds of a patient.
  /// - Parameter values: by the terms' names.
  /// - Throws: `outOfRange` naming the term without a value or with one that it does not know.
  public func logOdds(_ values: [String: Value]) throws(StatisticsError) -> Double {
    var sum = intercept
    for term in terms {
      guard let amount = term.amount(values[term.name] ?? .missing) else {
        let expected = term.coding.levels.map { "one of \($0.joined(separator: ", "))" } ?? "a finite number"
        throw .outOfRange(
          what: term.name, row: nil, expected: expected, found: values[term.name]?.text ?? "nothing")
      }
      sum += amount
    }
    return sum
  }

  /// The probability of a patient, 0...1; see ``logOdds(_:)``.
  public func probability(_ values: [String: Value]) throws(StatisticsError) -> Double { expit(try logOdds(values)) }
}

extension PredictionFormula.Value {
  fileprivate var text: String {
    switch self {
    case .number(let number): "\(number)"
    case .level(let level): level
    case .missing: "nothing"
    }
  }
}

extension LogisticModel {
  public var formula: PredictionFormula {
    PredictionFormula(codings: zip(terms.map(\.name), design.codings), coefficients: coefficients.map(\.value))
  }
}

extension PredictionFormula {
  /// - coefficients: the intercept, then the columns of the codings in their order.
  init(codings: some Sequence<(String, TermCoding)>, coefficients: [Double]) {
    var rest = coefficients.dropFirst()
    let terms = codings.map { name, coding in
      let count = coding.columnNames(name).count
      defer { rest = rest.dropFirst(count) }
      return Term(name: name, coding: coding, coefficients: Array(rest.prefix(count)))
    }
    self.init(intercept: coefficients.first ?? 0, terms: terms)
  }
}
