import Foundation
import Statistics
public import Tables

/// `stats agreement`, `mrmc`, `reader-study`: readers among themselves, and readers under several conditions.
public enum ReaderAnalyses {
  public enum Scale: String, Sendable, CaseIterable { case categories, numbers }

  // MARK: Agreement

  /// Agreement of the readers in `columns` (all columns where none are named), a row a case.
  /// - scale: `categories` gives Cohen's and Fleiss' kappa (weighted too where the categories are numbers), `numbers` the
  ///   intraclass correlations and Kendall's W.
  public static func agreement(_ table: Table, columns names: [String] = [], scale: Scale, level: Double = 0.95)
    throws(AnalysisError) -> AnalysisResult
  {
    let readers = names.isEmpty ? table.columns : names
    guard readers.count >= 2 else {
      throw .input(
        source: table.source, reason: "agreement needs two or more columns of readers, found \(readers.count)")
    }
    return try asAnalysisError(table.source) {
      var result = AnalysisResult("agreement", unit: "reader")
      let cells = try readers.map { try table.column($0) }
      let complete = (0..<table.rowCount).filter { row in cells.allSatisfy { !$0[row].isEmpty } }
      if complete.count < table.rowCount {
        result.notes.append("\(table.rowCount - complete.count) cases that a reader skipped were left out")
      }
      guard complete.count >= 2 else {
        throw AnalysisError.input(
          source: table.source, reason: "fewer than two cases that every reader rated (of \(table.rowCount))")
      }
      result.values["cases"] = .number(Double(complete.count))
      switch scale {
      case .categories: try kappas(readers, complete.map { row in cells.map { $0[row] } }, level, &result)
      case .numbers:
        let numbers = try readers.map { name in try ScoredRows.numbers(table, complete, name) }
        try correlations(complete.indices.map { row in numbers.map { $0[row] } }, level, &result)
      }
      return result
    }
  }

  private static func kappas(
    _ readers: [String], _ ratings: [[String]], _ level: Double, _ result: inout AnalysisResult
  ) throws {
    let areNumbers = ratings.allSatisfy { $0.allSatisfy { Double($0) != nil } }
    var (lines, values): ([[String]], [JSONValue]) = ([], [])
    for first in readers.indices {
      for second in readers.indices where second > first {
        let (a, b) = (ratings.map { $0[first] }, ratings.map { $0[second] })
        let kinds: [(String, Kappa.Weights)] =
          areNumbers
          ? [("kappa", .unweighted), ("linear", .linear), ("quadratic", .quadratic)] : [("kappa", .unweighted)]
        for (name, weights) in kinds {
          do throws(StatisticsError) {
            let kappa =
              areNumbers
              ? try Kappa(a.map { Double($0) ?? .nan }, b.map { Double($0) ?? .nan }, weights: weights, level: level)
              : try Kappa(a, b, weights: weights, level: level)
            values.append(
              .object([
                "a": .text(readers[first]), "b": .text(readers[second]), "weights": .text(name),
                "kappa": .number(kappa.kappa), "interval": kappa.interval.json,
                "observed": .number(kappa.observedAgreement), "p": .number(kappa.test.p),
              ]))
            lines.append(
              [
                "\(readers[first]) - \(readers[second])", name == "kappa" ? "none" : name, Printed.number(kappa.kappa),
                Printed.interval(kappa.interval), Printed.number(kappa.observedAgreement), Printed.p(kappa.test.p),
              ])
          } catch {
            if name == "kappa" { result.notes.append("\(readers[first]) - \(readers[second]): \(error)") }
          }
        }
      }
    }
    result.values["pairs"] = .list(values)
    result.tables.append(
      ResultTable("Cohen's kappa", ["readers", "weights", "kappa", "interval", "observed", "p"], lines))
    guard readers.count > 2 else { return }
    let fleiss = try FleissKappa(ratings: ratings)
    result.values["fleiss"] = .object([
      "kappa": .number(fleiss.kappa), "z": .number(fleiss.test.statistic), "p": .number(fleiss.test.p),
    ])
    result.tables.append(
      ResultTable(
        "Fleiss' kappa of \(readers.count) readers", ["", "kappa", "z", "p"],
        [["all", Printed.number(fleiss.kappa), Printed.number(fleiss.test.statistic, 2), Printed.p(fleiss.test.p)]]))
  }

  private static func correlations(_ ratings: [[Double]], _ level: Double, _ result: inout AnalysisResult) throws {
    let icc = try IntraclassCorrelation(ratings, level: level)
    let forms = [
      ("ICC(1,1)", icc.oneWay), ("ICC(1,k)", icc.oneWayMean), ("ICC(2,1)", icc.agreement),
      ("ICC(2,k)", icc.agreementMean), ("ICC(3,1)", icc.consistency), ("ICC(3,k)", icc.consistencyMean),
    ]
    for (name, form) in forms { result.values[name] = form.estimate.json }
    result.tables.append(
      ResultTable(
        "Intraclass correlation", ["", "value", "interval", "F", "p"],
        forms.map { name, form in
          [
            name, Printed.number(form.estimate.value), Printed.interval(form.estimate.interval),
            Printed.number(form.f, 2),
            Printed.p(form.p),
          ]
        }))
    let kendall = try KendallW(ratings)
    result.values["kendallW"] = .object(["w": .number(kendall.w), "p": .number(kendall.test.p)])
    result.tables.append(
      ResultTable(
        "Kendall's W", ["", "W", "chi-square", "p"],
        [["", Printed.number(kendall.w), Printed.number(kendall.test.statistic, 2), Printed.p(kendall.test.p)]]))
  }
}

extension ScoredRows {
  /// Chosen rows of a column of numbers.
  static func numbers(_ table: Table, _ rows: [Int], _ name: String) throws(AnalysisError) -> [Double] {
    let cells = try asAnalysisError(table.source) { try table.column(name) }
    var numbers: [Double] = []
    for row in rows {
      guard let number = Double(cells[row]), number.isFinite else {
        throw .input(
          source: "\(table.source):\(table.line(ofRow: row))",
          reason: "column \(name): expected a number, found \"\(cells[row])\"")
      }
      numbers.append(number)
    }
    return numbers
  }
}
