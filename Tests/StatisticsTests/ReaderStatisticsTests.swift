import Testing

@testable import Statistics

/// Properties and bad input of the reader statistics.
@Suite struct ReaderStatisticsTests {
  private let positives = ReadersGolden.positives
  private var complete: [[[Double?]]] { ReadersGolden.complete.map { $0.map { $0.map { $0 } } } }

  // MARK: Figures and designs

  /// Nothing missing and every case a cluster: the analysis of the crossed design.
  @Test(arguments: MultiReaderAnalysis.CovarianceMethod.allCases)
  func incompleteDesignsReduceToTheCrossedOne(method: MultiReaderAnalysis.CovarianceMethod) throws {
    let crossed = try MultiReaderAnalysis(
      ratings: ReadersGolden.complete, positives: positives, covariance: method)
    let general = try MultiReaderAnalysis(
      ReaderFigures(
        ratings: complete, positives: positives, clusters: positives.indices.map { 100 - $0 }, covariance: method))
    for kind in MultiReaderAnalysis.Generalisation.allCases {
      let (a, b) = (crossed.test(kind), general.test(kind))
      #expect(abs(a.statistic - b.statistic) < 1e-12 && abs(a.p - b.p) < 1e-12)
    }
    // Of a single treatment pair, covariances are DeLong's own.
    if method == .delong {
      let a = try DeLong(scores: ReadersGolden.complete[0][0], positives: positives)
      let b = try DeLong(scores: ReadersGolden.complete[1][2], positives: positives)
      let figures = try ReaderFigures(ratings: complete, positives: positives, covariance: .delong)
      #expect(abs(figures.covariance(0, 0) - a.variance) < 1e-15)
      #expect(abs(figures.covariance(0, 6) - a.covariance(with: b)) < 1e-15)
    }
  }

  @Test func disjointCasesDoNotCovary() throws {
    var ratings = complete
    for place in positives.indices {
      ratings[place < 14 ? 0 : 1][0][place] = nil
      ratings[place < 14 ? 0 : 1][1][place] = nil
    }
    let figures = try ReaderFigures(ratings: [Array(ratings[0][..<2]), Array(ratings[1][..<2])], positives: positives)
    #expect(!figures.isFullyCrossed)
    #expect(figures.covariance(0, 2) == 0 && figures.covariance(1, 2) == 0)
    #expect(figures.covariance(0, 1) != 0)
  }

  @Test func readersOfSomeTreatmentsAreNamed() throws {
    var ratings = complete
    ratings[1][2] = ratings[1][2].map { _ in nil }
    let figures = try ReaderFigures(ratings: ratings, positives: positives)
    let error = #expect(throws: StatisticsError.self) { try MultiReaderAnalysis(figures) }
    #expect(error?.description.contains("reader 3") == true)
  }

  @Test func identicalReadersGiveNoEmptyCertainty() throws {
    let ratings = complete.map { [$0[0], $0[0]] }
    let analysis = try MultiReaderAnalysis(ReaderFigures(ratings: ratings, positives: positives))
    #expect(analysis.meanSquareInteraction == 0)
    #expect(analysis.test(.readersOnly).statistic.isNaN && analysis.test(.readersOnly).p.isNaN)
    let difference = analysis.differences(.readersOnly)[0]
    #expect(difference.estimate.interval == nil && difference.p.isNaN)
    // With cases as the only source of error the test stays one of cases.
    #expect(analysis.test(.readersAndCases).denominatorDegrees == .infinity)
    #expect(abs(analysis.test(.readersAndCases).p - analysis.test(.casesOnly).p) < 1e-9)
  }

