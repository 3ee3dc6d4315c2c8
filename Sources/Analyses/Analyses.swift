// Analyses: a table's columns through Statistics to results one can print: what `insonate stats` and conformance files ask for.
// Imports Statistics and Tables; knows no cohort, no network, no figure.

public import Statistics
public import Tables

/// Why an analysis cannot be done. Each message names the table, column and line, or the parameter.
public enum AnalysisError: Error, Sendable, CustomStringConvertible {
  case table(TableError)
  case statistics(source: String, StatisticsError)
  /// A cell or a column that does not suit the analysis.
  case input(source: String, reason: String)

  public var description: String {
    switch self {
    case .table(let error): error.description
    case .statistics(let source, let error): "\(source): \(error)"
    case .input(let source, let reason): "\(source): \(reason)"
    }
  }
}

/// Runs `body`, whose errors are of Statistics and Tables, on behalf of `source`.
func asAnalysisError<Result>(_ source: String, _ body: () throws -> Result) throws(AnalysisError) -> Result {
  do {
    return try body()
  } catch let error as AnalysisError {
    throw error
  } catch let error as TableError {
    throw .table(error)
  } catch let error as StatisticsError {
    throw .statistics(source: source, error)
  } catch {
    throw .input(source: source, reason: "\(error)")
  }
}
