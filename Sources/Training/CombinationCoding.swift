import Protocols

/// How a factor becomes columns of a regression, as learnt from the lesions it is fitted on.
struct FactorCoding: Codable, Equatable {
  struct Column: Codable, Equatable {
    /// `age`, `afp > 200`, `sex=male`, `afp (missing)`.
    var name: String
    /// The level it is 1 for (category); nil for a number.
    var level: String?
    /// Whether it is 1 where the value is missing, else 0.
    var isMissing: Bool
    /// Over the lesions it was learnt from whose value is known.
    var mean: Double
  }

  var factor: CombinationFactor
  var columns: [Column]
  /// Smallest and largest number seen; nil for levels.
  var range: [Double]?

  /// - values: of the lesions to fit on; nil where none of them has a value.
  /// - ownLevel: whether missing values get a column, if there are any.
  init?(_ factor: CombinationFactor, values: [FactorValue], ownLevel: Bool) {
    let known = values.filter { $0 != .missing }
    guard !known.isEmpty else { return nil }
    var columns: [Column] = []
    if factor.kind == .category {
      let seen = factor.levels.filter { known.contains(.level($0)) }
      // The others are compared with a level that is there.
      let reference = seen.contains(factor.reference) ? factor.reference : seen.first
      for level in seen where level != reference {
        columns.append(
          Column(name: "\(factor.column)=\(level)", level: level, isMissing: false, mean: Self.share(level, known)))
      }
    } else {
      let numbers = known.compactMap { Self.number($0, factor) }
      let mean = numbers.reduce(0, +) / Double(numbers.count)
      columns.append(Column(name: factor.name, level: nil, isMissing: false, mean: mean))
      range = [numbers.min() ?? 0, numbers.max() ?? 0]
    }
    if ownLevel, known.count < values.count {
      columns.append(Column(name: "\(factor.name) (missing)", level: nil, isMissing: true, mean: 0))
    }
    (self.factor, self.columns) = (factor, columns)
  }

  private static func share(_ level: String, _ known: [FactorValue]) -> Double {
    Double(known.count { $0 == .level(level) }) / Double(known.count)
  }

  private static func number(_ value: FactorValue, _ factor: CombinationFactor) -> Double? {
    guard case .number(let number) = value else { return nil }
    guard let above = factor.above else { return number }
    return number > above ? 1 : 0
  }

  /// The value's columns; nil where it is missing and such lesions are dropped.
  ///
  /// A missing value with a column of its own is 1 there: beside it categories and flags are at their reference and
  /// numbers at their mean. One where no lesion of the fit lacked it takes every column's mean. A level no lesion of
  /// the fit had counts as the reference.
  func encoded(_ value: FactorValue, dropping: Bool) -> [Double]? {
    if value == .missing {
      if dropping { return nil }
      let hasOwnLevel = columns.contains(where: \.isMissing)
      let isMeasured = factor.above == nil && (factor.kind == .number || factor.kind == .ordinal)
      return columns.map { $0.isMissing ? 1 : !hasOwnLevel || isMeasured ? $0.mean : 0 }
    }
    return columns.map { column in
      if column.isMissing { return 0 }
      if let level = column.level { return value == .level(level) ? 1 : 0 }
      return Self.number(value, factor) ?? 0
    }
  }
}
