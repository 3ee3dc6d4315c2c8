import Cohort
import Foundation
import Protocols

/// One variable of one sample, as the schema reads it.
enum ClinicalCell: Sendable, Equatable {
  case missing
  /// After the logarithm, where the variable has one.
  case number(Double)
  /// Place among the variable's levels; 0 or 1 of a flag.
  case level(Int)
}

extension ClinicalVariable {
  private static let no = ["0", "no", "false"]
  private static let yes = ["1", "yes", "true"]

  /// Throws for a cell that is not of the variable's kind, naming image and column.
  func cell(of image: ImageRecord) throws(TrainingError) -> ClinicalCell {
    func wrong(_ expected: String, _ found: String) -> TrainingError {
      .cohort("image \(image.name), column \(column): expected \(expected), found \"\(found)\"")
    }
    guard let text = image.clinicalText(column) else { return .missing }
    switch kind {
    case .number:
      guard let number = Double(text), number.isFinite else { throw wrong("a number", text) }
      guard !log || number >= 0 else { throw wrong("0 or more, for its logarithm", text) }
      return .number(log ? log1p(number) : number)
    case .flag:
      let words = levels.isEmpty ? [Self.no, Self.yes] : levels.map { [$0] }
      let spelled = levels.isEmpty ? text.lowercased() : text
      guard let place = words.firstIndex(where: { $0.contains(spelled) }) else {
        throw wrong(words.map { $0.joined(separator: ", ") }.joined(separator: " or "), text)
      }
      return .level(place)
    case .category, .ordinal:
      guard let place = levels.firstIndex(of: text) else {
        throw wrong("one of " + levels.joined(separator: ", "), text)
      }
      return .level(place)
    }
  }
}

extension ImageRecord {
  /// The text of a column, nil where the cell is missing.
  fileprivate func clinicalText(_ column: String) -> String? {
    column == "size_mm" ? sizeMillimetres.map { String($0) } : text(ofColumn: column)
  }
}

/// A clinical record as numbers. What it standardises by comes from the training part of a fold alone and is kept in the
/// fold's checkpoints.
struct ClinicalEncoder: Sendable {
  /// Mean and standard deviation of a number where it is known.
  struct Standard: Codable, Equatable, Sendable {
    var mean: Double
    var deviation: Double
  }

  let variables: [ClinicalVariable]
  /// By column, for the variables that are numbers.
  let standards: [String: Standard]

  init(_ variables: [ClinicalVariable], standards: [String: Standard]) {
    (self.variables, self.standards) = (variables, standards)
  }

  /// - training: the records of the training part, one cell a variable.
  init(_ variables: [ClinicalVariable], training records: [[ClinicalCell]]) {
    var standards: [String: Standard] = [:]
    for (place, variable) in variables.enumerated() where variable.kind == .number {
      let known = records.compactMap { if case .number(let value) = $0[place] { value } else { nil } }
      standards[variable.column] = Standard(of: known)
    }
    self.init(variables, standards: standards)
  }

  var width: Int { variables.reduce(0) { $0 + $1.width } }

  /// `width` values, in the order of the variables.
  func encoded(_ record: [ClinicalCell]) -> [Float] {
    zip(variables, record).flatMap { encoded($0, $1) }
  }

  private func encoded(_ variable: ClinicalVariable, _ cell: ClinicalCell) -> [Float] {
    if variable.kind == .category {
      let place = if case .level(let level) = cell { level } else { variable.levels.count }
      return (0...variable.levels.count).map { $0 == place ? 1 : 0 }
    }
    switch cell {
    case .missing: return [0, 1]
    case .number(let value):
      let standard = standards[variable.column] ?? Standard(of: [])
      return [Float((value - standard.mean) / standard.deviation), 0]
    case .level(let level): return [Float(level) / Float(max(1, variable.levels.count - 1)), 0]
    }
  }
}

extension ClinicalEncoder.Standard {
  /// A variable that is never known, or always the same, is left at its distance from the mean.
  init(of values: [Double]) {
    let count = Double(max(1, values.count))
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    self.init(mean: mean, deviation: variance > 0 ? variance.squareRoot() : 1)
  }
}
