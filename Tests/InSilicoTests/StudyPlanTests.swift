import Testing
import Ultrasound

@testable import InSilico

/// What is planned before any picture is rendered, in each of the four studies.
@Suite struct StudyPlanTests {
  private static let systems: [SimulatedSystem] = [.softTissue, .renal, .thyroid, .calcifiedThyroid]

  /// A study's plan without its type.
  struct Plan {
    let lesions: [StudyLesion]
    let model: StudyTruthModel
    let record: SimulationRecord
    let truth: TableRows
    let design: StudyDesign
  }

  static func plan(_ system: SimulatedSystem, _ change: (inout CohortSettings) -> Void = { _ in }) throws -> Plan {
    var settings = CohortSettings(of: system)
    change(&settings)
    func plan(_ cohort: StudyCohort<some Study>) -> Plan {
      Plan(
        lesions: cohort.lesions, model: cohort.model, record: cohort.record, truth: cohort.truthTable(),
        design: cohort.study.design)
    }
    switch system {
    case .softTissue: return plan(try StudyCohort(SoftTissueStudy(settings), settings: settings))
    case .renal: return plan(try StudyCohort(RenalStudy(settings), settings: settings))
    case .thyroid: return plan(try StudyCohort(ThyroidStudy(settings), settings: settings))
    default: return plan(try StudyCohort(CalcifiedThyroidStudy(settings), settings: settings))
    }
  }

  /// S0-01, S1-01.
  @Test func defaultsAreTheStudies() throws {
    let soft = try Self.plan(.softTissue).lesions
    #expect(soft.count == 733 && soft.filter { $0.label == .malignant }.count == 271)
    let renal = try Self.plan(.renal).lesions
    #expect(renal.count == 181 && renal.filter { $0.label == .malignant }.count == 100)
  }

  /// S3-01: 2,319 nodules of 1,257 patients, some of whom have nodules of both classes.
  @Test func patientsHaveTheStudysNumberOfNodules() throws {
    let lesions = try Self.plan(.calcifiedThyroid) { $0.patients = 1257 }.lesions
    #expect(abs(lesions.count - 2319) <= 2)
    let ofPatients = Dictionary(grouping: lesions, by: \.patient)
    #expect(ofPatients.count == 1257 && ofPatients.values.map(\.count).max() == 4)
    #expect(ofPatients.values.contains { Set($0.map(\.label)).count == 2 })
    let share = Double(lesions.filter { $0.label == .malignant }.count) / Double(lesions.count)
    #expect(abs(share - 57.0 / 232) < 0.001)
  }

