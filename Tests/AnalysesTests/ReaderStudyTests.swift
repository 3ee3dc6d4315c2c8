import Foundation
import Statistics
import Tables
import Testing

@testable import Analyses

@Suite struct ReaderStudyTests {
  private func study(
    _ change: (inout ReaderTable) -> Void = { _ in }, _ options: (inout ReaderStudy.Options) -> Void = { _ in }
  ) throws -> ReaderStudy {
    let table = ReaderTable {
      $0.columns[1] = "arm"
      $0.arms = ["unaided", "aided"]
      $0.extra = [
        "experience": { $0.reader < 2 ? "junior" : "senior" }, "call": { $0.rating >= 3 ? "1" : "0" },
        "ai": { String($0.score) },
      ]
      change(&$0)
    }.table()
    var chosen = ReaderStudy.Options()
    chosen.resamples = 100
    options(&chosen)
    return try ReaderStudy(table, chosen)
  }

  @Test func everythingIsGiven() throws {
    let study = try study()
    #expect(study.bars.count == 16 && study.arrows.count == 4)
    #expect(study.modelCurve != nil && study.modelPoint != nil)
    let values = study.result.values
    for key in [
      "readers", "means", "automationBias", "majorityVote", "agreement", "modelAgainstReaders", "modelAgainstEach",
    ] {
      #expect(values[key]?.list.isEmpty == false, "\(key)")
    }
    #expect(values["means"]?.list.count == 12)
    #expect(Set(values["means"]?.list.compactMap { $0["group"]?.string } ?? []) == ["all readers", "junior", "senior"])
    // Bias of all readers and groups, and of each.
    #expect(values["automationBias"]?.list.count == 7)
  }

  /// Points of a bar and of an arrow are the same.
  @Test func valuesForFiguresAgree() throws {
    let study = try study()
    for arrow in study.arrows {
      let bar = try #require(study.bars.first { $0.reader == arrow.reader && $0.figure == .sensitivity })
      #expect(abs(bar.unaided.value - arrow.unaided.sensitivity) < 1e-12)
      #expect(abs(bar.aided.value - arrow.aided.sensitivity) < 1e-12)
      #expect(abs(bar.difference.value - (arrow.aided.sensitivity - arrow.unaided.sensitivity)) < 1e-12)
    }
    let mean = study.result.values["means"]?.list.first { $0["figure"]?.string == "accuracy" }
    let own = study.bars.filter { $0.figure == .accuracy }.map(\.difference.value)
    #expect(abs((mean?["change"]?["value"]?.number ?? .nan) - own.reduce(0, +) / 4) < 1e-12)
    let (first, second) = (mean?["unaided"]?.number ?? .nan, mean?["aided"]?.number ?? .nan)
    #expect(abs((mean?["relativeChange"]?["value"]?.number ?? .nan) - (second / first - 1)) < 1e-12)
  }

  @Test func whatIsMissingIsSaid() throws {
    let alone = try study { $0.extra["ai"] = nil }
    #expect(alone.result.notes.contains { $0.contains("automation bias cannot be told") })
    #expect(alone.result.values["automationBias"] == nil && alone.modelCurve == nil)
    let ratings = try study { $0.extra["call"] = nil }
    #expect(ratings.result.notes.contains { $0.contains("no column of calls") })
    #expect(ratings.bars.allSatisfy { $0.figure == .auc })
    let cut = try study({ $0.extra["call"] = nil }, { $0.cutOff = 3 })
    #expect(cut.arrows.count == 4)
    let skipped = try study { $0.skip = { reader, arm, place in reader == 0 && arm == 1 && place < 3 } }
    #expect(skipped.result.notes.contains { $0.contains("3 readings without their counterpart") })
    #expect(skipped.result.values["agreement"]?.list.first?["cases"]?.number == 17)
  }

  @Test func aidsCallsMayBeWords() throws {
    let study = try study { $0.extra["ai"] = { $0.score >= 0.5 ? "malignant" : "benign" } }
    #expect(study.modelCurve == nil && study.modelPoint != nil)
    #expect(study.result.values["automationBias"]?.list.count == 7)
  }

  @Test func badTablesAreNamed() throws {
    let arms = #expect(throws: AnalysisError.self) { try study { $0.arms = ["x", "y"] } }
    #expect(arms?.description.contains("found x, y") == true)
    #expect(throws: Never.self) {
      try study({ $0.arms = ["x", "y"] }, { ($0.unaided, $0.aided) = ("y", "x") })
    }
    let aid = #expect(throws: AnalysisError.self) {
      try study { $0.extra["ai"] = { "\($0.score + Double($0.reader))" } }
    }
    #expect(aid?.description.contains("has another ai") == true)
    let group = #expect(throws: AnalysisError.self) {
      try study { $0.extra["experience"] = { $0.place < 3 ? "junior" : "senior" } }
    }
    #expect(group?.description.contains("reader R1 has another experience") == true)
    let call = #expect(throws: AnalysisError.self) { try study { $0.extra["call"] = { _ in "perhaps" } } }
    #expect(call?.description.contains("found \"perhaps\"") == true)
  }

  @Test func nothingToComputeIsAnError() throws {
    let table = try Table(
      csv: "reader,arm,case,label,confidence\nA,unaided,1,1,5\nA,aided,1,1,4\n", source: "readings.csv")
    let error = #expect(throws: AnalysisError.self) { try ReaderStudy(table) }
    #expect(error?.description.contains("expected both classes, found 1 positive and 0 negative") == true)
    let empty = try Table(csv: "reader,arm,case,label,confidence\n", source: "readings.csv")
    #expect(throws: AnalysisError.self) { try ReaderStudy(empty) }
  }

  @Test func oneReaderHasNoMeanOfOthers() throws {
    let study = try study { $0.readers = 1 }
    let means = study.result.values["means"]?.list ?? []
    #expect(means.allSatisfy { $0["change"] == .null && $0["changeFixedReaders"] != .null })
    #expect(study.result.values["agreement"] == nil && study.result.values["modelAgainstReaders"] == nil)
  }
}

