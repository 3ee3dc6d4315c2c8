import Testing

@testable import Statistics

/// Numbers of R and pROC (Tools/golden/statistics.R), so that a bare clone is tested too.
struct GoldenTests {
  private func near(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
    abs(a - b) <= tolerance * (1 + abs(b))
  }

  private func split(_ values: [Double]) -> (positive: [Double], negative: [Double]) {
    let rows = zip(values, Golden.positives)
    return (rows.filter(\.1).map(\.0), rows.filter { !$0.1 }.map(\.0))
  }

  @Test func areaAndIntervalsEqualPROC() throws {
    let curve = try ROCCurve(scores: Golden.first, positives: Golden.positives)
    let delong = try DeLong(scores: Golden.first, positives: Golden.positives)
    #expect(near(curve.auc, Golden.auc))
    #expect(near(delong.auc, Golden.auc))
    #expect(near(delong.variance, Golden.variance))
    #expect(near(delong.waldClipped().lower, Golden.lower))
    #expect(near(delong.waldClipped().upper, Golden.upper))
    #expect(
      near(try CutOff.youdenMidpoint(scores: Golden.first, positives: Golden.positives), Golden.youdenMidpoint))
  }

  @Test func comparisonsEqualPROC() throws {
    let paired = try DeLongTest.paired(Golden.first, Golden.second, positives: Golden.positives)
    #expect(near(paired.z, Golden.pairedZ))
    #expect(near(paired.p, Golden.pairedP))
    let unpaired = try DeLongTest.unpaired(
      scoresA: Array(Golden.first[..<30]), positivesA: Array(Golden.positives[..<30]),
      scoresB: Array(Golden.first[30...]), positivesB: Array(Golden.positives[30...]))
    #expect(near(unpaired.z, Golden.unpairedT))
    #expect(near(unpaired.satterthwaiteDegrees ?? .nan, Golden.unpairedDegrees))
    #expect(near(unpaired.satterthwaiteP ?? .nan, Golden.unpairedP))
  }

  @Test func clusteredVarianceFollowsObuchowski() throws {
    let clustered = try ClusteredAUC(
      scores: Golden.first, positives: Golden.positives, clusters: Golden.patients)
    #expect(clustered.clusters == 24)
    #expect(near(clustered.auc, Golden.auc))
    #expect(near(clustered.variance, Golden.clusteredVariance))
  }

  @Test func shapiroWilkEqualsR() throws {
    let values = zip(Golden.first, 1...).map { $0 + Double($1) / 100 }
    let expected = [
      (3, Golden.shapiroW3, Golden.shapiroP3), (5, Golden.shapiroW5, Golden.shapiroP5),
      (10, Golden.shapiroW10, Golden.shapiroP10), (40, Golden.shapiroW40, Golden.shapiroP40),
    ]
    for (size, w, p) in expected {
      let test = try ShapiroWilk(Array(values[..<size]))
      #expect(near(test.w, w, 1e-8), "W of \(size) values: \(test.w), R \(w)")
      #expect(near(test.p, p, 1e-8), "p of \(size) values: \(test.p), R \(p)")
    }
  }

  @Test func testsOfTwoGroupsEqualR() throws {
    let (positive, negative) = split(Golden.first)
    let mannWhitney = try TwoGroups.mannWhitney(positive, negative)
    #expect(mannWhitney.u == Golden.mannWhitneyU)
    #expect(near(mannWhitney.p, Golden.mannWhitneyP))
    let welch = try TwoGroups.welch(positive, negative)
    #expect(near(welch.statistic, Golden.welchT))
    #expect(near(welch.p, Golden.welchP))
  }

  @Test func fisherEqualsR() throws {
    let wide = try ContingencyTable([[3, 8, 5, 2], [1, 9, 4, 0], [7, 2, 2, 6]])
    #expect(near(try wide.fisher(), Golden.fisher3x4, 1e-7))
    #expect(near(try ContingencyTable([[12, 30], [25, 18]]).fisher(), Golden.fisher2x2, 1e-10))
  }

  @Test func logisticRegressionEqualsR() throws {
    let model = try LogisticModel(
      outcomes: Golden.positives, terms: [Term("first", Golden.first), Term("second", Golden.second)])
    for (index, coefficient) in model.coefficients.enumerated() {
      #expect(near(coefficient.value, Golden.logisticValues[index], 1e-9))
      #expect(near(coefficient.standardError, Golden.logisticErrors[index], 1e-9))
    }
    #expect(near(model.aic, Golden.logisticAIC, 1e-12))
    for (ours, theirs) in zip(model.fitted, Golden.probabilities) { #expect(near(ours, theirs, 1e-9)) }
  }

  @Test func spiegelhalterFollowsItsDefinition() throws {
    let measures = try CalibrationMeasures(probabilities: Golden.probabilities, positives: Golden.positives)
    #expect(near(measures.spiegelhalter?.statistic ?? .nan, Golden.spiegelhalter, 1e-10))
    // Probabilities of a model fitted to the same rows are calibrated by construction.
    #expect(abs((measures.slope?.value ?? .nan) - 1) < 1e-9)
    #expect(abs(measures.intercept?.value ?? .nan) < 1e-9)
    #expect(abs(measures.observedToExpected - 1) < 1e-9)
  }
}
