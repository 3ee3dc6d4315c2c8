import Foundation
public import Statistics
public import Tables

/// `stats power`: how many readers, cases or rows a study needs.
public enum PowerAnalyses {
  /// What a planned multi-reader study starts from.
  public struct MultiReaderPlan: Sendable {
    public var difference: Double
    public var readers: [Int]
    public var cases: [Int]
    public var power = 0.8
    public var alpha = 0.05

    public init(difference: Double, readers: [Int], cases: [Int]) {
      (self.difference, self.readers, self.cases) = (difference, readers, cases)
    }
  }

  private static let source = "power"

  // MARK: Multi-reader studies

  /// From the variance components of a pilot's table, which every reader read under two or more treatments.
  public static func multiReader(
    pilot table: Table, _ plan: MultiReaderPlan,
    columns: ReaderAnalyses.ReadingColumns = ReaderAnalyses.ReadingColumns(),
    covariance: MultiReaderAnalysis.CovarianceMethod = .jackknife
  ) throws(AnalysisError) -> AnalysisResult {
    let readings = try Readings(table, FoundColumns(table, columns, ratingNeeded: true))
    return try asAnalysisError(table.source) {
      let figures = try ReaderFigures(
        ratings: readings.ratings ?? [], positives: readings.positives, clusters: readings.clusters,
        covariance: covariance)
      let pilot = try MultiReaderAnalysis(figures)
      // Figures vary with the cases they are of: where readers skipped some, with their mean number.
      let cases = figures.cells.reduce(0) { $0 + $1.cases } / figures.cells.count
      let sizing = try MultiReaderSizing(pilot: pilot, cases: cases)
      var result = try multiReader(sizing, plan)
      result.notes.append(
        "variance components of \(readings.readers.count) readers and \(cases) cases: a small pilot gives them poorly; "
          + "the share of positives is taken to stay at "
          + Printed.number(Double(readings.positives.count { $0 }) / Double(readings.positives.count), 2))
      return result
    }
  }

  /// From conjectured components.
  /// - Parameters:
  ///   - auc: mean of the readers; its error variance is Hanley & McNeil's.
  ///   - positiveShare: share of positives among cases.
  ///   - correlations: of two AUCs that share the reader, the treatment, neither.
  public static func multiReader(
    auc: Double, positiveShare: Double, correlations: (Double, Double, Double), treatmentByReader: Double,
    designEffect: Double = 1, _ plan: MultiReaderPlan
  ) throws(AnalysisError) -> AnalysisResult {
    for (name, value) in [("AUC", auc), ("share of positives", positiveShare)] where !(value > 0 && value < 1) {
      throw .input(source: source, reason: "\(name): expected a number between 0 and 1, found \(value)")
    }
    if !(designEffect >= 1) {
      throw .input(source: source, reason: "design effect: expected 1 or more, found \(designEffect)")
    }
    return try asAnalysisError(source) {
      // At a size at which its small-sample terms no longer matter.
      let cases = 1000.0
      let variance =
        designEffect
        * AreaVariance.hanleyMcNeil(auc, positives: cases * positiveShare, negatives: cases * (1 - positiveShare))
      return try multiReader(
        MultiReaderSizing(
          treatmentByReader: treatmentByReader, variance: variance, correlations: correlations, cases: cases), plan)
    }
  }

  private static func multiReader(
    _ sizing: MultiReaderSizing, _ plan: MultiReaderPlan
  ) throws -> AnalysisResult {
    if plan.readers.isEmpty || plan.cases.isEmpty {
      throw AnalysisError.input(source: source, reason: "expected one or more numbers of readers and of cases")
    }
    var result = AnalysisResult("power mrmc", unit: "reader")
    result.values["components"] = .object([
      "treatmentByReader": .number(sizing.treatmentByReader), "variance": .number(sizing.variance),
      "cov1": .number(sizing.covariance1), "cov2": .number(sizing.covariance2), "cov3": .number(sizing.covariance3),
      "cases": .number(sizing.cases),
    ])
    result.values["difference"] = .number(plan.difference)
    for (key, name, kind) in ReaderAnalyses.generalisations {
      var (values, rows): ([JSONValue], [[String]]) = ([], [])
      for readers in plan.readers {
        var row = ["\(readers)"]
        var own: [JSONValue] = []
        for cases in plan.cases {
          let power = try sizing.power(
            difference: plan.difference, readers: readers, cases: cases, kind, alpha: plan.alpha)
          row.append(Printed.number(power))
          own.append(.object(["cases": .number(Double(cases)), "power": .number(power)]))
        }
        let needed = try sizing.cases(
          power: plan.power, difference: plan.difference, readers: readers, kind, alpha: plan.alpha)
        row.append(needed.map(String.init) ?? "none")
        values.append(
          .object([
            "readers": .number(Double(readers)), "grid": .list(own),
            "casesNeeded": needed.map { .number(Double($0)) } ?? .null,
          ]))
        rows.append(row)
      }
      result.values[key] = .list(values)
      result.tables.append(
        ResultTable(
          "Power to find a difference of \(Printed.plain(plan.difference)), generalised \(name)",
          ["readers"] + plan.cases.map { "\($0) cases" } + ["cases for \(Printed.plain(plan.power))"], rows))
    }
    return result
  }

  // MARK: Two AUCs, one AUC

