import Testing

@testable import Statistics

/// Tests between strata, against R (Tools/golden/strata.R).
@Suite struct SubgroupTests {
  private func near(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
    a.map { abs($0 - b) <= tolerance * (1 + abs(b)) } ?? false
  }

  private func strata(byPatient: Bool) -> [Stratum] {
    (0..<3).map { stratum in
      let rows = StrataGolden.strata.indices.filter { StrataGolden.strata[$0] == stratum }
      return Stratum(
        "\(stratum)", scores: rows.map { StrataGolden.scores[$0] }, positives: rows.map { StrataGolden.positives[$0] },
        patients: rows.map { byPatient ? StrataGolden.patients[$0] : "\($0)" })
    }
  }

  private func test(_ found: Subgroups, _ measure: Subgroups.Measure, _ question: Subgroups.Question) throws
    -> Subgroups.Test
  {
    try #require(found.tests.first { $0.measure == measure && $0.question == question })
  }

  @Test func independentStrataEqualR() throws {
    let found = try Subgroups(strata(byPatient: false), cutOff: 0.7, isOrdered: true)
    #expect(!found.isClustered && found.notes.isEmpty)
    #expect(zip(found.strata, StrataGolden.areas).allSatisfy { near($0.auc?.value, $1) })
    let q = try test(found, .auc, .heterogeneity)
    #expect(near(q.result.statistic, StrataGolden.cochranQ) && near(q.result.p, StrataGolden.cochranP))
    #expect(near(q.iSquared, StrataGolden.iSquared) && q.result.degreesOfFreedom == 2)
    #expect(near(try test(found, .auc, .trend).result.statistic, StrataGolden.trendZ))
    let pair = try #require(found.pairs.first { $0.a == "0" && $0.b == "2" })
    #expect(near(pair.comparison.z, StrataGolden.pairZ))
    #expect(near(pair.comparison.satterthwaiteP, StrataGolden.pairSatterthwaiteP))
    #expect(found.pairs.count == 3 && found.pairs.allSatisfy { $0.pHolm >= $0.comparison.p })
    let sensitivity = try test(found, .sensitivity, .heterogeneity)
    #expect(near(sensitivity.result.statistic, StrataGolden.chiSquare) && near(sensitivity.result.p, StrataGolden.chiP))
    #expect(near(try test(found, .sensitivity, .trend).result.statistic, StrataGolden.trendChiSquare))
    let wilson = Proportion.wilson(successes: StrataGolden.successes[1], of: StrataGolden.totals[1])
    #expect(found.strata[1].sensitivity?.interval == wilson.interval)
  }

  @Test func sharedPatientsEqualTheDefinition() throws {
    let found = try Subgroups(strata(byPatient: true), cutOff: 0.7, isOrdered: true)
    #expect(found.isClustered)
    let q = try test(found, .auc, .heterogeneity).result
    #expect(near(q.statistic, StrataGolden.clusteredQ) && near(q.p, StrataGolden.clusteredP))
    #expect(near(try test(found, .auc, .trend).result.statistic, StrataGolden.clusteredTrendZ))
    let pair = try #require(found.pairs.first { $0.a == "0" && $0.b == "2" }).comparison
    #expect(near(pair.z, StrataGolden.clusteredPairZ) && pair.satterthwaiteP == nil)
    let score = try test(found, .sensitivity, .heterogeneity)
    #expect(near(score.result.statistic, StrataGolden.clusteredScore))
    #expect(score.method.contains("clustered"))
    #expect(near(try test(found, .sensitivity, .trend).result.statistic, StrataGolden.clusteredScoreTrend))
  }

  @Test func smallTablesUseFishersTest() throws {
    let found = try ProportionHomogeneity(strata: [(3, 12), (8, 12), (11, 12)])
    #expect(found.method == .fisher && near(found.heterogeneity.p, StrataGolden.fisherP))
  }

