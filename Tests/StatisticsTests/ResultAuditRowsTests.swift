import Foundation
import Testing

@testable import Statistics

/// What the auditor says of intervals, of p-values, and of figures printed twice.
@Suite struct ResultAuditRowsTests {
  private func number(_ text: String) throws -> ReportedNumber { try #require(ReportedNumber(text)) }

  private func area(_ auc: String, _ lower: String, _ upper: String, positives: Int? = nil) throws -> ReportedResult {
    var result = ReportedResult("model")
    (result.auc, result.aucLower, result.aucUpper) = (try number(auc), try number(lower), try number(upper))
    result.positives = positives
    return result
  }

  @Test func bordersAreRead() throws {
    let below = try number("<0.001")
    #expect(below.range.contains(0) && below.range.contains(0.001) && !below.range.contains(0.0011))
    let above = try number("> 0.05")
    #expect(above.range.contains(1) && !above.range.contains(0.04))
    #expect(
      ReportedNumber("<x") == nil && ReportedNumber("<<1") == nil && ReportedNumber(">1.5", isShare: false) == nil)
  }

  @Test func pIsAProbabilityAndNever0() throws {
    var result = ReportedResult("model")
    result.p = ReportedNumber("1.2", isShare: false)
    #expect(!ResultAudit(result).isPossible)
    result.p = ReportedNumber(-0.1, halfUnit: 0.05)
    #expect(!ResultAudit(result).isPossible)
    result.p = try number("0.000")
    #expect(ResultAudit(result).findings.map(\.weight) == [.note])
    #expect(ResultAudit(result).findings[0].message.contains("below 0.001"))
    result.p = try number("<0.001")
    #expect(ResultAudit(result).findings.isEmpty)
  }

  /// S2, Table 2: a specificity from 0 to 1.
  @Test func anIntervalFrom0To1SaysNothing() throws {
    var result = ReportedResult("up to 2 cm")
    result.intervals[.specificity] = .init(lower: try number("0.000"), upper: try number("1.000"))
    let findings = ResultAudit(result).findings
    #expect(findings.map(\.weight) == [.note] && findings[0].message.contains("too few cases"))
    #expect(ResultAudit(try area("0.60", "0.00", "1.00")).findings.map(\.weight) == [.note])
  }

  @Test func intervalsHoldTheirFigure() throws {
    func audit(_ value: String, _ lower: String, _ upper: String) throws -> ResultAudit {
      var result = ReportedResult("model")
      result.sensitivity = try number(value)
      result.intervals[.sensitivity] = .init(lower: try number(lower), upper: try number(upper))
      return ResultAudit(result)
    }
    #expect(try audit("0.80", "0.72", "0.86").findings.isEmpty)
    #expect(try abs((audit("0.80", "0.82", "0.86").findings.first?.distance ?? 0) - 0.01) < 1e-9)
    #expect(try !audit("0.80", "0.86", "0.72").isPossible)
    #expect(try !audit("0.98", "0.94", "102").isPossible)
  }

  /// S1-22: the lower limit of the B-mode AUC in the text and in the table. S2 §3.6: the readers' sensitivity.
  @Test func figuresPrintedTwiceMustBeOne() throws {
    let found = ResultAudit.repeated(try area("0.820", "0.72", "0.83"), try area("0.820", "0.70", "0.83"))
    #expect(found.count == 1 && found[0].weight == .impossible && found[0].figures == ["AUC's lower limit"])
    #expect(abs((found[0].distance ?? 0) - 0.01) < 1e-9)
    #expect(ResultAudit.repeated(try area("0.82", "0.72", "0.83"), try area("0.823", "0.716", "0.83")).isEmpty)
    // Other cases, other figures.
    let other = try area("0.90", "0.80", "0.95", positives: 20)
    #expect(ResultAudit.repeated(try area("0.82", "0.72", "0.83", positives: 40), other).isEmpty)
  }