  /// Two AUCs of the same patients (correlations) or of different ones.
  public static func areas(
    _ sizing: AreaSizing, positives: [Int] = [], power: Double = 0.8, alpha: Double = 0.05
  ) throws(AnalysisError) -> AnalysisResult {
    try asAnalysisError(source) {
      var result = AnalysisResult("power auc", unit: "positive")
      var rows: [[String]] = []
      for form in AreaSizing.Variance.allCases {
        let needed = try sizing.positives(power: power, alpha: alpha, variance: form)
        var value: [String: JSONValue] = [
          "positives": .number(Double(needed)),
          "negatives": .number((Double(needed) * sizing.ratio).rounded(.up)),
        ]
        value["power"] = .list(
          try positives.map { count in
            .object([
              "positives": .number(Double(count)),
              "power": .number(try sizing.power(positives: count, alpha: alpha, variance: form)),
            ])
          })
        result.values[form.rawValue] = .object(value)
        rows.append(
          [
            form == .binormal ? "binormal, full delta method" : "Obuchowski & McClish, as pROC", "\(needed)",
            Printed.number((Double(needed) * sizing.ratio).rounded(.up), 0),
          ] + (try positives.map { Printed.number(try sizing.power(positives: $0, alpha: alpha, variance: form)) }))
      }
      result.tables.append(
        ResultTable(
          "AUC \(Printed.plain(sizing.first)) against \(Printed.plain(sizing.second)), power \(Printed.plain(power))",
          ["variance", "positives", "negatives"] + positives.map { "power with \($0)" }, rows))
      if sizing.correlationPositives == 0, sizing.correlationNegatives == 0 {
        result.notes.append("no correlation: different patients, so many in each of the two groups")
      }
      result.notes.append(
        "the variance of Obuchowski & McClish leaves out the covariance of the model's two parameters: it asks for more cases "
          + "than are needed, the more the scores correlate")
      return result
    }
  }

  /// One AUC with an interval of a wanted full width.
  public static func areaWidth(
    _ sizing: AreaSizing, width: Double, level: Double = 0.95
  ) throws(AnalysisError) -> AnalysisResult {
    try asAnalysisError(source) {
      let positives = try sizing.positives(width: width, level: level)
      let negatives = (Double(positives) * sizing.ratio).rounded(.up)
      var result = AnalysisResult("power auc-width", unit: "positive")
      result.values = ["positives": .number(Double(positives)), "negatives": .number(negatives)]
      result.tables.append(
        ResultTable(
          "AUC \(Printed.plain(sizing.first)) with an interval \(Printed.plain(width)) wide (Hanley & McNeil)",
          ["positives", "negatives"], [["\(positives)", Printed.number(negatives, 0)]]))
      return result
    }
  }

  // MARK: Shares

  /// A sensitivity (of positives), specificity (of negatives) or other share with an interval of a wanted full width.
  public static func shareWidth(
    share: Double, width: Double, level: Double = 0.95, designEffect: Double = 1
  ) throws(AnalysisError) -> AnalysisResult {
    try asAnalysisError(source) {
      var result = AnalysisResult("power share-width", unit: "row")
      var rows: [[String]] = []
      for method in ProportionSizing.IntervalMethod.allCases {
        let needed = try ProportionSizing.rows(
          share: share, width: width, method: method, level: level, designEffect: designEffect)
        result.values[method.rawValue] = .number(Double(needed))
        rows.append([method.rawValue, "\(needed)"])
      }
      result.tables.append(
        ResultTable(
          "Rows for a share of \(Printed.plain(share)) with an interval \(Printed.plain(width)) wide on average",
          ["interval", "rows"], rows))
      return result
    }
  }

  /// Two shares of different patients.
  public static func shares(
    first: Double, second: Double, power: Double = 0.8, alpha: Double = 0.05, designEffect: Double = 1
  ) throws(AnalysisError) -> AnalysisResult {
    try asAnalysisError(source) {
      let needed = try ProportionSizing.rows(
        first: first, second: second, power: power, alpha: alpha, designEffect: designEffect)
      var result = AnalysisResult("power shares", unit: "row")
      result.values["rowsInEachGroup"] = .number(Double(needed))
      result.tables.append(
        ResultTable(
          "\(Printed.plain(first)) against \(Printed.plain(second)), power \(Printed.plain(power))",
          ["rows in each group"], [["\(needed)"]]))
      return result
    }
  }

  /// Two calls on the same rows.
  public static func mcNemar(
    _ sizing: McNemarSizing, power: Double = 0.8, alpha: Double = 0.05
  ) throws(AnalysisError) -> AnalysisResult {
    try asAnalysisError(source) {
      let needed = try sizing.rows(power: power, alpha: alpha)
      var result = AnalysisResult("power mcnemar", unit: "row")
      result.values["rows"] = .number(Double(needed))
      var row = ["\(needed)", "n/a"]
      if needed <= 1_000_000 {
        let exact = try sizing.exactPower(rows: needed, alpha: alpha)
        result.values["exactPower"] = .number(exact)
        row[1] = Printed.number(exact)
      }
      result.tables.append(
        ResultTable(
          "McNemar's test, power \(Printed.plain(power)) (Connor 1987)", ["rows", "power of the exact test"], [row]))
      return result
    }
  }
}
