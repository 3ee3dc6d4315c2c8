import Cohort
import Foundation
import Statistics
import Testing
import Ultrasound
import Wording

@testable import Evaluation

/// Inputs that leave a statistic without an answer get a note, and never a trap or a made-up number.
struct DegenerateTests {
  @Test func noRows() {
    #expect { try Evaluator.metrics(of: []) } throws: {
      "\($0)" == "predictions: expected at least one row, found none"
    }
  }

  @Test(arguments: [Double.nan, .infinity, -0.1, 1.1])
  func badScore(score: Double) {
    #expect { try Evaluator.metrics(of: [row("IMG7", .benign, score)]) } throws: { "\($0)".contains("image IMG7") }
  }

  @Test func conflictingLabels() {
    let rows = [
      row("a", .benign, 0.1, lesion: "L9", patient: "P4"), row("b", .malignant, 0.2, lesion: "L9", patient: "P4"),
    ]
    #expect { try Evaluator.metrics(of: rows) } throws: { "\($0)".contains("lesion L9 of patient P4") }
  }

  @Test func repeatedImage() {
    let rows = [row("a", .benign, 0.1), row("a", .benign, 0.2)]
    #expect { try Evaluator.metrics(of: rows) } throws: { "\($0)".contains("image a, found two") }
  }

  @Test func oneClass() throws {
    let lesions = try #require(
      try Evaluator.metrics(of: [row("a", .benign, 0.1), row("b", .benign, 0.7)]).headline?[.lesion])
    #expect(lesions.pooledAUC == nil && lesions.meanFoldAUC == nil)
    #expect(lesions.notes.contains("Only benign lesions (2): no AUC."))
    #expect(lesions.diagnosis.sensitivity.value == nil)
    #expect(lesions.diagnosis.specificity.value == 0.5)
    #expect(lesions.calibration.slope == nil)
  }

  @Test func oneClassInAFold() throws {
    let rows = [
      row("a", .benign, 0.1, fold: 0), row("b", .malignant, 0.7, fold: 0), row("c", .benign, 0.3, fold: 1),
    ]
    let lesions = try #require(try Evaluator.metrics(of: rows).headline?[.lesion])
    #expect(lesions.foldsWithAUC == 1)
    #expect(lesions.folds.map { $0.auc == nil } == [false, true])
    #expect(lesions.notes.contains { $0.description.hasPrefix("Fold 2: Only benign") })
  }

  @Test func perfectSeparationHasNoInterval() throws {
    let rows = [0.8, 0.9].map { row("m\($0)", .malignant, $0) } + [0.1, 0.2].map { row("b\($0)", .benign, $0) }
    let lesions = try #require(try Evaluator.metrics(of: rows).headline?[.lesion])
    #expect(lesions.pooledAUC?.value == 1)
    #expect(lesions.pooledAUC?.quoted == nil)
    #expect(lesions.notes.contains { $0.description.hasPrefix("Perfect separation") })
  }

  @Test func noTrainingRowsMeansHalf() throws {
    let rows = [row("a", .benign, 0.5), row("b", .malignant, 0.7)]
    let lesions = try #require(try Evaluator.metrics(of: rows).headline?[.lesion])
    #expect(lesions.folds[0].cutOff == CutOffChoice(value: 0.5, source: .fixed, chosenOn: 0))
    // At the cut-off is malignant.
    #expect(lesions.diagnosis.counts.falsePositives == 1)
  }

  @Test func trainingRowsOnly() throws {
    let metrics = try Evaluator.metrics(of: [row("a", .benign, 0.5, split: "train")])
    #expect(metrics.sections.isEmpty)
    #expect(metrics.notes == ["There are no test rows: nothing was evaluated."])
  }

  /// Pages of odd inputs are whole, and hold no number that is none.
  @Test(arguments: [
    [row("a", .benign, 0.5)], [row("a", .benign, 0), row("b", .malignant, 1)],
    [row("a", .benign, 0.5, split: "train")], [row("a", .benign, 0.5), row("b", .malignant, 0.5)],
    [row("a", .malignant, 1, fold: 3), row("b", .malignant, 1, split: "external-test", fold: 1)],
    [row("a", .malignant, 0.3, split: "")],
  ])
  func pageOfLittle(rows: [Prediction]) throws {
    try withFolder { folder in
      try Report.write(ReportInput(title: "Little", predictions: rows), to: folder)
      let page = try String(contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
      #expect(page.contains("not a medical device") && page.hasSuffix("</html>\n"))
      for number in ["NaN", ">nan", "inf<", ">inf", "nan "] { #expect(!page.contains(number), "\(number)") }
    }
  }
}
