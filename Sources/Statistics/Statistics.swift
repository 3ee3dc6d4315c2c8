// Statistics: pure functions from numbers to numbers (ROC, DeLong, proportions, calibration, tests, models, agreement).
// Knows no file, no table format, no network, no libtorch; may import CBoostMath and Foundation only. Positive means
// malignant and a higher score means more likely positive, everywhere; an AUC below 0.5 is reported, never flipped.

/// What was wrong with the numbers given. `row` counts from 0; the message counts from 1, as a table's data rows.
public enum StatisticsError: Error, CustomStringConvertible, Sendable, Equatable {
  /// Two columns that belong together have different lengths.
  case lengthsDiffer(what: String, expected: Int, found: Int)
  /// Nothing to work on.
  case empty(what: String)
  /// A discrimination measure needs both classes.
  case oneClassOnly(positives: Int, negatives: Int)
  /// NaN or an infinity where a finite number is needed.
  case notFinite(what: String, row: Int, found: String)
  /// A number outside its range; `row` is nil for a parameter.
  case outOfRange(what: String, row: Int?, expected: String, found: String)
  /// Fewer observations than the method can work with.
  case tooFew(what: String, needed: Int, found: Int)
  /// Columns that determine each other.
  case collinear(column: String)
  /// A maximum-likelihood fit whose estimates grow without bound, since a combination of columns separates the classes.
  case separated(kind: String)
  /// An iteration that did not settle.
  case notConverged(what: String, iterations: Int)
  /// More work than can be done in reasonable time.
  case tooLarge(what: String, limit: String, found: String)

  public var description: String {
    switch self {
    case .lengthsDiffer(let what, let expected, let found):
      "\(what): expected \(expected) values, found \(found)"
    case .empty(let what):
      "\(what): expected at least one value, found none"
    case .oneClassOnly(let positives, let negatives):
      "expected both classes, found \(positives) positive and \(negatives) negative"
    case .notFinite(let what, let row, let found):
      "\(what), row \(row + 1): expected a finite number, found \(found)"
    case .outOfRange(let what, let row, let expected, let found):
      "\(what)\(row.map { ", row \($0 + 1)" } ?? ""): expected \(expected), found \(found)"
    case .tooFew(let what, let needed, let found):
      "\(what): expected at least \(needed), found \(found)"
    case .collinear(let column):
      "column \(column) is constant or a combination of other columns; expected independent columns"
    case .separated(let kind):
      "the columns separate the classes (\(kind) separation), so that no finite maximum-likelihood estimate exists"
    case .notConverged(let what, let iterations):
      "\(what): no convergence within \(iterations) iterations"
    case .tooLarge(let what, let limit, let found):
      "\(what): expected at most \(limit), found \(found)"
    }
  }
}

/// Checks shared by every function that takes columns.
enum Require {
  static func sameLength(_ what: String, _ found: Int, as expected: Int) throws(StatisticsError) {
    if found != expected { throw .lengthsDiffer(what: what, expected: expected, found: found) }
  }

  static func finite(_ values: [Double], _ what: String) throws(StatisticsError) {
    // A sum is finite unless a value is not, or the values are huge: only then look for the row.
    var sum = 0.0
    for value in values { sum += value * 0 }
    if sum == 0 { return }
    for (row, value) in values.enumerated() where !value.isFinite {
      throw .notFinite(what: what, row: row, found: "\(value)")
    }
  }

  static func probabilities(_ values: [Double], _ what: String) throws(StatisticsError) {
    try finite(values, what)
    for (row, value) in values.enumerated() where value < 0 || value > 1 {
      throw .outOfRange(what: what, row: row, expected: "a probability from 0 to 1", found: "\(value)")
    }
  }

  static func level(_ level: Double) throws(StatisticsError) {
    if !(level > 0 && level < 1) {
      throw .outOfRange(what: "confidence level", row: nil, expected: "a number between 0 and 1", found: "\(level)")
    }
  }
}
