import Statistics
public import Tables

/// `stats audit`: what published figures contradict, a row a model or reader group.
public enum AuditAnalysis {
  private static let shares = [
    "sensitivity", "specificity", "accuracy", "ppv", "npv", "auc", "auc_lower", "auc_upper", "p",
  ]
  private static let counts = ["positives", "negatives", "n"]
  private static let limits = ReportedResult.Proportion.allCases.flatMap {
    ["\($0.rawValue)_lower", "\($0.rawValue)_upper"]
  }
  private static let others = ["net_benefit", "threshold", "compared_with", "source"]

  /// Columns: `name`, and any of `positives, negatives, n, sensitivity, specificity, accuracy, ppv, npv, auc` with `_lower` and
  /// `_upper` of the shares, `net_benefit, threshold, p`; numbers as printed (percent or share), empty where not published.
  /// `compared_with` names the row whose AUC the row's p compares it with; `source` says where the row is printed. Rows of one name
  /// are the same figures in two places.
  /// Errors name line and column: an unknown column, a cell that is no number, a comparison with a row that is not there.
  public static func audit(_ table: Table) throws(AnalysisError) -> AnalysisResult {
    let known = ["name"] + shares + limits + counts + others
    for column in table.columns where !known.contains(column.lowercased()) {
      throw .input(
        source: table.source, reason: "unknown column \(column); known: \(known.joined(separator: ", "))")
    }
    guard table.rowCount > 0 else { throw .input(source: table.source, reason: "no rows") }
    var result = AnalysisResult("audit")
    var reported: [ReportedResult] = []
    for row in 0..<table.rowCount { reported.append(try read(table, row)) }
    var (rows, impossible, lines): ([JSONValue], Int, [[String]]) = ([], 0, [])
    for row in 0..<table.rowCount {
      let own = reported[row]
      let findings = ResultAudit(own).findings + (try between(table, reported, row))
      let isPossible = !findings.contains { $0.weight == .impossible }
      if !isPossible { impossible += 1 }
      let source = try cell(table, row, "source")
      rows.append(
        .object([
          "name": .text(own.name), "line": .integer(Int64(table.line(ofRow: row))),
          "source": source.map(JSONValue.text) ?? .null, "possible": .bool(isPossible),
          "findings": .list(
            findings.map { finding in
              .object([
                "weight": .text(finding.weight.rawValue), "figures": .list(finding.figures.map(JSONValue.text)),
                "message": .text(finding.message), "distance": finding.distance.map(JSONValue.number) ?? .null,
              ])
            }),
        ]))
      if findings.isEmpty { lines.append([own.name, "", "nothing found", "", ""]) }
      for (index, finding) in findings.enumerated() {
        lines.append([
          index == 0 ? own.name : "", finding.figures.joined(separator: ", "), finding.weight.rawValue,
          finding.distance.map { Printed.plain($0) } ?? "", finding.message,
        ])
      }
    }
    result.values = ["rows": .list(rows), "impossible": .number(Double(impossible))]
    result.tables = [
      ResultTable(
        "\(impossible) of \(table.rowCount) rows cannot be", ["name", "figures", "finding", "off by", "why"], lines)
    ]
    result.notes.append("figures that pass may still be wrong; those marked impossible cannot come from any data")
    return result
  }

  /// What a row contradicts in the rows above it and in the row it is compared with.
  private static func between(
    _ table: Table, _ reported: [ReportedResult], _ row: Int
  ) throws(AnalysisError) -> [ResultAudit.Finding] {
    let own = reported[row]
    var findings: [ResultAudit.Finding] = []
    for earlier in reported[..<row] where earlier.name == own.name {
      findings += ResultAudit.repeated(earlier, own)
    }
    guard let other = try cell(table, row, "compared_with") else { return findings }
    guard let index = reported.indices.first(where: { $0 != row && reported[$0].name == other }) else {
      throw .input(
        source: "\(table.source):\(table.line(ofRow: row))",
        reason: "column compared_with: no other row is named \"\(other)\"")
    }
    guard let p = own.p else { return findings }
    return findings + ResultAudit.comparison(own, reported[index], p: p)
  }

  private static func cell(_ table: Table, _ row: Int, _ name: String) throws(AnalysisError) -> String? {
    guard let column = table.columns.first(where: { $0.lowercased() == name }) else { return nil }
    let text = try asAnalysisError(table.source) { try table.column(column) }[row]
    return text.allSatisfy(\.isWhitespace) ? nil : text
  }

  private static func read(_ table: Table, _ row: Int) throws(AnalysisError) -> ReportedResult {
    func wrong(_ name: String, _ text: String) -> AnalysisError {
      .input(
        source: "\(table.source):\(table.line(ofRow: row))",
        reason: "column \(name): expected a number, found \"\(text)\"")
    }
    func number(_ name: String, isShare: Bool = true) throws(AnalysisError) -> ReportedNumber? {
      guard let text = try cell(table, row, name) else { return nil }
      guard let number = ReportedNumber(text, isShare: isShare) else { throw wrong(name, text) }
      return number
    }
    func count(_ name: String) throws(AnalysisError) -> Int? {
      guard let text = try cell(table, row, name) else { return nil }
      guard let count = Int(text.filter { $0 != " " && $0 != "," }), count >= 0 else { throw wrong(name, text) }
      return count
    }
    var result = ReportedResult(try cell(table, row, "name") ?? "row \(row + 1)")
    (result.positives, result.negatives, result.total) = (
      try count("positives"), try count("negatives"), try count("n")
    )
    (result.sensitivity, result.specificity) = (try number("sensitivity"), try number("specificity"))
    (result.accuracy, result.ppv, result.npv) = (try number("accuracy"), try number("ppv"), try number("npv"))
    (result.auc, result.aucLower, result.aucUpper) = (
      try number("auc"), try number("auc_lower"), try number("auc_upper")
    )
    (result.netBenefit, result.p) = (try number("net_benefit", isShare: false), try number("p"))
    result.threshold = try number("threshold")?.value
    for share in ReportedResult.Proportion.allCases {
      guard let lower = try number("\(share.rawValue)_lower"), let upper = try number("\(share.rawValue)_upper") else {
        continue
      }
      result.intervals[share] = ReportedResult.Limits(lower: lower, upper: upper)
    }
    return result
  }
}