  @Test func badReadingsAreRefused() throws {
    let one = complete.map { [$0[0]] }
    #expect(throws: StatisticsError.tooFew(what: "readers", needed: 2, found: 1)) {
      try MultiReaderAnalysis(ReaderFigures(ratings: one, positives: positives))
    }
    #expect(throws: StatisticsError.self) {
      try ReaderFigures(ratings: complete, positives: positives.map { _ in true })
    }
    #expect(throws: StatisticsError.self) {
      try ReaderFigures(.accuracy, ratings: complete, positives: positives)
    }
    let lonely = positives.indices.map { positives[$0] ? 0 : $0 }
    for method in MultiReaderAnalysis.CovarianceMethod.allCases {
      let error = #expect(throws: StatisticsError.self) {
        try ReaderFigures(ratings: complete, positives: positives, clusters: lonely, covariance: method)
      }
      #expect(error?.description.contains("clusters of cases with a positive") == true)
    }
    #expect(throws: StatisticsError.empty(what: "readings")) {
      try ReaderFigures(ratings: [[positives.map { _ in nil }]], positives: positives)
    }
  }

  @Test func aModelAboveAllReadersRanksAsFarAsItCan() throws {
    let model = positives.map { Optional($0 ? 1.0 : 0) }
    let against = try ModelAgainstReaders(.auc, ratings: complete[0], model: model, positives: positives)
    #expect(against.model == 1 && against.modelVariance == 0)
    #expect(against.below == 4 && against.above == 0 && against.equal == 0)
    #expect(abs(against.rankP - 0.4) < 1e-12)
    #expect(against.p < 0.05)
    #expect(throws: StatisticsError.self) {
      try ModelAgainstReaders(.auc, ratings: complete[0], model: model.map { _ in nil }, positives: positives)
    }
    #expect(throws: StatisticsError.tooFew(what: "readers", needed: 2, found: 1)) {
      try ModelAgainstReaders(.auc, ratings: [complete[0][0]], model: model, positives: positives)
    }
  }

  // MARK: Calls

  @Test func automationBiasCountsWhatChanged() throws {
    func reading(_ reader: Int, _ truth: Bool, _ unaided: Bool, _ aided: Bool, _ aid: Bool) -> AutomationBias.Reading {
      AutomationBias.Reading(reader: reader, truth: truth, unaided: unaided, aided: aided, aid: aid)
    }
    let bias = try AutomationBias([
      reading(0, true, true, false, false), reading(0, true, true, true, false), reading(1, true, false, true, false),
      reading(0, false, true, false, false), reading(1, false, true, true, false),
      reading(1, false, false, true, false),
    ])
    #expect(bias.rightToWrong.changed == 1 && bias.rightToWrong.total == 2)
    #expect(bias.wrongToRightDespite.changed == 1 && bias.wrongToRightDespite.total == 1)
    #expect(bias.wrongToRight.changed == 1 && bias.wrongToRight.total == 2)
    #expect(bias.rightToWrongDespite.changed == 1 && bias.rightToWrongDespite.total == 1)
    #expect(bias.followedWrong.total == 2 && bias.followedWrong.changed == 1)
    #expect(bias.adherence.changed == 2 && bias.agreementBefore.changed == 2)
    #expect(bias.netBenefit == 0 && bias.netBenefitAidRight == 0 && bias.netBenefitAidWrong == 0)
    #expect(throws: StatisticsError.self) { try AutomationBias([]) }
    // One reader: Wilson's interval.
    let one = try AutomationBias((0..<10).map { reading(0, true, true, $0 > 3, false) })
    let wilson = Proportion.wilson(successes: 4, of: 10)
    #expect(one.rightToWrong.estimate.interval == wilson.interval)
    #expect(!one.wrongToRight.estimate.isDefined)
  }

  /// The net benefit is the change of accuracy.
  @Test func netBenefitIsTheChangeOfAccuracy() throws {
    var random = SplitMix64(seed: 5)
    let readings = (0..<200).map { index in
      AutomationBias.Reading(
        reader: index % 5, truth: random.uniform() < 0.4, unaided: random.uniform() < 0.5,
        aided: random.uniform() < 0.5, aid: random.uniform() < 0.5)
    }
    let pairs = try PairedProportions(
      readings.map { $0.unaided == $0.truth }, readings.map { $0.aided == $0.truth })
    #expect(abs(try AutomationBias(readings).netBenefit - pairs.difference.value) < 1e-12)
  }

  @Test func votesNameTies() throws {
    let calls: [[Bool?]] = [
      [true, true, nil, false, nil], [true, false, true, false, nil], [false, nil, true, false, nil],
    ]
    let vote = try MajorityVote(calls, positives: [true, true, false, false, true])
    #expect(vote.votes == [.positive, .tie, .positive, .negative, .none])
    #expect(vote.ties == [1])
    #expect(
      vote.matrix
        == ConfusionMatrix(truePositives: 1, falsePositives: 1, trueNegatives: 1, falseNegatives: 0))
    #expect(vote.tiesPositive.truePositives == 2 && vote.tiesNegative.falseNegatives == 1)
    #expect(throws: StatisticsError.self) { try MajorityVote([], positives: [true]) }
  }

  @Test func pairsWithoutChangeHaveNoWidthOfTheirOwn() throws {
    let calls = [true, false, true, true]
    let clustered = try PairedProportions(calls, calls, clusters: [0, 0, 1, 2])
    #expect(clustered.difference.value == 0 && clustered.difference.interval == nil && clustered.p == 1)
    // Newcombe's interval needs no variance.
    let plain = try PairedProportions(calls, calls)
    #expect((plain.difference.interval?.upper ?? 0) > 0)
    #expect(throws: StatisticsError.self) { try PairedProportions(calls, calls, clusters: [1, 1, 1, 1]) }
  }

  // MARK: Agreement

  @Test func agreementRisesWhereReadersBecomeOne() throws {
    var random = SplitMix64(seed: 8)
    let before = (0..<60).map { _ in (0..<3).map { _ in Double(random.below(2)) } }
    let after = before.map { [$0[0], $0[0], $0[1]] }
    let change = try AgreementChange(.fleissKappa, before, after, resamples: 400)
    #expect(abs(change.first - (try FleissKappa(ratings: before).kappa)) < 1e-15)
    #expect(change.change.value > 0.1)
    let interval = try #require(change.change.interval)
    #expect(interval.contains(change.change.value) && interval.lower > 0)
    let again = try AgreementChange(.fleissKappa, before, after, resamples: 400)
    #expect(again.change.interval == interval)
    // Correlations of calls are defined in every resample too.
    #expect(try AgreementChange(.intraclassCorrelation, before, after, resamples: 200).undefined == 0)
    #expect(throws: StatisticsError.self) { try AgreementChange(.fleissKappa, before, Array(after.dropLast())) }
    #expect(throws: StatisticsError.self) {
      try AgreementChange(.fleissKappa, before.map { $0.map { _ in 1 } }, after, resamples: 200)
    }
  }

  @Test func fleissVarianceWithoutGapsIsFleissKappa() throws {
    var random = SplitMix64(seed: 3)
    let ratings = (0..<50).map { _ in (0..<4).map { _ in random.below(3) } }
    let (with, plain) = (
      try FleissVariance(ratings: ratings.map { $0.map { Optional($0) } }), try FleissKappa(ratings: ratings)
    )
    #expect(abs(with.kappa - plain.kappa) < 1e-14)
    // The error of a kappa near 0 is near that under the hypothesis of 0.
    #expect(abs(with.standardError / plain.nullStandardError - 1) < 0.3)
    #expect(throws: StatisticsError.self) { try FleissVariance(ratings: [[1, nil], [nil, 2]]) }
    #expect(throws: StatisticsError.self) { try FleissVariance(ratings: [[1, 1], [1, 1]]) }
  }

  // MARK: Sizes

  @Test func powerGrowsWithReadersAndCases() throws {
    let sizing = try MultiReaderSizing(
      treatmentByReader: 3e-4, variance: 9e-4, correlations: (0.44, 0.39, 0.22), cases: 100)
    func power(_ readers: Int, _ cases: Int, _ difference: Double = 0.05) throws -> Double {
      try sizing.power(difference: difference, readers: readers, cases: cases, .readersAndCases)
    }
    #expect(try power(4, 100) < power(8, 100))
    #expect(try power(4, 100) < power(4, 200))
    // Without a difference the test rejects at its level.
    #expect(try abs(power(5, 100, 0) - 0.05) < 1e-9)
    let cases = try #require(try sizing.cases(power: 0.8, difference: 0.05, readers: 8, .readersAndCases))
    #expect(try power(8, cases) >= 0.8 && power(8, cases - 1) < 0.8)
  }

  @Test func impossiblePlansAreRefused() throws {
    #expect(throws: StatisticsError.self) {
      try MultiReaderSizing(treatmentByReader: -1, variance: 1, correlations: (0, 0, 0), cases: 10)
    }
    #expect(throws: StatisticsError.self) {
      try MultiReaderSizing(treatmentByReader: 0, variance: 1, correlations: (1.5, 0, 0), cases: 10)
    }
    let sizing = try MultiReaderSizing(treatmentByReader: 0, variance: 1, correlations: (0, 0, 0), cases: 10)
    #expect(throws: StatisticsError.self) {
      try sizing.power(difference: 0.1, readers: 1, cases: 10, .readersAndCases)
    }
    #expect(throws: StatisticsError.self) {
      try sizing.power(difference: 0.1, readers: 4, cases: 10, .readersAndCases, alpha: 1)
    }
    #expect(throws: StatisticsError.self) { try AreaSizing(first: 1, second: 0.9) }
    #expect(throws: StatisticsError.self) { try AreaSizing(first: 0.8, second: 0.9, correlationPositives: 1) }
    #expect(throws: StatisticsError.self) { try AreaSizing(first: 0.8, second: 0.8).positives(power: 0.8) }
    #expect(throws: StatisticsError.self) { try AreaSizing(first: 0.8, second: 0.9, designEffect: 0.5) }
    #expect(throws: StatisticsError.self) { try McNemarSizing(firstOnly: 0.6, secondOnly: 0.5) }
    #expect(throws: StatisticsError.self) { try ProportionSizing.rows(share: 0.8, width: 0) }
    #expect(throws: StatisticsError.self) { try ProportionSizing.rows(first: 0.8, second: 0.8, power: 0.8) }
    #expect(throws: StatisticsError.self) {
      try ProportionSizing.rows(first: 0.8, second: 0.8 + 1e-7, power: 0.8)
    }
  }

  @Test func anAreaIsAsWideAsPlanned() throws {
    let sizing = try AreaSizing(first: 0.85, second: 0.85, ratio: 2, designEffect: 1.5)
    let positives = try sizing.positives(width: 0.1)
    #expect(try sizing.width(positives: positives) <= 0.1)
    #expect(try sizing.width(positives: positives - 1) > 0.1)
  }
}
