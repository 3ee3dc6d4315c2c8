import Foundation
import Statistics
import Tables

/// Prediction models: calibration, decision curves, logistic regression, nomograms.
extension ConformanceResults {
  func predictions() throws -> (p: [Double], y: [Bool]) {
    let table = try table()
    return (try table.numbers("p"), try table.flags("y"))
  }

  func hosmerLemeshow() throws -> [String: Any] {
    let (p, y) = try predictions()
    let test = try HosmerLemeshow(probabilities: p, positives: y, groups: given.count("g"))
    return ["chi2": test.chiSquare, "df": test.degreesOfFreedom, "p": test.p, "n_groups": test.groups]
  }

  func calibration() throws -> [String: Any] {
    let (p, y) = try predictions()
    let measures = try CalibrationMeasures(probabilities: p, positives: y)
    var results: [String: Any] = [
      "brier": measures.brier, "brier_scaled": measures.scaledBrier,
      "ece_equal_width": measures.expectedCalibrationError, "mce_equal_width": measures.maximumCalibrationError,
      "ece_right_closed": measures.expectedCalibrationErrorRightClosed, "oe_ratio": measures.observedToExpected,
    ]
    results["slope"] = measures.slope?.value
    results["slope_se"] = measures.slope?.standardError
    results["slope_lo"] = measures.slope?.interval.lower
    results["slope_hi"] = measures.slope?.interval.upper
    results["intercept"] = measures.intercept?.value
    results["intercept_se"] = measures.intercept?.standardError
    results["citl"] = measures.inTheLarge?.value
    results["citl_se"] = measures.inTheLarge?.standardError
    return results
  }

  func decisionCurve() throws -> [String: Any] {
    let (p, y) = try predictions()
    let thresholds = (given.params["thresholds"]?.list ?? []).map { $0.number ?? .nan }
    var results: [String: Any] = [:]
    for point in try DecisionCurve(probabilities: p, positives: y, thresholds: thresholds).points {
      let name = String(format: "%.2f", point.threshold)
      results["nb_model@" + name] = point.model
      results["nb_all@" + name] = point.all
      results["nb_none@" + name] = 0.0
      results["reduction_per100@" + name] = point.reductionPer100
    }
    return results
  }

  func coefficients(_ list: [LogisticModel.Coefficient], prefix: String = "") -> [String: Any] {
    var results: [String: Any] = [:]
    for coefficient in list {
      let name = "[\(coefficient.name)]"
      results[prefix + "beta" + name] = coefficient.value
      results[prefix + "se" + name] = coefficient.standardError
      results[prefix + "z" + name] = coefficient.z
      results[prefix + "p" + name] = coefficient.p
      results[prefix + "or" + name] = coefficient.oddsRatio.value
      results[prefix + "or_lo" + name] = coefficient.oddsRatio.interval?.lower
      results[prefix + "or_hi" + name] = coefficient.oddsRatio.interval?.upper
    }
    return results
  }

  func fit(_ model: LogisticModel, prefix: String = "") -> [String: Any] {
    coefficients(model.coefficients, prefix: prefix).merging([
      prefix + "loglik": model.logLikelihood, prefix + "aic": model.aic, prefix + "null_deviance": model.nullDeviance,
      prefix + "residual_deviance": model.deviance,
    ]) { $1 }
  }

  func logistic() throws -> [String: Any] {
    let table = try table()
    let labels = try table.flags("y")
    let model = try LogisticModel(outcomes: labels, terms: try table.terms())
    var results = fit(model)
    for term in model.terms {
      let test = try model.likelihoodRatioTest(term.name)
      results["lrt_chi2{\(term.name)}"] = test.statistic
      results["lrt_p{\(term.name)}"] = test.p
    }
    for coefficient in model.coefficients {
      let profile = try model.profileInterval(coefficient.name)
      results["or_profile_lo[\(coefficient.name)]"] = profile.lower
      results["or_profile_hi[\(coefficient.name)]"] = profile.upper
    }
    results["auc"] = try ROCCurve(scores: model.fitted, positives: labels).auc
    results["n"] = labels.count
    results["nagelkerke_r2"] = model.nagelkerke
    return results
  }

  func selection() throws -> [String: Any] {
    let table = try table()
    let selection = try LogisticSelection(
      outcomes: try table.flags("y"), terms: try table.terms(),
      alpha: given.number("alpha"))
    var results: [String: Any] = [:]
    for single in selection.univariate {
      let part = coefficients(single.model.coefficients, prefix: "uni{\(single.term)}.")
      results.merge(part) { $1 }
      results["uni_wald_p{\(single.term)}"] = single.wald.p
      results["uni_lrt_p{\(single.term)}"] = single.likelihoodRatio.p
    }
    results["selected_univariate"] = selection.selected.joined(separator: "+")
    results["independent_predictors"] = selection.independent.joined(separator: "+")
    if let model = selection.multivariable { results.merge(fit(model, prefix: "multi.")) { $1 } }
    for (term, test) in zip(selection.selected, selection.multivariableWald) {
      results["multi_wald_p{\(term)}"] = test.p
    }
    return results
  }

  func separated() throws -> [String: Any] {
    let table = try table()
    let (labels, terms) = (try table.flags("y"), try table.terms())
    let kind = try Separation.detect(outcomes: labels, terms: terms)
    var results: [String: Any] = ["separation_detected": kind != nil, "separation_kind": kind?.rawValue ?? "none"]
    results.merge(
      coefficients(try FirthModel(outcomes: labels, terms: terms).coefficients, prefix: "firth_")
    ) { $1 }
    return results
  }

  func nomogram() throws -> [String: Any] {
    let table = try table()
    let terms = try table.terms()
    let model = try LogisticModel(outcomes: try table.flags("y"), terms: terms)
    let axes = given.params["axes"]?.object ?? [:]
    let ticks: [(String, Nomogram.Ticks)] = terms.map { term in
      let values = axes[term.name]?.list ?? []
      if case .numeric = term.values { return (term.name, .numbers(values.map { $0.number ?? .nan })) }
      return (term.name, .levels(values.compactMap(\.scalar)))
    }
    let nomogram = try Nomogram(model, ticks: ticks)
    var results: [String: Any] = [
      "intercept_beta": model.coefficients[0].value, "points_per_lp": nomogram.pointsPerUnit,
    ]
    for axis in nomogram.axes {
      for mark in axis.marks {
        results["points[\(axis.term)=\(mark.value.map { "\(Int($0))" } ?? mark.label)]"] = mark.points
      }
    }
    for total in given.params["total_points"]?.list ?? [] {
      results["prob_at_total[\(total.scalar ?? "")]"] = nomogram.probability(total: total.number ?? .nan)
    }
    for probability in [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99] {
      results["total_points_at_prob[\(probability)]"] = nomogram.total(probability: probability)
    }
    return results
  }
}
