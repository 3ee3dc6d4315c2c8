import Figures
import Statistics
import Wording

extension AUCEstimate {
  /// The AUC of rows with its intervals; nil, with a note, where only one class is present.
  /// - cluster: what rows are grouped in, "patient".
  static func of(_ rows: [UnitScore], unit: Unit, cluster: String, notes: inout [Phrase]) -> AUCEstimate? {
    let scores = rows.map(\.score)
    let labels = rows.map(\.isMalignant)
    guard let curve = try? ROCCurve(scores: scores, positives: labels) else {
      let present = Reference.word(isMalignant: labels.first == true)
      notes.append(
        rows.isEmpty ? Phrase("No rows.") : Phrase("Only \(present) \(unit.words) (\(rows.count)): no AUC."))
      return nil
    }
    var estimate = AUCEstimate(value: curve.auc, interval: nil)
    do throws(StatisticsError) {
      let area = try DeLong(scores: scores, positives: labels)
      estimate.interval = interval(of: area, method: "DeLong")
      if estimate.interval == nil {
        notes.append(
          curve.auc == 0 || curve.auc == 1
            ? Phrase(
              "Perfect separation (AUC \(Text.fixed(curve.auc, 0))): the variance is zero, so no interval is given.")
            : Phrase("The AUC has no variance, as where all scores are equal: no interval is given."))
      }
    } catch {
      notes.append(Phrase("AUC without an interval: \(error.description)."))
    }
    let patients = rows.map(\.patient)
    if Set(patients).count < rows.count,
      let clustered = try? ClusteredAUC(scores: scores, positives: labels, clusters: patients)
    {
      estimate.clusteredInterval = interval(of: clustered, method: "Obuchowski, clustered by \(cluster)")
    }
    return estimate
  }

  /// On the logit scale, which stays within 0 to 1; nil where the variance is zero.
  private static func interval(of area: some AreaEstimate, method: String) -> ConfidenceInterval? {
    guard area.variance > 0 else { return nil }
    if let logit = area.logit() {
      return ConfidenceInterval(lower: logit.lower, upper: logit.upper, method: method + ", logit scale")
    }
    let wald = area.waldClipped()
    return ConfidenceInterval(lower: wald.lower, upper: wald.upper, method: method + ", Wald clipped to 0 to 1")
  }
}

extension Rate {
  /// Wilson's interval; without a value where there are no trials.
  init(_ successes: Int, of trials: Int) {
    (self.successes, self.trials) = (successes, trials)
    let estimate = Proportion.wilson(successes: successes, of: trials)
    value = estimate.isDefined ? estimate.value : nil
    interval = estimate.interval.map { ConfidenceInterval(lower: $0.lower, upper: $0.upper, method: "Wilson") }
  }
}

extension Diagnosis {
  init(_ matrix: ConfusionMatrix) {
    counts = matrix
    sensitivity = Rate(matrix.truePositives, of: matrix.positives)
    specificity = Rate(matrix.trueNegatives, of: matrix.negatives)
    positivePredictiveValue = Rate(matrix.truePositives, of: matrix.truePositives + matrix.falsePositives)
    negativePredictiveValue = Rate(matrix.trueNegatives, of: matrix.trueNegatives + matrix.falseNegatives)
    accuracy = Rate(matrix.truePositives + matrix.trueNegatives, of: matrix.total)
  }
}

extension CalibrationMetrics {
  /// Notes say why a regression has no answer.
  init(_ rows: [UnitScore], notes: inout [Phrase]) {
    let measures = try? CalibrationMeasures(probabilities: rows.map(\.score), positives: rows.map(\.isMalignant))
    (slope, intercept) = (measures?.slope?.value, measures?.intercept?.value)
    slopeInterval = measures?.slope.map { CalibrationMetrics.wald($0.interval) }
    interceptInterval = measures?.intercept.map { CalibrationMetrics.wald($0.interval) }
    inTheLarge = measures?.inTheLarge?.value
    (brier, expectedCalibrationError) = (measures?.brier ?? 0, measures?.expectedCalibrationError ?? 0)
    if slope == nil {
      notes.append(
        Phrase("No calibration slope: the scores separate the classes, are all equal, or one class is missing."))
    }
  }

  private static func wald(_ interval: Interval) -> ConfidenceInterval {
    ConfidenceInterval(lower: interval.lower, upper: interval.upper, method: "Wald")
  }
}
