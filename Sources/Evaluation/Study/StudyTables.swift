public import Analyses
public import Cohort
public import Foundation
public import Tables
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
  /// Whether the variables are to be shown as Table 1; those of a run's cohort are already.
  let hasTableOne: Bool
  let enrolment: EnrolmentLog?
  let readings: ReadingTable?
  let comparators: [Comparator]
  let regression: [ModelAnalyses.Variable]
  let strata: [StratumChoice]

  /// Reads the tables and joins them to the predictions.
  /// - images: of the run's cohort; their clinical columns serve where there is no clinical table.
  /// - cohortEnrolment: the enrolment log that the cohort keeps; serves where `files` names none.
  /// Errors: `unreadable` and `cell`, with file, line and column; a variable or stratum that is no clinical variable, naming
  /// those there are; cuts of what is no number; a reference that is no level.
  public init(
    _ files: StudyFiles = StudyFiles(), regression: [ModelAnalyses.Variable] = [], strata: [StratumChoice] = [],
    predictions: [Prediction], images: [ImageRecord] = [], cohortEnrolment: Table? = nil
  ) throws(EvaluationError) {
    var clinical: ClinicalTable?
    if let file = files.clinical { clinical = try ClinicalTable(StrictTable(file)) }
    hasTableOne = clinical != nil || images.isEmpty
    if clinical == nil { clinical = try ClinicalTable.of(images) }
    variables = try LesionVariables(predictions, clinical: clinical)
    if let file = files.enrolment {
      enrolment = try EnrolmentLog(StrictTable(file))
    } else {
      enrolment = try cohortEnrolment.map { table throws(EvaluationError) in try EnrolmentLog(StrictTable(table)) }
    }
    if let file = files.readings {
      readings = try ReadingTable(StrictTable(file), predictions: predictions)
    } else {
      readings = nil
    }
    if let file = files.comparators { comparators = try Comparator.all(StrictTable(file)) } else { comparators = [] }
    (self.regression, self.strata) = (regression, strata)
    try check()
  }

  /// Reads an enrolment log as a report does. Errors: as of the initializer.
  public static func checkEnrolment(_ file: URL) throws(EvaluationError) { _ = try EnrolmentLog(StrictTable(file)) }

  private func check() throws(EvaluationError) {
    for choice in regression { try check(choice, require(choice.column, of: "variables")) }
    for choice in strata {
      let variable = try require(choice.variable, of: "strata")
      guard choice.cuts.isEmpty || variable.kind == .number else {
        throw .unreadable("strata \(choice.variable): expected numbers to cut, found a category")
      }
    }
  }

  private func check(_ choice: ModelAnalyses.Variable, _ variable: ClinicalVariable) throws(EvaluationError) {
    let place = variables.place(of: choice.column) ?? 0
    let levels = Set(variables.values.values.compactMap { $0[place].level(variable.kind) }).sorted()
    let isLevels: Bool
    switch choice.form {
    case .number: isLevels = variable.kind == .category
    case .spline:
      isLevels = false
      guard variable.kind == .number else {
        throw .unreadable("variables: \(choice.column): expected numbers for a spline, found a category")
      }
    case .factor(let reference):
      isLevels = true
      guard levels.count > 30 || levels.contains(reference) else {
        throw .unreadable(
          "variables: \(choice.column): expected one of \(levels.joined(separator: ", ")) as reference, found "
            + "\"\(reference)\"")
      }
    case .ordered(let named, _):
      isLevels = true
      let unknown = levels.filter { !named.contains($0) }
      guard unknown.isEmpty else {
        throw .unreadable(
          "variables: \(choice.column): levels that are not among the ordered ones: \(Named.some(unknown))")
      }
    }
    guard !isLevels || levels.count <= 30 else {
      throw .unreadable("variables: \(choice.column) has \(levels.count) values, too many for a category")
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
