import Foundation

@testable import Statistics

/// The quantities of DEFINITIONS.md by the names of cases.json, one function a kind.
enum ConformanceResults {
  /// Kinds of cases.json without an implementation.
  static let notImplemented: Set<String> = []

  static func compute(_ given: ConformanceCase) throws -> [String: Any]? {
    switch given.kind {
    case "roc": try roc(given)
    case "delong_paired": try delongPaired(given)
    case "delong_unpaired": try delongUnpaired(given)
    case "diag2x2": diagnostics(matrix(given))
    case "diag2x2_threshold": try threshold(given)
    case "mcnemar": try mcnemar(given)
    case "two_group": try twoGroups(given)
    case "contingency": try contingency(given)
    case "hosmer_lemeshow": try hosmerLemeshow(given)
    case "calibration": try calibration(given)
    case "dca": try decisionCurve(given)
    case "logistic": try logistic(given)
    case "logistic_select": try selection(given)
    case "logistic_separated": try separated(given)
    case "nomogram": try nomogram(given)
    case "kappa": try kappa(given)
    case "fleiss": try fleiss(given)
    case "icc": try icc(given)
    case "kendall_w": try kendall(given)
    case "mrmc": try multiReader(given)
    case "bootstrap_auc": try bootstrap(given)
    default: nil
    }
  }

  static func roc(_ given: ConformanceCase) throws -> [String: Any] {
    let table = try given.table()
    let (scores, labels) = (table.numbers(given.parameter("score")), table.flags(given.parameter("y")))
    let curve = try ROCCurve(scores: scores, positives: labels)
    let delong = try DeLong(scores: scores, positives: labels)
    let (wald, clipped) = (delong.wald(), delong.waldClipped())
    var results: [String: Any] = [
      "n": scores.count, "n_pos": curve.positives, "n_neg": curve.negatives, "auc": curve.auc,
      "delong_var": delong.variance, "delong_se": delong.standardError,
      "ci_wald_lo": wald.lower, "ci_wald_hi": wald.upper,
      "ci_wald_clipped_lo": clipped.lower, "ci_wald_clipped_hi": clipped.upper,
      "youden_J": curve.youden.sensitivity + curve.youden.specificity - 1,
      "youden_cut": try CutOff.youden(scores: scores, positives: labels),
      "youden_cut_midpoint": try CutOff.youdenMidpoint(scores: scores, positives: labels),
      "youden_sensitivity": curve.youden.sensitivity, "youden_specificity": curve.youden.specificity,
    ]
    if let logit = delong.logit() {
      results["ci_logit_lo"] = logit.lower
      results["ci_logit_hi"] = logit.upper
    }
    return results
  }

  static func comparison(_ test: AUCComparison) -> [String: Any] {
    [
      "auc_a": test.aucA, "auc_b": test.aucB, "var_a": test.varianceA, "var_b": test.varianceB,
      "diff": test.difference, "diff_lo": test.interval.lower, "diff_hi": test.interval.upper,
    ]
  }

  static func delongPaired(_ given: ConformanceCase) throws -> [String: Any] {
    let table = try given.table()
    let test = try DeLongTest.paired(
      table.numbers(given.parameter("a")), table.numbers(given.parameter("b")),
      positives: table.flags(given.parameter("y")))
    return comparison(test).merging(
      ["cov": test.covariance, "se_diff": test.standardError, "z": test.z, "p": test.p]) { $1 }
  }

  static func delongUnpaired(_ given: ConformanceCase) throws -> [String: Any] {
    let table = try given.table()
    let (groups, scores) = (table.text(given.parameter("group")), table.numbers(given.parameter("score")))
    let labels = table.flags(given.parameter("y"))
    let curves = try (given.params["groups"]?.list ?? []).map { name in
      let rows = groups.indices.filter { groups[$0] == name.text }
      return try DeLong(scores: rows.map { scores[$0] }, positives: rows.map { labels[$0] })
    }
    let test = try DeLongTest.unpaired(curves[0], curves[1])
    return comparison(test).merging([
      "stat": test.z, "p_normal": test.p, "df_satterthwaite": test.satterthwaiteDegrees ?? .nan,
      "p_satterthwaite": test.satterthwaiteP ?? .nan,
    ]) { $1 }
  }

  static func matrix(_ given: ConformanceCase) -> ConfusionMatrix {
    func count(_ name: String) -> Int { Int(given.params[name]?.number ?? -1) }
    return ConfusionMatrix(
      truePositives: count("tp"), falsePositives: count("fp"), trueNegatives: count("tn"), falseNegatives: count("fn"))
  }

