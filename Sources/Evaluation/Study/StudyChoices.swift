/// What a stratum is made of, as the command line names it: `site`, or `size_mm:20,50` for up to 20, above 20 to 50, above
/// 50 (S2-22).
public struct StratumChoice: Sendable, Equatable {
  public let variable: String
  /// Strictly rising; empty where each value is a stratum.
  public let cuts: [Double]

  init(variable: String) { (self.variable, cuts) = (variable, []) }

  /// Error: `unreadable`, for an empty name or cuts that are no rising numbers.
  public init(_ text: String) throws(EvaluationError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    variable = parts[0]
    guard !variable.isEmpty else { throw .unreadable("strata: expected a variable, found \"\(text)\"") }
    guard parts.count > 1 else {
      cuts = []
      return
    }
    let texts = parts[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let numbers = texts.compactMap { Double($0) }.filter(\.isFinite)
    guard numbers.count == texts.count, zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw .unreadable("strata \(variable): expected rising numbers such as 20,50, found \"\(parts[1])\"")
    }
    cuts = numbers
  }
}
