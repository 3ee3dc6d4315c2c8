import Foundation
import Statistics
import Tables
import Testing

@testable import Analyses

/// What real tables hold: every analysis of scores says what is wrong and where, or flags what it gives.
struct BadInputTests {
  private let columns = ScoredRows.Columns()

  private func table(_ lines: String...) throws -> Table {
    try Table(csv: lines.joined(separator: "\n"), source: "t.csv")
  }

  private func message(_ body: () throws -> Any) -> String {
    do {
      return "no error: \(try body())"
    } catch { return "\(error)" }
  }

  /// What each analysis says of a table.
  private func messages(_ table: Table) -> [String: String] {
    [
      "roc": message { try DiscriminationAnalyses.roc(table, columns, unit: .lesion) },
      "compare": message {
        try DiscriminationAnalyses.compare(table, columns, scores: ["score", "score"], unit: .lesion)
      },
      "threshold": message { try DiscriminationAnalyses.threshold(table, columns, rule: .youden, unit: .lesion) },
      "clusters": message { try DiscriminationAnalyses.clusters(table, columns) },
      "calibration": message { try ModelAnalyses.calibration(table, columns, unit: .lesion) },
    ]
  }

  @Test func oneClassHasNoDiscrimination() throws {
    let table = try table("patient,label,score", "1,1,0.2", "2,1,0.4", "3,1,0.9")
    for (name, message) in messages(table) where name != "calibration" {
      #expect(message.contains("both classes, found 3 positive and 0 negative"), "\(name): \(message)")
    }
    let calibration = try ModelAnalyses.calibration(table, columns, unit: .lesion)
    #expect(calibration.notes.contains { $0.contains("one class only (3 positive of 3)") })
    #expect(calibration.values["slope"] == nil && calibration.values["scaledBrier"] == .null)
  }

  @Test func aConstantScoreIsFlagged() throws {
    let table = try table(
      "patient,label,score,other", "1,1,0.5,0.1", "2,0,0.5,0.2", "3,1,0.5,0.9", "4,0,0.5,0.3", "5,0,0.5,0.4")
    let roc = try DiscriminationAnalyses.roc(table, columns, unit: .lesion)
    #expect(roc.values["auc"] == .number(0.5))
    #expect(roc.notes.contains { $0.contains("every score is the same") })
    let compare = try DiscriminationAnalyses.compare(table, columns, scores: ["score", "other"], unit: .lesion)
    #expect(compare.notes.contains { $0.contains("score: every score is the same") })
    let clusters = try DiscriminationAnalyses.clusters(table, columns)
    #expect(clusters.notes.contains { $0.contains("per patient: every score is the same") })
    let calibration = try ModelAnalyses.calibration(table, columns, unit: .lesion)
    #expect(calibration.notes.contains { $0.contains("no loess curve") })
    #expect(calibration.notes.contains { $0.contains("slope") } && calibration.values["slope"] == nil)
    #expect(calibration.values["inTheLarge"] != nil)
  }

