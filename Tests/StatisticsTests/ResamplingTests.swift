import Foundation
import Testing

@testable import Statistics

/// What must hold of resampling for any data.
struct ResamplingTests {
  private let study = Simulation.ClusteredStudy(run: 7, patientsOfClass: 25, images: 3)

  @Test func theNumbersDoNotDependOnThreads() throws {
    func curve(_ threads: Int) throws -> [Double] {
      try ClusterBootstrap.curve(
        scores: study.scores, positives: study.positives, clusters: study.patients, resamples: 150, threads: threads
      ).sample.resampled
    }
    func smoothed(_ threads: Int) throws -> [Double] {
      try SmoothedBootstrapAUC(
        scores: study.scores, positives: study.positives, resamples: 150, threads: threads
      ).sample.resampled
    }
    let partial = CurveMeasure.partialArea(0.8...1, .specificity, standardised: true)
    func part(_ threads: Int) throws -> [Double] {
      try BootstrapCurve(
        partial, scores: study.scores, positives: study.positives, resamples: 150, threads: threads
      ).sample.resampled
    }
    for threads in [2, 7] {
      #expect(try curve(threads) == curve(1))
      #expect(try smoothed(threads) == smoothed(1))
      #expect(try part(threads) == part(1))
    }
  }

  /// The counting of curves agrees with any statistic computed from the drawn rows.
  @Test func curvesEqualTheGenericStatistic() throws {
    let (scores, positives) = (study.scores, study.positives)
    for (measure, range) in [
      (CurveMeasure.area, nil), (.partialArea(0.7...0.95, .sensitivity, standardised: false), 0.7...0.95),
    ] as [(CurveMeasure, ClosedRange<Double>?)] {
      let fast = try ClusterBootstrap.curve(
        measure, scores: scores, positives: positives, clusters: study.patients, resamples: 100)
      let slow = try ClusterBootstrap(clusters: study.patients, resamples: 100) { rows in
        guard
          let curve = try? ROCCurve(scores: rows.map { scores[$0] }, positives: rows.map { positives[$0] })
        else { return nil }
        return range.map { (try? PartialAUC(curve, over: $0, of: .sensitivity))?.area } ?? curve.auc
      }
      #expect(abs(fast.sample.estimate - slow.sample.estimate) < 1e-12)
      for (a, b) in zip(fast.sample.resampled, slow.sample.resampled) { #expect(abs(a - b) < 1e-12) }
    }
  }

  @Test func theClusterBootstrapsErrorIsNearObuchowskis() throws {
    let bootstrap = try ClusterBootstrap.curve(
      scores: study.scores, positives: study.positives, clusters: study.patients, resamples: 1000)
    let clustered = try ClusteredAUC(scores: study.scores, positives: study.positives, clusters: study.patients)
    #expect(abs(bootstrap.sample.standardError / clustered.standardError - 1) < 0.15)
    #expect(bootstrap.clusters == 50 && abs(bootstrap.sample.bias) < 0.2 * clustered.standardError)
    let interval = try #require(bootstrap.biasCorrected())
    #expect(interval.contains(clustered.auc))
  }

  @Test func differencesTurnRound() throws {
    func difference(_ a: [Double], _ b: [Double]) throws -> ClusterBootstrap {
      try ClusterBootstrap.difference(
        a, b, positives: study.positives, clusters: study.patients, resamples: 100)
    }
    let (forth, back) = (
      try difference(study.scores, study.others), try difference(study.others, study.scores)
    )
    #expect(forth.sample.resampled == back.sample.resampled.map { -$0 })
    #expect(forth.acceleration.map { -$0 } == back.acceleration)
    #expect(try difference(study.scores, study.scores).sample.isDegenerate)
    #expect(try difference(study.scores, study.scores).biasCorrected() == nil)
  }

  /// One positive patient among six: about a third of the draws lack it.
  @Test func resamplesWithoutBothClassesAreDrawnAgainAndCounted() throws {
    let positives = [true, true, false, false, false, false, false]
    let bootstrap = try ClusterBootstrap.curve(
      scores: [3, 1, 2, 0, 1, 2, 0.5], positives: positives, clusters: [0, 0, 1, 2, 3, 4, 5], resamples: 1000)
    #expect(bootstrap.redrawn > 300 && bootstrap.redrawn < 800, "\(bootstrap.redrawn)")
    #expect(bootstrap.sample.resampled.allSatisfy { $0.isFinite })
  }

  @Test func proportionsAreThoseOfTheRowsThatCount() throws {
    let calls = study.scores.map { $0 >= 0.5 }
    let bootstrap = try ClusterBootstrap.proportion(
      calls, among: study.positives, clusters: study.patients, resamples: 500, jackknife: true)
    let own = zip(calls, study.positives).filter(\.1).map(\.0)
    #expect(bootstrap.sample.estimate == Double(own.count { $0 }) / Double(own.count))
    let positives = study.positives
    let generic = try ClusterBootstrap(clusters: study.patients, resamples: 500, jackknife: true) { rows in
      let counted = rows.filter { positives[$0] }
      return counted.isEmpty ? nil : Double(counted.count { calls[$0] }) / Double(counted.count)
    }
    #expect(bootstrap.sample.resampled == generic.sample.resampled && bootstrap.redrawn == generic.redrawn)
    #expect(bootstrap.acceleration == generic.acceleration && bootstrap.acceleration != nil)
    let interval = try #require(bootstrap.biasCorrected())
    #expect(interval.contains(bootstrap.sample.estimate))
    #expect(throws: StatisticsError.self) {
      try ClusterBootstrap.proportion(
        calls, among: calls.map { _ in false }, clusters: study.patients, resamples: 100)
    }
  }

