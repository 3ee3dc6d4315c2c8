import Foundation
import Testing

@testable import Statistics

/// What must hold of proportions, cut-offs, calibration and tests for any data.
struct PropertyTests {
  @Test func intervalsOfProportionsHoldTheirProportion() throws {
    for total in [1, 2, 5, 33, 250, 100_000] {
      for successes in Set([0, 1, total / 3, total - 1, total]) {
        for level in [0.5, 0.95, 0.999] {
          for estimate in [
            Proportion.wilson(successes: successes, of: total, level: level),
            Proportion.clopperPearson(successes: successes, of: total, level: level),
          ] {
            let interval = try #require(estimate.interval)
            #expect(interval.lower >= 0 && interval.upper <= 1)
            #expect(interval.contains(estimate.value), "\(successes) of \(total): \(interval)")
          }
        }
        // The other side of the coin has the mirrored interval.
        let (a, b) = (
          Proportion.wilson(successes: successes, of: total),
          Proportion.wilson(successes: total - successes, of: total)
        )
        #expect(abs((a.interval?.lower ?? .nan) + (b.interval?.upper ?? .nan) - 1) < 1e-12)
      }
    }
  }

  @Test func cutOffsKeepWhatTheyPromise() throws {
    for sample in RankPropertyTests.samples {
      for target in [0.5, 0.8, 0.9, 0.95, 1] {
        let sensitive = try CutOff.fixedSensitivity(target, scores: sample.scores, positives: sample.positives)
        let specific = try CutOff.fixedSpecificity(target, scores: sample.scores, positives: sample.positives)
        func matrix(_ cut: Double) throws -> ConfusionMatrix {
          try ConfusionMatrix(scores: sample.scores, positives: sample.positives, cutOff: cut)
        }
        #expect(try matrix(sensitive).sensitivity.value >= target)
        #expect(try matrix(sensitive.nextUp).sensitivity.value < target)
        #expect(try matrix(specific).specificity.value >= target)
        let below = sample.scores.filter { $0 < specific }.max() ?? -.infinity
        #expect(try matrix(below).specificity.value < target || below == -.infinity)
      }
      let youden = try CutOff.youden(scores: sample.scores, positives: sample.positives)
      let best = try ConfusionMatrix(scores: sample.scores, positives: sample.positives, cutOff: youden).youden
      for cut in Set(sample.scores) {
        let other = try ConfusionMatrix(scores: sample.scores, positives: sample.positives, cutOff: cut).youden
        #expect(other < best + 1e-12)
        #expect(cut <= youden || other < best - 1e-12, "a larger cut is as good")
      }
    }
  }

  @Test func binsHoldEveryRowOnce() throws {
    var random = SplitMix64(seed: 4)
    let probabilities = (0..<503).map { _ in (random.uniform() * 40).rounded() / 40 }
    let positives = probabilities.map { _ in random.uniform() < 0.5 }
    for binning in [CalibrationCurve.Binning.equalWidth(10), .quantile(10), .quantile(200), .equalWidth(2)] {
      let curve = try CalibrationCurve(probabilities: probabilities, positives: positives, binning: binning)
      #expect(curve.bins.reduce(0) { $0 + $1.count } == 503)
      #expect(curve.bins.reduce(0) { $0 + $1.positives } == positives.count { $0 })
      for bin in curve.bins {
        #expect(bin.lower - 1e-12 <= bin.meanPredicted && bin.meanPredicted <= bin.upper + 1e-12)
      }
      #expect(curve.smoothed.count == 101)
    }
  }

  @Test func constantAndExtremeProbabilitiesGiveNumbersOrNil() throws {
    let positives = (0..<20).map { $0 % 2 == 0 }
    for p in [0, 0.5, 1.0] {
      let curve = try CalibrationCurve(
        probabilities: [Double](repeating: p, count: 20), positives: positives)
      #expect(curve.bins.count == 1 && curve.bins[0].count == 20)
      #expect(curve.measures.slope == nil && curve.measures.hosmerLemeshow == nil && curve.smoothed.isEmpty)
      #expect(curve.measures.brier.isFinite)
    }
    let perfect = try CalibrationMeasures(probabilities: positives.map { $0 ? 1 : 0 }, positives: positives)
    #expect(perfect.brier == 0 && perfect.slope == nil && perfect.expectedCalibrationError == 0)
  }

