public import Foundation
public import Tables

/// Runs a conformance file: every case's quantities by the names of its definitions.
public enum Conformance {
  /// - file: a JSON list of cases; their tables lie in `data` beside it.
  public static func cases(in file: URL) throws(AnalysisError) -> [ConformanceCase] {
    do {
      return try JSONDecoder().decode([ConformanceCase].self, from: Data(contentsOf: file))
    } catch let error as DecodingError {
      throw .input(source: file.path, reason: "not a list of cases: \(error)")
    } catch {
      throw .input(source: file.path, reason: "cannot be read")
    }
  }

  /// The quantities of one case by name.
  /// Errors: a kind that is not known, a parameter or column that is missing, data that the statistic refuses.
  public static func results(of given: ConformanceCase, folder: URL) throws(AnalysisError) -> [String: JSONValue] {
    try asAnalysisError("case \(given.case)") {
      try ConformanceResults(given, folder).compute().compactMapValues { value in
        switch value {
        case let number as Double: .number(number)
        case let count as Int: .number(Double(count))
        case let bool as Bool: .bool(bool)
        case let text as String: .text(text)
        default: nil
        }
      }
    }
  }
}