@Suite struct AgreementAnalysesTests {
  @Test func gapsAreUsedAndSaid() throws {
    let table = try Table(
      csv: "a,b,c,truth\n1,1,1,1\n0,0,1,0\n1,,1,1\n0,1,,0\n0,0,0,0\n1,1,NA,1\n0,1,1,1\n", source: "t.csv")
    let result = try ReaderAnalyses.agreement(table, truth: "truth")
    #expect(result.notes.first?.hasPrefix("3 of 7 cases lack a reader") == true)
    let pairs = result.values["pairs"]?.list ?? []
    #expect(pairs.filter { $0["weights"]?.string == "kappa" }.compactMap { $0["cases"]?.number } == [6, 5, 4])
    #expect(result.values["fleiss"]?["cases"]?.number == 7)
    #expect(result.values["majorityVote"]?["tiedLines"]?.list == [.number(5)])
    #expect(result.values["majorityVote"]?["sensitivity"]?["value"]?.number == 1)
    #expect(result.values["ICC(2,1)"] != nil && result.values["kendallW"] != nil)
  }

  @Test func wordsHaveKappasOnly() throws {
    let table = try Table(csv: "a,b\nx,x\ny,x\ny,y\nx,x\n", source: "t.csv")
    let result = try ReaderAnalyses.agreement(table)
    #expect(result.values["pairs"]?.list.count == 1)
    #expect(result.values["ICC(2,1)"] == nil)
    let text = #expect(throws: AnalysisError.self) { try ReaderAnalyses.agreement(table, scale: .numbers) }
    #expect(text?.description.contains("expected a number") == true)
    #expect(throws: AnalysisError.self) {
      try ReaderAnalyses.agreement(Table(csv: "a,b\nx,x\nx,x\n", source: "t.csv"))
    }
  }
}

@Suite struct PowerAnalysesTests {
  @Test func conjecturedComponentsGiveAGrid() throws {
    let result = try PowerAnalyses.multiReader(
      auc: 0.8, positiveShare: 0.5, correlations: (0.45, 0.35, 0.3), treatmentByReader: 5e-4,
      .init(difference: 0.05, readers: [4, 8], cases: [100, 200]))
    let rows = result.values["randomReadersRandomCases"]?.list ?? []
    #expect(rows.count == 2 && rows.allSatisfy { $0["grid"]?.list.count == 2 })
    // Four readers never reach it, however many cases.
    #expect(rows[0]["casesNeeded"] == .null && rows[1]["casesNeeded"] != .null)
  }

  @Test func impossiblePlansAreNamed() throws {
    let plan = PowerAnalyses.MultiReaderPlan(difference: 0.05, readers: [4], cases: [100])
    func error(_ body: () throws -> AnalysisResult) -> String {
      do { return "none: \(try body().analysis)" } catch { return "\(error)" }
    }
    let area = error {
      try PowerAnalyses.multiReader(
        auc: 1.2, positiveShare: 0.5, correlations: (0, 0, 0), treatmentByReader: 0, plan)
    }
    #expect(area.contains("AUC: expected a number between 0 and 1"))
    let nested = ReaderTable { $0.skip = { reader, arm, _ in reader / 2 != arm } }.table()
    #expect(error { try PowerAnalyses.multiReader(pilot: nested, plan) }.contains("nested readers"))
    let empty = PowerAnalyses.MultiReaderPlan(difference: 0.05, readers: [], cases: [100])
    #expect(
      error { try PowerAnalyses.multiReader(pilot: ReaderTable().table(), empty) }.contains("one or more numbers"))
    #expect(error { try PowerAnalyses.shareWidth(share: 2, width: 0.1) }.contains("share"))
  }

  @Test func sizesArePrinted() throws {
    let areas = try PowerAnalyses.areas(AreaSizing(first: 0.75, second: 0.83), positives: [100])
    #expect(areas.tables[0].rows.count == 2 && areas.notes.contains { $0.contains("each of the two groups") })
    #expect(try PowerAnalyses.areaWidth(AreaSizing(first: 0.85, second: 0.85), width: 0.1).values["positives"] != nil)
    #expect(try PowerAnalyses.shares(first: 0.8, second: 0.9).values["rowsInEachGroup"]?.number == 199)
    #expect(try PowerAnalyses.mcNemar(McNemarSizing(firstOnly: 0.15, secondOnly: 0.05)).values["rows"]?.number == 155)
  }
}
