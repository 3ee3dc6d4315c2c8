import Foundation
import Statistics
public import Tables

/// `stats agreement`, `mrmc`, `reader-study`: readers among themselves, and readers under several conditions.
public enum ReaderAnalyses {
  public enum Scale: String, Sendable, CaseIterable { case categories, numbers }

  // MARK: Agreement

  /// Agreement of the readers in `columns` (all columns where none are named), a row a case. Empty cells, NA and NaN are cases
  /// a reader skipped: Cohen's kappa uses the cases both read, Fleiss' all ratings there are, the rest complete cases.
  /// - scale: `categories` gives Cohen's and Fleiss' kappa (weighted too where the categories are numbers) and the majority
  ///   vote, `numbers` the intraclass correlations and Kendall's W; nil gives both where every rating is a number.
  /// - truth: column of the truth, against which the vote is then judged; ratings must be calls.
  public static func agreement(
    _ table: Table, columns names: [String] = [], scale: Scale? = nil, truth: String? = nil, level: Double = 0.95
  ) throws(AnalysisError) -> AnalysisResult {
    let readers = names.isEmpty ? table.columns.filter { $0 != truth } : names
    guard readers.count >= 2 else {
      throw .input(
        source: table.source, reason: "agreement needs two or more columns of readers, found \(readers.count)")
    }
    return try asAnalysisError(table.source) {
      var result = AnalysisResult("agreement", unit: "reader")
      let long = LongTable(table)
      let cells = try readers.map { try long.present($0) }
      let complete = (0..<table.rowCount).filter { row in cells.allSatisfy { $0[row] != nil } }
      if complete.count < table.rowCount {
        result.notes.append(
          "\(table.rowCount - complete.count) of \(table.rowCount) cases lack a reader: Cohen's kappa is of the cases both "
            + "read, Fleiss' of all ratings, intraclass correlations and Kendall's W of the \(complete.count) complete cases"
        )
      }
      result.values["cases"] = .number(Double(complete.count))
      let areNumbers = cells.allSatisfy { $0.allSatisfy { $0.map { Double($0)?.isFinite ?? false } ?? true } }
      if scale != .numbers {
        try kappas(table.source, readers, cells, areNumbers, level, &result)
        try votes(table, readers, cells, truth, level, &result)
      }
      if scale == .numbers || (scale == nil && areNumbers) {
        guard complete.count >= 2 else {
          throw AnalysisError.input(
            source: table.source, reason: "fewer than two cases that every reader rated (of \(table.rowCount))")
        }
        let numbers = try readers.map { name in try ScoredRows.numbers(table, complete, name) }
        do throws(StatisticsError) {
          try correlations(complete.indices.map { row in numbers.map { $0[row] } }, level, &result)
        } catch {
          if scale == .numbers { throw error }
          result.notes.append("intraclass correlation: \(error)")
        }
      }
      return result
    }
  }

  private static func kappas(
    _ source: String, _ readers: [String], _ cells: [[String?]], _ areNumbers: Bool, _ level: Double,
    _ result: inout AnalysisResult
  ) throws {
    var (lines, values): ([[String]], [JSONValue]) = ([], [])
    for first in readers.indices {
      for second in readers.indices where second > first {
        let both = zip(cells[first], cells[second]).compactMap { a, b in a.flatMap { a in b.map { (a, $0) } } }
        let kinds: [(String, Kappa.Weights)] =
          areNumbers
          ? [("kappa", .unweighted), ("linear", .linear), ("quadratic", .quadratic)] : [("kappa", .unweighted)]
        for (name, weights) in kinds {
          do throws(StatisticsError) {
            let kappa =
              areNumbers
              ? try Kappa(
                both.map { Double($0.0) ?? .nan }, both.map { Double($0.1) ?? .nan }, weights: weights, level: level)
              : try Kappa(both.map(\.0), both.map(\.1), weights: weights, level: level)
            values.append(
              .object([
                "a": .text(readers[first]), "b": .text(readers[second]), "weights": .text(name),
                "kappa": .number(kappa.kappa), "interval": kappa.interval.json, "cases": .number(Double(both.count)),
                "observed": .number(kappa.observedAgreement), "p": .number(kappa.test.p),
              ]))
            lines.append(
              [
                "\(readers[first]) - \(readers[second])", name == "kappa" ? "none" : name, "\(both.count)",
                Printed.number(kappa.kappa), Printed.interval(kappa.interval),
                Printed.number(kappa.observedAgreement), Printed.p(kappa.test.p),
              ])
          } catch {
            if name == "kappa" { result.notes.append("\(readers[first]) - \(readers[second]): \(error)") }
          }
        }
      }
    }
    result.values["pairs"] = .list(values)
    if !lines.isEmpty {
      result.tables.append(
        ResultTable("Cohen's kappa", ["readers", "weights", "cases", "kappa", "interval", "observed", "p"], lines))
    }
    guard readers.count > 2 else {
      if lines.isEmpty {
        throw AnalysisError.input(source: source, reason: result.notes.last ?? "no kappa is defined")
      }
      return
    }
    try fleiss(readers.count, cells, level, &result)
  }

