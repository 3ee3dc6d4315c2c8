/// One division of a cohort: image names, each list sorted, no name in two lists.
public struct Fold: Codable, Sendable, Hashable {
  /// 0-based.
  public var index: Int
  public var train: [String]
  /// Cut from the training patients; a network is chosen on it.
  public var validation: [String]
  public var test: [String]
  /// Images of none of the three: without a value in the column that divides, or of a patient who is also in the test part.
  public var leftOut: [String]
  /// The column's value that is the test part; nil for k-fold and given splits.
  public var name: String?

  public init(
    index: Int, train: [String], validation: [String], test: [String], leftOut: [String] = [], name: String? = nil
  ) {
    (self.index, self.train, self.validation, self.test) = (index, train, validation, test)
    (self.leftOut, self.name) = (leftOut, name)
  }
}

/// How a cohort is to be divided.
public struct SplitRequest: Codable, Sendable, Hashable {
  public enum Method: Codable, Sendable, Hashable {
    /// Cross-validation: each image is in the test part of one of `folds` (2 or more) folds.
    case kFold(folds: Int)
    /// The values of a column of the cohort table (site, device, a clinical column, a fold number) are the folds: each value
    /// in turn is the test part.
    case column(String)
    /// The table's `split` column: one fold.
    case given
  }

  public var method: Method
  /// Part of each class's training lesions that becomes the validation part, in 0..<1; 0 cuts none.
  public var validationFraction: Double
  /// Same seed, same folds, on every machine.
  public var seed: UInt64

  public init(method: Method, validationFraction: Double = 0.2, seed: UInt64 = 0) {
    (self.method, self.validationFraction, self.seed) = (method, validationFraction, seed)
  }

  public static func kFold(folds: Int, validationFraction: Double = 0.2, seed: UInt64 = 0) -> SplitRequest {
    SplitRequest(method: .kFold(folds: folds), validationFraction: validationFraction, seed: seed)
  }

  public static func column(_ name: String, validationFraction: Double = 0.2, seed: UInt64 = 0) -> SplitRequest {
    SplitRequest(method: .column(name), validationFraction: validationFraction, seed: seed)
  }

  public static func given(validationFraction: Double = 0.2, seed: UInt64 = 0) -> SplitRequest {
    SplitRequest(method: .given, validationFraction: validationFraction, seed: seed)
  }
}
