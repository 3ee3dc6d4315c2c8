/// A variable with gaps, and how it enters the model once they are filled.
public struct IncompleteTerm: Sendable {
  /// nil is missing.
  public enum Values: Sendable {
    case numbers([Double?], spline: RestrictedCubicSpline?)
    case factor([String?], reference: String)
    case ordered([String?], levels: [String], Term.OrderedCoding)
  }

  public let name: String
  public let values: Values

  public init(_ name: String, _ values: Values) { (self.name, self.values) = (name, values) }

  public var count: Int {
    switch values {
    case .numbers(let values, _): values.count
    case .factor(let values, _): values.count
    case .ordered(let values, _, _): values.count
    }
  }

  /// Rows without a value.
  public var missingRows: [Int] {
    switch values {
    case .numbers(let values, _): values.indices.filter { values[$0] == nil }
    case .factor(let values, _): values.indices.filter { values[$0] == nil }
    case .ordered(let values, _, _): values.indices.filter { values[$0] == nil }
    }
  }

  /// The term of some rows, all of which have a value.
  /// - Throws: `outOfRange` for a row without one.
  public func term(rows: [Int]) throws(StatisticsError) -> Term {
    func present<Value>(_ values: [Value?]) throws(StatisticsError) -> [Value] {
      var result: [Value] = []
      for row in rows {
        guard values.indices.contains(row), let value = values[row] else {
          throw .outOfRange(what: name, row: row, expected: "a value", found: "nothing")
        }
        result.append(value)
      }
      return result
    }
    switch values {
    case .numbers(let values, let spline):
      let numbers = try present(values)
      return spline.map { Term(name, numbers, spline: $0) } ?? Term(name, numbers)
    case .factor(let values, let reference): return Term(name, try present(values), reference: reference)
    case .ordered(let values, let levels, let coding):
      return Term(name, try present(values), levels: levels, coding)
    }
  }

  /// Missing values as their own level (S2-06). A category gets the level `missing`. A number, a spline and ordered levels get
  /// a second term, `NAME=missing`, 1 where the value is missing and the gap filled: with the mean of the known values, the
  /// lowest level. The filling decides only what the indicator's odds ratio is against.
  /// - Throws: `tooFew` where no value is known.
  public func withMissingAsLevel() throws(StatisticsError) -> [Term] {
    let missing = Set(missingRows)
    if missing.count == count { throw .tooFew(what: "values of \(name)", needed: 1, found: 0) }
    let rows = Array(0..<count)
    if missing.isEmpty { return [try term(rows: rows)] }
    let indicator = Term(name + "=missing", rows.map { missing.contains($0) ? 1 : 0 })
    switch values {
    case .numbers(let values, let spline):
      let known = values.compactMap(\.self)
      let mean = known.reduce(0, +) / Double(known.count)
      return [
        try IncompleteTerm(name, .numbers(values.map { $0 ?? mean }, spline: spline)).term(rows: rows), indicator,
      ]
    case .factor(let values, let reference):
      return [Term(name, values.map { $0 ?? "missing" }, reference: reference)]
    case .ordered(let values, let levels, let coding):
      return [Term(name, values.map { $0 ?? levels.first ?? "" }, levels: levels, coding), indicator]
    }
  }
}
