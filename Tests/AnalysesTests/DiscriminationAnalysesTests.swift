import Foundation
import Statistics
import Tables
import Testing

@testable import Analyses

/// `stats roc`, `compare`, `threshold`, `clusters` on tables drawn with a seed.
struct DiscriminationAnalysesTests {
  /// Four sites of 20 patients with one or two lesions of three images each, a site E of three patients, two scores.
  private static let table: Table = {
    var random = SplitMix64(seed: 5)
    var lines = ["site,patient,lesion,image,label,score,other"]
    var image = 0
    for site in ["A", "B", "C", "D", "E"] {
      for patient in 0..<(site == "E" ? 3 : 20) {
        let positive = patient % 3 == 0
        let own = random.uniform()
        for lesion in 0...patient % 2 {
          for _ in 0..<3 {
            image += 1
            let (first, second) = (random.uniform(), random.uniform())
            let score = (own + first + (positive ? 0.9 : 0)) / 3
            let other = (own + second + (positive ? 0.5 : 0)) / 3
            lines.append("\(site),\(site)\(patient),\(lesion),i\(image),\(positive ? 1 : 0),\(score),\(other)")
          }
        }
      }
    }
    guard let table = try? Table(csv: lines.joined(separator: "\n"), source: "t.csv") else {
      fatalError("the drawn table is a table")
    }
    return table
  }()

  private let columns = ScoredRows.Columns()
  private var table: Table { Self.table }

  private func number(_ value: JSONValue?, _ path: String...) -> Double {
    path.reduce(value) { $0?[$1] }?.number ?? .nan
  }

  @Test func oneCallGivesEveryUnit() throws {
    let result = try DiscriminationAnalyses.clusters(table, columns, cutOff: 0.5)
    for unit in ScoredRows.Unit.allCases {
      let rows = try ScoredRows(table, columns).by(unit)
      let values = result.values[unit.rawValue]
      let delong = try DeLong(scores: rows.scores, positives: rows.positives)
      #expect(number(values, "auc") == delong.auc)
      #expect(number(values, "independent", "lower") == delong.wald().lower)
      let matrix = try ConfusionMatrix(scores: rows.scores, positives: rows.positives, cutOff: 0.5)
      for (name, wilson) in [
        ("sensitivity", matrix.sensitivity), ("specificity", matrix.specificity), ("ppv", matrix.ppv),
        ("npv", matrix.npv), ("accuracy", matrix.accuracy),
      ] {
        #expect(number(values, name, "value") == wilson.value)
        #expect(number(values, name, "lower") == wilson.interval?.lower)
        #expect((values?[name]?["clustered"] != nil) == (unit != .patient), "\(unit) \(name)")
      }
      guard unit != .patient else { continue }
      let clustered = try ClusteredAUC(scores: rows.scores, positives: rows.positives, clusters: rows.patients)
      #expect(number(values, "clustered", "upper") == clustered.wald().upper)
      #expect(abs(number(values, "designEffect") - clustered.variance / delong.variance) < 1e-12)
    }
    #expect(number(result.values["image"], "designEffect") > 1.3)
  }

  @Test func theSiteIsAUnitToo() throws {
    let result = try DiscriminationAnalyses.clusters(table, columns)
    #expect(result.values["sites"]?.object.keys.sorted() == ["A", "B", "C", "D", "E"])
    let (site, random) = (result.values["site"], result.values["site"]?["randomEffects"])
    #expect(number(site, "n") >= 4)
    #expect(number(random, "lower") < number(random, "value") && number(random, "value") < number(random, "upper"))
    #expect(number(random, "prediction", "lower") < number(random, "lower"))
    #expect((0...1).contains(number(random, "iSquared")))
    #expect(result.notes.contains { $0.contains("site E: 1 positive and 3 negative") }, "\(result.notes)")
    #expect(result.notes.contains { $0.contains("Youden") })
    #expect(result.tables.last?.rows.contains { $0[0].contains("prediction") } == true)
  }

  @Test func aBootstrapDrawsPatientsWhereTheyRepeat() throws {
    var resampling = Resampling()
    resampling.resamples = 200
    func bootstrap(_ unit: ScoredRows.Unit) throws -> JSONValue? {
      try DiscriminationAnalyses.roc(table, columns, unit: unit, resampling: resampling).values["bootstrap"]
    }
    #expect(try bootstrap(.image)?["draws"] == .text("patients"))
    #expect(try bootstrap(.patient)?["draws"] == .text("rows"))
    #expect(try bootstrap(.image) == bootstrap(.image))
    resampling.method = .bca
    let rows = try ScoredRows(table, columns).by(.image)
    let expected = try ClusterBootstrap.curve(
      scores: rows.scores, positives: rows.positives, clusters: rows.patients, resamples: 200)
    #expect(try number(bootstrap(.image), "lower") == expected.biasCorrected()?.lower)
    resampling.method = .smoothed
    #expect(try bootstrap(.patient)?["method"] == .text("smoothed"))
    let error = #expect(throws: AnalysisError.self) { try bootstrap(.image) }
    #expect(error?.description.contains("smoothed bootstrap takes rows as independent") == true)
    resampling.draws = .rows
    let apart = try DiscriminationAnalyses.roc(table, columns, unit: .image, resampling: resampling)
    #expect(apart.notes.contains { $0.contains("drawn apart") })
  }

