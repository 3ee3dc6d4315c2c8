import Foundation
import Testing

@testable import Statistics

@Suite struct ResultAuditTests {
  private func result(_ figures: [String: String], positives: Int? = nil, negatives: Int? = nil) -> ReportedResult {
    var result = ReportedResult("model")
    (result.positives, result.negatives) = (positives, negatives)
    result.sensitivity = figures["sens"].flatMap { ReportedNumber($0) }
    result.specificity = figures["spec"].flatMap { ReportedNumber($0) }
    result.accuracy = figures["acc"].flatMap { ReportedNumber($0) }
    result.ppv = figures["ppv"].flatMap { ReportedNumber($0) }
    result.npv = figures["npv"].flatMap { ReportedNumber($0) }
    result.auc = figures["auc"].flatMap { ReportedNumber($0) }
    result.aucLower = figures["lower"].flatMap { ReportedNumber($0) }
    result.aucUpper = figures["upper"].flatMap { ReportedNumber($0) }
    result.netBenefit = figures["nb"].flatMap { ReportedNumber($0, isShare: false) }
    result.threshold = figures["threshold"].flatMap { Double($0) }
    return result
  }

  @Test func readsNumbersAsPrinted() throws {
    let percent = try #require(ReportedNumber("74.5"))
    #expect(abs(percent.value - 0.745) < 1e-12 && abs(percent.halfUnit - 0.0005) < 1e-12)
    let share = try #require(ReportedNumber(" 0.86 "))
    #expect(share.value == 0.86 && abs(share.halfUnit - 0.005) < 1e-12)
    let signed = try #require(ReportedNumber("0.5 %"))
    #expect(abs(signed.value - 0.005) < 1e-12)
    #expect(ReportedNumber("n/a") == nil && ReportedNumber("") == nil && ReportedNumber("inf") == nil)
  }

