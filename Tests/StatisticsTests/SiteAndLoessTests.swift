import Foundation
import Testing

@testable import Statistics

/// Sites as units, the loess surface and clustered calibration on data of known answers.
struct SiteAndLoessTests {
  @Test func equalSitesHaveNoVarianceBetweenThem() throws {
    let effects = try RandomEffects([0.7, 0.7, 0.7], variances: [0.1, 0.2, 0.4])
    #expect(effects.tauSquared == 0 && effects.iSquared == 0 && abs(effects.mean - 0.7) < 1e-12)
    #expect(try RandomEffects([0.7, 0.9], variances: [0.1, 0.2]).prediction == nil)
    #expect(throws: StatisticsError.tooFew(what: "estimates to bring together", needed: 2, found: 1)) {
      try RandomEffects([0.7], variances: [0.1])
    }
    #expect(throws: StatisticsError.self) { try RandomEffects([0.7, 0.8], variances: [0.1, 0]) }
  }

  @Test func sitesThatCannotBeEstimatedAreNamed() throws {
    let study = Simulation.ClusteredStudy(run: 1, patientsOfClass: 60, images: 2)
    let names = study.patients.map { ["A", "B", "C"][$0 % 3] }
    // Site D has benign rows only, site E is told apart perfectly.
    let sites = try SiteAUCs(
      scores: study.scores + [0, 1, 0, 0, 1, 1], positives: study.positives + [false, false, false, false, true, true],
      sites: names + ["D", "D", "E", "E", "E", "E"],
      clusters: study.patients.map(String.init) + (1...6).map { "x\($0)" })
    #expect(sites.sites.map(\.name) == ["A", "B", "C", "E"])
    #expect(sites.withoutAUC == ["D"] && sites.withoutVariance == ["E"])
    #expect(sites.logit?.count == 3)
    let aucs = sites.sites.map(\.auc)
    #expect(abs(sites.mean.value - aucs.reduce(0, +) / 4) < 1e-12)
    let pooled = try #require(sites.pooled)
    #expect(try #require(pooled.interval).contains(pooled.value))
    let prediction = try #require(sites.prediction)
    #expect(prediction.lower < (pooled.interval?.lower ?? 0) && prediction.upper > (pooled.interval?.upper ?? 1))
    // Rows of a patient are held together.
    let first = try #require(sites.sites.first)
    let own = names.indices.filter { names[$0] == "A" }
    let clustered = try ClusteredAUC(
      scores: own.map { study.scores[$0] }, positives: own.map { study.positives[$0] },
      clusters: own.map { study.patients[$0] })
    #expect(first.interval == clustered.logit())
    #expect(throws: StatisticsError.empty(what: "sites with both classes")) {
      try SiteAUCs(scores: [0, 1], positives: [true, true], sites: ["A", "B"], clusters: ["1", "2"])
    }
  }

  @Test func loessReproducesParabolas() throws {
    var random = SplitMix64(seed: 2)
    let x = (0..<200).map { _ in random.uniform() }
    let surface = try LoessSurface(x: x, y: x.map { 0.2 + 0.5 * $0 - 0.3 * $0 * $0 })
    for place in [0.1, 0.33, 0.5, 0.77] {
      let value = try #require(surface(place))
      #expect(abs(value - (0.2 + 0.5 * place - 0.3 * place * place)) < 1e-9)
    }
    #expect(surface(-0.1) == nil && surface(1.1) == nil)
    let inference = try LoessInference(surface)
    #expect(inference.residualStandardError < 1e-9 && inference.standardError(at: 2) == nil)
    // The order of the rows says nothing.
    let turned = try LoessSurface(x: x.reversed(), y: x.reversed().map { 0.2 + 0.5 * $0 - 0.3 * $0 * $0 })
    #expect(turned(0.4) == surface(0.4))
  }

  @Test func loessSaysWhatItCannotDo() {
    #expect(throws: StatisticsError.self) { try LoessSurface(x: [1, 2, 3, 4], y: [0, 1, 0, 1]) }
    let equal = [Double](repeating: 0.5, count: 40)
    #expect(throws: StatisticsError.self) { try LoessSurface(x: equal, y: equal) }
    #expect(throws: StatisticsError.self) { try LoessSurface(x: equal + [0.1, 0.9], y: equal + [0, 1]) }
    #expect(throws: StatisticsError.notFinite(what: "y", row: 0, found: "nan")) {
      try LoessSurface(x: [1, 2, 3, 4, 5, 6], y: [.nan, 1, 0, 1, 1, 1])
    }
  }

  @Test func theCalibrationBandHoldsItsCurve() throws {
    let p = ResamplingGolden.smoothP
    let curve = try CalibrationCurve(probabilities: p, positives: ResamplingGolden.smoothY)
    #expect(curve.places.count == 101 && curve.places.first == p.min() && curve.places.last == p.max())
    for index in curve.places.indices {
      #expect(curve.lower[index] <= curve.observed[index] && curve.observed[index] <= curve.upper[index])
      #expect(curve.lower[index] >= 0 && curve.upper[index] <= 1)
    }
    #expect(curve.distance != nil)
  }

  /// A cluster's rows given twice say nothing new.
  @Test func repeatedRowsLeaveClusteredErrors() throws {
    let (p, y) = (ResamplingGolden.smoothP, ResamplingGolden.smoothY)
    let once = try ClusteredCalibration(probabilities: p, positives: y, clusters: Array(p.indices))
    let twice = try ClusteredCalibration(
      probabilities: p + p, positives: y + y, clusters: Array(p.indices) + Array(p.indices))
    let (a, b) = (try #require(once.slope), try #require(twice.slope))
    #expect(abs(a.standardError - b.standardError) < 1e-9 && abs(a.value - b.value) < 1e-9)
    let constant = try ClusteredCalibration(
      probabilities: [0.3, 0.3, 0.3, 0.3], positives: [true, false, true, false], clusters: [1, 1, 2, 2])
    #expect(constant.slope == nil && constant.inTheLarge != nil)
  }
}
