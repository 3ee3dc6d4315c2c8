import Cohort
import Figures
import Foundation
import Statistics
import Tables
import Testing
import Ultrasound

@testable import Evaluation

/// Two models of one run, the second with one row a lesion.
struct TwoModelsTests {
  /// The network's rows and, a row a lesion, a second model that knows a little more.
  static func predictions(_ study: Study) -> [Prediction] {
    var random = Seeded(state: 5)
    var rows: [Prediction] = []
    for (_, ofFold) in Dictionary(grouping: study.predictions, by: \.fold).sorted(by: { $0.key < $1.key }) {
      for (_, images) in Dictionary(grouping: ofFold, by: \.lesion).sorted(by: { $0.key < $1.key }) {
        var row = images[0]
        let mean = images.reduce(0) { $0 + $1.score } / Double(images.count)
        let further = (row.label == .malignant ? 0.8 : -0.8) + random.normal()
        row.model += "+clinical"
        row.score = 1 / (1 + exp(-log(mean / (1 - mean)) - further))
        row.extra["images"] = String(images.count)
        rows.append(row)
      }
    }
    return study.predictions + rows
  }

  @Test func rowsOfLesionsSayNothingOfImages() throws {
    let study = Study()
    let metrics = try Evaluator.metrics(of: Self.predictions(study))
    let units = metrics.sections.map { $0.units.map(\.unit) }
    #expect(units == [[.lesion, .image, .patient], [.lesion, .patient]])
    #expect(metrics.sections[0][.lesion]?.count == metrics.sections[1][.lesion]?.count)
    // The second model changes nothing of the first's.
    let alone = try Evaluator.metrics(of: study.predictions)
    #expect(metrics.sections[0] == alone.sections[0] && alone.comparisons.isEmpty)
  }

  @Test func modelsAreComparedOnTheSameLesions() throws {
    let study = Study(external: 60)
    let predictions = Self.predictions(study)
    let metrics = try Evaluator.metrics(of: predictions)
    #expect(metrics.comparisons.map(\.split) == ["internal-test", "external-test"])
    for comparison in metrics.comparisons {
      let sections = metrics.sections.filter { $0.split == comparison.split }.compactMap {
        $0[.lesion]?.pooledAUC?.value
      }
      #expect(abs(comparison.firstAUC - sections[0]) < 1e-12 && abs(comparison.secondAUC - sections[1]) < 1e-12)
      #expect(abs(comparison.difference - (sections[1] - sections[0])) < 1e-12)
      let interval = try #require(comparison.interval)
      #expect(interval.lower < comparison.difference && comparison.difference < interval.upper)
      #expect(comparison.count > comparison.patients && interval.method.contains("clustered"))
    }
    // The same as the test itself, lesion by lesion.
    let lesions = try [false, true].map { combined in
      try Grouping.rows(
        predictions.filter { $0.split == "internal-test" && $0.model.hasSuffix("+clinical") == combined }, unit: .lesion
      ).sorted { $0.name < $1.name }
    }
    #expect(lesions[0].map(\.name) == lesions[1].map(\.name))
    let direct = try DeLongTest.pairedClustered(
      lesions[1].map(\.score), lesions[0].map(\.score), positives: lesions[0].map(\.isMalignant),
      clusters: lesions[0].map(\.patient))
    #expect(abs((metrics.comparisons[0].p ?? .nan) - direct.p) < 1e-9)
  }

  @Test func onlyLesionsOfBothAreCompared() throws {
    let study = Study()
    let all = Self.predictions(study)
    let fewer = all.filter { !$0.model.hasSuffix("+clinical") || !$0.lesion.hasSuffix("7-0") }
    let comparison = try #require(try Evaluator.metrics(of: fewer).comparisons.first)
    let lost = Set(study.predictions.map(\.lesion)).count { $0.hasSuffix("7-0") }
    #expect(lost > 0)
    #expect(try Evaluator.metrics(of: all).comparisons.first?.count == comparison.count + lost)
  }

  @Test func equalPerfectModelsHaveADifferenceWithoutATest() throws {
    let one = (0..<6).map { row("\($0)", $0 < 3 ? .benign : .malignant, Double($0) / 10) }
    let other = one.map { row in
      var row = row
      row.model = "other"
      return row
    }
    let comparison = try #require(try Evaluator.metrics(of: one + other).comparisons.first)
    #expect(comparison.difference == 0 && comparison.p == nil && comparison.interval == nil)
  }