  static func threshold(_ given: ConformanceCase) throws -> [String: Any] {
    let table = try given.table()
    return diagnostics(
      try ConfusionMatrix(
        scores: table.numbers(given.parameter("score")), positives: table.flags(given.parameter("y")),
        cutOff: given.params["threshold"]?.number ?? .nan))
  }

  static func diagnostics(_ matrix: ConfusionMatrix) -> [String: Any] {
    var results: [String: Any] = [
      "tp": matrix.truePositives, "fp": matrix.falsePositives, "fn": matrix.falseNegatives,
      "tn": matrix.trueNegatives, "lr_pos": matrix.positiveLikelihoodRatio.value,
      "lr_neg": matrix.negativeLikelihoodRatio.value, "f1": matrix.f1, "youden": matrix.youden,
    ]
    let proportions: [(String, Estimate, Int, Int)] = [
      ("sensitivity", matrix.sensitivity, matrix.truePositives, matrix.positives),
      ("specificity", matrix.specificity, matrix.trueNegatives, matrix.negatives),
      ("ppv", matrix.ppv, matrix.truePositives, matrix.truePositives + matrix.falsePositives),
      ("npv", matrix.npv, matrix.trueNegatives, matrix.trueNegatives + matrix.falseNegatives),
      ("accuracy", matrix.accuracy, matrix.truePositives + matrix.trueNegatives, matrix.total),
    ]
    for (name, wilson, successes, total) in proportions {
      let exact = Proportion.clopperPearson(successes: successes, of: total)
      results[name] = wilson.value
      results[name + "_wilson_lo"] = wilson.interval?.lower
      results[name + "_wilson_hi"] = wilson.interval?.upper
      results[name + "_cp_lo"] = exact.interval?.lower
      results[name + "_cp_hi"] = exact.interval?.upper
    }
    return results
  }

  static func mcnemar(_ given: ConformanceCase) throws -> [String: Any] {
    let table = (given.params["table"]?.list ?? []).map { $0.list.map { Int($0.number) } }
    let test = try McNemar(firstOnly: table[0][1], secondOnly: table[1][0])
    return [
      "b": test.firstOnly, "c": test.secondOnly, "p_exact": test.exactP, "chi2": test.chiSquare.statistic,
      "p_chi2": test.chiSquare.p, "chi2_cc": test.chiSquareCorrected.statistic, "p_chi2_cc": test.chiSquareCorrected.p,
    ]
  }

  static func twoGroups(_ given: ConformanceCase) throws -> [String: Any] {
    let table = try given.table()
    let (groups, values) = (table.text(given.parameter("group")), table.numbers(given.parameter("x")))
    let split = (given.params["groups"]?.list ?? []).map { name in
      groups.indices.filter { groups[$0] == name.text }.map { values[$0] }
    }
    var results: [String: Any] = [:]
    for (name, values) in zip(["a", "b"], split) {
      let summary = try Summary(values)
      results["n_" + name] = summary.count
      results["mean_" + name] = summary.mean
      results["sd_" + name] = summary.standardDeviation
      results["median_" + name] = summary.median
      results["q1_" + name] = summary.lowerQuartile
      results["q3_" + name] = summary.upperQuartile
    }
    let plain = try TwoGroups.mannWhitney(split[0], split[1], continuity: false)
    results["U_a"] = plain.u
    results["z_nocc"] = plain.z
    results["p_mw_nocc"] = plain.p
    results["p_mw_cc"] = try TwoGroups.mannWhitney(split[0], split[1]).p
    for (name, test) in [
      ("welch", try TwoGroups.welch(split[0], split[1])), ("student", try TwoGroups.student(split[0], split[1])),
    ] {
      results["t_" + name] = test.statistic
      results["df_" + name] = test.degreesOfFreedom
      results["p_" + name] = test.p
    }
    return results
  }

  static func contingency(_ given: ConformanceCase) throws -> [String: Any] {
    let table = try ContingencyTable((given.params["table"]?.list ?? []).map { $0.list.map { Int($0.number) } })
    let test = table.chiSquare()
    var results: [String: Any] = [
      "chi2": test.statistic, "df": test.degreesOfFreedom ?? .nan, "p_chi2": test.p,
      "min_expected": table.minimumExpected, "p_fisher": try table.fisher(),
    ]
    if let ratio = table.oddsRatio {
      results["or_sample"] = ratio
      results["or_conditional_mle"] = table.conditionalOddsRatio
      results["chi2_yates"] = table.chiSquare(yates: true).statistic
      results["p_chi2_yates"] = table.chiSquare(yates: true).p
    }
    return results
  }
}