  @Test func decisionCurveMeetsItsEnds() throws {
    let sample = RankPropertyTests.samples[4]
    let probabilities = sample.scores.map { 1 / (1 + exp(-$0)) }
    let curve = try DecisionCurve(
      probabilities: probabilities, positives: sample.positives, thresholds: [0, 0.3, 0.99])
    #expect(curve.points[0].model == curve.prevalence && curve.points[0].all == curve.prevalence)
    #expect(curve.points[0].reductionPer100 == nil)
    #expect(curve.points[2].model == 0)
    let matrix = try ConfusionMatrix(scores: probabilities, positives: sample.positives, cutOff: 0.3)
    let n = Double(matrix.total)
    let expected = Double(matrix.truePositives) / n - Double(matrix.falsePositives) / n * 0.3 / 0.7
    #expect(abs(curve.points[1].model - expected) < 1e-14)
  }

  @Test func rankSumAndAreaAgree() throws {
    for sample in RankPropertyTests.samples {
      let rows = zip(sample.scores, sample.positives)
      let (x, y) = (rows.filter(\.1).map(\.0), rows.filter { !$0.1 }.map(\.0))
      let test = try TwoGroups.mannWhitney(x, y)
      let auc = try ROCCurve(scores: sample.scores, positives: sample.positives).auc
      #expect(abs(test.u / Double(x.count * y.count) - auc) < 1e-14)
      let swapped = try TwoGroups.mannWhitney(y, x)
      #expect(abs(swapped.p - test.p) < 1e-12 && abs(swapped.z + test.z) < 1e-12)
    }
    #expect(try TwoGroups.mannWhitney([1, 1], [1, 1]).p == 1)
    #expect(try TwoGroups.welch([1, 1], [1, 1]).p == 1)
  }

  @Test func fisherEqualsTheHypergeometricSum() throws {
    var random = SplitMix64(seed: 6)
    for _ in 0..<50 {
      let cells = (0..<4).map { _ in random.below(12) }
      guard let table = try? ContingencyTable([[cells[0], cells[1]], [cells[2], cells[3]]]) else { continue }
      let (row, column) = (cells[0] + cells[1], cells[0] + cells[2])
      let total = cells.reduce(0, +)
      guard table.counts.count == 2, table.columnTotals.count == 2 else { continue }
      func probability(_ k: Int) -> Double {
        exp(
          logFactorial(row) + logFactorial(total - row) + logFactorial(column) + logFactorial(total - column)
            - logFactorial(total) - logFactorial(k) - logFactorial(row - k) - logFactorial(column - k)
            - logFactorial(total - row - column + k))
      }
      let observed = probability(cells[0])
      let sum = (max(0, row + column - total)...min(row, column)).map(probability)
        .filter { $0 <= observed * (1 + 1e-7) }.reduce(0, +)
      #expect(abs(try table.fisher() - min(1, sum)) < 1e-10)
    }
  }

  @Test func summaryOfFewValues() throws {
    let one = try Summary([4])
    #expect(one.standardDeviation == nil && one.median == 4 && one.lowerQuartile == 4)
    #expect(try Summary([1, 2, 3, 4]).lowerQuartile == 1.75)
    #expect(throws: StatisticsError.empty(what: "values")) { try Summary([]) }
  }

  @Test func distributionsAtTheirEdges() {
    #expect(abs(NormalDistribution.critical(level: 0.95) - 1.959963984540054) < 1e-15)
    #expect(NormalDistribution.quantile(0) == -.infinity && NormalDistribution.quantile(1) == .infinity)
    #expect(NormalDistribution.quantile(1.5).isNaN)
    #expect(NormalDistribution.twoSided(40) > 0 || NormalDistribution.twoSided(40) == 0)
    #expect(abs(NormalDistribution.upperTail(10) / 7.619853024160527e-24 - 1) < 1e-12)
    #expect(StudentDistribution.upperTail(1, degrees: -1).isNaN)
    #expect(StudentDistribution.twoSided(.infinity, degrees: 5) == 0)
    #expect(BetaDistribution.quantile(0.5, a: -1, b: 2).isNaN)
    #expect(FDistribution.upperTail(-1, numerator: 2, denominator: 3).isNaN)
    #expect(ChiSquareDistribution.upperTail(0, degrees: 3) == 1)
    #expect(abs(ChiSquareDistribution.quantile(0.95, degrees: 1) - 3.841458820694124) < 1e-12)
  }
}
