import Foundation

@testable import Statistics

/// Any JSON value.
enum JSON: Decodable {
  case null
  case bool(Bool)
  case number(Double)
  case text(String)
  case list([JSON])
  case object([String: JSON])

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let bool = try? value.decode(Bool.self) {
      self = .bool(bool)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let list = try? value.decode([JSON].self) {
      self = .list(list)
    } else {
      self = .object(try value.decode([String: JSON].self))
    }
  }

  var text: String {
    switch self {
    case .text(let text): text
    case .number(let number): number == number.rounded() ? "\(Int(number))" : "\(number)"
    default: ""
    }
  }
  var number: Double { if case .number(let number) = self { number } else { .nan } }
  var list: [JSON] { if case .list(let list) = self { list } else { [] } }
  var object: [String: JSON] { if case .object(let object) = self { object } else { [:] } }
}

/// One case of shared/conformance/statistics/cases.json.
struct ConformanceCase: Decodable {
  struct Tolerance: Decodable {
    let abs: Double
    let rel: Double
  }

  struct Expected: Decodable {
    let value: JSON
    let tol: Tolerance?
    let optional: Bool
  }

  let `case`: String
  let kind: String
  let data: String?
  let params: [String: JSON]
  let expected: [String: Expected]

  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("../shared/conformance/statistics").standardized

  static var isPresent: Bool { FileManager.default.fileExists(atPath: folder.path + "/cases.json") }

  static func all() throws -> [ConformanceCase] {
    try JSONDecoder().decode(
      [ConformanceCase].self, from: Data(contentsOf: folder.appendingPathComponent("cases.json")))
  }

  func parameter(_ name: String) -> String { params[name]?.text ?? "" }

  func table() throws -> Columns {
    try Columns(file: Self.folder.appendingPathComponent("data/" + (data ?? "")))
  }

  /// What differs from the expected values; a missing optional value is no difference.
  func differences(from results: [String: Any]) -> [String] {
    expected.sorted { $0.key < $1.key }.compactMap { key, expected in
      guard let found = results[key] else { return expected.optional ? nil : "\(`case`) \(key): missing" }
      return matches(expected, found) ? nil : "\(`case`) \(key): expected \(expected.value), found \(found)"
    }
  }

  private func matches(_ expected: Expected, _ found: Any) -> Bool {
    switch expected.value {
    case .bool(let bool): return found as? Bool == bool
    case .text("inf"): return found as? Double == .infinity
    case .text("-inf"): return found as? Double == -.infinity
    case .text(let text): return found as? String == text
    case .number(let number):
      guard let tol = expected.tol, let value = found as? Double ?? (found as? Int).map(Double.init) else {
        return false
      }
      return abs(value - number) <= tol.abs + tol.rel * abs(number)
    default: return false
    }
  }
}

/// A CSV file without quotes, by column.
struct Columns {
  let names: [String]
  let rows: [[String]]

  init(file: URL) throws {
    let lines = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline)
    names = lines[0].split(separator: ",").map(String.init)
    rows = lines.dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
  }

  func text(_ name: String) -> [String] {
    let column = names.firstIndex(of: name) ?? 0
    return rows.map { $0[column] }
  }
  func numbers(_ name: String) -> [Double] { text(name).map { Double($0) ?? .nan } }
  func flags(_ name: String) -> [Bool] { numbers(name).map { $0 == 1 } }
  var matrix: [[Double]] { rows.map { $0.map { Double($0) ?? .nan } } }

  func terms(_ given: ConformanceCase) -> [Term] {
    (given.params["terms"]?.list ?? []).map { term in
      if let reference = given.params["ref"]?.object[term.text] {
        Term(term.text, text(term.text), reference: reference.text)
      } else {
        Term(term.text, numbers(term.text))
      }
    }
  }
}
