import Foundation
import Testing

@testable import Statistics

/// Conformal sets and deferral, against R (Tools/golden/strata.R) and their definition.
@Suite struct ConformalTests {
  private let y = StrataGolden.positives
  private let s = StrataGolden.scores
  private let p = StrataGolden.patients

  private func near(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
    a.map { abs($0 - b) <= tolerance * (1 + abs(b)) } ?? false
  }

  private func predictor(
    _ rows: [Int], _ taxonomy: ConformalTaxonomy = .marginal, alpha: Double = 0.1, sites: [String]? = nil,
    patients: [String]? = nil
  ) throws -> ConformalPredictor {
    try ConformalPredictor(
      scores: rows.map { s[$0] }, positives: rows.map { y[$0] }, patients: rows.map { (patients ?? p)[$0] },
      sites: sites ?? rows.map { _ in "" }, taxonomy: taxonomy, alpha: alpha)
  }

  @Test func quantilesEqualTheDefinition() throws {
    let single = try predictor(Array(0..<120))
    #expect(single.groups.count == 1 && single.groups[0].patients == 120)
    #expect(single.groups[0].quantile == StrataGolden.quantileSingle)
    #expect(single.groups[0].quantile == StrataGolden.quantileSingleByRank)
    let all = try predictor(Array(0..<180))
    #expect(all.groups[0].quantile == StrataGolden.quantileAll && all.groups[0].patients == 120)
    #expect(near(all.pValues(score: 0.3).benign, StrataGolden.conformalP))
    let byClass = try predictor(Array(0..<180), .byClass)
    #expect(byClass.groups.map(\.quantile) == [StrataGolden.quantileNegative, StrataGolden.quantilePositive])
    #expect(byClass.groups.map(\.positive) == [false, true])
  }

  /// The finite-sample rank, whatever rounding does to (n + 1)(1 - alpha).
  @Test(arguments: [(9, 0.1), (19, 0.05), (19, 0.1), (99, 0.1), (29, 0.3), (199, 0.005), (7, 0.2)])
  func theRankIsExact(n: Int, alpha: Double) throws {
    let scores = (1...n).map { Double($0) / Double(n + 1) }
    let found = try ConformalPredictor(
      scores: scores, positives: .init(repeating: false, count: n), patients: scores.map { "\($0)" },
      sites: scores.map { _ in "" }, taxonomy: .marginal, alpha: alpha)
    let rank = Int((Double(n + 1) * (1 - alpha) - 1e-9).rounded(.up))
    #expect(found.groups[0].quantile == scores[rank - 1])
  }

  /// A class is in the set where its p-value is above alpha.
  @Test func setsAndPValuesAgree() throws {
    for taxonomy in [ConformalTaxonomy.marginal, .byClass] {
      for alpha in [0.05, 0.1, 0.25] {
        let found = try predictor(Array(0..<180), taxonomy, alpha: alpha)
        for step in 0...100 {
          let score = Double(step) / 100
          let (set, p) = (found.set(score: score), found.pValues(score: score))
          #expect(set.benign == (p.benign > alpha + 1e-9) && set.malignant == (p.malignant > alpha + 1e-9))
        }
      }
    }
  }

  @Test func fewerCasesThanOneOverAlphaLetEverythingIn() throws {
    let few = try predictor(Array(0..<8))
    #expect(few.groups[0].isTooSmall && few.groups[0].quantile == .infinity)
    #expect(few.set(score: 0.001) == PredictionSet(benign: true, malignant: true))
    #expect(try !predictor(Array(0..<9)).groups[0].isTooSmall)
    // Nine lesions of three patients are three.
    #expect(try predictor(Array(0..<9), patients: (0..<180).map { "\($0 % 3)" }).groups[0].isTooSmall)
  }

  @Test func smallSitesUseThePooledQuantile() throws {
    let sites = (0..<120).map { $0 < 115 ? "large" : "small" }
    let found = try predictor(Array(0..<120), .bySite, sites: sites)
    #expect(found.groups.map(\.site) == ["large", "small", nil])
    #expect(found.groups.map(\.isTooSmall) == [false, true, false])
    #expect(!found.isPooled(positive: true, site: "large"))
    #expect(found.isPooled(positive: true, site: "small") && found.isPooled(positive: true, site: "unheard of"))
    let pooled = found.groups[2].quantile
    #expect(found.set(score: pooled, site: "small").benign && found.set(score: pooled, site: "elsewhere").benign)
  }