  /// Four models of the same lesions: six pairs a part, adjusted together, each part by itself.
  @Test func everyPairIsTestedAndAdjusted() throws {
    let base = Study(patients: 90, external: 40).predictions
    var random = Seeded(state: 11)
    let models = ["a", "b", "c", "d"].enumerated().flatMap { place, name in
      base.map { row in
        var row = row
        row.model = name
        let noise = Double(place) * 0.5 * random.normal()
        row.score = 1 / (1 + exp(-log(row.score / (1 - row.score)) - noise))
        return row
      }
    }
    let comparisons = try Evaluator.metrics(of: models).comparisons
    #expect(comparisons.count == 12)
    for split in ["internal-test", "external-test"] {
      let part = comparisons.filter { $0.split == split }
      #expect(Set(part.map { "\($0.first)\($0.second)" }) == ["ab", "ac", "ad", "bc", "bd", "cd"])
      let adjusted = try Multiplicity.holm(part.map { try #require($0.p) })
      #expect(part.map(\.holmP) == adjusted)
    }
    try withFolder { folder in
      try Report.write(ReportInput(title: "T", predictions: models), to: folder)
      let matrix = try Table(contentsOf: folder.appendingPathComponent("tables/model-matrix-internal-test.csv"))
      #expect(matrix.columns == ["Model", "1", "2", "3", "4"])
      let first = try #require(comparisons.first { $0.split == "internal-test" && $0.first == "a" && $0.second == "d" })
      #expect(try Double(#require(matrix.column("4").first)) == (-first.difference * 1000).rounded() / 1000)
      #expect(try matrix.column("1").last == Text.pValue(#require(first.holmP)))
    }
  }

  @Test func theReportShowsTheCombinedModel() throws {
    try withFolder { folder in
      try Data(Self.record.utf8).write(to: folder.appendingPathComponent("combination.json"))
      try PredictionTable.write(
        Self.predictions(Study()), to: folder.appendingPathComponent("predictions.csv"))
      let input = try ReportInput(runFolder: folder)
      try Report.write(input, to: folder)
      let page = try String(contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
      for text in [
        "with clinical factors", "network score (per logit)", "2.72 (1.50 to 4.93)", "halo", "not fitted: separates",
        "18.39 (9.92 to 34.08)", "1 of 2", "AUC difference", "Nomogram in points", "0.5: 37", "fold 1: few",
      ] {
        #expect(page.contains(text), "\(text)")
      }
      try Data("{}".utf8).write(to: folder.appendingPathComponent("combination.json"))
      #expect { try ReportInput(runFolder: folder) } throws: { "\($0)".contains("combination.json") }
    }
  }

  /// As training writes it.
  static let record = """
    {"schema": "insonate-combination-1", "notice": "", "model": "m+clinical",
     "settings": {"factors": [], "missing": "level", "screening": "multivariable", "alpha": 0.05, "score": "logit",
       "penalty": "none", "fittedOn": "out-of-fold"},
     "folds": [\(model(kept: true)), \(model(kept: false))], "allFolds": \(model(kept: true)),
     "nomogram": {"pointsPerUnit": 10, "base": -1, "totals": [{"probability": 0.5, "points": 80}],
       "axes": [{"term": "network score", "marks": [{"label": "0.5", "value": 0.5, "points": 37.2}]}]}}
    """

  private static func model(kept: Bool) -> String {
    let intercept = coefficient("(Intercept)", "1", "0.5", "2")
    let score = coefficient("network score", "2.7183", "1.4988", "4.9301")
    let halo = coefficient("halo", "18.389", "9.921", "34.084")
    func regression(_ terms: String...) -> String {
      let all = ([intercept] + terms).joined(separator: ", ")
      return #"{"method": "maximum-likelihood", "factors": [], "coefficients": [\#(all)]}"#
    }
    return """
      {"lesions": 90, "malignant": 40, "patients": 80, "scoreCoding": "logit", "scoreRange": [0.1, 0.9],
       "dropping": false,
       "codings": [], "kept": [\(kept ? "\"halo\"" : "")], "warnings": ["fold 1: few"],
       "univariate": [{"factor": "network score", "regression": \(regression(score))},
         {"factor": "halo", "regression": \(regression(halo))},
         {"factor": "satellite", "reason": "separates the classes"}],
       "multivariable": \(regression(halo)), "combined": \(kept ? regression(score, halo) : regression(score))}
      """
  }

  private static func coefficient(_ name: String, _ value: String, _ lower: String, _ upper: String) -> String {
    #"""
    {"name": "\#(name)", "value": 0, "standardError": 1, "p": 0.0004,
     "oddsRatio": {"value": \#(value), "interval": {"lower": \#(lower), "upper": \#(upper), "level": 0.95}}}
    """#
  }
}