  @Test func fewSitesAreFlaggedWhenDrawn() throws {
    var resampling = Resampling()
    (resampling.resamples, resampling.draws) = (200, .sites)
    let result = try DiscriminationAnalyses.roc(table, columns, unit: .lesion, resampling: resampling)
    #expect(result.notes.contains { $0.contains("5 sites are drawn") })
    var without = columns
    without.site = nil
    let error = #expect(throws: AnalysisError.self) {
      try DiscriminationAnalyses.roc(table, without, unit: .lesion, resampling: resampling)
    }
    #expect(error?.description.contains("two or more sites") == true)
  }

  @Test func partialAreasHaveIntervals() throws {
    let result = try DiscriminationAnalyses.roc(
      table, columns, unit: .patient, part: .init(0.8...1, of: .specificity))
    let rows = try ScoredRows(table, columns).by(.patient)
    let expected = try PartialAUC(
      scores: rows.scores, positives: rows.positives, over: 0.8...1, of: .specificity)
    let part = result.values["partial"]
    #expect(abs(number(part, "area", "value") - expected.area) < 1e-12)
    #expect(abs(number(part, "standardised", "value") - expected.standardised) < 1e-12)
    #expect(number(part, "standardised", "lower") < expected.standardised)
    #expect(number(part, "standardised", "upper") > expected.standardised)
    #expect(number(part, "area", "resamples") == 2000)
  }

  @Test func pairsAreBootstrappedByPatient() throws {
    var resampling = Resampling()
    resampling.resamples = 300
    let result = try DiscriminationAnalyses.compare(
      table, columns, scores: ["score", "other"], unit: .image, resampling: resampling)
    let pair = try #require(result.values["comparisons"]?.list.first)
    #expect(pair["bootstrap"]?["draws"] == .text("patients"))
    #expect(number(pair, "bootstrap", "lower") < number(pair, "difference"))
    #expect(number(pair, "bootstrap", "upper") > number(pair, "difference"))
    let analytic = number(pair, "interval", "upper") - number(pair, "interval", "lower")
    let drawn = number(pair, "bootstrap", "upper") - number(pair, "bootstrap", "lower")
    #expect(abs(drawn / analytic - 1) < 0.35)
  }

  @Test func groupsOfDifferentPatientsAreComparedUnpaired() throws {
    let result = try DiscriminationAnalyses.compareGroups(table, columns, group: "site", unit: .patient)
    let pairs = try #require(result.values["comparisons"]).list
    #expect(pairs.count == 6)
    #expect(result.notes.contains { $0.contains("site E, 3 rows, is left out") }, "\(result.notes)")
    let rows = try ScoredRows(table, columns).by(.patient)
    func curve(_ site: String) throws -> DeLong {
      let own = rows.sites.indices.filter { rows.sites[$0] == site }
      return try DeLong(scores: own.map { rows.scores[$0] }, positives: own.map { rows.positives[$0] })
    }
    let expected = try DeLongTest.unpaired(curve("A"), curve("B"))
    let pair = try #require(pairs.first { $0["a"] == .text("A") && $0["b"] == .text("B") })
    #expect(abs(number(pair, "p") - expected.p) < 1e-12)
    #expect(abs(number(pair, "satterthwaite", "p") - (expected.satterthwaiteP ?? .nan)) < 1e-12)
    // Groups that share their patients are not independent.
    let shared = try DiscriminationAnalyses.compareGroups(
      Table(
        csv:
          "patient,label,score,phase\n1,1,0.9,a\n1,1,0.7,b\n2,0,0.2,a\n2,0,0.3,b\n3,1,0.1,a\n3,1,0.8,b\n4,0,0.4,a\n4,0,0.5,b",
        source: "s.csv"), columns, group: "phase", unit: .patient)
    #expect(shared.notes.contains { $0.contains("4 patients are in both a and b") }, "\(shared.notes)")
    #expect(throws: AnalysisError.self) {
      try DiscriminationAnalyses.compareGroups(table, columns, group: "phase", unit: .patient)
    }
  }

  @Test func sharesAreBootstrappedByPatient() throws {
    var resampling = Resampling()
    (resampling.resamples, resampling.method) = (300, .bca)
    let result = try DiscriminationAnalyses.threshold(
      table, columns, rule: .fixed(0.5), unit: .image, level: 0.9, resampling: resampling)
    let rows = try ScoredRows(table, columns)
    let expected = try ClusterBootstrap.proportion(
      rows.scores.map { $0 >= 0.5 }, among: rows.positives, clusters: rows.patients, resamples: 300, jackknife: true)
    let sensitivity = result.values["sensitivity"]
    #expect(number(sensitivity, "bootstrap", "lower") == expected.biasCorrected(level: 0.9)?.lower)
    #expect(number(sensitivity, "bootstrap", "level") == 0.9)
    #expect(result.tables.first?.columns.last == "bootstrap")
    let ratio = try ConfusionMatrix(scores: rows.scores, positives: rows.positives, cutOff: 0.5)
      .positiveLikelihoodRatio(level: 0.9)
    #expect(number(result.values["lrPositive"], "upper") == ratio.interval?.upper)
  }

  @Test func thresholdsNameWhatTheyCall() throws {
    let result = try DiscriminationAnalyses.threshold(table, columns, rule: .fixed(7), unit: .lesion)
    #expect(result.notes.contains { $0.contains("calls nobody positive") })
    #expect(result.notes.contains { $0.contains("ppv: no cases") })
    #expect(result.values["ppv"]?["value"]?.number?.isNaN == true)
    #expect(result.values["sensitivity"]?["clustered"] != nil)
    let all = try DiscriminationAnalyses.threshold(table, columns, rule: .fixed(-1), unit: .lesion)
    #expect(all.notes.contains { $0.contains("calls everybody positive") })
    #expect(throws: AnalysisError.self) {
      try DiscriminationAnalyses.threshold(table, columns, rule: .fixed(.nan), unit: .lesion)
    }
  }
}
