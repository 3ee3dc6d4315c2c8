import Testing

@testable import Statistics

/// Numbers of R (Tools/golden/readers.R) and of published analyses.
@Suite struct ReadersGoldenTests {
  private func near(_ a: Double, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
    abs(a - b) <= tolerance * (1 + abs(b))
  }

  private func equal(_ found: [Double], _ expected: [Double], _ tolerance: Double = 1e-9) -> Bool {
    found.count == expected.count && zip(found, expected).allSatisfy { near($0, $1, tolerance) }
  }

  private func optional(_ ratings: [[[Double]]]) -> [[[Double?]]] {
    ratings.map { $0.map { $0.map { $0.isNaN ? nil : $0 } } }
  }

  private static let numbers: [(MultiReaderAnalysis.CovarianceMethod, Bool, Bool, [Double])] = [
    (.jackknife, false, false, ReadersGolden.completeJackknife), (.jackknife, true, false, ReadersGolden.gapsJackknife),
    (.jackknife, false, true, ReadersGolden.clusteredJackknife),
    (.jackknife, true, true, ReadersGolden.clusteredGapsJackknife),
    (.delong, false, false, ReadersGolden.completeDelong), (.delong, true, false, ReadersGolden.gapsDelong),
    (.delong, false, true, ReadersGolden.clusteredDelong), (.delong, true, true, ReadersGolden.clusteredGapsDelong),
  ]

  @Test(arguments: numbers.indices)
  func analysesEqualCountingAnew(index: Int) throws {
    let (method, gaps, clustered, expected) = Self.numbers[index]
    let analysis = try MultiReaderAnalysis(
      ReaderFigures(
        ratings: optional(gaps ? ReadersGolden.gaps : ReadersGolden.complete), positives: ReadersGolden.positives,
        clusters: clustered ? ReadersGolden.patients : nil, covariance: method))
    let test = analysis.test(.readersAndCases)
    let found = [
      analysis.variance, analysis.covariance1, analysis.covariance2, analysis.covariance3, test.statistic,
      test.denominatorDegrees, test.p,
    ]
    #expect(equal(found, expected), "\(found)")
  }

  @Test func nestedReadersEqualTheFormula() throws {
    var ratings = optional(ReadersGolden.complete)
    let none = [Double?](repeating: nil, count: ReadersGolden.positives.count)
    // Readers 1 to 3 under the first treatment; readers 1 and 4 of the second as two others.
    ratings = [ratings[0].prefix(3) + [none, none], [none, none, none, ratings[1][0], ratings[1][3]]]
    for (clusters, expected) in [(nil, ReadersGolden.nested), (ReadersGolden.patients, ReadersGolden.nestedClustered)] {
      let analysis = try MultiReaderAnalysis(
        ReaderFigures(ratings: ratings, positives: ReadersGolden.positives, clusters: clusters))
      #expect(analysis.design == .readersNestedInTreatments)
      #expect(analysis.meanSquareReader == nil)
      let test = analysis.test(.readersAndCases)
      #expect(equal([test.statistic, test.denominatorDegrees, test.p], expected))
      // Of two treatments the t test is the F test.
      #expect(near(analysis.differences(.readersAndCases)[0].p, test.p))
    }
  }

  @Test func modelAgainstReadersEqualsTheFormula() throws {
    let ratings = optional(ReadersGolden.gaps)[0]
    let calls = optional(ReadersGolden.calls)[0]
    for (figure, own, model, clusters, expected) in [
      (FigureOfMerit.auc, ratings, ReadersGolden.model, nil, ReadersGolden.againstModel),
      (.auc, ratings, ReadersGolden.model, ReadersGolden.patients, ReadersGolden.againstModelClustered),
      (.accuracy, calls, ReadersGolden.modelCalls, nil, ReadersGolden.againstCalls),
    ] {
      let found = try ModelAgainstReaders(
        figure, ratings: own, model: model, positives: ReadersGolden.positives, clusters: clusters)
      let numbers = [found.difference.value, found.standardError, found.degrees, found.p, found.fixedReadersP]
      #expect(equal(numbers, expected), "\(numbers)")
    }
  }