  /// Covariances of 0 leave Cochran's Q, and two strata leave z².
  @Test func twoStrataGiveTheSquareOfZ() throws {
    let found = try Heterogeneity(estimates: [1.2, 0.7], variances: [0.04, 0.05])
    #expect(near(found.q.statistic, 0.25 / 0.09) && near(found.trend.statistic, -0.5 / 0.3))
    #expect(found.pooled > 0.7 && found.pooled < 1.2)
    #expect(try Heterogeneity(estimates: [1, 1, 1], variances: [1, 2, 3]).iSquared == 0)
    #expect(throws: StatisticsError.self) { try Heterogeneity(estimates: [1], variances: [1]) }
    #expect(throws: StatisticsError.self) { try Heterogeneity(estimates: [1, 2], variances: [1, 0]) }
    #expect(throws: StatisticsError.self) { try Heterogeneity(estimates: [1, .nan], variances: [1, 1]) }
  }

  @Test func interactionsEqualR() throws {
    let (y, s, p) = (StrataGolden.positives, StrataGolden.scores, StrataGolden.patients)
    let groups = StrataGolden.strata.map { "\($0)" }
    let rows = Array(y.indices)
    let number = try ScoreInteraction(scores: s, positives: y, factor: .numeric(StrataGolden.sizes), clusters: rows)
    #expect(number.method == .likelihoodRatio && number.scale == .logit)
    #expect(near(number.test.statistic, StrataGolden.interactionNumber, 1e-7))
    let factor = try ScoreInteraction(
      scores: s, positives: y, factor: .categorical(groups, reference: "0"), clusters: rows)
    #expect(near(factor.test.statistic, StrataGolden.interactionFactor, 1e-7) && factor.test.degreesOfFreedom == 2)
    #expect(factor.oddsRatio == nil)
    let robust = try ScoreInteraction(scores: s, positives: y, factor: .numeric(StrataGolden.sizes), clusters: p)
    #expect(robust.method == .clusteredWald && near(robust.test.statistic, StrataGolden.interactionWald, 1e-6))
    #expect(near(robust.oddsRatio?.value, StrataGolden.interactionOdds, 1e-6))
    #expect(near(robust.oddsRatio?.interval?.lower, StrataGolden.interactionOddsLower, 1e-6))
    let robustFactor = try ScoreInteraction(
      scores: s, positives: y, factor: .categorical(groups, reference: "0"), clusters: p)
    #expect(near(robustFactor.test.statistic, StrataGolden.interactionWaldFactor, 1e-6))
    #expect(throws: StatisticsError.self) {
      try ScoreInteraction(
        scores: s, positives: y, factor: .numeric(s.map { _ in 3 }), clusters: rows)
    }
  }

  @Test func tinyStrataAreKeptAndFlagged() throws {
    var given = strata(byPatient: false)
    given.append(
      Stratum("three", scores: [0.2, 0.6, 0.9], positives: [false, true, true], patients: ["x", "y", "z"]))
    given.append(
      Stratum(
        "one class", scores: (0..<20).map { Double($0) / 20 }, positives: .init(repeating: true, count: 20),
        patients: (0..<20).map { "o\($0)" }))
    given.append(
      Stratum(
        "few", scores: [0.1, 0.2, 0.3, 0.8, 0.5, 0.4, 0.6, 0.7, 0.9, 0.95, 0.2, 0.9],
        positives: (0..<12).map { $0 >= 6 }, patients: (0..<12).map { "f\($0)" }))
    given.append(Stratum("empty", scores: [], positives: [], patients: []))
    let found = try Subgroups(given, cutOff: 0.5, isOrdered: false)
    let (three, one, few, empty) = (found.strata[3], found.strata[4], found.strata[5], found.strata[6])
    #expect(three.n == 3 && three.events == 2 && three.auc == nil && three.sensitivity == nil)
    #expect(three.flags == [.noEstimate(positives: 2, negatives: 1)] && !three.isTested)
    #expect(one.auc == nil && one.specificity == nil && one.sensitivity != nil)
    #expect(one.flags == [.oneClass(positives: 20, negatives: 0)])
    #expect(few.auc?.interval != nil && few.flags == [.tooFew(positives: 6, negatives: 6)] && !few.isTested)
    #expect(empty.flags == [.noRows] && empty.auc == nil && empty.observedToExpected == nil)
    #expect(try test(found, .auc, .heterogeneity).strata == ["0", "1", "2"])
    #expect(!found.tests.contains { $0.question == .trend })
    let alone = try Subgroups([given[0], given[3]], cutOff: nil, isOrdered: true)
    #expect(alone.tests.isEmpty && alone.pairs.isEmpty && alone.notes.count == 1)
  }

  @Test func perfectStrataHaveNoIntervalAndNoTest() throws {
    let perfect = Stratum(
      "perfect", scores: (0..<30).map { Double($0) / 30 }, positives: (0..<30).map { $0 >= 15 },
      patients: (0..<30).map { "q\($0)" })
    let found = try Subgroups(strata(byPatient: false) + [perfect], cutOff: 0.5, isOrdered: false)
    #expect(found.strata[3].auc?.value == 1 && found.strata[3].auc?.interval == nil)
    #expect(found.strata[3].flags == [.noVariance] && !found.strata[3].isTested)
    #expect(found.notes == ["AUC: the tests leave out perfect (see the flags)"])
  }

  @Test func notEnoughToCompareIsSaid() {
    #expect(throws: StatisticsError.self) { try ProportionHomogeneity(strata: [(3, 3), (4, 4)]) }
    #expect(throws: StatisticsError.self) { try ProportionHomogeneity(strata: [(5, 4), (1, 4)]) }
    #expect(throws: StatisticsError.self) {
      try ProportionHomogeneity(successes: [true, true], strata: [0, 1], clusters: [1, 2])
    }
    #expect(throws: StatisticsError.self) {
      try ProportionHomogeneity(successes: [true, false], strata: [0, -1], clusters: [1, 2])
    }
    #expect(throws: StatisticsError.self) { try Subgroups([], cutOff: nil, isOrdered: false) }
  }

  /// Two lesions a patient with a common effect, spread over two strata: the tests that know it keep their level.
  @Test func clusteredTestsKeepTheirLevel() throws {
    let runs = 300
    var (byArea, byCall, blind) = (0, 0, 0)
    for run in 0..<runs {
      var random = SplitMix64(seed: 5, stream: UInt64(run))
      func normal() -> Double { NormalDistribution.quantile(max(random.uniform(), 1e-12)) }
      var parts = [
        Stratum("a", scores: [], positives: [], patients: []), Stratum("b", scores: [], positives: [], patients: []),
      ]
      for patient in 0..<100 {
        let (positive, effect, home) = (patient % 2 == 0, normal(), patient % 4 < 2 ? 0 : 1)
        for _ in 0..<4 {
          parts[home].scores.append(effect + 0.5 * normal() + (positive ? 1 : 0))
          parts[home].positives.append(positive)
          parts[home].patients.append("\(patient)")
        }
      }
      let found = try Subgroups(parts, cutOff: 0.5, isOrdered: false)
      byArea += try test(found, .auc, .heterogeneity).result.p < 0.05 ? 1 : 0
      byCall += try test(found, .sensitivity, .heterogeneity).result.p < 0.05 ? 1 : 0
      let separate = parts.map { part in
        var copy = part
        copy.patients = part.patients.indices.map { "\(part.label)\($0)" }
        return copy
      }
      blind +=
        try test(try Subgroups(separate, cutOff: 0.5, isOrdered: false), .auc, .heterogeneity).result.p < 0.05 ? 1 : 0
    }
    // 5 % of 300 is 15, with a standard deviation of 4.
    #expect((5...29).contains(byArea) && (5...29).contains(byCall), "\(byArea) and \(byCall) of \(runs)")
    #expect(blind > 60, "\(blind) of \(runs)")
  }
}
