/// Multiple imputation by chained equations (van Buuren & Groothuis-Oudshoorn, J Stat Softw 2011;45(3)): gaps start with values
/// drawn from their column and are drawn anew, column by column, from a model on all other columns and the outcome; numbers by
/// predictive mean matching, categories by polytomous logistic regression. It assumes that whether a value is missing depends
/// only on what is known (missing at random).
public struct MultipleImputation: Sendable {
  public struct Options: Sendable {
    public var imputations = 20
    public var iterations = 10
    /// Rows among which a number's value is drawn.
    public var donors = 5
    public var seed: UInt64 = 1

    public init() {}
  }

  /// The completed terms of each imputation.
  public let completed: [[Term]]

  /// Imputation i draws from stream i of the seed, on any number of threads.
  /// - Throws: `lengthsDiffer`, `outOfRange` for options below 1 (imputations: below 2) or a level an ordered term does not
  ///   have, `notFinite`, `tooFew` for a column without a known value, `tooLarge` for a category of so many levels that its
  ///   model would have over 400 coefficients.
  public init(outcomes: [Bool], terms: [IncompleteTerm], options: Options = Options()) throws(StatisticsError) {
    for (what, value, least) in [
      ("imputations", options.imputations, 2), ("iterations", options.iterations, 1), ("donors", options.donors, 1),
    ] where value < least {
      throw .outOfRange(what: what, row: nil, expected: "at least \(least)", found: "\(value)")
    }
    var columns: [Column] = []
    for term in terms {
      try Require.sameLength(term.name, term.count, as: outcomes.count)
      columns.append(try Column(term))
    }
    let start = columns
    let outcome = outcomes.map { $0 ? 1.0 : 0 }
    let chains = concurrentMap(options.imputations) { index -> Result<[Term], StatisticsError> in
      var chain = Chain(
        columns: start, outcome: outcome, donors: options.donors,
        random: ImputationRandom(random: SplitMix64(seed: options.seed, stream: UInt64(index))))
      do throws(StatisticsError) {
        return .success(try chain.run(iterations: options.iterations))
      } catch {
        return .failure(error)
      }
    }
    var completed: [[Term]] = []
    for chain in chains { completed.append(try chain.get()) }
    self.completed = completed
  }

  /// A column as numbers: a category's are the places of its levels.
  private struct Column: Sendable {
    let term: IncompleteTerm
    let known: [Int]
    let gaps: [Int]
    /// Levels seen; nil for a number.
    let levels: [String]?
    var values: [Double]
    var start: [Double]?

    init(_ term: IncompleteTerm) throws(StatisticsError) {
      self.term = term
      gaps = term.missingRows
      let missing = Set(gaps)
      known = (0..<term.count).filter { !missing.contains($0) }
      if known.isEmpty { throw .tooFew(what: "values of \(term.name)", needed: 1, found: 0) }
      switch term.values {
      case .numbers(let numbers, _):
        levels = nil
        values = numbers.map { $0 ?? 0 }
        try Require.finite(values, term.name)
      case .factor(let words, _), .ordered(let words, _, _):
        let seen = Set(words.compactMap(\.self)).sorted()
        levels = seen
        let places = Dictionary(seen.enumerated().map { ($1, Double($0)) }, uniquingKeysWith: { first, _ in first })
        values = words.map { $0.flatMap { places[$0] } ?? 0 }
      }
    }

    /// What it adds to the model of another column.
    var predictors: [[Double]] {
      guard let levels else { return [values] }
      return (1..<max(1, levels.count)).map { level in values.map { $0 == Double(level) ? 1 : 0 } }
    }

    func completed() throws(StatisticsError) -> Term {
      let rows = Array(0..<term.count)
      func words(_ levels: [String]) -> [String?] { values.map { levels[Int($0)] } }
      switch (term.values, levels) {
      case (.factor(_, let reference), let levels?):
        return try IncompleteTerm(term.name, .factor(words(levels), reference: reference)).term(rows: rows)
      case (.ordered(_, let all, let coding), let levels?):
        return try IncompleteTerm(term.name, .ordered(words(levels), levels: all, coding)).term(rows: rows)
      case (.numbers(_, let spline), _):
        return try IncompleteTerm(term.name, .numbers(values, spline: spline)).term(rows: rows)
      default: return try term.term(rows: rows)
      }
    }
  }

  private struct Chain {
    var columns: [Column]
    let outcome: [Double]
    let donors: Int
    var random: ImputationRandom

    mutating func run(iterations: Int) throws(StatisticsError) -> [Term] {
      for place in columns.indices {
        let known = columns[place].known
        for gap in columns[place].gaps {
          columns[place].values[gap] = columns[place].values[known[random.random.below(known.count)]]
        }
      }
      for _ in 0..<iterations {
        for place in columns.indices where !columns[place].gaps.isEmpty { try fill(place) }
      }
      var terms: [Term] = []
      for column in columns { terms.append(try column.completed()) }
      return terms
    }

    private mutating func fill(_ place: Int) throws(StatisticsError) {
      let column = columns[place]
      let others = columns.indices.filter { $0 != place }.flatMap { columns[$0].predictors }
      let ones = [Double](repeating: 1, count: outcome.count)
      let predictors = Matrix(columns: [ones, outcome] + others, rows: outcome.count)
      let filled: [Double]
      if let levels = column.levels {
        if levels.count < 2 { return }
        let size = (levels.count - 1) * predictors.columns
        if size > 400 {
          throw .tooLarge(
            what: "model that imputes \(column.term.name) (join rare levels)", limit: "400 coefficients",
            found: "\(size)")
        }
        let model = try PolytomousLogistic(
          column.values.map { Int($0) }, levels: levels.count, predictors, known: column.known, start: column.start)
        columns[place].start = model.coefficients
        filled = model.fill(predictors, gaps: column.gaps, &random).map(Double.init)
      } else {
        filled = try MeanMatching.fill(
          column.values, predictors, known: column.known, gaps: column.gaps, donors: donors, &random)
      }
      for (gap, value) in zip(column.gaps, filled) { columns[place].values[gap] = value }
    }
  }
}
