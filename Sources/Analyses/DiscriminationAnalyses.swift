import Statistics
public import Tables

/// `stats roc`, `compare`, `threshold`, `clusters`: how well scores tell the classes apart.
public enum DiscriminationAnalyses {
  public enum Rule: Sendable, Equatable {
    case fixed(Double)
    case youden
    case sensitivity(Double)
    case specificity(Double)
    case utility(prevalence: Double, cost: Double)
  }

  /// Sensitivity, specificity and the rest at a cut-off, per unit.
  /// - Parameters:
  ///   - prevalence: where given, PPV and NPV at that prevalence too.
  ///   - resampling: a bootstrap at the cut-off too, which stays where it is, where resamples are asked for.
  public static func threshold(
    _ table: Table, _ columns: ScoredRows.Columns, rule: Rule, unit: ScoredRows.Unit, prevalence: Double? = nil,
    level: Double = 0.95, resampling: Resampling = Resampling()
  ) throws(AnalysisError) -> AnalysisResult {
    try Level.check(level, table.source)
    try resampling.check(table.source)
    if resampling.method == .smoothed {
      throw .input(source: table.source, reason: "a proportion has no smoothed bootstrap; expected percentile or bca")
    }
    let rows = try ScoredRows(table, columns).by(unit)
    return try asAnalysisError(table.source) {
      let cut = try cutOff(rule, rows)
      var report = try ThresholdReport(rows, cutOff: cut, unit: unit, level: level)
      if case .fixed = rule {
      } else {
        report.result.notes.append("the cut-off was chosen on these rows, so that the figures at it are optimistic")
      }
      try report.addShares(resampling, source: table.source)
      try report.addRatios(prevalence: prevalence)
      return report.finished()
    }
  }

  private static func cutOff(_ rule: Rule, _ rows: ScoredRows) throws(StatisticsError) -> Double {
    let (scores, positives) = (rows.scores, rows.positives)
    switch rule {
    case .fixed(let cut): return cut
    case .youden: return try CutOff.youden(scores: scores, positives: positives)
    case .sensitivity(let wanted): return try CutOff.fixedSensitivity(wanted, scores: scores, positives: positives)
    case .specificity(let wanted): return try CutOff.fixedSpecificity(wanted, scores: scores, positives: positives)
    case .utility(let prevalence, let cost):
      return try CutOff.utility(prevalence: prevalence, cost: cost, scores: scores, positives: positives)
    }
  }
}
