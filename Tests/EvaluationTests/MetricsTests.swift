import Cohort
import Foundation
import Statistics
import Testing
import Ultrasound
import Wording

@testable import Evaluation

/// Numbers worked out by hand on paper, the steps beside them.
struct MetricsTests {
  /// Malignant 0.9 0.8 0.4, benign 0.7 0.3 0.2 0.1; cut-off from training 0.5 (halfway between 0.6 and 0.4).
  static let small: [Prediction] =
    [
      row("t1", .malignant, 0.6, split: "train"), row("t2", .benign, 0.4, split: "validation"),
    ]
    + [0.9, 0.8, 0.4].enumerated().map { row("m\($0)", .malignant, $1) }
    + [0.7, 0.3, 0.2, 0.1].enumerated().map { row("b\($0)", .benign, $1) }

  private func unit(_ rows: [Prediction], _ unit: Evaluation.Unit = .lesion, split: String = "internal-test") throws
    -> UnitMetrics
  {
    let metrics = try Evaluator.metrics(of: rows)
    return try #require(metrics.sections.first { $0.split == split }?[unit])
  }

  @Test func aucByHand() throws {
    // Of 12 pairs the malignant one wins 4 + 4 + 3 = 11.
    let lesions = try unit(Self.small)
    let auc = try #require(lesions.pooledAUC)
    #expect(abs(auc.value - 11.0 / 12) < 1e-15)
    // Placements: malignant 1, 1, 3/4 (mean 11/12, sample variance 1/48); benign 2/3, 1, 1, 1 (sample variance 1/36).
    let variance = (1.0 / 48) / 3 + (1.0 / 36) / 4
    let centre = log(11.0)
    let reach = 1.959963984540054 * variance.squareRoot() / (11.0 / 12 * 1 / 12)
    let interval = try #require(auc.interval)
    #expect(abs(interval.lower - 1 / (1 + exp(-(centre - reach)))) < 1e-12)
    #expect(abs(interval.upper - 1 / (1 + exp(-(centre + reach)))) < 1e-12)
    #expect(interval.method == "DeLong, logit scale")
    #expect(auc.clusteredInterval == nil)
  }