  @Test(arguments: ["", "NaN", "inf", "high", "0,5"])
  func cellsThatAreNoNumbersAreNamed(cell: String) throws {
    let quoted = cell.contains(",") ? "\"\(cell)\"" : cell
    let table = try table("patient,label,score", "1,1,0.2", "2,0,\(quoted)", "3,1,0.9")
    for (name, message) in messages(table) {
      #expect(
        message.contains("t.csv:3: column \"score\": expected a number, found \"\(cell)\""), "\(name): \(message)")
    }
  }

  @Test func labelsThatAreNoClassAreNamed() throws {
    for (label, found) in [("", "nothing"), ("maybe", "\"maybe\"")] {
      let table = try table("patient,label,score", "1,1,0.2", "2,\(label),0.3")
      for (name, message) in messages(table) {
        #expect(message.contains("t.csv:3: column label"), "\(name): \(message)")
        #expect(message.contains("found \(found)"), "\(name): \(message)")
      }
    }
  }

  @Test func aRepeatedImageNamesBothLines() throws {
    let table = try table(
      "model,fold,patient,image,label,score", "m,1,1,a,1,0.2", "m,2,1,a,1,0.3", "m,1,2,b,0,0.1", "m,1,1,a,1,0.4")
    for (name, message) in messages(table) {
      #expect(
        message.hasPrefix("t.csv:5: image \"a\" of model m of fold 1 is on line 2 already"), "\(name): \(message)")
      #expect(message.contains("--only"))
    }
    // Narrowed to another fold, or read without a column of images, there is nothing to refuse.
    let fold = try table.column("fold")
    let narrowed = table.keeping(rows: fold.indices.filter { fold[$0] == "2" })
    #expect(try ScoredRows(narrowed, columns).scores == [0.3])
    var without = columns
    without.image = nil
    #expect(try ScoredRows(table, without).scores.count == 4)
  }

  @Test func mixedModelsAndSplitsAreSaid() throws {
    let table = try table(
      "model,split,patient,image,label,score", "m,test,1,a,1,0.2", "n,test,1,a,1,0.3", "m,train,2,b,0,0.1",
      "m,test,3,c,0,0.4", "m,test,4,d,1,0.4")
    let notes = try DiscriminationAnalyses.roc(table, columns, unit: .image).notes
    #expect(notes.contains { $0.contains("2 values of model (m, n)") }, "\(notes)")
    #expect(notes.contains { $0.contains("2 values of split (test, train)") }, "\(notes)")
  }

  @Test func aLesionHasOneLabel() throws {
    let table = try table(
      "patient,lesion,label,score", "1,L,1,0.2", "1,L,0,0.3", "2,L,0,0.1", "3,L,1,0.9")
    let message = message { try DiscriminationAnalyses.roc(table, columns, unit: .lesion) }
    #expect(message.contains("t.csv:3: lesion L of patient 1 is benign here and malignant on line 2"), "\(message)")
    #expect(try ScoredRows(table, columns).by(.image).scores.count == 4)
  }

  @Test func patientsOfTwoSitesAreSaid() throws {
    let table = try table("site,patient,label,score", "A,1,1,0.2", "B,1,0,0.3", "A,2,0,0.1", "B,3,1,0.9")
    #expect(try ScoredRows(table, columns).notes.contains { $0.contains("1 patients (1) are at more than one site") })
  }

  @Test func onlyProbabilitiesAreCalibrated() throws {
    let table = try table("patient,label,score", "1,1,0.2", "2,0,1.3", "3,1,0.9", "4,0,-2")
    let message = message { try ModelAnalyses.calibration(table, columns, unit: .lesion) }
    #expect(message.hasPrefix("t.csv:3: column score: expected a probability from 0 to 1, found 1.3"), "\(message)")
    // A raw score has cut-offs like any other.
    let threshold = try DiscriminationAnalyses.threshold(table, columns, rule: .fixed(1.1), unit: .lesion)
    #expect(threshold.values["fp"] == .number(1))
  }

  @Test(arguments: [0.0, 1, 1.5, -0.2, .nan])
  func levelsOutOfRangeAreRefused(level: Double) throws {
    let table = try table("patient,label,score", "1,1,0.2", "2,0,0.3", "3,1,0.9", "4,0,0.1")
    let all: [() throws -> Any] = [
      { try DiscriminationAnalyses.roc(table, columns, unit: .lesion, level: level) },
      { try DiscriminationAnalyses.compare(table, columns, scores: ["score", "score"], unit: .lesion, level: level) },
      { try DiscriminationAnalyses.compareGroups(table, columns, group: "patient", unit: .lesion, level: level) },
      { try DiscriminationAnalyses.threshold(table, columns, rule: .youden, unit: .lesion, level: level) },
      { try DiscriminationAnalyses.clusters(table, columns, level: level) },
      { try ModelAnalyses.calibration(table, columns, unit: .lesion, level: level) },
    ]
    for analysis in all {
      let message = message(analysis)
      #expect(message.contains("level of the intervals: expected a number between 0 and 1"), "\(message)")
    }
  }

  @Test func tooFewResamplesAreRefused() throws {
    let table = try table("patient,label,score", "1,1,0.2", "2,0,0.3", "3,1,0.9", "4,0,0.1")
    var resampling = Resampling()
    resampling.resamples = 99
    let message = message { try DiscriminationAnalyses.roc(table, columns, unit: .lesion, resampling: resampling) }
    #expect(message.contains("resamples: expected 0 or 100 to 1000000, found 99"), "\(message)")
  }

  @Test func fewCasesAreFlagged() throws {
    let table = try table("patient,label,score", "1,1,0.2", "2,0,0.3", "3,1,0.9")
    let roc = try DiscriminationAnalyses.roc(table, columns, unit: .lesion)
    #expect(roc.notes.contains { $0.contains("fewer than two rows of a class: no interval") })
    #expect(roc.notes.contains { $0.contains("2 positive and 1 negative") } && roc.values["wald"] == nil)
    let message = message { try ModelAnalyses.calibration(table, columns, unit: .lesion, groups: 2) }
    #expect(message.contains("expected 3 to 1000, found 2"), "\(message)")
  }

  @Test func anEmptyTableHasNoRows() throws {
    let table = try table("patient,label,score")
    for (name, message) in messages(table) { #expect(message.contains("t.csv: no rows"), "\(name): \(message)") }
  }
}
