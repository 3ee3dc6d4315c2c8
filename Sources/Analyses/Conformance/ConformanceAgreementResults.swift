import Foundation
import Statistics
import Tables

/// Readers: agreement, multi-reader studies; and the bootstrap.
extension ConformanceResults {
  func kappa() throws -> [String: Any] {
    let table = try table()
    let (a, b) = (try table.numbers("a"), try table.numbers("b"))
    var results: [String: Any] = [:]
    let kinds: [(String, Kappa.Weights)] = [
      ("kappa", .unweighted), ("kappa_linear", .linear), ("kappa_quadratic", .quadratic),
    ]
    for (name, weights) in kinds {
      let kappa = try Kappa(a, b, weights: weights)
      if case .unweighted = weights {
        results["n_categories"] = kappa.categories
        results["po"] = kappa.observedAgreement
      }
      results[name] = kappa.kappa
      results[name + "_ase"] = kappa.standardError
      results[name + "_lo"] = kappa.interval.lower
      results[name + "_hi"] = kappa.interval.upper
      results[name + "_z0"] = kappa.test.statistic
      results[name + "_p0"] = kappa.test.p
    }
    return results
  }

  func fleiss() throws -> [String: Any] {
    let table = try table()
    let kappa =
      try given.word("format") == "counts"
      ? FleissKappa(counts: table.matrix().map { $0.map { Int($0) } }) : FleissKappa(ratings: table.rows())
    return [
      "kappa": kappa.kappa, "p_bar": kappa.observedAgreement, "pe_bar": kappa.expectedAgreement,
      "se0": kappa.nullStandardError, "z": kappa.test.statistic, "p": kappa.test.p,
    ]
  }

  func icc() throws -> [String: Any] {
    let icc = try IntraclassCorrelation(try table().matrix())
    var results: [String: Any] = [
      "msr": icc.meanSquareRows, "msc": icc.meanSquareColumns, "mse": icc.meanSquareError,
      "msw": icc.meanSquareWithin, "icc_2_df": icc.agreementDegrees,
    ]
    let forms = [
      ("1_1", icc.oneWay), ("1_k", icc.oneWayMean), ("2_1", icc.agreement), ("2_k", icc.agreementMean),
      ("3_1", icc.consistency), ("3_k", icc.consistencyMean),
    ]
    for (name, form) in forms {
      results["icc_" + name] = form.estimate.value
      results["icc_\(name)_lo"] = form.estimate.interval?.lower
      results["icc_\(name)_hi"] = form.estimate.interval?.upper
      results["icc_\(name)_F"] = form.f
      results["icc_\(name)_p"] = form.p
    }
    return results
  }

  func kendall() throws -> [String: Any] {
    let kendall = try KendallW(try table().matrix())
    return [
      "W": kendall.w, "chi2": kendall.test.statistic, "df": kendall.test.degreesOfFreedom ?? .nan, "p": kendall.test.p,
    ]
  }

  /// Long table (reader, treatment, case, truth, rating) as [treatments][readers][cases].
  func readings(_ table: ConformanceTable) throws -> (ratings: [[[Double]]], positives: [Bool]) {
    func places(_ name: String) throws -> (count: Int, of: [Int]) {
      let values = try table.column(name)
      let distinct = Set(values).sorted()
      return (distinct.count, values.map { distinct.firstIndex(of: $0) ?? 0 })
    }
    let (treatments, readers, cases) = (try places("treatment"), try places("reader"), try places("case"))
    var ratings = [[[Double]]](
      repeating: [[Double]](repeating: [Double](repeating: .nan, count: cases.count), count: readers.count),
      count: treatments.count)
    var positives = [Bool](repeating: false, count: cases.count)
    let (values, truth) = (try table.column("rating"), try table.column("truth").map { $0 == 1 })
    for row in values.indices {
      ratings[treatments.of[row]][readers.of[row]][cases.of[row]] = values[row]
      positives[cases.of[row]] = truth[row]
    }
    return (ratings, positives)
  }

  func multiReader() throws -> [String: Any] {
    let (ratings, positives) = try readings(table())
    let analysis = try MultiReaderAnalysis(
      ratings: ratings, positives: positives, covariance: try given.word("cov") == "delong" ? .delong : .jackknife)
    var results: [String: Any] = [
      "ms_t": analysis.meanSquareTreatment, "ms_r": analysis.meanSquareReader ?? .nan,
      "ms_tr": analysis.meanSquareInteraction,
      "var_error": analysis.variance, "cov1": analysis.covariance1, "cov2": analysis.covariance2,
      "cov3": analysis.covariance3,
    ]
    for (t, aucs) in analysis.aucs.enumerated() {
      results["auc_mean[t=\(t + 1)]"] = analysis.meanAUCs[t]
      for (r, auc) in aucs.enumerated() { results["auc[t=\(t + 1),r=\(r + 1)]"] = auc }
    }
    let (rrrc, frrc, rrfc) = (
      analysis.test(.readersAndCases), analysis.test(.casesOnly), analysis.test(.readersOnly)
    )
    results["rrrc_F"] = rrrc.statistic
    results["rrrc_ndf"] = rrrc.numeratorDegrees
    results["rrrc_ddf"] = rrrc.denominatorDegrees
    results["rrrc_p"] = rrrc.p
    results["frrc_chi2"] = frrc.statistic
    results["frrc_df"] = frrc.numeratorDegrees
    results["frrc_p"] = frrc.p
    results["rrfc_F"] = rrfc.statistic
    results["rrfc_ddf"] = rrfc.denominatorDegrees
    results["rrfc_p"] = rrfc.p
    let names: [(String, MultiReaderAnalysis.Generalisation)] = [
      ("rrrc", .readersAndCases), ("frrc", .casesOnly), ("rrfc", .readersOnly),
    ]
    for (name, generalisation) in names {
      for difference in analysis.differences(generalisation) {
        let pair = "[\(difference.first + 1)-\(difference.second + 1)]"
        results["diff" + pair] = difference.estimate.value
        results[name + "_diff_se"] = difference.standardError
        results["\(name)_diff_lo\(pair)"] = difference.estimate.interval?.lower
        results["\(name)_diff_hi\(pair)"] = difference.estimate.interval?.upper
        results["\(name)_diff_p\(pair)"] = difference.p
      }
      for t in analysis.aucs.indices {
        let single = analysis.single(t, generalisation)
        results["\(name)_single_se[t=\(t + 1)]"] = single?.standardError
        results["\(name)_single_df[t=\(t + 1)]"] = single?.degrees
        results["\(name)_single_lo[t=\(t + 1)]"] = single?.estimate.interval?.lower
        results["\(name)_single_hi[t=\(t + 1)]"] = single?.estimate.interval?.upper
      }
    }
    return results
  }

  func bootstrap() throws -> [String: Any] {
    let table = try table()
    let bootstrap = try BootstrapAUC(
      scores: try table.numbers("score"), positives: try table.flags("y"))
    return ["auc": bootstrap.auc, "boot_lo": bootstrap.interval.lower, "boot_hi": bootstrap.interval.upper]
  }
}
