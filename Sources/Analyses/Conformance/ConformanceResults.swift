import Foundation
import Statistics
import Tables

/// The quantities of a case by the names of its definitions, one function a kind.
struct ConformanceResults {
  let given: ConformanceCase
  let folder: URL

  init(_ given: ConformanceCase, _ folder: URL) { (self.given, self.folder) = (given, folder) }

  func table() throws -> ConformanceTable { try ConformanceTable(given, folder: folder) }

  func compute() throws -> [String: Any] {
    switch given.kind {
    case "roc": try roc()
    case "delong_paired": try delongPaired()
    case "delong_unpaired": try delongUnpaired()
    case "diag2x2": diagnostics(try matrix())
    case "diag2x2_threshold": try threshold()
    case "mcnemar": try mcnemar()
    case "two_group": try twoGroups()
    case "contingency": try contingency()
    case "hosmer_lemeshow": try hosmerLemeshow()
    case "calibration": try calibration()
    case "dca": try decisionCurve()
    case "logistic": try logistic()
    case "logistic_select": try selection()
    case "logistic_separated": try separated()
    case "nomogram": try nomogram()
    case "kappa": try kappa()
    case "fleiss": try fleiss()
    case "icc": try icc()
    case "kendall_w": try kendall()
    case "mrmc": try multiReader()
    case "bootstrap_auc": try bootstrap()
    default:
      throw AnalysisError.input(source: "case \(given.case)", reason: "kind \(given.kind) is not known")
    }
  }

  func roc() throws -> [String: Any] {
    let table = try table()
    let (scores, labels) = (try table.numbers("score"), try table.flags("y"))
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

  func comparison(_ test: AUCComparison) -> [String: Any] {
    [
      "auc_a": test.aucA, "auc_b": test.aucB, "var_a": test.varianceA, "var_b": test.varianceB,
      "diff": test.difference, "diff_lo": test.interval.lower, "diff_hi": test.interval.upper,
    ]
  }

  func delongPaired() throws -> [String: Any] {
    let table = try table()
    let test = try DeLongTest.paired(
      try table.numbers("a"), try table.numbers("b"),
      positives: try table.flags("y"))
    return comparison(test).merging(
      ["cov": test.covariance, "se_diff": test.standardError, "z": test.z, "p": test.p]) { $1 }
  }

  func delongUnpaired() throws -> [String: Any] {
    let table = try table()
    let (groups, scores) = (try table.text("group"), try table.numbers("score"))
    let labels = try table.flags("y")
    func curve(_ name: String) throws -> DeLong {
      let rows = groups.indices.filter { groups[$0] == name }
      return try DeLong(scores: rows.map { scores[$0] }, positives: rows.map { labels[$0] })
    }
    let (first, second) = try given.pair("groups")
    let test = try DeLongTest.unpaired(curve(first), curve(second))
    return comparison(test).merging([
      "stat": test.z, "p_normal": test.p, "df_satterthwaite": test.satterthwaiteDegrees ?? .nan,
      "p_satterthwaite": test.satterthwaiteP ?? .nan,
    ]) { $1 }
  }

  func matrix() throws -> ConfusionMatrix {
    ConfusionMatrix(
      truePositives: try given.count("tp"), falsePositives: try given.count("fp"),
      trueNegatives: try given.count("tn"), falseNegatives: try given.count("fn"))
  }

  func threshold() throws -> [String: Any] {
    let table = try table()
    return diagnostics(
      try ConfusionMatrix(
        scores: try table.numbers("score"), positives: try table.flags("y"),
        cutOff: given.number("threshold")))
  }

  func diagnostics(_ matrix: ConfusionMatrix) -> [String: Any] {
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

  func mcnemar() throws -> [String: Any] {
    let table = try given.counts("table")
    guard table.map(\.count) == [2, 2] else {
      throw AnalysisError.input(source: "case \(given.case)", reason: "parameter table: expected 2 x 2 counts")
    }
    let test = try McNemar(firstOnly: table[0][1], secondOnly: table[1][0])
    return [
      "b": test.firstOnly, "c": test.secondOnly, "p_exact": test.exactP, "chi2": test.chiSquare.statistic,
      "p_chi2": test.chiSquare.p, "chi2_cc": test.chiSquareCorrected.statistic, "p_chi2_cc": test.chiSquareCorrected.p,
    ]
  }

  func twoGroups() throws -> [String: Any] {
    let table = try table()
    let (groups, values) = (try table.text("group"), try table.numbers("x"))
    let (first, second) = try given.pair("groups")
    let split = [first, second].map { name in groups.indices.filter { groups[$0] == name }.map { values[$0] } }
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

  func contingency() throws -> [String: Any] {
    let table = try ContingencyTable(given.counts("table"))
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