  @Test(arguments: systems) func idealObserversReachTheirAUC(system: SimulatedSystem) throws {
    let plan = try Self.plan(system) {
      $0.patients = 3000
      $0.lesionsPerPatient = 1
      $0.prevalence = 0.5
      $0.idealAUC = 0.92
    }
    let malignant = plan.lesions.map { $0.label == .malignant }
    #expect(abs((plan.record.idealAUC(.images) ?? 0) - 0.92) < 1e-9)
    for group in plan.record.groups {
      let column = try #require(plan.truth.columns.firstIndex(of: group.observer.column))
      let scores = try plan.truth.rows.map { try #require(Double($0[column])) }
      // Standard error of an AUC of 0.6 at 1500 against 1500 is 0.01.
      let found = areaUnderCurve(scores, malignant: malignant)
      #expect(abs(found - group.idealAUC) < 0.035, "\(group.observer.rawValue): \(found) for \(group.idealAUC)")
    }
    let modalities = Set(plan.record.groups.compactMap(\.modality))
    #expect(abs((plan.record.idealAUC(of: modalities) ?? 0) - 0.92) < 1e-9)
    #expect(plan.record.idealAUC(of: [.powerDoppler]) == nil)
    for modality in modalities where modalities.count > 1 {
      #expect((plan.record.idealAUC(of: [modality]) ?? 1) < 0.92)
    }
  }

  /// Chi-square limits at p = 0.001 for the freedoms met here.
  @Test(arguments: systems) func nuisanceTellsNothingOfTheClass(system: SimulatedSystem) throws {
    let limits = [1: 10.83, 2: 13.82, 3: 16.27, 4: 18.47]
    let plan = try Self.plan(system) {
      $0.patients = 2000
      $0.lesionsPerPatient = 1
    }
    var nuisance: [(String, (StudyLesion) -> String)] = [
      ("site", { $0.exam.site }), ("device", { $0.exam.device.name }), ("depth", { "\($0.exam.depth)" }),
      ("gain", { "\($0.exam.gain > 0)" }), ("outline", { "\($0.outline[0] > 3)" }),
      ("aspect", { [aspect = plan.design.aspect] in "\($0.aspect > (aspect.lowerBound + aspect.upperBound) / 2)" }),
    ]
    if plan.design.sizeFactor == nil { nuisance.append(("size", { "\($0.radius > 8)" })) }
    if plan.lesions.contains(where: { $0.record.contains("") }) {
      nuisance.append(("missing", { "\($0.record.contains(""))" }))
    }
    for (name, value) in nuisance {
      let (found, freedom) = chiSquare(plan.lesions.map { ($0.label.rawValue, value($0)) })
      #expect(found < limits[freedom] ?? 0 || freedom == 0, "\(name): chi-square \(found) at \(freedom)")
    }
  }

  /// The record's columns follow the factors, and some cells are missing.
  @Test func softTissueRecordPointsToTheClass() throws {
    let plan = try Self.plan(.softTissue) { $0.patients = 1500 }
    let names = plan.design.clinical.map(\.name)
    #expect(
      names == ["age", "sex", "size_mm", "depth", "duration_months", "pain", "growth", "history"])
    func mean(_ name: String, _ label: Label, _ value: (String) -> Double?) throws -> Double {
      let index = try #require(names.firstIndex(of: name))
      let values = plan.lesions.filter { $0.label == label }.compactMap { value($0.record[index]) }
      return InSilicoTests.mean(values)
    }
    for name in ["age", "size_mm", "pain", "growth", "history"] {
      #expect(try mean(name, .malignant) { Double($0) } > mean(name, .benign) { Double($0) }, "\(name)")
    }
    #expect(try mean("duration_months", .malignant) { Double($0) } < mean("duration_months", .benign) { Double($0) })
    let deep: (String) -> Double? = { $0.isEmpty ? nil : $0 == "deep" ? 1 : 0 }
    #expect(try mean("depth", .malignant, deep) > mean("depth", .benign, deep))
    let missing = plan.lesions.filter { $0.record.contains("") }.count
    #expect(missing > 150 && missing < 600)
  }

  @Test func coarseCalcificationsAreForBenignNodules() throws {
    let plan = try Self.plan(.calcifiedThyroid) { $0.patients = 800 }
    let study = CalcifiedThyroidStudy(CohortSettings(of: .calcifiedThyroid))
    func median(_ label: Label, _ value: (Calcifications.Pattern) -> Double) -> Double {
      let values = plan.lesions.filter { $0.label == label }.map { value(study.pattern(of: $0)) }.sorted()
      return values[values.count / 2]
    }
    #expect(median(.malignant) { Double($0.count) } > median(.benign) { Double($0.count) })
    #expect(median(.malignant, \.diameter) < median(.benign, \.diameter))
    #expect(median(.malignant, \.spread) < median(.benign, \.spread))
    #expect(plan.lesions.allSatisfy { study.pattern(of: $0).count >= 1 })
  }

  @Test func aSettingOutOfRangeIsNamed() {
    func refusal(_ system: SimulatedSystem, _ change: (inout CohortSettings) -> Void) -> String? {
      do {
        var settings = CohortSettings(of: system)
        change(&settings)
        _ = try Simulator.cohort(of: system, settings: settings)
        return nil
      } catch {
        return error.description
      }
    }
    #expect(refusal(.renal) { $0.patients = 3 }?.hasPrefix("setting patients: expected 4") == true)
    #expect(refusal(.thyroid) { $0.lesionsPerPatient = 4.5 }?.hasPrefix("setting lesionsPerPatient") == true)
    #expect(refusal(.calcifiedThyroid) { $0.frames = 3 }?.hasPrefix("setting frames: expected 4 to 128") == true)
    #expect(refusal(.softTissue) { $0.frames = 16 }?.contains("soft-tissue images are stills") == true)
    #expect(refusal(.calcifiedThyroid) { $0.idealAUC = .nan }?.hasPrefix("setting idealAUC") == true)
  }
}
