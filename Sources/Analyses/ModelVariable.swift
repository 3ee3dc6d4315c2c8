import Foundation
public import Statistics

extension ModelAnalyses {
  /// A variable of a model as the command line names it:
  /// - `age`: a number, one odds ratio a unit;
  /// - `age~spline`, `age~spline5`: a restricted cubic spline with 4 or that many knots (3 to 7);
  /// - `race:white`: a category with its reference level;
  /// - `hepatitis~ordered(none|HBV|HCV|HBV+HCV)`: levels from lowest to highest as scores 0, 1, 2, 3;
  /// - `hepatitis~steps(none|HBV|HCV|HBV+HCV)`: the odds ratio of each level against the one below it.
  public struct Variable: Sendable, Equatable {
    public enum Form: Sendable, Equatable {
      case number
      case spline(knots: Int)
      case factor(reference: String)
      case ordered(levels: [String], Term.OrderedCoding)
    }

    public let column: String
    public let form: Form

    /// - Throws: `input` for a form after `~` that is none of these.
    public init(_ text: String) throws(AnalysisError) {
      if let tilde = text.lastIndex(of: "~") {
        (column, form) = (String(text[..<tilde]), try Self.form(String(text[text.index(after: tilde)...]), of: text))
      } else if let colon = text.firstIndex(of: ":") {
        let reference = String(text[text.index(after: colon)...])
        if reference.isEmpty {
          throw .input(source: "variable \"\(text)\"", reason: "expected the reference level after the colon")
        }
        (column, form) = (String(text[..<colon]), .factor(reference: reference))
      } else {
        (column, form) = (text, .number)
      }
      if column.isEmpty { throw .input(source: "variable \"\(text)\"", reason: "expected the name of a column") }
    }

    /// Splits a list at its commas, but not at those within brackets.
    /// - Throws: as ``init(_:)``; `input` for a column named twice.
    public static func list(_ text: String) throws(AnalysisError) -> [Variable] {
      var words = [""]
      var depth = 0
      for character in text {
        depth += character == "(" ? 1 : character == ")" ? -1 : 0
        if character == ",", depth <= 0 { words.append("") } else { words[words.count - 1].append(character) }
      }
      var variables: [Variable] = []
      for word in words {
        let trimmed = word.trimmingCharacters(in: .whitespaces)
        if trimmed.isEmpty { continue }
        let variable = try Variable(trimmed)
        if variables.contains(where: { $0.column == variable.column }) {
          throw .input(source: "variable \"\(trimmed)\"", reason: "column \(variable.column) is named twice")
        }
        variables.append(variable)
      }
      return variables
    }

    private static func form(_ word: String, of text: String) throws(AnalysisError) -> Form {
      if word.hasPrefix("spline") {
        let digits = word.dropFirst("spline".count)
        if digits.isEmpty { return .spline(knots: 4) }
        if let knots = Int(digits), (3...7).contains(knots) { return .spline(knots: knots) }
        throw .input(source: "variable \"\(text)\"", reason: "expected 3 to 7 knots, found \(digits)")
      }
      for coding in [Term.OrderedCoding.scores, .steps] {
        let name = coding == .scores ? "ordered(" : "steps("
        guard word.hasPrefix(name), word.hasSuffix(")") else { continue }
        let levels = word.dropFirst(name.count).dropLast().split(separator: "|", omittingEmptySubsequences: false)
          .map { $0.trimmingCharacters(in: .whitespaces) }
        if levels.count < 2 || Set(levels).count < levels.count || levels.contains("") {
          throw .input(
            source: "variable \"\(text)\"", reason: "expected two or more different levels with | between them")
        }
        return .ordered(levels: levels, coding)
      }
      throw .input(
        source: "variable \"\(text)\"",
        reason: "expected spline, spline3 to spline7, ordered(A|B|...) or steps(A|B|...) after ~, found \(word)")
    }
  }

  /// What is done with rows that lack a value.
  public enum Missing: String, Sendable, CaseIterable {
    /// Left out.
    case complete
    /// A level of its own, or a number's mean with an indicator (S2-06).
    case level
    /// Multiple imputation by chained equations.
    case impute
  }
}
