import Foundation
import Statistics
public import Tables

/// One case of a conformance file: what to compute, from which table, and what is expected.
public struct ConformanceCase: Decodable, Sendable {
  public struct Tolerance: Decodable, Sendable {
    public let abs: Double
    public let rel: Double
  }

  public struct Expected: Decodable, Sendable {
    public let value: JSONValue
    public let tol: Tolerance?
    public let optional: Bool
  }

  public let `case`: String
  public let kind: String
  /// File below the folder `data` beside the conformance file; nil where the parameters say all.
  let data: String?
  let params: [String: JSONValue]
  /// Absent in files that only ask.
  public let expected: [String: Expected]?

  // MARK: Parameters

  private func missing(_ name: String, _ what: String) -> AnalysisError {
    .input(source: "case \(`case`)", reason: "parameter \(name): expected \(what)")
  }

  /// The name of a column, or another word.
  func word(_ name: String) throws(AnalysisError) -> String {
    guard let text = params[name]?.scalar, !text.isEmpty else { throw missing(name, "text") }
    return text
  }

  func number(_ name: String) throws(AnalysisError) -> Double {
    guard let number = params[name]?.number else { throw missing(name, "a number") }
    return number
  }

  func count(_ name: String) throws(AnalysisError) -> Int {
    guard let count = Int(exactly: try number(name)) else { throw missing(name, "a whole number") }
    return count
  }

  /// Two or more different words.
  func pair(_ name: String) throws(AnalysisError) -> (String, String) {
    let words = (params[name]?.list ?? []).compactMap(\.scalar)
    guard words.count == 2 else { throw missing(name, "two names") }
    return (words[0], words[1])
  }

  /// Rows of whole numbers.
  func counts(_ name: String) throws(AnalysisError) -> [[Int]] {
    var rows: [[Int]] = []
    for row in params[name]?.list ?? [] {
      let numbers = row.list.compactMap { $0.number.flatMap { Int(exactly: $0) } }
      guard numbers.count == row.list.count, !numbers.isEmpty else { throw missing(name, "rows of whole numbers") }
      rows.append(numbers)
    }
    guard !rows.isEmpty else { throw missing(name, "rows of whole numbers") }
    return rows
  }
}

/// The table of a case.
struct ConformanceTable {
  private let table: Table
  private let given: ConformanceCase

  init(_ given: ConformanceCase, folder: URL) throws {
    guard let name = given.data else {
      throw AnalysisError.input(source: "case \(given.case)", reason: "kind \(given.kind) needs data")
    }
    self.given = given
    table = try Table(contentsOf: folder.appending(path: "data").appending(path: name))
  }

  func text(_ parameter: String) throws -> [String] { try table.column(given.word(parameter)) }
  func numbers(_ parameter: String) throws -> [Double] { try table.numbers(given.word(parameter)) }
  func flags(_ parameter: String) throws -> [Bool] { try numbers(parameter).map { $0 == 1 } }
  func column(_ name: String) throws -> [Double] { try table.numbers(name) }

  /// Every column, as rows of numbers.
  func matrix() throws -> [[Double]] {
    let columns = try table.columns.map { try table.numbers($0) }
    return (0..<table.rowCount).map { row in columns.map { $0[row] } }
  }

  /// Every column, as rows of text.
  func rows() throws -> [[String]] {
    let columns = try table.columns.map { try table.column($0) }
    return (0..<table.rowCount).map { row in columns.map { $0[row] } }
  }

  func terms() throws -> [Term] {
    try (given.params["terms"]?.list ?? []).map { term in
      let name = term.scalar ?? ""
      if let reference = given.params["ref"]?[name]?.scalar {
        return Term(name, try table.column(name), reference: reference)
      }
      return Term(name, try table.numbers(name))
    }
  }
}
