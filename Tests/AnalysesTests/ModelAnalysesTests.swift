import Foundation
import Statistics
import Tables
import Testing

@testable import Analyses

@Suite struct ModelAnalysesTests {
  /// 120 lesions, two of each patient, with gaps.
  private static func table() throws -> Table {
    var random = SplitMix64(seed: 11)
    let stages = ["none", "HBV", "HCV", "both"]
    var rows: [[String]] = []
    for row in 0..<120 {
      let age = 20 + (60 * random.uniform()).rounded()
      let stage = Int(random.uniform() * 4)
      let male = random.uniform() < 0.5
      let p = 1 / (1 + exp(3 - 0.03 * age - 0.6 * Double(stage) - (male ? 0.8 : 0)))
      let positive = random.uniform() < p
      let (gap, hole) = (random.uniform() < 0.15, random.uniform() < 0.1)
      rows.append([
        "p\(row / 2)", "l\(row)", "\(row / 2 % 4)", positive ? "1" : "0", gap ? "NA" : "\(age)", stages[stage],
        hole ? "" : male ? "m" : "f", positive ? "9" : "1", "5", row == 3 ? "large" : "2", "\(p)",
        "\(0.2 + 0.6 * random.uniform())",
      ])
    }
    return try Table(
      columns: [
        "patient", "lesion", "fold", "label", "age", "hepatitis", "sex", "apart", "flat", "text", "score", "other",
      ], rows: rows, source: "t.csv")
  }

  private static let ordered = "hepatitis~ordered(none|HBV|HCV|both)"

  private func logistic(
    _ variables: String, _ change: (inout ModelAnalyses.LogisticOptions) -> Void = { _ in }
  ) throws -> AnalysisResult {
    var options = ModelAnalyses.LogisticOptions()
    change(&options)
    return try ModelAnalyses.logistic(
      try Self.table(), label: "label", variables: try ModelAnalyses.Variable.list(variables),
      options: options)
  }

  private func names(_ result: AnalysisResult, _ key: String = "multivariable") -> [String] {
    (result.values[key]?.list ?? []).compactMap { $0["name"]?.string }
  }

  // MARK: Variables

