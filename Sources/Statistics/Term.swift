/// One explanatory variable of a model.
public struct Term: Sendable, Equatable {
  public enum Values: Sendable, Equatable {
    case numeric([Double])
    /// One dummy column for each level but the reference, levels in sorted order.
    case categorical([String], reference: String)
    /// A restricted cubic spline: the number itself and its bends.
    case spline([Double], RestrictedCubicSpline)
    /// Levels from lowest to highest.
    case ordered([String], levels: [String], OrderedCoding)
  }

  /// How ordered levels enter a model (S2-16: "linear or factor").
  public enum OrderedCoding: String, Sendable, Equatable, Codable {
    /// One column of scores 0, 1, 2, ...: the same odds ratio from each level to the next.
    case scores
    /// A column a step: the odds ratio of each level against the one below it.
    case steps
  }

  public let name: String
  public let values: Values

  public init(_ name: String, _ values: [Double]) { (self.name, self.values) = (name, .numeric(values)) }

  public init(_ name: String, _ values: [String], reference: String) {
    (self.name, self.values) = (name, .categorical(values, reference: reference))
  }

  public init(_ name: String, _ values: [Double], spline: RestrictedCubicSpline) {
    (self.name, self.values) = (name, .spline(values, spline))
  }

  /// - Parameter levels: from lowest to highest.
  public init(_ name: String, _ values: [String], levels: [String], _ coding: OrderedCoding = .scores) {
    (self.name, self.values) = (name, .ordered(values, levels: levels, coding))
  }

  var count: Int {
    switch values {
    case .numeric(let values), .spline(let values, _): values.count
    case .categorical(let values, _), .ordered(let values, _, _): values.count
    }
  }

  /// How its values become columns.
  func coding() throws(StatisticsError) -> TermCoding {
    switch values {
    case .numeric: return .number
    case .spline(_, let spline): return .spline(knots: spline.knots)
    case .categorical(let values, let reference):
      let found = Set(values)
      if !found.contains(reference) {
        throw .outOfRange(
          what: "reference level of \(name)", row: nil, expected: "one of \(found.sorted().joined(separator: ", "))",
          found: reference)
      }
      return .factor(levels: [reference] + found.subtracting([reference]).sorted())
    case .ordered(_, let levels, let coding):
      if Set(levels).count < max(2, levels.count) {
        throw .outOfRange(
          what: "levels of \(name)", row: nil, expected: "two or more, each once",
          found: levels.joined(separator: ", "))
      }
      return coding == .scores ? .scores(levels: levels) : .steps(levels: levels)
    }
  }
}

/// How a variable's value becomes the columns of a linear predictor.
public enum TermCoding: Sendable, Codable, Equatable {
  case number
  /// See ``RestrictedCubicSpline``.
  case spline(knots: [Double])
  /// The first level is the reference; a dummy for each other.
  case factor(levels: [String])
  /// Scores 0, 1, 2, ...
  case scores(levels: [String])
  /// A column for each level but the lowest: 1 at that level and above it.
  case steps(levels: [String])

  /// Its levels; nil for a number.
  public var levels: [String]? {
    switch self {
    case .number, .spline: nil
    case .factor(let levels), .scores(let levels), .steps(let levels): levels
    }
  }

  /// Names of the columns: `age`; `age`, `age'`, `age''`; `race=black`, `race=other`; `hepatitis>=HBV`.
  public func columnNames(_ term: String) -> [String] {
    switch self {
    case .number, .scores: [term]
    case .spline(let knots): (0..<max(1, knots.count - 1)).map { term + String(repeating: "'", count: $0) }
    case .factor(let levels): levels.dropFirst().map { "\(term)=\($0)" }
    case .steps(let levels): levels.dropFirst().map { "\(term)>=\($0)" }
    }
  }

  /// The columns of a number; nil where levels are expected.
  public func columns(_ number: Double) -> [Double]? {
    switch self {
    case .number: [number]
    case .spline(let knots): (try? RestrictedCubicSpline(knots: knots))?(number)
    case .factor, .scores, .steps: nil
    }
  }

  /// The columns of a level; nil for one it does not know or where a number is expected.
  public func columns(_ level: String) -> [Double]? {
    guard let place = levels?.firstIndex(of: level), let count = levels?.count else { return nil }
    return switch self {
    case .number, .spline: nil
    case .factor: (1..<max(1, count)).map { $0 == place ? 1 : 0 }
    case .scores: [Double(place)]
    case .steps: (1..<max(1, count)).map { $0 <= place ? 1 : 0 }
    }
  }

  /// The rows of columns of a term's values.
  /// - Throws: `notFinite`, `outOfRange` for a level it does not know or values of the other kind.
  func rows(_ term: Term) throws(StatisticsError) -> [[Double]] {
    switch (term.values, levels) {
    case (.numeric(let values), nil), (.spline(let values, _), nil):
      try Require.finite(values, term.name)
      if case .spline(let knots) = self {
        let spline = try RestrictedCubicSpline(knots: knots)
        return values.map { spline($0) }
      }
      return values.map { [$0] }
    case (.categorical(let values, _), let levels?), (.ordered(let values, _, _), let levels?):
      let known = Dictionary(levels.map { ($0, columns($0) ?? []) }, uniquingKeysWith: { first, _ in first })
      var rows: [[Double]] = []
      rows.reserveCapacity(values.count)
      for (row, value) in values.enumerated() {
        guard let columns = known[value] else {
          throw .outOfRange(
            what: term.name, row: row, expected: "one of \(levels.sorted().joined(separator: ", "))", found: value)
        }
        rows.append(columns)
      }
      return rows
    default:
      throw .outOfRange(
        what: term.name, row: nil, expected: "the kind it was fitted with", found: "the other kind")
    }
  }
}
