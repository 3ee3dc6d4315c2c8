import Foundation
import Testing

@testable import Statistics

/// Multiplicity, predictive values, partial areas, utility, recalibration, clustered shares: against R where R has them.
struct StudyStatisticsTests {
  private func near(_ a: Double, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
    abs(a - b) <= tolerance * (1 + abs(b))
  }

  private func near(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { near($0, $1) }
  }

  @Test func adjustedPValuesEqualR() throws {
    #expect(near(try Multiplicity.holm(Golden.several), Golden.holm))
    #expect(near(try Multiplicity.benjaminiHochberg(Golden.several), Golden.hochberg))
    #expect(try Multiplicity.holm([]).isEmpty)
    #expect(throws: StatisticsError.self) { try Multiplicity.holm([0.1, 1.2]) }
  }

  @Test func partialAreasEqualPROC() throws {
    let curve = try ROCCurve(scores: Golden.first, positives: Golden.positives)
    let high = try PartialAUC(curve, over: 0.8...1, of: .specificity)
    #expect(near(high.area, Golden.partialSpecificity))
    #expect(near(high.standardised, Golden.partialSpecificityStandardised))
    #expect(near(try PartialAUC(curve, over: 0.35...0.9, of: .specificity).area, Golden.partialMiddle))
    let sensitive = try PartialAUC(curve, over: 0.75...1, of: .sensitivity)
    #expect(near(sensitive.area, Golden.partialSensitivity))
    #expect(near(sensitive.standardised, Golden.partialSensitivityStandardised))
    for focus in [PartialAUC.Focus.specificity, .sensitivity] {
      #expect(near(try PartialAUC(curve, over: 0...1, of: focus).area, curve.auc))
      let parts = try [0...0.3, 0.3...0.55, 0.55...1].map { try PartialAUC(curve, over: $0, of: focus).area }
      #expect(near(parts.reduce(0, +), curve.auc))
    }
    #expect(throws: StatisticsError.self) { try PartialAUC(curve, over: 0.5...0.5, of: .specificity) }
    #expect(throws: StatisticsError.self) { try PartialAUC(curve, over: 0.5...1.5, of: .specificity) }
  }

  @Test func theCutOfGreatestUtilityIsPROCs() throws {
    let cut = try CutOff.utility(prevalence: 0.1, cost: 5, scores: Golden.first, positives: Golden.positives)
    // pROC cuts halfway to the next lower score.
    let below = try #require(Golden.first.filter { $0 < cut }.max())
    #expect(near((cut + below) / 2, Golden.utilityCut))
    #expect(throws: StatisticsError.self) {
      try CutOff.utility(prevalence: 0, cost: 5, scores: Golden.first, positives: Golden.positives)
    }
  }

  @Test func predictiveValuesFollowBayes() throws {
    let matrix = ConfusionMatrix(truePositives: 90, falsePositives: 30, trueNegatives: 170, falseNegatives: 10)
    let own = try matrix.predictiveValues(prevalence: 1.0 / 3)
    #expect(near(own.ppv.value, matrix.ppv.value) && near(own.npv.value, matrix.npv.value))
    let rare = try matrix.predictiveValues(prevalence: 0.01)
    #expect(near(rare.ppv.value, 0.9 * 0.01 / (0.9 * 0.01 + 0.15 * 0.99)))
    let interval = try #require(rare.ppv.interval)
    #expect(interval.contains(rare.ppv.value) && interval.upper - interval.lower < 0.04)
    let perfect = try ConfusionMatrix(truePositives: 5, falsePositives: 0, trueNegatives: 5, falseNegatives: 0)
      .predictiveValues(prevalence: 0.2)
    #expect(perfect.ppv.value == 1 && perfect.ppv.interval == nil && perfect.npv.value == 1)
    #expect(throws: StatisticsError.self) { try matrix.predictiveValues(prevalence: 1) }
    #expect(throws: StatisticsError.self) {
      try ConfusionMatrix(truePositives: 5, falsePositives: 0, trueNegatives: 0, falseNegatives: 1)
        .predictiveValues(prevalence: 0.2)
    }
  }

  @Test func recalibrationEqualsR() throws {
    let (p, y) = (Golden.offProbabilities, Golden.positives)
    guard case .intercept(let shift) = try Recalibration(.intercept, probabilities: p, positives: y),
      case .logistic(let intercept, let slope) = try Recalibration(.logistic, probabilities: p, positives: y),
      case .temperature(let temperature) = try Recalibration(.temperature, probabilities: p, positives: y)
    else {
      Issue.record("another kind than asked")
      return
    }
    #expect(near(shift, Golden.recalibratedShift))
    #expect(near([intercept, slope], Golden.recalibratedLine))
    #expect(near(temperature, Golden.temperature))
    let steps = try Recalibration(.isotonic, probabilities: p, positives: y)
    #expect(near(p.map { steps($0) }, Golden.isotonic))
    #expect(steps(0) == steps(p.min() ?? 0) && steps(1) == steps(p.max() ?? 1))
    let line = try Recalibration(.logistic, probabilities: p, positives: y)
    let corrected = try CalibrationMeasures(probabilities: p.map { line($0) }, positives: y)
    #expect(abs((corrected.slope?.value ?? 0) - 1) < 1e-6 && abs(corrected.intercept?.value ?? 1) < 1e-6)
    #expect(try JSONDecoder().decode(Recalibration.self, from: JSONEncoder().encode(steps)) == steps)
  }

  @Test func recalibrationSaysWhatItCannotDo() {
    #expect(throws: StatisticsError.self) {
      try Recalibration(.logistic, probabilities: [0.2, 0.8], positives: [false, true])
    }
    #expect(throws: StatisticsError.self) {
      try Recalibration(.temperature, probabilities: [0.2, 0.3, 0.8], positives: [false, false, true])
    }
    #expect(throws: StatisticsError.self) {
      try Recalibration(.temperature, probabilities: [0.9, 0.8, 0.1], positives: [false, false, true])
    }
    #expect(throws: StatisticsError.self) { try Recalibration(.intercept, probabilities: [0.2], positives: [true]) }
  }

  @Test func clusteredSharesEqualTheirDefinition() throws {
    let called = Golden.first.map { $0 >= 0.5 }
    let clustered = try ClusteredProportion(called, clusters: Golden.patients)
    #expect(near(clustered.designEffect, Golden.designEffect))
    #expect(clustered.clusters == Set(Golden.patients).count)
    // Each row its own cluster: the design effect of independent rows, n / (n - 1).
    let alone = try ClusteredProportion(called, clusters: Array(called.indices))
    #expect(near(alone.designEffect, Double(called.count) / Double(called.count - 1)))
    // Every row twice: as many patients say as much as before.
    let twice = try ClusteredProportion(called + called, clusters: Array(called.indices) + Array(called.indices))
    #expect(near(twice.estimate.interval?.lower ?? 0, alone.estimate.interval?.lower ?? 1))
    #expect(throws: StatisticsError.self) { try ClusteredProportion([true, false], clusters: [1, 1]) }
  }
}
