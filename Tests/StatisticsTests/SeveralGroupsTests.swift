import Testing

@testable import Statistics

/// More than two groups, and standardised differences, against R (Tools/golden/strata.R).
@Suite struct SeveralGroupsTests {
  private func near(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-10) -> Bool {
    a.map { abs($0 - b) <= tolerance * (1 + abs(b)) } ?? false
  }
  private let groups = [StrataGolden.group1, StrataGolden.group2, StrataGolden.group3]

  @Test func equalR() throws {
    let anova = try SeveralGroups.analysisOfVariance(groups)
    #expect(near(anova.statistic, StrataGolden.anovaF) && near(anova.p, StrataGolden.anovaP))
    let welch = try SeveralGroups.welch(groups)
    #expect(near(welch.statistic, StrataGolden.welchF) && near(welch.p, StrataGolden.welchP))
    let ranks = try SeveralGroups.kruskalWallis(groups)
    #expect(near(ranks.statistic, StrataGolden.kruskal) && near(ranks.p, StrataGolden.kruskalP))
  }

  @Test func twoGroupsAreTheTestsOfTwoGroups() throws {
    let (a, b) = (groups[0], groups[2])
    let welch = try TwoGroups.welch(a, b)
    let student = try TwoGroups.student(a, b)
    #expect(near(try SeveralGroups.welch([a, b]).p, welch.p))
    #expect(near(try SeveralGroups.analysisOfVariance([a, b]).statistic, student.statistic * student.statistic))
    #expect(near(try SeveralGroups.kruskalWallis([a, b]).p, try TwoGroups.mannWhitney(a, b, continuity: false).p))
  }

  @Test func badGroupsAreNamed() {
    #expect(throws: StatisticsError.tooFew(what: "groups", needed: 2, found: 1)) {
      try SeveralGroups.kruskalWallis([[1]])
    }
    #expect(throws: StatisticsError.tooFew(what: "values in group 2", needed: 2, found: 1)) {
      try SeveralGroups.welch([[1, 2], [3]])
    }
    #expect(throws: StatisticsError.tooFew(what: "values in group 1", needed: 1, found: 0)) {
      try SeveralGroups.kruskalWallis([[], [3]])
    }
    #expect(throws: StatisticsError.self) { try SeveralGroups.analysisOfVariance([[1, 1], [2, 2]]) }
    #expect(throws: StatisticsError.self) { try SeveralGroups.analysisOfVariance([[1], [2]]) }
    #expect(throws: StatisticsError.self) { try SeveralGroups.kruskalWallis([[1, 1], [1]]) }
    #expect(throws: StatisticsError.self) { try SeveralGroups.welch([[1, .nan], [1, 2]]) }
  }

  @Test func standardisedDifferencesEqualR() {
    #expect(near(StandardisedDifference.ofNumbers(groups[0], groups[2]), StrataGolden.smdNumber))
    #expect(
      near(
        StandardisedDifference.ofCounts([(12, 20), (30, 18), (5, 9), (0, 3)]), StrataGolden.smdCategories, 1e-7))
    #expect(near(StandardisedDifference.ofCounts([(40, 25), (60, 75)]), StrataGolden.smdYesNo))
    #expect(StandardisedDifference.ofCounts([(5, 0), (0, 7)]) == nil)
    #expect(StandardisedDifference.ofCounts([(5, 0)]) == nil && StandardisedDifference.ofCounts([(5, 7)]) == 0)
    #expect(
      StandardisedDifference.ofNumbers([1, 1], [2, 2]) == nil && StandardisedDifference.ofNumbers([1], [1, 2]) == nil)
  }
}
