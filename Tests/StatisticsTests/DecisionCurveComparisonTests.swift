import Foundation
import Testing

@testable import Statistics

@Suite struct DecisionCurveComparisonTests {
  private let labels: [Bool]
  private let good: [Double]
  private let poor: [Double]
  private let patients: [String]

  init() {
    var random = SplitMix64(seed: 4)
    var (labels, good, poor, patients): ([Bool], [Double], [Double], [String]) = ([], [], [], [])
    for patient in 0..<120 {
      let risk = random.uniform()
      // A patient's rows share their risk.
      for _ in 0..<(1 + patient % 3) {
        labels.append(random.uniform() < risk)
        good.append(min(1, max(0, risk + 0.1 * (random.uniform() - 0.5))))
        poor.append(0.3 + 0.4 * random.uniform())
        patients.append("p\(patient)")
      }
    }
    (self.labels, self.good, self.poor, self.patients) = (labels, good, poor, patients)
  }

  private func comparison(
    patients: [String]? = nil, folds: [String]? = nil, thresholds: [Double] = [0.1, 0.3, 0.5, 0.7],
    resamples: Int = 1000, seed: UInt64 = 1
  ) throws -> DecisionCurveComparison {
    try DecisionCurveComparison(
      models: [.init("good", good), .init("poor", poor)], positives: labels, patients: patients, folds: folds,
      thresholds: thresholds, resamples: resamples, seed: seed)
  }

  @Test func valuesAreThoseOfTheSingleCurve() throws {
    let both = try comparison(resamples: 0)
    for (curve, scores) in zip(both.curves, [good, poor]) {
      let single = try DecisionCurve(probabilities: scores, positives: labels, thresholds: both.thresholds)
      for (point, expected) in zip(curve.points, single.points) {
        #expect(abs(point.netBenefit.value - expected.model) < 1e-12)
        #expect(abs(point.againstAll.value - (expected.model - expected.all)) < 1e-12)
        #expect(abs(point.reductionPer100.value - (expected.reductionPer100 ?? .nan)) < 1e-9)
        #expect(abs(point.standardized.value - expected.model / both.prevalence) < 1e-12)
        #expect(point.netBenefit.interval == nil)
      }
    }
  }

  /// A net benefit is a mean over rows: TP less weighted FP. Its standard error, over rows or summed over patients, gives the
  /// interval that many resamples come near to.
  @Test(arguments: [false, true])
  func intervalsComeNearTheDeltaMethods(clustered: Bool) throws {
    let found = try comparison(patients: clustered ? patients : nil, resamples: 3000)
    for (place, threshold) in found.thresholds.enumerated() {
      let odds = threshold / (1 - threshold)
      func gain(_ p: Double, _ label: Bool) -> Double { p < threshold ? 0 : label ? 1 : -odds }
      func check(_ estimate: Estimate, _ values: [Double], _ name: String) throws {
        let mean = values.reduce(0, +) / Double(values.count)
        var sums: [String: Double] = [:]
        for (row, value) in values.enumerated() {
          sums[clustered ? patients[row] : "\(row)", default: 0] += value - mean
        }
        let error = sums.values.reduce(0) { $0 + $1 * $1 }.squareRoot() / Double(values.count)
        let interval = try #require(estimate.interval)
        #expect(abs(estimate.value - mean) < 1e-12, "\(name)")
        #expect(abs(interval.lower - (mean - 1.96 * error)) < 0.25 * error, "\(name) at \(threshold)")
        #expect(abs(interval.upper - (mean + 1.96 * error)) < 0.25 * error, "\(name) at \(threshold)")
      }
      let first = zip(good, labels).map(gain)
      let second = zip(poor, labels).map(gain)
      let all = labels.map { $0 ? 1 : -odds }
      try check(found.curves[0].points[place].netBenefit, first, "good")
      try check(found.curves[0].points[place].againstAll, zip(first, all).map { $0 - $1 }, "good less all")
      try check(found.differences[0].points[place], zip(first, second).map { $0 - $1 }, "good less poor")
    }
  }

  @Test func theSeedDecides() throws {
    let (first, again, other) = (try comparison(), try comparison(), try comparison(seed: 2))
    let intervals = [first, again, other].map { $0.curves[0].points[1].netBenefit.interval }
    #expect(intervals[0] == intervals[1] && intervals[0] != intervals[2])
    #expect(first.resamples == 1000 && first.patients == labels.count)
    #expect(try comparison(patients: patients).patients == 120)
  }

  @Test func uselessStretchesAreShaded() throws {
    let found = try comparison(thresholds: (1...99).map { Double($0) / 100 })
    // The poor score is nowhere under 0.3: below that it acts on all.
    let poor = found.curves[1]
    let shaded = try #require(poor.allAsGood.first)
    #expect(shaded.lowerBound == 0.01 && shaded.upperBound >= 0.29)
    #expect(poor.noneAsGood.last?.upperBound == 0.99)
    for curve in found.curves {
      for point in curve.points {
        let within = curve.allAsGood.contains { $0.contains(point.threshold) }
        let noGain = point.againstAll.value <= 0 || (point.againstAll.interval?.lower ?? 1) <= 0
        #expect(within == noGain, "\(curve.name) at \(point.threshold)")
      }
    }
    #expect(!found.curves[0].allAsGood.contains { $0.contains(0.5) })
  }

  /// Counts summed over folds are the folds' means weighted by their rows, whatever their prevalence.
  @Test func pooledFoldsAreTheWeightedMean() throws {
    let folds = labels.indices.map { $0 < 40 ? "a" : $0 % 4 == 0 ? "b" : "c" }
    let found = try comparison(folds: folds, resamples: 0)
    let curve = found.curves[0]
    let folded = try #require(curve.folds)
    #expect(folded.folds.map(\.name) == ["a", "b", "c"])
    for place in found.thresholds.indices {
      let weighted = folded.folds.reduce(0) { $0 + $1.netBenefit[place] * Double($1.count) } / Double(labels.count)
      #expect(abs(weighted - curve.points[place].netBenefit.value) < 1e-12)
      let plain = folded.folds.reduce(0) { $0 + $1.netBenefit[place] } / 3
      #expect(abs(folded.mean[place] - plain) < 1e-12 && folded.standardDeviation[place] > 0)
    }
    #expect(throws: StatisticsError.self) { try comparison(folds: labels.map { _ in "one" }) }
  }

  @Test(arguments: [0, 1, -0.1, 1.5, .nan])
  func thresholdsOutsideAreRefused(threshold: Double) {
    #expect(throws: StatisticsError.self) { try comparison(thresholds: [0.2, threshold]) }
  }

  @Test func badInputIsRefused() {
    #expect(throws: StatisticsError.self) { try comparison(thresholds: []) }
    #expect(throws: StatisticsError.self) { try comparison(resamples: 5) }
    #expect(throws: StatisticsError.self) { try DecisionCurveComparison(models: [], positives: labels) }
    #expect(throws: StatisticsError.self) {
      try DecisionCurveComparison(models: [.init("x", good.map { $0 * 3 })], positives: labels)
    }
    #expect(throws: StatisticsError.self) {
      try DecisionCurveComparison(models: [.init("x", Array(good.dropLast()))], positives: labels)
    }
    #expect(throws: StatisticsError.self) {
      try DecisionCurveComparison(models: [.init("x", good)], positives: labels.map { _ in true })
    }
  }
}
