/// A variable as a study speaks of it: one term, or a term and the indicator of its missing values.
public struct Factor: Sendable {
  public let name: String
  public let terms: [Term]

  public init(_ name: String, _ terms: [Term]) { (self.name, self.terms) = (name, terms) }

  public init(_ term: Term) { self.init(term.name, [term]) }

  /// Of a variable with gaps; see ``IncompleteTerm/withMissingAsLevel()``.
  public init(missingAsLevel term: IncompleteTerm) throws(StatisticsError) {
    self.init(term.name, try term.withMissingAsLevel())
  }

  /// Columns it has in a model.
  func columnCount() throws(StatisticsError) -> Int {
    var count = 0
    for term in terms { count += try term.coding().columnNames(term.name).count }
    return count
  }

  /// Its part of a formula, whose coefficients follow the terms' columns.
  func formula(_ codings: [TermCoding], _ coefficients: [Double]) -> PredictionFormula.Term {
    let width = codings.first?.columnNames(name).count ?? 0
    var part = PredictionFormula.Term(
      name: name, coding: codings.first ?? .number, coefficients: Array(coefficients.prefix(width)))
    if terms.count > 1, let indicator = terms.last, case .numeric(let missing) = indicator.values,
      let row = missing.firstIndex(of: 1), let filled = terms.first?.value(ofRow: row),
      let amount = part.amount(filled)
    {
      part.missing = amount + (coefficients.last ?? 0)
    }
    return part
  }
}

extension Term {
  fileprivate func value(ofRow row: Int) -> PredictionFormula.Value {
    switch values {
    case .numeric(let values), .spline(let values, _): .number(values[row])
    case .categorical(let values, _), .ordered(let values, _, _): .level(values[row])
    }
  }
}