  @Test func badCalibrationCasesAreNamed() {
    func make(_ scores: [Double], _ taxonomy: ConformalTaxonomy = .marginal, alpha: Double = 0.1) throws {
      _ = try ConformalPredictor(
        scores: scores, positives: scores.map { _ in true }, patients: scores.map { "\($0)" },
        sites: scores.map { _ in "" }, taxonomy: taxonomy, alpha: alpha)
    }
    #expect(throws: StatisticsError.empty(what: "calibration cases")) { try make([]) }
    #expect(throws: StatisticsError.self) { try make([0.2, 1.4]) }
    #expect(throws: StatisticsError.self) { try make([0.2, .nan]) }
    #expect(throws: StatisticsError.self) { try make([0.2], alpha: 0) }
    #expect(throws: StatisticsError.oneClassOnly(positives: 2, negatives: 0)) { try make([0.2, 0.3], .byClass) }
  }

  @Test func coverageCountsWhatSetsHold() throws {
    let sets = [(true, false), (true, true), (false, false), (false, true), (true, false)].map {
      PredictionSet(benign: $0.0, malignant: $0.1)
    }
    let found = try ConformalCoverage(
      "all", sets: sets, positives: [false, true, true, true, true], patients: ["a", "b", "c", "d", "e"])
    #expect(found.coverage?.value == 0.6 && found.coverage?.interval != nil)
    #expect((found.empty, found.both, found.benignOnly, found.malignantOnly) == (1, 1, 2, 1))
    #expect(found.wrongSingles == 1 && near(found.errorOfSingles, 1 / 3.0) && found.deferred == 0.4)
    let none = try ConformalCoverage("none", sets: [], positives: [], patients: [])
    #expect(none.coverage == nil && none.errorOfSingles == nil)
    let same = try ConformalCoverage(
      "one", sets: sets, positives: [false, true, true, true, true], patients: .init(repeating: "a", count: 5))
    #expect(same.coverage?.value == 0.6 && same.coverage?.interval == nil)
  }

  @Test func deferralEqualsR() throws {
    let curve = try DeferralCurve(
      scores: s, positives: y, certainties: s.map { DeferralCurve.certainty(score: $0, cutOff: 0.5) }, cutOff: 0.5)
    #expect(near(curve.areaUnderRiskCoverage, StrataGolden.aurc) && near(curve.excessArea, StrataGolden.excessAurc))
    #expect(near(curve.points[0].error, StrataGolden.riskShares[0]) && curve.points[0].deferred == 0)
    for (share, error) in zip([0.25, 0.5], StrataGolden.riskShares.dropFirst()) {
      // The point that keeps at least the rest.
      let point = try #require(curve.points.last { $0.deferred <= share + 1e-12 })
      #expect(near(point.error, error))
    }
    let matrix = try ConfusionMatrix(scores: s, positives: y, cutOff: 0.5)
    #expect(curve.points[0].sensitivity == matrix.sensitivity.value)
    #expect(zip(curve.points, curve.points.dropFirst()).allSatisfy { $0.deferred < $1.deferred })
    #expect(curve.at(deferred: 0.3).map { $0.deferred >= 0.3 } == true && curve.at(deferred: 1) == nil)
  }

  @Test func theBestOrderHasNoExcess() throws {
    let curve = try DeferralCurve(
      scores: [0.9, 0.8, 0.1, 0.7], positives: [true, true, false, false], certainties: [4, 3, 2, 1], cutOff: 0.5)
    #expect(near(curve.areaUnderRiskCoverage, 0.25 / 4) && near(curve.excessArea, 0))
    #expect(curve.points.last?.specificity == nil)
    let useless = try DeferralCurve(
      scores: [0.9, 0.2], positives: [true, true], certainties: [1, 1], cutOff: 0.5)
    #expect(useless.points.count == 1 && near(useless.areaUnderRiskCoverage, 0.5))
    #expect(throws: StatisticsError.self) {
      try DeferralCurve(scores: [], positives: [], certainties: [], cutOff: 0.5)
    }
    #expect(throws: StatisticsError.self) {
      try DeferralCurve(scores: [1], positives: [true], certainties: [.nan], cutOff: 0.5)
    }
  }
}