  /// S2-19: AUCs of 0.925 and 0.924 of different patients.
  @Test func aPThatItsIntervalsDoNotGive() throws {
    let internalSet = try area("0.925", "0.886", "0.963", positives: 303)
    let external = try area("0.924", "0.889", "0.959", positives: 262)
    let found = ResultAudit.comparison(internalSet, external, p: try number("0.7761"))
    #expect(found.map(\.weight) == [.unusual] && found[0].message.contains("at least 0.93"))
    #expect(ResultAudit.comparison(internalSet, external, p: try number("0.97")).isEmpty)
    // Of the same cases a small p is possible, since the scores go together; a large one for AUCs far apart is not.
    let (better, worse) = (try area("0.90", "0.86", "0.94"), try area("0.70", "0.63", "0.77"))
    #expect(ResultAudit.comparison(better, worse, p: try number("<0.001")).isEmpty)
    #expect(ResultAudit.comparison(better, worse, p: try number("0.20")).map(\.weight) == [.unusual])
    #expect(ResultAudit.comparison(better, ReportedResult("none"), p: try number("0.2")).isEmpty)
  }

  /// S1-22: the readers' figures imply a prevalence of 39 %, the cohort has 55 %.
  @Test func impliedPrevalencesAreTold() throws {
    var result = ReportedResult("junior radiologists")
    (result.positives, result.negatives) = (100, 81)
    (result.sensitivity, result.specificity) = (try number("89.3"), try number("58.7"))
    (result.accuracy, result.ppv, result.npv) = (try number("70.6"), try number("58.0"), try number("89.5"))
    let note = try #require(ResultAudit(result).findings.first { $0.message.contains("prevalences they imply") })
    #expect(note.message.contains("PPV 0.389") && note.message.contains("numbers 0.5525"))
  }

  /// p-values, intervals and repeats of real comparisons, printed with two to four decimals, raise no alarm.
  @Test func realComparisonsRaiseNoAlarm() throws {
    var random = SplitMix64(seed: 12)
    var alarms = 0
    for _ in 0..<2_000 {
      func cohort() throws -> (DeLong, ReportedResult, ReportedResult) {
        let (positives, negatives) = (20 + random.below(100), 20 + random.below(100))
        let separation = 0.5 + random.uniform() * 1.5
        let scores = (0..<(positives + negatives)).map { row in
          (random.uniform() + random.uniform() + random.uniform() - 1.5) * 2 + (row < positives ? separation : 0)
        }
        let labels = scores.indices.map { $0 < positives }
        let delong = try DeLong(scores: scores, positives: labels)
        let wilson = try ConfusionMatrix(scores: scores, positives: labels, cutOff: 0.5).sensitivity
        func printed(_ decimals: Int) throws -> ReportedResult {
          func text(_ value: Double) throws -> ReportedNumber { try number(String(format: "%.\(decimals)f", value)) }
          var result = ReportedResult("cohort")
          (result.positives, result.negatives) = (positives, negatives)
          result.auc = try text(delong.auc)
          let interval = try #require(random.uniform() < 0.5 ? delong.logit() : delong.waldClipped())
          (result.aucLower, result.aucUpper) = (try text(interval.lower), try text(interval.upper))
          let limits = try #require(wilson.interval)
          result.sensitivity = try text(wilson.value)
          result.intervals[.sensitivity] = .init(lower: try text(limits.lower), upper: try text(limits.upper))
          return result
        }
        let first = try printed(2 + random.below(2))
        var second = first
        second.auc = try number(String(format: "%.4f", delong.auc))
        return (delong, first, second)
      }
      let (a, reportedA, again) = try cohort()
      let (b, reportedB, _) = try cohort()
      if a.auc == 1 || b.auc == 1 || max(a.auc, b.auc) > 0.97 { continue }
      let p = try DeLongTest.unpaired(a, b).p
      let printed = p < 0.001 ? try number("<0.001") : try number(String(format: "%.\(2 + random.below(3))f", p))
      var found = ResultAudit.comparison(reportedA, reportedB, p: printed) + ResultAudit.repeated(reportedA, again)
      found += ResultAudit(reportedA).findings.filter { $0.weight != .note }
      if !found.isEmpty {
        alarms += 1
        if alarms < 4 { Issue.record("\(reportedA) \(reportedB) \(printed): \(found)") }
      }
    }
    #expect(alarms == 0)
  }
}
