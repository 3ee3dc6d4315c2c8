import Analyses
import Cohort
import Foundation
import Statistics
import Testing
import Ultrasound
import Wording

@testable import Evaluation

/// The report of a whole study with every side table.
@Suite struct StudyReportTests {
  static let ids = [
    "flow", "table1", "roc-all", "pairwise", "confusion-all", "calibration-all", "decision", "nomogram", "strata",
    "readers",
    "selective",
  ]

  private func context(_ fixture: StudyFixture, _ folder: URL, _ words: Wording = Wording()) throws -> StudyContext {
    let evaluations = try Evaluator.evaluations(of: fixture.predictions, patientsAreKnown: true)
    return StudyContext(
      parts: StudyPart.all(evaluations), tables: try fixture.tables(in: folder), predictions: fixture.predictions,
      comparisons: ModelComparison.all(evaluations), patientsAreKnown: true, words: words)
  }

  @Test(arguments: Language.allCases) func everySectionIsOnThePage(language: Language) throws {
    let fixture = StudyFixture()
    try withFolder { folder in
      let out = folder.appendingPathComponent("report")
      let input = ReportInput(title: "A whole study", predictions: fixture.predictions, language: language)
      try StudyReport.write(input, fixture.tables(in: folder), to: out)
      let page = try String(contentsOf: out.appendingPathComponent("report.html"), encoding: .utf8)
      for id in Self.ids { #expect(page.contains("<section id=\"\(id)\">"), "\(id)") }
      let shown = page.replacing(/<script>[\s\S]*?<\/script>/, with: "")
      for slip in ["NaN", "nan,", ">nan", " nan", "inf,"] { #expect(!shown.contains(slip), "\(slip)") }
      for file in [
        "figures/flow.svg", "figures/flow.pdf", "figures/roc-all-internal-test.svg", "figures/nomogram.pdf",
        "figures/readers.svg", "tables/odds-ratios.csv", "tables/readers-mean.tex", "tables/table1-label.csv",
        "tables/decision-external-test.csv", "metrics.json",
      ] {
        #expect(FileManager.default.fileExists(atPath: out.appendingPathComponent(file).path), "\(file)")
      }
    }
  }

  @Test func nothingIsLeftInEnglish() throws {
    let fixture = StudyFixture(training: true)
    try withFolder { folder in
      let words = Wording(.chinese)
      _ = try context(fixture, folder, words).sections()
      #expect(words.missing == [])
    }
  }

  @Test func numbersAreThoseOfTheStatistics() throws {
    let fixture = StudyFixture()
    try withFolder { folder in
      let study = try context(fixture, folder)
      let sections = study.sections()
      let tables = Dictionary(sections.flatMap(\.tables).map { ($0.name, $0) }) { first, _ in first }
      let part = try #require(study.parts.first { $0.split == "external-test" })
      let model = part.models[0]

      let area = try ClusteredAUC(scores: model.scores, positives: model.positives, clusters: model.patients)
      let roc = try #require(tables["roc-all-external-test"]?.rows.first)
      #expect(roc[3].hasPrefix(String(format: "%.3f", area.auc)))

      let slope = try #require(
        ClusteredCalibration(probabilities: model.scores, positives: model.positives, clusters: model.patients).slope)
      let calibration = try #require(tables["calibration-all-external-test"]?.rows.first)
      #expect(calibration[1].hasPrefix(String(format: "%.2f", slope.value)))

      let shared = SharedLesions(part.models)
      let curve = try DecisionCurve(probabilities: shared.scores[0], positives: shared.positives, thresholds: [0.2])
      let decision = try #require(tables["decision-external-test"]?.rows.first { $0[0] == "0.20" })
      #expect(decision[2].hasPrefix(String(format: "%.3f", curve.points[0].model)))

      let readers = ReaderStudy(try #require(study.tables.readings), study)
      #expect(readers.readers.count == 4 && readers.arms.count == 2 && readers.model?.name == "B")
      #expect(readers.cases.count == Set(model.lesions).count && readers.isClustered)
      let confidence = try #require(readers.confidence)
      let analysis = try MultiReaderAnalysis(
        ReaderFigures(.auc, ratings: confidence, positives: readers.positives, clusters: readers.clusters))
      let mean = try #require(tables["readers-mean"]?.rows.first)
      #expect(mean[1].hasPrefix(String(format: "%.3f", analysis.meanAUCs[0])))
      #expect(mean[2].hasPrefix(String(format: "%.3f", analysis.meanAUCs[1])))

      let strata = try #require(tables["strata-b-external-test"]?.rows)
      #expect(strata.map { $0[0].trimmingCharacters(in: .whitespaces) }.contains("≤20"))
      let male = try #require(strata.first { $0[0].hasSuffix("male") && !$0[0].hasSuffix("female") })
      let sexes = Dictionary(fixture.lesions.map { ($0.name, $0.sex) }) { first, _ in first }
      let rows = model.rows.filter { sexes[$0.name] == "male" }
      let own = try DeLong(scores: rows.map(\.score), positives: rows.map(\.isMalignant))
      #expect(male[1] == "\(rows.count)" && male[3].hasPrefix(String(format: "%.3f", own.auc)))
    }
  }

  @Test func tableOneCountsEveryLesionOnce() throws {
    let fixture = StudyFixture()
    try withFolder { folder in
      let section = try #require(TableOneSection.section(try context(fixture, folder)))
      let table = try #require(section.tables.first { $0.name == "table1-label" })
      let malignant = fixture.lesions.count { $0.isMalignant }
      #expect(table.columns[1].title == "All (n = 150)")
      #expect(table.columns[3].title == "Malignant (n = \(malignant))")
      let halo = try #require(table.rows.first { $0[0].hasPrefix("halo") })
      #expect(halo[1].hasPrefix("\(fixture.lesions.count { $0.halo == true }) ("))
      let missing = try #require(
        table.rows.drop { !$0[0].hasPrefix("age") }.first { $0[0].hasSuffix("missing") })
      #expect(missing[1].hasPrefix("\(fixture.lesions.count { $0.age == nil }) ("))
    }
  }

  /// The regression of validation lesions equals a direct fit where nothing is missing.
  @Test func theRegressionIsFittedOnValidationLesions() throws {
    let fixture = StudyFixture(training: true)
    try withFolder { folder in
      let study = try context(fixture, folder)
      let regression = try NomogramSection.fit("B", study)
      #expect(regression.source == .validation && regression.isImputed)
      let validation = fixture.lesions.filter { $0.split == "validation" }
      #expect(regression.lesions.count == validation.count)
      #expect(regression.together.rows.map(\.name).dropFirst().contains("sex=female"))
      // The score by itself has no gap: maximum likelihood of the logit.
      let scores = regression.lesions.map { ScoreRegression.logit($0.score) }
      let direct = try LogisticModel(outcomes: regression.lesions.map(\.isMalignant), terms: [Term("score", scores)])
      let alone = try #require(regression.alone.first?.model?.rows.last)
      #expect(abs(alone.value - direct.coefficients[1].value) < 1e-9)
      let own = try NomogramSection.fit("B", try context(StudyFixture(), folder))
      #expect(own.source == .test(split: "internal-test"))
    }
  }

  @Test func theLogIsCheckedAgainstThePredictions() throws {
    let fixture = StudyFixture()
    try withFolder { folder in
      let study = try context(fixture, folder)
      let section = try #require(FlowSection.section(study))
      #expect(section.tables[0].rows.last == ["All", "", "39"])
      #expect(section.tables[0].caption == "Exclusions: 39 of 159 assessed; 120 included.")
      let texts = section.parts.compactMap { if case .paragraph(let text) = $0 { text } else { nil } }
      #expect(texts.contains { $0.contains("are those whose predictions are evaluated") })
    }
  }

  @Test func comparatorsOfOtherPatientsAreMarked() throws {
    let fixture = StudyFixture()
    try withFolder { folder in
      let study = try context(fixture, folder)
      let section = try #require(ConfusionSection.section(study))
      let rows = try #require(section.tables.first).rows
      #expect(rows.suffix(2).map { $0[0] } == ["CT *", "MRI *"])
      #expect(rows[3][9] == "84.7" && rows[3][5] == "88.1")
    }
  }

  @Test func coverageOfConformalSetsIsCounted() throws {
    let fixture = StudyFixture()
    try withFolder { folder in
      let study = try context(fixture, folder)
      let model = try #require(study.parts.first?.models.first)
      let sets = try SelectiveSection.sets(model, .fifths)
      let covered = zip(sets, model.positives).count { $0.holds(positive: $1) }
      #expect(Double(covered) / Double(sets.count) > 0.82)
      let deferral = try SelectiveSection.deferral(model)
      let wrong = zip(model.calls, model.positives).count { $0 != $1 }
      #expect(deferral.points[0].error == Double(wrong) / Double(model.rows.count))
    }
  }
}
