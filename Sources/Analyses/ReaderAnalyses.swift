import Foundation
public import Statistics
public import Tables

/// `stats agreement`, `mrmc`: readers among themselves, and readers under several conditions.
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

  // MARK: Multi-reader, multi-case

  public struct ReadingColumns: Sendable {
    public var reader = "reader"
    public var treatment = "treatment"
    public var caseKey = "case"
    public var truth = "truth"
    public var rating = "rating"

    public init() {}
  }

  /// Obuchowski-Rockette analysis of a long table, a row a reading.
  /// Errors: a case with two truths, a reading given twice, or a design that is not fully crossed (naming the first gap).
  public static func multiReader(
    _ table: Table, _ columns: ReadingColumns, covariance: MultiReaderAnalysis.CovarianceMethod = .delong,
    level: Double = 0.95
  ) throws(AnalysisError) -> AnalysisResult {
    let readings = try Readings(table, columns)
    return try asAnalysisError(table.source) {
      let analysis = try MultiReaderAnalysis(
        ratings: readings.ratings, positives: readings.positives, covariance: covariance, level: level)
      var result = AnalysisResult("mrmc", unit: "reader")
      result.values["readers"] = .list(readings.readers.map(JSONValue.text))
      result.values["treatments"] = .list(readings.treatments.map(JSONValue.text))
      result.values["cases"] = .number(Double(readings.positives.count))
      result.values["auc"] = .object(
        Dictionary(
          uniqueKeysWithValues: zip(readings.treatments, analysis.aucs).map { treatment, aucs in
            (treatment, .object(Dictionary(uniqueKeysWithValues: zip(readings.readers, aucs.map(JSONValue.number)))))
          }))
      result.tables.append(
        ResultTable(
          "AUC", ["reader"] + readings.treatments,
          readings.readers.enumerated().map { place, reader in
            [reader] + analysis.aucs.map { Printed.number($0[place]) }
          } + [["mean"] + analysis.meanAUCs.map { Printed.number($0) }]))
      result.values["components"] = .object([
        "msT": .number(analysis.meanSquareTreatment), "msR": .number(analysis.meanSquareReader),
        "msTR": .number(analysis.meanSquareInteraction), "variance": .number(analysis.variance),
        "cov1": .number(analysis.covariance1), "cov2": .number(analysis.covariance2),
        "cov3": .number(analysis.covariance3),
      ])
      for (key, name, kind) in generalisations { describe(analysis, readings, key, name, kind, &result) }
      return result
    }
  }

  private static let generalisations: [(String, String, MultiReaderAnalysis.Generalisation)] = [
    ("randomReadersRandomCases", "to other readers and other cases", .readersAndCases),
    ("fixedReadersRandomCases", "to other cases, these readers", .casesOnly),
    ("randomReadersFixedCases", "to other readers, these cases", .readersOnly),
  ]

  private static func describe(
    _ analysis: MultiReaderAnalysis, _ readings: Readings, _ key: String, _ name: String,
    _ kind: MultiReaderAnalysis.Generalisation, _ result: inout AnalysisResult
  ) {
    let test = analysis.test(kind)
    let differences = analysis.differences(kind)
    result.values[key] = .object([
      "statistic": .number(test.statistic), "numeratorDegrees": .number(test.numeratorDegrees),
      "denominatorDegrees": .number(test.denominatorDegrees), "p": .number(test.p),
      "differences": .list(
        differences.map {
          .object([
            "a": .text(readings.treatments[$0.first]), "b": .text(readings.treatments[$0.second]),
            "difference": $0.estimate.json, "standardError": .number($0.standardError), "p": .number($0.p),
          ])
        }),
    ])
    let form =
      kind == .casesOnly
      ? "chi-square(\(Printed.plain(test.numeratorDegrees)))"
      : "F(\(Printed.plain(test.numeratorDegrees)), \(Printed.plain(test.denominatorDegrees)))"
    result.tables.append(
      ResultTable(
        "Generalised \(name): \(form) = \(Printed.plain(test.statistic)), p = \(Printed.p(test.p))",
        ["", "difference", "interval", "SE", "p"],
        differences.map {
          [
            "\(readings.treatments[$0.first]) - \(readings.treatments[$0.second])",
            Printed.number($0.estimate.value, 4),
            Printed.interval($0.estimate.interval, 4), Printed.number($0.standardError, 4), Printed.p($0.p),
          ]
        }))
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