  @Test func diagnosisByHand() throws {
    let lesions = try unit(Self.small)
    #expect(lesions.folds[0].cutOff.value == 0.5)
    #expect(lesions.folds[0].cutOff.source == .youdenOnTraining)
    let diagnosis = lesions.diagnosis
    #expect(
      diagnosis.counts == ConfusionMatrix(truePositives: 2, falsePositives: 1, trueNegatives: 3, falseNegatives: 1))
    #expect(diagnosis.sensitivity.value == 2.0 / 3)
    #expect(diagnosis.specificity.value == 0.75)
    #expect(diagnosis.positivePredictiveValue.value == 2.0 / 3)
    #expect(diagnosis.negativePredictiveValue.value == 0.75)
    #expect(diagnosis.accuracy.value == 5.0 / 7)
    // Wilson for 3 of 4: centre (3/4 + z²/8) / (1 + z²/4), half width z / (1 + z²/4) · √(3/64 + z²/64).
    let z2 = 1.959963984540054 * 1.959963984540054
    let interval = try #require(diagnosis.specificity.interval)
    let centre = (0.75 + z2 / 8) / (1 + z2 / 4)
    let half = (z2 * (3 + z2) / 64).squareRoot() / (1 + z2 / 4)
    #expect(abs(interval.lower - (centre - half)) < 1e-12)
    #expect(abs(interval.upper - (centre + half)) < 1e-12)
  }

  @Test func brierByHand() throws {
    // (0.1² + 0.2² + 0.6² + 0.7² + 0.3² + 0.2² + 0.1²) / 7
    #expect(abs(try unit(Self.small).calibration.brier - 1.04 / 7) < 1e-15)
  }

  /// S2-11: a lesion's score is the mean of its images' scores.
  @Test func lesionIsTheMeanOfItsImages() throws {
    let rows = [
      row("a", .malignant, 0.9, lesion: "L1", patient: "P1"), row("b", .malignant, 0.3, lesion: "L1", patient: "P1"),
      row("c", .benign, 0.5, lesion: "L2", patient: "P2"),
    ]
    let lesions = try Grouping.rows(rows, unit: .lesion)
    #expect(lesions.map(\.score) == [0.6, 0.5])
    #expect(lesions.map(\.images) == [2, 1])
    #expect(try unit(rows).pooledAUC?.value == 1)
    #expect(try unit(rows, .image).pooledAUC?.value == 0.5)
  }

  @Test func patientIsItsWorstLesion() throws {
    let rows = [
      row("a", .benign, 0.4, lesion: "L1", patient: "P1"), row("b", .malignant, 0.8, lesion: "L2", patient: "P1"),
      row("c", .benign, 0.6, lesion: "L3", patient: "P2"),
    ]
    let patients = try Grouping.rows(rows, unit: .patient)
    #expect(patients.map(\.score) == [0.8, 0.6])
    #expect(patients.map(\.isMalignant) == [true, false])
  }

  @Test func sameLesionNameInTwoPatientsIsTwoLesions() throws {
    let rows = [
      row("a", .benign, 0.4, lesion: "1", patient: "P1"), row("b", .malignant, 0.8, lesion: "1", patient: "P2"),
    ]
    #expect(try Grouping.rows(rows, unit: .lesion).count == 2)
  }

  @Test func clusteredIntervalWhereRowsShareAPatient() throws {
    let study = Study()
    let section = try #require(try Evaluator.metrics(of: study.predictions).headline)
    let image = try #require(section[.image]?.pooledAUC)
    let patient = try #require(section[.patient]?.pooledAUC)
    let clustered = try #require(image.clusteredInterval)
    let plain = try #require(image.interval)
    #expect(clustered.upper - clustered.lower > plain.upper - plain.lower)
    #expect(clustered.method == "Obuchowski, clustered by patient, logit scale")
    #expect(patient.clusteredInterval == nil)
    #expect(image.quoted == clustered)
  }

  @Test func unknownPatientsLeaveOutThePatient() throws {
    let metrics = try Evaluator.metrics(of: Study().predictions, patientsAreKnown: false)
    #expect(metrics.sections[0].units.map(\.unit) == [.lesion, .image])
    let method = metrics.sections[0][.image]?.pooledAUC?.clusteredInterval?.method
    #expect(method == "Obuchowski, clustered by group of near-duplicates, logit scale")
  }

  /// S0-06: pooled and mean of folds, each with its own name.
  @Test func pooledAndMeanOfFolds() throws {
    // Fold 0 separates (AUC 1), fold 1 is reversed (AUC 0); pooled: 0.9 beats both, 0.2 beats 0.1 only: 3 of 4.
    let rows = [
      row("a", .malignant, 0.9, fold: 0), row("b", .benign, 0.1, fold: 0), row("c", .malignant, 0.2, fold: 1),
      row("d", .benign, 0.4, fold: 1),
    ]
    let lesions = try unit(rows)
    #expect(lesions.pooledAUC?.value == 0.75)
    #expect(lesions.meanFoldAUC == 0.5)
    #expect(abs((lesions.standardDeviationOfFoldAUC ?? 0) - 0.5.squareRoot()) < 1e-15)
    #expect(lesions.folds.map { $0.auc?.value } == [1, 0])
  }

  @Test func externalRowsAreMeansOverFolds() throws {
    let rows = [
      row("t1", .malignant, 0.8, split: "train", fold: 0), row("t2", .benign, 0.4, split: "train", fold: 0),
      row("t1", .malignant, 0.5, split: "train", fold: 1), row("t2", .benign, 0.3, split: "train", fold: 1),
      row("x", .malignant, 0.9, split: "external-test", fold: 0),
      row("x", .malignant, 0.3, split: "external-test", fold: 1),
      row("y", .benign, 0.45, split: "external-test", fold: 0),
      row("y", .benign, 0.45, split: "external-test", fold: 1),
    ]
    let lesions = try unit(rows, split: "external-test")
    // x 0.6, y 0.45; the folds' cut-offs 0.6 and 0.4, their mean 0.5.
    #expect(lesions.count == 2)
    #expect(lesions.pooledAUC?.value == 1)
    #expect(lesions.meanCutOff.map { abs($0.value - 0.5) < 1e-15 } == true)
    #expect(lesions.meanCutOff?.source == .meanOfFolds)
    #expect(
      lesions.diagnosis.counts
        == ConfusionMatrix(truePositives: 1, falsePositives: 0, trueNegatives: 1, falseNegatives: 0))
    #expect(lesions.meanFoldAUC == 0.5)
  }

  /// S2-20: whatever the test rows say, the cut-off stays.
  @Test(arguments: [Evaluation.Unit.lesion, .image, .patient])
  func cutOffNeverSeesTestRows(unit: Evaluation.Unit) throws {
    let study = Study(external: 20)
    var changed = study.predictions
    for index in changed.indices where !["train", "validation"].contains(changed[index].split) {
      changed[index].score = 1 - changed[index].score
    }
    let (before, after) = (try Evaluator.metrics(of: study.predictions), try Evaluator.metrics(of: changed))
    for (a, b) in zip(before.sections, after.sections) {
      #expect(a[unit]?.folds.map(\.cutOff) == b[unit]?.folds.map(\.cutOff))
      #expect(a[unit]?.meanCutOff == b[unit]?.meanCutOff)
      #expect(a[unit]?.diagnosis != b[unit]?.diagnosis)
    }
    // And it does see the training rows.
    var trained = study.predictions
    for index in trained.indices where trained[index].split == "train" { trained[index].score *= 0.5 }
    let moved = try Evaluator.metrics(of: trained)
    #expect(moved.sections[0][unit]?.folds.map(\.cutOff) != before.sections[0][unit]?.folds.map(\.cutOff))
  }

  @Test func metricsSurviveJSON() throws {
    let metrics = try Evaluator.metrics(of: Study(external: 20).predictions)
    let read = try JSONDecoder().decode(Metrics.self, from: Data(metrics.json().utf8))
    #expect(read == metrics)
    #expect(metrics.json() == read.json())
  }

  @Test func leakageIsSaid() throws {
    var rows = Self.small
    rows.append(row("other", .benign, 0.2, split: "train", patient: "m0"))
    let notes = try Evaluator.metrics(of: rows).notes
    #expect(notes.count == 1)
    #expect(notes.first?.description.contains("Leakage") == true && notes.first?.description.contains("m0") == true)
    #expect(try Evaluator.metrics(of: Self.small).notes.isEmpty)
  }
}
