import Statistics
public import Tables

/// `stats compare`.
extension DiscriminationAnalyses {
  /// Every pair of score columns on the same rows, DeLong's test, clustered where patients repeat; p adjusted by Holm.
  /// - resampling: a bootstrap of each difference too, where it asks for resamples.
  public static func compare(
    _ table: Table, _ columns: ScoredRows.Columns, scores names: [String], unit: ScoredRows.Unit, level: Double = 0.95,
    resampling: Resampling = Resampling()
  ) throws(AnalysisError) -> AnalysisResult {
    try Level.check(level, table.source)
    try resampling.check(table.source)
    guard names.count >= 2 else {
      throw .input(source: table.source, reason: "a comparison needs two or more score columns, found \(names.count)")
    }
    if resampling.method == .smoothed {
      throw .input(source: table.source, reason: "a difference has no smoothed bootstrap; expected percentile or bca")
    }
    var sets: [ScoredRows] = []
    for name in names {
      var own = columns
      own.score = name
      sets.append(try ScoredRows(table, own).by(unit))
    }
    return try asAnalysisError(table.source) {
      var result = AnalysisResult("compare", unit: unit.rawValue)
      result.notes = sets[0].notes
      let isClustered = sets[0].patientsRepeat
      var pairs: [ComparedPair] = []
      for first in names.indices {
        for second in names.indices where second > first {
          let (a, b) = (sets[first], sets[second])
          let test =
            isClustered
            ? try DeLongTest.pairedClustered(
              a.scores, b.scores, positives: a.positives, clusters: a.patients, level: level)
            : try DeLongTest.paired(a.scores, b.scores, positives: a.positives, level: level)
          var pair = ComparedPair(a: names[first], b: names[second], test: test)
          if resampling.resamples > 0 {
            let bootstrap = try ClusterBootstrap.difference(
              a.scores, b.scores, positives: a.positives, clusters: resampling.clusters(of: a, source: table.source),
              resamples: resampling.resamples, seed: resampling.seed)
            let outcome = BootstrapOutcome(bootstrap, resampling.method, resampling.draws(of: a), level: level)
            result.notes += outcome.notes("bootstrap of \(pair.a) - \(pair.b)")
            pair.bootstrap = outcome
          }
          pairs.append(pair)
        }
      }
      for (name, rows) in zip(names, sets) where Set(rows.scores).count == 1 {
        result.notes.append("\(name): every score is the same: its AUC is 0.5 by definition")
      }
      let method = isClustered ? "Obuchowski 1997, clustered by patient" : "DeLong 1988, paired"
      try ComparedPair.report(pairs, method: method, level: level, into: &result)
      return result
    }
  }