  @Test func meanChangeEqualsTheFormula() throws {
    for (clusters, expected) in [
      (nil, ReadersGolden.meanChange), (ReadersGolden.patients, ReadersGolden.meanChangeClustered),
    ] {
      let change = try MeanChange(
        ReaderFigures(
          .accuracy, ratings: optional(ReadersGolden.calls), positives: ReadersGolden.positives, clusters: clusters))
      let interval = try #require(change.fixedReaders.interval)
      let relative = try #require(change.relative.interval)
      let error = (interval.upper - interval.lower) / 2 / NormalDistribution.critical(level: 0.95)
      #expect(equal([change.first, change.second, error, relative.lower, relative.upper], expected))
    }
  }

  @Test func pairedProportionsEqualNewcombe() throws {
    func pairs(_ both: Int, _ firstOnly: Int, _ secondOnly: Int, _ neither: Int) throws -> PairedProportions {
      let counts = [(both, true, true), (firstOnly, true, false), (secondOnly, false, true), (neither, false, false)]
      let rows = counts.flatMap { count, a, b in [(Bool, Bool)](repeating: (a, b), count: count) }
      return try PairedProportions(rows.map(\.0), rows.map(\.1))
    }
    let found = try [pairs(36, 12, 2, 0), pairs(53, 8, 11, 28)].map { try #require($0.difference.interval) }
    // Newcombe's own example gives 0.0569 to 0.3404, for the first less the second.
    #expect(equal(found.flatMap { [-$0.upper, -$0.lower] }, ReadersGolden.newcombe))
    #expect(try pairs(36, 12, 2, 0).mcNemar.firstOnly == 12)
  }

  @Test func clusteredChangeEqualsTheFormula() throws {
    func right(_ treatment: Int) -> [Bool] {
      zip(ReadersGolden.calls[treatment][0], ReadersGolden.positives).map { ($0 == 1) == $1 }
    }
    let found = try PairedProportions(right(0), right(1), clusters: ReadersGolden.patients)
    let interval = try #require(found.difference.interval)
    let expected = ReadersGolden.clusteredChange
    #expect(near(found.difference.value, expected[0]))
    #expect(near((interval.upper - interval.lower) / 2 / NormalDistribution.critical(level: 0.95), expected[1]))
    #expect(near(found.p, NormalDistribution.twoSided(expected[0] / expected[2])))
  }

  /// Krippendorff's example as published with Gwet's variance: kappa 0.76117, SE 0.15302, 0.424 to 1.
  @Test func fleissVarianceEqualsGwet() throws {
    let columns = [
      "1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .", "1 2 3 3 2 4 4 1 2 5 1 .",
    ].map { $0.split(separator: " ").map { Int($0) } }
    let found = try FleissVariance(ratings: (0..<12).map { row in columns.map { $0[row] } })
    #expect(near(found.kappa, 0.76117, 5e-6))
    #expect(near(found.standardError, 0.15302, 5e-6))
    #expect(near(found.observedAgreement, 0.8181818, 5e-7))
    #expect(near(found.expectedAgreement, 0.2387153, 5e-7))
    #expect(near(found.interval.lower, 0.424, 5e-4))
    #expect(found.interval.upper == 1)
    #expect(found.objects == 12 && found.objectsCompared == 11)
  }

  /// RJafroc's tests of the Van Dyke data: 6 readers and 111 cases, 10 and 165; cases random alone, 10 and 131; readers alone, 10
  /// and 53, for the difference found there; 251 cases for 6 readers.
  @Test func sizesOfTheVanDykeStudyEqualRJafroc() throws {
    let variance = 0.0008022882655720669
    let correlations = (
      0.0003466137094407321 / variance, 0.000344074828860889 / variance, 0.00023902837089215373 / variance
    )
    let sizing = try MultiReaderSizing(
      treatmentByReader: 0.00020040252358145846, variance: variance, correlations: correlations, cases: 114)
    func power(_ readers: Int, _ cases: Int, _ kind: MultiReaderAnalysis.Generalisation) throws -> Double {
      try sizing.power(difference: 0.043800322, readers: readers, cases: cases, kind)
    }
    #expect(try near(power(6, 111, .readersAndCases), 0.5526116, 5e-8))
    #expect(try near(power(10, 165, .readersAndCases), 0.80541995, 1e-8))
    #expect(try near(power(10, 131, .casesOnly), 0.80091813, 1e-8))
    #expect(try near(power(10, 53, .readersOnly), 0.80496663, 1e-8))
    #expect(try sizing.cases(power: 0.8, difference: 0.043800322, readers: 6, .readersAndCases) == 251)
    #expect(try sizing.cases(power: 0.8, difference: 0.043800322, readers: 2, .readersAndCases) == nil)
  }

  @Test func powersEqualRsNonCentralDistributions() throws {
    let sizing = try MultiReaderSizing(
      treatmentByReader: 3e-4, variance: 9e-4, correlations: (4.0 / 9, 3.5 / 9, 2.0 / 9), cases: 100)
    let kinds: [MultiReaderAnalysis.Generalisation] = [.readersAndCases, .casesOnly, .readersOnly]
    let found =
      try kinds.map { try sizing.power(difference: 0.05, readers: 5, cases: 150, $0) }
      + kinds.map { try sizing.power(difference: 0.03, readers: 12, cases: 80, $0) }
    #expect(equal(found, ReadersGolden.sizing), "\(found)")
  }

  @Test func areaSizesEqualPROC() throws {
    let paired = try AreaSizing(
      first: 0.9, second: 0.8, correlationPositives: 0.6, correlationNegatives: 0.4, ratio: 2)
    #expect(try paired.positives(power: 0.8) == Int(ReadersGolden.areas[0].rounded(.up)))
    #expect(try near(paired.power(positives: 60), ReadersGolden.areas[1]))
    let unpaired = try AreaSizing(first: 0.75, second: 0.83)
    #expect(try unpaired.positives(power: 0.9) == Int(ReadersGolden.areas[2].rounded(.up)))
    // A score next to itself hardly varies from it, which the published variance misses.
    let twin = try AreaSizing(first: 0.9, second: 0.89, correlationPositives: 0.999, correlationNegatives: 0.999)
    #expect(try 20 * twin.positives(power: 0.8, variance: .binormal) < twin.positives(power: 0.8))
    #expect(try paired.positives(power: 0.8, variance: .binormal) < paired.positives(power: 0.8))
  }

  @Test func shareSizesEqualR() throws {
    #expect(try ProportionSizing.rows(first: 0.8, second: 0.9, power: 0.8) == Int(ReadersGolden.shares[0].rounded(.up)))
    #expect(try near(ProportionSizing.power(first: 0.8, second: 0.9, rows: 150), ReadersGolden.shares[1]))
    let pairs = try McNemarSizing(firstOnly: 0.15, secondOnly: 0.05)
    #expect(try near(pairs.exactPower(rows: 155), ReadersGolden.exactMcNemar[0]))
    #expect(try near(ProportionSizing.expectedWidth(share: 0.9, rows: 139), ReadersGolden.widths[0]))
    #expect(try ProportionSizing.rows(share: 0.9, width: 0.1) == 139)
    // A design effect of 2 asks for twice the rows.
    #expect(try ProportionSizing.rows(share: 0.9, width: 0.1, designEffect: 2) == 278)
    #expect(ReadersGolden.widths[1] > 0.1)
  }
}
