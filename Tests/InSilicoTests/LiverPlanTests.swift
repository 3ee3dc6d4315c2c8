import Testing
import Ultrasound

@testable import InSilico

@Suite struct LiverPlanTests {
  private static func lesions(_ settings: LiverSettings) throws -> [LiverLesion] {
    try Simulator.liver(settings).lesions
  }

  @Test func defaultsAreTheQuickCohort() throws {
    let cohort = try Simulator.liver()
    #expect(cohort.lesionCount == 132)
    #expect(cohort.imageCount == 264)
    #expect(abs((cohort.record.idealAUC(.bmode) ?? 0) - 0.95) < 1e-9)
  }

  @Test(arguments: [0.2, 0.5, 0.807])
  func prevalenceIsKept(prevalence: Double) throws {
    let lesions = try Self.lesions(LiverSettings(patients: 300, prevalence: prevalence))
    let malignant = Set(lesions.filter { $0.label == .malignant }.map(\.patient)).count
    #expect(malignant == Int((300 * prevalence).rounded()))
  }

  /// Even the smallest cohort holds both classes.
  @Test(arguments: [0.001, 0.999])
  func bothClassesAreThere(prevalence: Double) throws {
    let lesions = try Self.lesions(LiverSettings(patients: 4, prevalence: prevalence))
    #expect(Set(lesions.map(\.label)).count == 2)
  }

  /// S2-07.
  @Test func backgroundsHaveTheStudysMarginals() throws {
    let lesions = try Self.lesions(LiverSettings(patients: 1000, lesionsPerPatient: 1))
    #expect(lesions.filter { $0.background == .normal }.count == 471)
    #expect(lesions.filter { $0.background == .steatosis }.count == 86)
    #expect(lesions.filter { $0.background == .fibrosis }.count == 443)
  }

  @Test func patientsKeepOneClassRecordAndExam() throws {
    let lesions = try Self.lesions(LiverSettings(patients: 200, lesionsPerPatient: 1.5))
    #expect(lesions.count == 300)
    for (_, ofPatient) in Dictionary(grouping: lesions, by: \.patient) where ofPatient.count == 2 {
      #expect(ofPatient[0].label == ofPatient[1].label)
      #expect(ofPatient[0].record.prefix(5) == ofPatient[1].record.prefix(5))
      #expect(ofPatient[0].exam.depth == ofPatient[1].exam.depth)
      #expect(ofPatient[0].bmode != ofPatient[1].bmode)
    }
  }

  /// Chi-square limits at p = 0.001 for the freedoms met here.
  @Test func nuisanceTellsNothingOfTheClass() throws {
    let limits = [1: 10.83, 2: 13.82, 3: 16.27, 4: 18.47]
    let lesions = try Self.lesions(LiverSettings(patients: 2000, lesionsPerPatient: 1))
    let nuisance: [(String, (LiverLesion) -> String)] = [
      ("site", { $0.exam.site }), ("device", { $0.exam.device.name }), ("depth", { "\($0.exam.depth)" }),
      ("background", { $0.background.rawValue }), ("gain", { "\($0.exam.gain > 0)" }),
      ("size", { "\($0.radius > 15)" }), ("aspect", { "\($0.aspect > 0.88)" }),
      ("missing", { "\($0.record.contains(""))" }), ("year", { String($0.exam.date.prefix(4)) }),
    ]
    for (name, value) in nuisance {
      let (found, freedom) = chiSquare(lesions.map { ($0.label.rawValue, value($0)) })
      #expect(freedom > 0, "\(name) never varies")
      #expect(found < limits[freedom] ?? 0, "\(name): chi-square \(found) at \(freedom)")
    }
  }

  /// S2-15: all six odds ratios lie above one.
  @Test func clinicalColumnsPointToTheClassAsPublished() throws {
    let lesions = try Self.lesions(LiverSettings(patients: 2000))
    let names = LiverPlan.recordColumns.map(\.name)
    func odds(_ column: String, _ isExposed: (String) -> Bool) throws -> Double {
      let index = try #require(names.firstIndex(of: column))
      var counts = [[0.5, 0.5], [0.5, 0.5]]
      for lesion in lesions where !lesion.record[index].isEmpty {
        counts[lesion.label.value][isExposed(lesion.record[index]) ? 1 : 0] += 1
      }
      return counts[1][1] * counts[0][0] / (counts[1][0] * counts[0][1])
    }
    let ratios = [
      try odds("halo") { $0 == "1" }, try odds("extrahepatic_tumour") { $0 == "1" },
      try odds("hepatitis") { $0 != "0" }, try odds("age") { (Double($0) ?? 0) > 52 }, try odds("sex") { $0 == "male" },
      try odds("vascularity") { $0 == "1" }, try odds("afp") { (Double($0) ?? 0) > 200 },
    ]
    for ratio in ratios { #expect(ratio > 1.1) }
    #expect(ratios[1] > ratios[4])
    let afp = try #require(names.firstIndex(of: "afp"))
    let missing = Double(lesions.filter { $0.record[afp].isEmpty }.count) / Double(lesions.count)
    #expect(abs(missing - 0.064) < 0.02)
  }

  @Test func datesLieInTheStudysTime() {
    let plan = ExamPlan(devices: LiverPlan.devices, depths: [100], start: (2018, 5), days: 426)
    #expect(plan.date(0) == "2018-05-01")
    #expect(plan.date(30) == "2018-05-31")
    #expect(plan.date(31) == "2018-06-01")
    #expect(plan.date(245) == "2019-01-01")
    #expect(plan.date(425) == "2019-06-30")
    // 2020 has a 29 February.
    #expect(plan.date(669) == "2020-02-29" && plan.date(670) == "2020-03-01")
  }

  @Test func looksAreStrictlyMonotoneInTheirFactors() {
    let steps = stride(from: -2.7, through: 2.7, by: 0.1).map { z in LesionLook(factors: Array(repeating: z, count: 6))
    }
    for (low, high) in zip(steps, steps.dropFirst()) {
      #expect(high.contrast < low.contrast)
      #expect(high.irregularity > low.irregularity)
      #expect(high.margin > low.margin)
      #expect(high.heterogeneity > low.heterogeneity)
      #expect(high.halo > low.halo)
      #expect(high.posterior < low.posterior)
    }
  }

  @Test(arguments: [
    (LiverSettings(patients: 3), "patients"), (LiverSettings(imagesPerLesion: 0), "imagesPerLesion"),
    (LiverSettings(lesionsPerPatient: 2.5), "lesionsPerPatient"), (LiverSettings(prevalence: 0), "prevalence"),
    (LiverSettings(prevalence: .nan), "prevalence"), (LiverSettings(idealAUC: 1), "idealAUC"),
    (LiverSettings(idealClinicalAUC: 0.4), "idealClinicalAUC"), (LiverSettings(imageSize: 64), "imageSize"),
  ])
  func aSettingOutOfRangeIsNamed(settings: LiverSettings, name: String) {
    let error = #expect(throws: SimulationError.self) { try Simulator.liver(settings) }
    #expect(error?.description.hasPrefix("setting \(name): expected ") == true)
  }
}
