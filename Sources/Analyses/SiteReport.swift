import Statistics
import Tables

/// The site as a unit: each site's estimates per lesion, and what they say together.
enum SiteReport {
  /// Adds `site` (the summary) and `sites` (each one), where the table names two or more sites.
  static func add(_ rows: ScoredRows, cutOff: Double?, level: Double, to result: inout AnalysisResult)
    throws(AnalysisError)
  {
    let lesions = try rows.by(.lesion)
    let named = lesions.sites.indices.filter { !lesions.sites[$0].isEmpty }
    let names = Set(named.map { lesions.sites[$0] })
    guard names.count > 1 else {
      result.notes.append(
        names.isEmpty
          ? "no estimate per site: the table names no sites" : "no estimate per site: there is one site only")
      return
    }
    if named.count < lesions.scores.count {
      result.notes.append("per site: \(lesions.scores.count - named.count) lesions name no site and are left out")
    }
    do throws(StatisticsError) {
      let aucs = try SiteAUCs(
        scores: named.map { lesions.scores[$0] }, positives: named.map { lesions.positives[$0] },
        sites: named.map { lesions.sites[$0] }, clusters: named.map { lesions.patients[$0] }, level: level)
      let cut: Double
      if let cutOff {
        cut = cutOff
      } else {
        // One cut-off for all sites: that of the lesions together.
        cut = try CutOff.youden(scores: lesions.scores, positives: lesions.positives)
      }
      var points: [String: OperatingPoint] = [:]
      for site in names {
        let own = lesions.keeping(named.filter { lesions.sites[$0] == site })
        points[site] = try OperatingPoint(own, cutOff: cut, level: level)
      }
      describe(aucs, points, cut, level, &result)
    } catch {
      result.notes.append("per site: \(error)")
    }
  }

  private static func describe(
    _ aucs: SiteAUCs, _ points: [String: OperatingPoint], _ cut: Double, _ level: Double, _ result: inout AnalysisResult
  ) {
    var sites: [String: JSONValue] = [:]
    var lines: [[String]] = []
    for (name, point) in points.sorted(by: { $0.key < $1.key }) {
      let area = aucs.sites.first { $0.name == name }
      var values: [String: JSONValue] = ["n": .number(Double(point.matrix.total))]
      values["positives"] = .number(Double(point.matrix.positives))
      values["auc"] = area.map { .number($0.auc) }
      values["interval"] = area?.interval?.json
      for share in point.shares where share.wilson.isDefined { values[share.name] = share.json }
      sites[name] = .object(values)
      lines.append(
        [name, "\(point.matrix.total)", "\(point.matrix.positives)", Printed.number(area?.auc ?? .nan)]
          + [Printed.interval(area?.interval)] + point.shares.prefix(2).map { Printed.number($0.wilson.value) })
      if min(point.matrix.positives, point.matrix.negatives) < 5 {
        result.notes.append(
          "site \(name): \(point.matrix.positives) positive and \(point.matrix.negatives) negative lesions: "
            + (area == nil ? "no AUC" : "estimates of so few mean little"))
      }
    }
    result.values["sites"] = .object(sites)
    result.values["site"] = summary(aucs)
    if !aucs.withoutVariance.isEmpty {
      result.notes.append(
        "per site: the random-effects mean leaves out \(aucs.withoutVariance.joined(separator: ", ")), whose AUC has no "
          + "variance on the logit scale (perfect, or fewer than two of a class)")
    }
    if let effects = aucs.logit, effects.count < 5 {
      result.notes.append("per site: the variance between \(effects.count) sites is hardly known")
    }
    result.tables.append(
      ResultTable(
        "Per lesion by site, called positive at \(Printed.plain(cut)) or above",
        ["site", "n", "positive", "AUC", Level.title(level), "sensitivity", "specificity"], lines))
    result.tables.append(summaryTable(aucs, level))
  }

  private static func summary(_ aucs: SiteAUCs) -> JSONValue {
    var values: [String: JSONValue] = [
      "of": .text("AUC per lesion"), "n": .number(Double(aucs.sites.count)), "mean": aucs.mean.json,
    ]
    if let effects = aucs.logit, let pooled = aucs.pooled {
      var random: [String: JSONValue] = [
        "sites": .number(Double(effects.count)), "tauSquared": .number(effects.tauSquared),
        "iSquared": .number(effects.iSquared), "q": .number(effects.heterogeneity.statistic),
        "p": .number(effects.heterogeneity.p),
      ]
      random["prediction"] = aucs.prediction?.json
      if case .object(let estimate) = pooled.json { random.merge(estimate) { $1 } }
      values["randomEffects"] = .object(random)
    }
    return .object(values)
  }

  private static func summaryTable(_ aucs: SiteAUCs, _ level: Double) -> ResultTable {
    var lines = [["mean of the sites' AUCs", Printed.number(aucs.mean.value), Printed.interval(aucs.mean.interval)]]
    if let effects = aucs.logit, let pooled = aucs.pooled {
      lines.append([
        "random-effects mean (DerSimonian-Laird, logit)", Printed.number(pooled.value),
        Printed.interval(pooled.interval),
      ])
      lines.append(["a further site (prediction interval)", "", Printed.interval(aucs.prediction)])
      lines.append(["I2", Printed.number(effects.iSquared), "p \(Printed.p(effects.heterogeneity.p))"])
    }
    return ResultTable(
      "AUC per site: \(aucs.sites.count) sites with both classes", ["", "value", Level.title(level)], lines)
  }
}