  /// S1-22: no row of the table comes from one confusion matrix, of patients (100 and 81) or of images (6,135 and 3,659).
  @Test(arguments: [(100, 81), (6135, 3659)])
  func findsWhatTheKidneyStudyContradicts(positives: Int, negatives: Int) {
    let rows: [[String: String]] = [
      ["acc": "70.6", "sens": "89.3", "spec": "58.7", "ppv": "58.0", "npv": "89.5"],
      ["acc": "75.7", "sens": "95.9", "spec": "62.9", "ppv": "62.3", "npv": "95.9"],
      ["acc": "74.5", "sens": "75.0", "spec": "77.0", "ppv": "73.4", "npv": "62.3"],
      ["acc": "73.9", "sens": "73.8", "spec": "73.2", "ppv": "72.5", "npv": "62.2"],
      ["acc": "80.0", "sens": "80.4", "spec": "79.1", "ppv": "86.9", "npv": "70.0"],
    ]
    for (index, row) in rows.enumerated() {
      let audit = ResultAudit(result(row, positives: positives, negatives: negatives))
      #expect(!audit.isPossible, "row \(index)")
    }
    for row in rows[2...3] {
      #expect(
        ResultAudit(result(row)).findings.contains { $0.figures.contains("accuracy") && $0.weight == .impossible })
    }
  }

  /// S1-22: 0.740 with 0.70 to 0.75.
  @Test func findsAnUnevenInterval() {
    let audit = ResultAudit(result(["auc": "0.740", "lower": "0.70", "upper": "0.75"]))
    #expect(audit.findings.map(\.weight) == [.unusual])
    #expect(ResultAudit(result(["auc": "0.877", "lower": "0.83", "upper": "0.93"])).findings.isEmpty)
    #expect(!ResultAudit(result(["auc": "0.820", "lower": "0.83", "upper": "0.90"])).isPossible)
  }

  /// S2: accuracy 84.7 outside 85.5 to 86.5; net benefit 0.809 above the prevalence of either validation cohort, and no gain
  /// over acting on everybody in training and internal validation together.
  @Test func findsWhatTheLiverStudyContradicts() throws {
    let external = ResultAudit(result(["acc": "84.7", "sens": "86.5", "spec": "85.5"]))
    let finding = try #require(external.findings.first { $0.weight == .impossible })
    #expect(abs(try #require(finding.distance) - 0.007) < 1e-6)
    for (positives, negatives) in [(303, 72), (262, 76)] {
      let benefit = ResultAudit(
        result(["nb": "0.809", "threshold": "0.02"], positives: positives, negatives: negatives))
      #expect(!benefit.isPossible, "\(positives) of \(positives + negatives)")
    }
    let training = ResultAudit(result(["nb": "0.809", "threshold": "0.02"], positives: 1524, negatives: 351))
    #expect(training.isPossible && training.findings.map(\.weight) == [.note])
  }

  /// S3-05: the figures fit 57 malignant of 232 and nothing near it.
  @Test func findsTheOnlyDivisionThatFits() {
    let figures = ["sens": "0.860", "spec": "0.834"]
    let fitting = (1..<232).filter {
      ResultAudit(result(figures, positives: $0, negatives: 232 - $0)).isPossible
    }
    #expect(fitting == [57])
  }

  @Test func namesTheRemedyOfExchangedFigures() {
    // 80 of 100, 90 of 300: PPV 80/110, NPV 270/290.
    let audit = ResultAudit(
      result(["sens": "0.900", "spec": "0.800", "ppv": "0.727", "npv": "0.931"], positives: 100, negatives: 300))
    #expect(!audit.isPossible)
    #expect(audit.findings.contains { $0.message.contains("sensitivity and specificity exchanged") })
  }

  @Test func findsAnAUCThatNoCurveHas() {
    #expect(!ResultAudit(result(["auc": "0.60", "sens": "0.95", "spec": "0.90"])).isPossible)
    #expect(!ResultAudit(result(["auc": "0.999", "sens": "0.80", "spec": "0.80"])).isPossible)
  }

  /// Figures of real tables, printed with one to four decimals, never raise an alarm.
  @Test func consistentTablesRaiseNoAlarm() throws {
    var random = SplitMix64(seed: 11)
    var alarms = 0
    for index in 0..<10_000 {
      let (positives, negatives) = (1 + random.below(150), 1 + random.below(150))
      let separation = random.uniform() * 3
      let scores = (0..<(positives + negatives)).map { row in
        (random.uniform() + random.uniform() + random.uniform() - 1.5) * 2 + (row < positives ? separation : 0)
      }
      let labels = (0..<(positives + negatives)).map { $0 < positives }
      let cut = scores[random.below(scores.count)]
      let matrix = try ConfusionMatrix(scores: scores, positives: labels, cutOff: cut)
      let decimals = 1 + random.below(4)
      let asPercent = random.uniform() < 0.5 && decimals > 2
      func printed(_ value: Double) -> ReportedNumber? {
        guard value.isFinite else { return nil }
        return asPercent
          ? ReportedNumber(String(format: "%.\(decimals - 2)f %%", value * 100))
          : ReportedNumber(String(format: "%.\(decimals)f", value))
      }
      var result = ReportedResult("\(index)")
      (result.positives, result.negatives) = (positives, negatives)
      if random.uniform() < 0.2 { (result.positives, result.negatives, result.total) = (nil, nil, scores.count) }
      if random.uniform() < 0.2 { (result.positives, result.negatives, result.total) = (nil, nil, nil) }
      result.sensitivity = printed(matrix.sensitivity.value)
      result.specificity = printed(matrix.specificity.value)
      result.accuracy = printed(matrix.accuracy.value)
      result.ppv = printed(matrix.ppv.value)
      result.npv = printed(matrix.npv.value)
      let delong = try? DeLong(scores: scores, positives: labels)
      result.auc = printed(try ROCCurve(scores: scores, positives: labels).auc)
      if let interval = delong?.logit() {
        (result.aucLower, result.aucUpper) = (printed(interval.lower), printed(interval.upper))
      }
      let curve = try DecisionCurve(
        probabilities: scores.map { 1 / (1 + exp(-$0)) }, positives: labels, thresholds: [0.1])
      result.netBenefit = ReportedNumber(String(format: "%.\(decimals)f", curve.points[0].model), isShare: false)
      result.threshold = 0.1
      let audit = ResultAudit(result)
      if audit.findings.contains(where: { $0.weight != .note }) {
        alarms += 1
        if alarms < 5 { Issue.record("\(result): \(audit.findings)") }
      }
    }
    #expect(alarms == 0)
  }
}