  /// The same score in groups of different patients (two cohorts, strata of one): every pair of groups, DeLong's unpaired test,
  /// each AUC's variance clustered where patients repeat; p adjusted by Holm.
  public static func compareGroups(
    _ table: Table, _ columns: ScoredRows.Columns, group: String, unit: ScoredRows.Unit, level: Double = 0.95
  ) throws(AnalysisError) -> AnalysisResult {
    try Level.check(level, table.source)
    let cells = try asAnalysisError(table.source) { try table.column(group) }
    let names = Set(cells).subtracting([""]).sorted()
    guard names.count >= 2 else {
      throw .input(
        source: table.source, reason: "column \(group): expected two or more groups, found \(names.count)")
    }
    var result = AnalysisResult("compare", unit: unit.rawValue)
    let unnamed = cells.count { $0.isEmpty }
    if unnamed > 0 { result.notes.append("\(unnamed) rows with an empty \(group) are left out") }
    var groups: [(name: String, rows: ScoredRows, area: any AreaEstimate)] = []
    for name in names {
      let rows = try ScoredRows(table, columns, rows: cells.indices.filter { cells[$0] == name }).by(unit)
      do throws(StatisticsError) {
        let area: any AreaEstimate =
          rows.patientsRepeat
          ? try ClusteredAUC(scores: rows.scores, positives: rows.positives, clusters: rows.patients)
          : try DeLong(scores: rows.scores, positives: rows.positives)
        groups.append((name, rows, area))
      } catch {
        result.notes.append("\(group) \(name), \(rows.scores.count) rows, is left out: \(error)")
      }
    }
    guard groups.count >= 2 else {
      throw .input(
        source: table.source,
        reason: "column \(group): fewer than two groups with an AUC and its variance. "
          + result.notes.joined(separator: "; "))
    }
    return try asAnalysisError(table.source) {
      var pairs: [ComparedPair] = []
      for first in groups.indices {
        for second in groups.indices where second > first {
          let (a, b) = (groups[first], groups[second])
          let shared = Set(a.rows.patients).intersection(b.rows.patients).count
          if shared > 0, a.rows.patientsAreKnown {
            result.notes.append(
              "\(shared) patients are in both \(a.name) and \(b.name): the test takes the groups as independent")
          }
          let test = try DeLongTest.unpaired(
            a.area, rowsA: a.rows.scores.count, b.area, rowsB: b.rows.scores.count, level: level)
          pairs.append(ComparedPair(a: a.name, b: b.name, test: test))
        }
      }
      for group in groups {
        let positives = group.rows.positives.count { $0 }
        if min(positives, group.rows.positives.count - positives) < 5 {
          result.notes.append(
            "\(group.name): \(positives) positive and \(group.rows.positives.count - positives) negative: "
              + "intervals of so few mean little")
        }
      }
      result.values["group"] = .text(group)
      let isClustered = groups.contains { $0.rows.patientsRepeat }
      let method = isClustered ? "Obuchowski 1997 in each group, unpaired" : "DeLong 1988, unpaired"
      try ComparedPair.report(pairs, method: method, level: level, into: &result)
      return result
    }
  }
}

/// Two AUCs compared, by name.
private struct ComparedPair {
  let a: String
  let b: String
  let test: AUCComparison
  var bootstrap: BootstrapOutcome?

  static func report(_ pairs: [ComparedPair], method: String, level: Double, into result: inout AnalysisResult) throws {
    let holm = try Multiplicity.holm(pairs.map { $0.test.p.isNaN ? 1 : $0.test.p })
    result.values["method"] = .text(method)
    result.values["comparisons"] = .list(zip(pairs, holm).map { $0.json(holm: $1) })
    var columns = ["", "AUC", "AUC", "difference", Level.title(level), "z", "p", "p (Holm)"]
    let hasT = pairs.contains { $0.test.satterthwaiteP != nil }
    let hasBootstrap = pairs.contains { $0.bootstrap != nil }
    if hasT { columns.append("p (Satterthwaite)") }
    if hasBootstrap { columns.append("bootstrap") }
    result.tables = [
      ResultTable(
        "AUCs compared per \(result.unit ?? "row") (\(method))", columns,
        zip(pairs, holm).map { pair, adjusted in
          var cells = pair.cells(holm: adjusted)
          if hasT { cells.append(pair.test.satterthwaiteP.map(Printed.p) ?? "n/a") }
          if hasBootstrap { cells.append(Printed.interval(pair.bootstrap?.interval)) }
          return cells
        })
    ]
  }

  private func json(holm: Double) -> JSONValue {
    var values: [String: JSONValue] = [
      "a": .text(a), "b": .text(b), "aucA": .number(test.aucA), "aucB": .number(test.aucB),
      "difference": .number(test.difference), "interval": test.interval.json, "z": .number(test.z),
      "p": .number(test.p), "pHolm": .number(holm),
    ]
    if let degrees = test.satterthwaiteDegrees, let p = test.satterthwaiteP {
      values["satterthwaite"] = .object(["degrees": .number(degrees), "p": .number(p)])
    }
    if let bootstrap { values["bootstrap"] = .object(bootstrap.json) }
    return .object(values)
  }

  private func cells(holm: Double) -> [String] {
    [
      "\(a) - \(b)", Printed.number(test.aucA), Printed.number(test.aucB), Printed.number(test.difference),
      Printed.interval(test.interval), Printed.number(test.z, 2), Printed.p(test.p), Printed.p(holm),
    ]
  }
}