  /// Without bias and acceleration the corrected interval is the percentile one.
  @Test func biasCorrectionOfASymmetricSampleIsNone() throws {
    let sample = BootstrapSample(estimate: 0.5, resampled: (0...1000).map { Double($0) / 1000 })
    let corrected = try #require(sample.biasCorrected(acceleration: 0))
    let percentile = sample.percentile()
    #expect(abs(corrected.lower - percentile.lower) < 1e-9 && abs(corrected.upper - percentile.upper) < 1e-9)
    #expect(BootstrapSample(estimate: 2, resampled: [0, 0.5, 1]).biasCorrected(acceleration: 0) == nil)
  }

  @Test func perfectSeparationIsFlagged() throws {
    let (scores, positives) = ([0.1, 0.2, 0.3, 0.7, 0.8, 0.9], [false, false, false, true, true, true])
    let bootstrap = try BootstrapAUC(scores: scores, positives: positives, resamples: 100)
    #expect(bootstrap.sample.isDegenerate && bootstrap.acceleration == nil && bootstrap.biasCorrected() == nil)
    // Smoothing is what lets such an interval have a width.
    let smoothed = try SmoothedBootstrapAUC(
      scores: [0.1, 0.2, 0.45, 0.5, 0.8, 0.9], positives: positives, resamples: 400)
    #expect(smoothed.auc == 1 && smoothed.interval.lower < 1)
  }

  /// The smoothed resamples keep mean and variance of the classes, hence the AUC of two normal ones.
  @Test func smoothingKeepsTheArea() throws {
    let large = Simulation.ClusteredStudy(run: 3, patientsOfClass: 300, images: 1, correlation: 0)
    let smoothed = try SmoothedBootstrapAUC(scores: large.scores, positives: large.positives, resamples: 300)
    #expect(abs(smoothed.sample.bias) < 0.005)
    let delong = try DeLong(scores: large.scores, positives: large.positives)
    #expect(abs(smoothed.sample.standardError / delong.standardError - 1) < 0.15)
    let constant = try SmoothedBootstrapAUC(
      scores: [1, 1, 1, 0.5, 2, 3], positives: [true, true, true, false, false, false], resamples: 100)
    #expect(constant.bandwidths.positives == 0 && constant.bandwidths.negatives > 0)
  }

  @Test func badInputIsRefused() {
    let (scores, positives) = ([0.1, 0.4, 0.35, 0.8], [false, false, true, true])
    #expect(throws: StatisticsError.tooFew(what: "resamples", needed: 100, found: 99)) {
      try BootstrapAUC(scores: scores, positives: positives, resamples: 99)
    }
    #expect(throws: StatisticsError.oneClassOnly(positives: 4, negatives: 0)) {
      try BootstrapCurve(.area, scores: scores, positives: [true, true, true, true])
    }
    #expect(throws: StatisticsError.tooFew(what: "clusters", needed: 2, found: 1)) {
      try ClusterBootstrap.curve(scores: scores, positives: positives, clusters: [1, 1, 1, 1])
    }
    #expect(throws: StatisticsError.lengthsDiffer(what: "clusters", expected: 4, found: 3)) {
      try ClusterBootstrap.curve(scores: scores, positives: positives, clusters: [1, 2, 3])
    }
    #expect(throws: StatisticsError.self) {
      try BootstrapCurve(
        .partialArea(0.5...0.5, .specificity, standardised: false), scores: scores, positives: positives)
    }
    #expect(throws: StatisticsError.notFinite(what: "score", row: 1, found: "nan")) {
      try SmoothedBootstrapAUC(scores: [0.1, .nan, 0.35, 0.8], positives: positives)
    }
    #expect(throws: StatisticsError.tooFew(what: "positives for a smoothed bootstrap", needed: 2, found: 1)) {
      try SmoothedBootstrapAUC(scores: [0.1, 0.2, 0.3], positives: [true, false, false])
    }
  }
}
