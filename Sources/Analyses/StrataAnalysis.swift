public import Statistics
public import Tables

/// `stats strata`: how well a score does within strata, and whether it does so alike (S2-22).
public enum StrataAnalysis {
  /// What was found, and the lines of a forest plot of it.
  public struct Findings: Sendable {
    public var result: AnalysisResult
    public var forest: [ForestRow]
  }

  /// Every test of the table belongs to one family: heterogeneity and trend of AUC, sensitivity and specificity, and the score's
  /// interaction, over all factors.
  struct FamilyTest {
    let factor: String
    let what: String
    let method: String
    let result: TestResult
    let iSquared: Double?
  }

  struct FactorFindings {
    let factor: StrataFactor
    let strata: FactorStrata
    let groups: Subgroups?
    var tests: [FamilyTest]
    var notes: [String]
    let interactionOddsRatio: Estimate?
  }

  /// - cutOff: a score at or above it is called positive; Youden's of all rows where nil.
  /// Errors: those of `ScoredRows`; no factor, or one named twice; a factor's column that is missing or unsuited; one class only;
  /// too few rows for any estimate.
  public static func strata(
    _ table: Table, _ columns: ScoredRows.Columns, by factors: [StrataFactor], unit: ScoredRows.Unit,
    cutOff: Double? = nil, fewest: FewestCases = FewestCases(), level: Double = 0.95
  ) throws(AnalysisError) -> Findings {
    if factors.isEmpty { throw .input(source: table.source, reason: "no factor to divide by") }
    for (index, factor) in factors.enumerated() where factors[..<index].contains(where: { $0.column == factor.column })
    {
      throw .input(source: table.source, reason: "factor \(factor.column) is given twice")
    }
    let rows = try ScoredRows(table, columns).by(unit)
    let overall: StratumAccuracy
    let cut: Double
    do throws(StatisticsError) {
      let best = try CutOff.youden(scores: rows.scores, positives: rows.positives)
      cut = cutOff ?? best
      overall = try StratumAccuracy(
        Stratum("all", scores: rows.scores, positives: rows.positives, patients: rows.patients), cutOff: cut,
        fewest: fewest, level: level)
    } catch { throw .statistics(source: table.source, error) }
    if overall.auc == nil {
      throw .input(
        source: table.source,
        reason:
          "too few rows for any estimate: expected \(fewest.estimate) of either class, found \(overall.events) positive and "
          + "\(overall.n - overall.events) negative")
    }
    var found: [FactorFindings] = []
    for factor in factors { found.append(try findings(table, rows, factor, unit, cut, fewest, level)) }

    var report = StrataReport(unit: unit, level: level, cutOff: cut, overall: overall, factors: found)
    report.result.notes += rows.notes
    if cutOff == nil {
      report.result.notes.append(
        "the cut-off is Youden's of these rows, so that sensitivity and specificity are optimistic")
    }
    if !rows.patientsAreKnown {
      report.result.notes.append("the table names no patients: each \(unit.rawValue) counts as independent")
    }
    if overall.patients < overall.n {
      report.result.notes.append(
        "patients repeat: intervals and tests allow for it (Obuchowski 1997; shares at their effective number)")
    }
    return Findings(result: report.result, forest: report.forest)
  }

  private static func findings(
    _ table: Table, _ rows: ScoredRows, _ factor: StrataFactor, _ unit: ScoredRows.Unit, _ cut: Double,
    _ fewest: FewestCases, _ level: Double
  ) throws(AnalysisError) -> FactorFindings {
    let strata = try FactorStrata(table, rows, factor, unit: unit)
    var notes = strata.notes
    var tests: [FamilyTest] = []
    var groups: Subgroups?
    if !strata.strata.isEmpty {
      do throws(StatisticsError) {
        let own = try Subgroups(
          strata.strata, cutOff: cut, isOrdered: strata.isOrdered, fewest: fewest, level: level)
        notes += own.notes.map { "\(factor.column): \($0)" }
        tests = own.tests.map { test in
          FamilyTest(
            factor: factor.column, what: "\(test.measure.rawValue), \(test.question.rawValue)", method: test.method,
            result: test.result, iSquared: test.iSquared)
        }
        groups = own
      } catch { throw .statistics(source: table.source, error) }
    }
    // A number is tested whole; categories among the strata that are large enough.
    let large = Set((groups?.strata ?? []).filter { $0.flags.isEmpty || $0.flags == [.noVariance] }.map(\.label))
    let used = rows.scores.indices.filter { row in
      if let numbers = strata.numbers { return numbers[row] != nil }
      return strata.labels[row].map(large.contains) ?? false
    }
    var oddsRatio: Estimate?
    do throws(StatisticsError) {
      let values: Term.Values
      if let numbers = strata.numbers {
        values = .numeric(used.compactMap { numbers[$0] })
      } else {
        let labels = used.compactMap { strata.labels[$0] }
        guard Set(labels).count > 1, let reference = labels.min() else {
          throw .tooFew(what: "strata with \(fewest.test) patients of either class", needed: 2, found: large.count)
        }
        values = .categorical(labels, reference: reference)
      }
      let interaction = try ScoreInteraction(
        scores: used.map { rows.scores[$0] }, positives: used.map { rows.positives[$0] }, factor: values,
        clusters: used.map { rows.patients[$0] }, level: level)
      let kind = strata.numbers == nil ? "" : " as a number"
      tests.append(
        FamilyTest(
          factor: factor.column, what: "\(interaction.scale.rawValue) x factor\(kind)",
          method: "logistic, \(interaction.method.rawValue)", result: interaction.test, iSquared: nil))
      oddsRatio = interaction.oddsRatio
    } catch { notes.append("\(factor.column): no test of the score's interaction: \(error)") }
    return FactorFindings(
      factor: factor, strata: strata, groups: groups, tests: tests, notes: notes, interactionOddsRatio: oddsRatio)
  }
}