  @Test func variablesAreRead() throws {
    let list = try ModelAnalyses.Variable.list("age~spline5, sex:f,\(Self.ordered),score,age2~spline,g~steps(a|b, c)")
    #expect(list.map(\.column) == ["age", "sex", "hepatitis", "score", "age2", "g"])
    #expect(
      list.map(\.form) == [
        .spline(knots: 5), .factor(reference: "f"), .ordered(levels: ["none", "HBV", "HCV", "both"], .scores), .number,
        .spline(knots: 4), .ordered(levels: ["a", "b, c"], .steps),
      ])
  }

  @Test(arguments: [
    "age~spline2", "age~spline8", "age~cubic", "age~ordered(a)", "age~ordered(a|a)", "age~steps(a||b)", "~spline", ":f",
    "sex:",
    "age,age~spline",
  ])
  func badVariablesAreRefused(text: String) {
    #expect(throws: AnalysisError.self) { try ModelAnalyses.Variable.list(text) }
  }

  // MARK: Logistic

  @Test func completeCasesHaveWaldAndProfileIntervalsAndJointTests() throws {
    let result = try logistic("age~spline3,sex:f,\(Self.ordered)")
    #expect(names(result) == ["(Intercept)", "age", "age'", "sex=m", "hepatitis"])
    let row = try #require(result.values["multivariable"]?.list.last)
    let (wald, profile) = (try #require(row["oddsRatio"]), try #require(row["profile"]))
    let (low, high) = (try #require(wald["lower"]?.number), try #require(profile["lower"]?.number))
    #expect(low > 0 && abs(log(low) - log(high)) < 0.3 && low != high)
    let tests = result.values["tests"]?.list ?? []
    #expect(tests.compactMap { $0["term"]?.string } == ["age", "sex", "hepatitis"])
    #expect(tests[0]["nonlinearity"]?["degrees"]?.number == 1 && tests[1]["nonlinearity"] == .null)
    #expect(result.notes.contains { $0.contains("left out") })
    #expect(result.notes.contains { $0.hasPrefix("age: restricted cubic spline with knots at ") })
    #expect(result.values["n"]?.number.map { $0 < 120 } == true)
  }

  @Test func missingValuesBecomeALevel() throws {
    let result = try logistic("age,sex:f,\(Self.ordered)") { $0.missing = .level }
    #expect(names(result) == ["(Intercept)", "age", "age=missing", "sex=m", "sex=missing", "hepatitis"])
    #expect(result.values["n"]?.number == 120)
    #expect(result.notes.contains { $0.contains("age 15") || $0.contains("level of their own") })
  }

  @Test func missingValuesAreImputed() throws {
    func run(_ seed: UInt64) throws -> AnalysisResult {
      try logistic("age,sex:f,\(Self.ordered)") {
        ($0.missing, $0.alpha) = (.impute, 0.9)
        ($0.imputation.imputations, $0.imputation.iterations, $0.imputation.seed) = (4, 2, seed)
      }
    }
    let result = try run(1)
    #expect(names(result) == ["(Intercept)", "age", "sex=m", "hepatitis"])
    #expect(result.values["n"]?.number == 120 && result.values["imputations"]?.number == 4)
    for row in result.values["multivariable"]?.list ?? [] {
      #expect(row["missingInformation"]?.number.map { (0...1).contains($0) } == true)
      #expect(row["profile"] == nil)
    }
    #expect(result.notes.contains { $0.contains("Rubin") })
    #expect(try run(1).values == result.values)
    #expect(try run(2).values != result.values)
  }

  @Test func clustersAreSaid() throws {
    let result = try logistic("score") { $0.cluster = "patient" }
    #expect(result.values["clusters"]?.number == 60)
    #expect(result.notes.contains { $0.contains("60 clusters") })
    #expect(throws: AnalysisError.self) { try logistic("score") { $0.cluster = "nobody" } }
  }

  @Test func separationIsSaid() throws {
    let result = try logistic("apart,score") { $0.validate = 20 }
    #expect(result.values["separation"] == .text("complete") && result.values["method"] == .text("Firth"))
    #expect(result.notes.contains { $0.contains("separate the classes") })
    #expect(names(result, "firth") == names(result))
    for row in result.values["firth"]?.list ?? [] { #expect(row["beta"]?.number?.isFinite == true) }
  }

  /// Screening goes on where one variable separates, with its penalised test.
  @Test func screeningSurvivesSeparation() throws {
    let result = try logistic("apart,other,score") { $0.alpha = 0.05 }
    let selected = (result.values["selected"]?.list ?? []).compactMap(\.string)
    #expect(selected.contains("apart") && selected.contains("score"))
    #expect(result.tables.count == 4)
    #expect(result.notes.contains { $0.contains("by itself apart") })
  }

  @Test func optimismIsCorrected() throws {
    let result = try logistic("age,sex:f,other") { $0.validate = 30 }
    let auc = try #require(result.values["validation"]?["auc"])
    #expect(try #require(auc["corrected"]?.number) < (try #require(auc["apparent"]?.number)))
  }

  @Test(arguments: [
    ("flat,score", "column flat is constant"), ("text,score", "t.csv:5: column text"), ("nowhere", "nowhere"),
    ("sex:x", "one of f, m"), ("hepatitis~ordered(none|HBV)", "one of none, HBV"), ("flat~spline", "column flat"),
    ("", "no variable"),
  ])
  func badInputIsNamed(variables: String, expected: String) {
    let error = #expect(throws: AnalysisError.self) { try logistic(variables) }
    #expect(error?.description.contains(expected) == true, "\(error.map { "\($0)" } ?? "")")
  }

  @Test func fewRowsAndEmptyColumnsAreNamed() throws {
    let small = try Table(
      columns: ["label", "x", "g", "e"],
      rows: [["1", "2", "a", ""], ["0", "4", "b", ""], ["1", "1", "c", "NA"], ["0", "3", "a", ""]], source: "s.csv")
    func run(_ text: String, _ missing: ModelAnalyses.Missing = .complete) throws {
      var options = ModelAnalyses.LogisticOptions()
      options.missing = missing
      _ = try ModelAnalyses.logistic(
        small, label: "label", variables: try ModelAnalyses.Variable.list(text), options: options)
    }
    let few = #expect(throws: AnalysisError.self) { try run("x,g:a") }
    #expect(few?.description.contains("rows for 4 coefficients: expected at least 5, found 4") == true)
    let empty = #expect(throws: AnalysisError.self) { try run("e") }
    #expect(empty?.description.contains("every row has an empty cell") == true)
    #expect(throws: AnalysisError.self) { try run("x,e", .impute) }
    #expect(throws: AnalysisError.self) { try run("x,e", .level) }
  }

  @Test func aThinLevelIsSaid() throws {
    let table = try Self.table()
    let first = table.keeping(rows: Array(0..<60))
    let levels = (0..<60).map { $0 == 7 ? "rare" : "usual" }
    let rows = try zip(zip(first.column("label"), first.column("score")), levels).map { [$0.0, $0.1, $1] }
    let result = try ModelAnalyses.logistic(
      try Table(columns: ["label", "score", "kind"], rows: rows, source: "k.csv"), label: "label",
      variables: try ModelAnalyses.Variable.list("score,kind:usual"))
    #expect(result.values["separation"] == .text("quasi"))
    #expect(result.notes.contains("kind=rare: 1 row, all of one class"))
  }

  // MARK: Nomogram

  @Test func theNomogramCarriesItsFormula() throws {
    var options = ModelAnalyses.NomogramOptions()
    (options.missing, options.units, options.labels) = (.level, ["age": "years"], ["hepatitis": "Viral hepatitis"])
    let result = try ModelAnalyses.nomogram(
      try Self.table(), label: "label",
      variables: try ModelAnalyses.Variable.list("age~spline3,sex:f,\(Self.ordered)"), options: options)
    let formula = try JSONDecoder().decode(
      PredictionFormula.self, from: try JSONEncoder().encode(try #require(result.values["formula"])))
    #expect(formula.terms.map(\.name) == ["age", "sex", "hepatitis"])
    #expect(formula.terms[0].unit == "years" && formula.terms[2].label == "Viral hepatitis")
    let axes = try #require(result.values["axes"]).object
    func points(_ axis: String, _ value: String) throws -> Double {
      try #require(axes[axis]?.list.first { $0["value"]?.string == value }?["points"]?.number)
    }
    let total = try points("age", "missing") + points("sex", "m") + points("hepatitis", "HCV")
    let (base, perUnit) = (
      try #require(result.values["base"]?.number), try #require(result.values["pointsPerUnit"]?.number)
    )
    let logOdds = try formula.logOdds(["sex": .level("m"), "hepatitis": .level("HCV")])
    #expect(abs(base + total / perUnit - logOdds) < 1e-9)
    options.units = ["weight": "kg"]
    #expect(throws: AnalysisError.self) {
      try ModelAnalyses.nomogram(
        try Self.table(), label: "label", variables: try ModelAnalyses.Variable.list("age"), options: options)
    }
  }

  // MARK: Decision curve

  private func curve(
    _ scores: [String], _ change: (inout ModelAnalyses.DecisionCurveOptions) -> Void = { _ in }
  ) throws -> AnalysisResult {
    var options = ModelAnalyses.DecisionCurveOptions()
    (options.thresholds, options.resamples) = ([0.1, 0.3, 0.5], 200)
    change(&options)
    return try ModelAnalyses.decisionCurve(
      try Self.table(), ScoredRows.Columns(), scores: scores, unit: .lesion, options: options)
  }

  @Test func severalScoresAreCompared() throws {
    let result = try curve(["score", "other"])
    #expect(result.values["models"]?.list.count == 2 && result.values["patients"]?.number == 60)
    let difference = try #require(result.values["differences"]?.list.first)
    #expect(difference["first"] == .text("score") && difference["points"]?.list.count == 3)
    #expect(difference["points"]?.list[2]["difference"]?["lower"]?.number != nil)
    #expect(result.tables.count == 3)
    #expect(result.notes.contains { $0.contains("200 resamples of 60 patients") })
    #expect(throws: AnalysisError.self) { try curve(["score", "score"]) }
    #expect(throws: AnalysisError.self) { try curve([]) }
  }

  @Test func foldsArePooledAndSpread() throws {
    let plain = try curve(["score"])
    let folded = try curve(["score"]) { $0.fold = "fold" }
    #expect(plain.values["points"] == folded.values["points"])
    let folds = try #require(folded.values["models"]?.list.first?["folds"])
    #expect(folds["folds"]?.list.count == 4 && folds["mean"]?.list.count == 3)
    #expect(!folded.notes.contains { $0.contains("in more than one fold") })
    #expect(throws: AnalysisError.self) { try curve(["score"]) { $0.fold = "nowhere" } }
  }

  @Test(arguments: [0.0, 1, -1, 2])
  func thresholdsOutsideAreNamed(threshold: Double) {
    let error = #expect(throws: AnalysisError.self) { try curve(["score"]) { $0.thresholds = [0.5, threshold] } }
    #expect(error?.description.contains("threshold: expected a number between 0 and 1") == true)
  }

  @Test func whatIsNoProbabilityIsNamed() {
    #expect(throws: AnalysisError.self) { try curve(["apart"]) }
    let text = #expect(throws: AnalysisError.self) { try curve(["text"]) }
    #expect(text?.description.contains("t.csv:5") == true)
  }
}
