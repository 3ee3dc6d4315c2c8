public import Cohort
public import Foundation
import Wording

/// Where a study's further tables lie; nil where it has none.
public struct StudyFiles: Sendable {
  public var clinical: URL?
  public var enrolment: URL?
  public var readings: URL?
  public var comparators: URL?

  public init(clinical: URL? = nil, enrolment: URL? = nil, readings: URL? = nil, comparators: URL? = nil) {
    (self.clinical, self.enrolment) = (clinical, enrolment)
    (self.readings, self.comparators) = (readings, comparators)
  }
}

/// What a study has beside its predictions: clinical variables, enrolment log, readings, comparators, and which variables
/// its regression and strata take.
public struct StudyTables: Sendable {
  let variables: LesionVariables
  /// Whether a clinical table was given, and not only columns of the predictions.
  let hasClinicalTable: Bool
  let enrolment: EnrolmentLog?
  let readings: ReadingTable?
  let comparators: [Comparator]
  let regression: [VariableChoice]
  let strata: [StratumChoice]

  /// Reads the tables and joins them to the predictions.
  /// Errors: `unreadable` and `cell`, with file, line and column; a variable or stratum that is no clinical variable, naming
  /// those there are; cuts of what is no number; a reference that is no level.
  public init(
    _ files: StudyFiles = StudyFiles(), regression: [VariableChoice] = [], strata: [StratumChoice] = [],
    predictions: [Prediction]
  ) throws(EvaluationError) {
    var clinical: ClinicalTable?
    if let file = files.clinical { clinical = try ClinicalTable(StrictTable(file)) }
    variables = try LesionVariables(predictions, clinical: clinical)
    hasClinicalTable = clinical != nil
    if let file = files.enrolment { enrolment = try EnrolmentLog(StrictTable(file)) } else { enrolment = nil }
    if let file = files.readings {
      readings = try ReadingTable(StrictTable(file), predictions: predictions)
    } else {
      readings = nil
    }
    if let file = files.comparators { comparators = try Comparator.all(StrictTable(file)) } else { comparators = [] }
    (self.regression, self.strata) = (regression, strata)
    try check()
  }

  private func check() throws(EvaluationError) {
    for choice in regression {
      let variable = try require(choice.name, of: "variables")
      guard let reference = choice.reference, let place = variables.place(of: choice.name) else { continue }
      let levels = Set(variables.values.values.compactMap { $0[place].level(variable.kind) }).sorted()
      guard levels.count <= 30 else {
        throw .unreadable("variables: \(choice.name) has \(levels.count) values, too many for a category")
      }
      guard levels.contains(reference) else {
        throw .unreadable(
          "variables: \(choice.name): expected one of \(levels.joined(separator: ", ")) as reference, found \"\(reference)\""
        )
      }
    }
    for choice in strata {
      let variable = try require(choice.variable, of: "strata")
      guard choice.cuts.isEmpty || variable.kind == .number else {
        throw .unreadable("strata \(choice.variable): expected numbers to cut, found a category")
      }
    }
  }

  private func require(_ name: String, of option: String) throws(EvaluationError) -> ClinicalVariable {
    guard let place = variables.place(of: name) else {
      let known = variables.variables.map(\.name).joined(separator: ", ")
      throw .unreadable("\(option): no clinical variable \"\(name)\"; there are: \(known.isEmpty ? "none" : known)")
    }
    return variables.variables[place]
  }
}
