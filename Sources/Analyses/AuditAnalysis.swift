import Statistics
public import Tables

/// `stats audit`: what published figures contradict, a row a model or reader group.
public enum AuditAnalysis {
  private static let shares = [
    "sensitivity", "specificity", "accuracy", "ppv", "npv", "auc", "auc_lower", "auc_upper", "p",
  ]
  private static let counts = ["positives", "negatives", "n"]
  private static let others = ["net_benefit", "threshold"]

  /// Columns: `name`, and any of `positives, negatives, n, sensitivity, specificity, accuracy, ppv, npv, auc, auc_lower,
  /// auc_upper, net_benefit, threshold, p`; numbers as printed (percent or share), empty where not published.
  /// Errors name line and column: an unknown column, a cell that is no number.
  public static func audit(_ table: Table) throws(AnalysisError) -> AnalysisResult {
    let known = ["name"] + shares + counts + others
    for column in table.columns where !known.contains(column.lowercased()) {
      throw .input(
        source: table.source, reason: "unknown column \(column); known: \(known.joined(separator: ", "))")
    }
    guard table.rowCount > 0 else { throw .input(source: table.source, reason: "no rows") }
    var result = AnalysisResult("audit")
    var (rows, impossible, lines): ([JSONValue], Int, [[String]]) = ([], 0, [])
    for row in 0..<table.rowCount {
      let reported = try read(table, row)
      let audit = ResultAudit(reported)
      if !audit.isPossible { impossible += 1 }
      rows.append(
        .object([
          "name": .text(reported.name), "possible": .bool(audit.isPossible),
          "findings": .list(
            audit.findings.map { finding in
              .object([
                "weight": .text(finding.weight.rawValue), "figures": .list(finding.figures.map(JSONValue.text)),
                "message": .text(finding.message), "distance": finding.distance.map(JSONValue.number) ?? .null,
              ])
            }),
        ]))
      if audit.findings.isEmpty { lines.append([reported.name, "nothing found", "", ""]) }
      for finding in audit.findings {
        lines.append(
          [
            reported.name, finding.weight.rawValue, finding.distance.map { Printed.plain($0) } ?? "", finding.message,
          ])
      }
    }
    result.values = ["rows": .list(rows), "impossible": .number(Double(impossible))]
    result.tables = [
      ResultTable(
        "\(impossible) of \(table.rowCount) rows cannot be", ["name", "finding", "off by", "why"], lines)
    ]
    result.notes.append("figures that pass may still be wrong; those marked impossible cannot come from any data")
    return result
  }

  private static func read(_ table: Table, _ row: Int) throws(AnalysisError) -> ReportedResult {
    func cell(_ name: String) throws(AnalysisError) -> String? {
      guard let column = table.columns.first(where: { $0.lowercased() == name }) else { return nil }
      let text = try asAnalysisError(table.source) { try table.column(column) }[row]
      return text.allSatisfy(\.isWhitespace) ? nil : text
    }
    func wrong(_ name: String, _ text: String) -> AnalysisError {
      .input(
        source: "\(table.source):\(table.line(ofRow: row))",
        reason: "column \(name): expected a number, found \"\(text)\"")
    }
    func number(_ name: String, isShare: Bool = true) throws(AnalysisError) -> ReportedNumber? {
      guard let text = try cell(name) else { return nil }
      guard let number = ReportedNumber(text, isShare: isShare) else { throw wrong(name, text) }
      return number
    }
    func count(_ name: String) throws(AnalysisError) -> Int? {
      guard let text = try cell(name) else { return nil }
      guard let count = Int(text.filter { $0 != " " && $0 != "," }), count >= 0 else { throw wrong(name, text) }
      return count
    }
    var result = ReportedResult(try cell("name") ?? "row \(row + 1)")
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
    return result
  }
}