  /// Kappa with Gwet's interval; the test of no agreement where nothing is missing.
  private static func fleiss(
    _ readers: Int, _ cells: [[String?]], _ level: Double, _ result: inout AnalysisResult
  ) throws {
    let objects = cells[0].indices.map { row in cells.map { $0[row] } }
    let kappa = try FleissVariance(ratings: objects, level: level)
    let complete = objects.compactMap { object in object.contains(nil) ? nil : object.compactMap { $0 } }
    let test = complete.count == objects.count ? try FleissKappa(ratings: complete).test : nil
    result.values["fleiss"] = .object([
      "kappa": .number(kappa.kappa), "interval": kappa.interval.json, "standardError": .number(kappa.standardError),
      "cases": .number(Double(kappa.objectsCompared)), "z": test.map { .number($0.statistic) } ?? .null,
      "p": test.map { .number($0.p) } ?? .null,
    ])
    result.tables.append(
      ResultTable(
        "Fleiss' kappa of \(readers) readers", ["", "cases", "kappa", "interval", "z", "p"],
        [
          [
            "all", "\(kappa.objectsCompared)", Printed.number(kappa.kappa), Printed.interval(kappa.interval),
            test.map { Printed.number($0.statistic, 2) } ?? "n/a", test.map { Printed.p($0.p) } ?? "n/a",
          ]
        ]))
  }

  /// The most frequent category of each case, and its figures against a truth.
  private static func votes(
    _ table: Table, _ readers: [String], _ cells: [[String?]], _ truth: String?, _ level: Double,
    _ result: inout AnalysisResult
  ) throws {
    var (decided, ties): ([String: Int], [Int]) = ([:], [])
    for row in 0..<table.rowCount {
      var counts: [String: Int] = [:]
      for reader in cells { if let cell = reader[row] { counts[cell, default: 0] += 1 } }
      guard let most = counts.values.max() else { continue }
      let first = counts.filter { $0.value == most }.keys.sorted()
      if first.count > 1 { ties.append(row) } else { decided[first[0], default: 0] += 1 }
    }
    var value: [String: JSONValue] = [
      "decided": .object(decided.mapValues { .number(Double($0)) }),
      "tiedLines": .list(ties.map { .number(Double(table.line(ofRow: $0))) }),
    ]
    result.tables.append(
      ResultTable(
        "Majority vote", ["category", "cases"],
        decided.sorted { $0.key < $1.key }.map { [$0.key, "\($0.value)"] } + [["tied", "\(ties.count)"]]))
    if let truth {
      let calls = try readers.map { try LongTable(table).flags($0) }
      let vote = try MajorityVote(calls, positives: ScoredRows.flags(table, truth))
      let figures = [
        ("sensitivity", vote.matrix.sensitivity(level: level)), ("specificity", vote.matrix.specificity(level: level)),
        ("accuracy", vote.matrix.accuracy(level: level)),
      ]
      for (name, estimate) in figures { value[name] = estimate.json }
      result.tables.append(
        ResultTable(
          "Majority vote against \(truth), \(vote.matrix.total) decided cases", ["", "value", "interval"],
          figures.map { [$0.0, Printed.number($0.1.value), Printed.interval($0.1.interval)] }))
    }
    if !ties.isEmpty {
      result.notes.append(
        "votes tied: \(ties.count), in lines "
          + ties.prefix(8).map { "\(table.line(ofRow: $0))" }.joined(separator: ", ") + (ties.count > 8 ? ", ..." : ""))
    }
    result.values["majorityVote"] = .object(value)
  }

  private static func correlations(
    _ ratings: [[Double]], _ level: Double, _ result: inout AnalysisResult
  ) throws(StatisticsError) {
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
