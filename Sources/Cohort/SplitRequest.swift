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
    /// One fold with these parts of each class's lesions, of sum 1: training and test; training, validation and test; or
    /// training, validation, internal and external test (as 0.7, 0.1, 0.1, 0.1).
    case parts([Double])
    /// One fold: the images of these values of a column are the external test; the others are divided by `parts` as above (two or
    /// three of them), or have no internal test part where there are none.
    case holdOut(column: String, values: [String], parts: [Double])
    /// One fold: patients first seen after this date are the test part. Of patients seen before and after, what came after is
    /// left out; so are images without a date.
    case after(date: String)
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
