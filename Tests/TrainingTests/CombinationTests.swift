import Cohort
import Foundation
import Protocols
import Statistics
import Testing
import Ultrasound

@testable import Training

/// Combined models on made scores and factors, whose truth is known.
struct CombinationTests {
  /// AUC over the test rows of one model, per lesion.
  private func auc(_ rows: [Prediction], _ model: String, score: (Prediction) -> Double = { $0.score }) throws -> Double
  {
    let test = CombinationLesions(
      rows.filter { $0.model == model && $0.split == "internal-test" }.map { row in
        var row = row
        row.score = score(row)
        return row
      }
    ).rows
    return try ROCCurve(scores: test.map(\.score), positives: test.map { $0.label == .malignant }).auc
  }

  @Test func theCombinedModelBeatsBothItsParts() throws {
    let made = MadeStudy()
    let (rows, record, _) = try made.combined()
    let network = try auc(rows, "net")
    let clinical = try auc(rows, "net") { made.clinicalTruth[$0.lesion] ?? .nan }
    let combined = try auc(rows, "net+clinical")
    #expect(combined > network + 0.02 && combined > clinical + 0.02, "\(network), \(clinical), \(combined)")
    #expect(record.folds.count == 4 && record.allFolds.fold == nil)
    #expect(record.allFolds.kept == ["age", "halo"])
    // One row a lesion and fold, named by its first image.
    let added = rows.filter { $0.model == "net+clinical" }
    #expect(added.count == 300 * 4)
    #expect(added.allSatisfy { $0.image == "\($0.lesion)/0.png" && $0.extra["images"] == "2" })
    #expect(rows.filter { $0.model == "net" }.map(\.score) == made.rows.map(\.score))
  }

  @Test func scoresOfTrainedLesionsWeighTooMuch() throws {
    let made = MadeStudy(optimism: 1)
    let (honestRows, honest, _) = try made.combined { $0.screening = .all }
    let (trainedRows, trained, notes) = try made.combined { ($0.fittedOn, $0.screening) = (.train, .all) }
    func slopes(_ record: CombinationRecord) -> [Double] { record.folds.map { $0.combined.coefficients[1].value } }
    #expect(zip(slopes(honest), slopes(trained)).allSatisfy { $0 < $1 })
    #expect(try auc(honestRows, "net+clinical") > auc(trainedRows, "net+clinical"))
    // Calibrated where honest, too sure where not.
    func slope(_ rows: [Prediction]) throws -> Double {
      let test = rows.filter { $0.model == "net+clinical" && $0.split == "internal-test" }
      let measures = try CalibrationMeasures(
        probabilities: test.map(\.score), positives: test.map { $0.label == .malignant })
      return try #require(measures.slope?.value)
    }
    let (right, sure) = (try slope(honestRows), try slope(trainedRows))
    #expect(abs(right - 1) < 0.25 && sure < right - 0.2, "\(right), \(sure)")
    #expect(notes.contains { $0.contains("combined model of fold 1") })
  }

  /// Nothing of a fold's test lesions (label, factors, the score its network gives them) reaches its model.
  @Test(arguments: [Combination.FittedOn.outOfFold, .validation, .train])
  func theTestPartDoesNotReachItsModel(fittedOn: Combination.FittedOn) throws {
    let made = MadeStudy(optimism: 0.5)
    var other = made
    let test = Set(made.folds[0].test)
    func turned(_ label: Label?) -> Label { label == .malignant ? .benign : .malignant }
    for index in other.images.indices where test.contains(other.images[index].name) {
      other.images[index].label = turned(other.images[index].label)
      other.images[index].clinical["age"] = .number(20)
      other.images[index].clinical["halo"] = .missing
    }
    for index in other.rows.indices where test.contains(other.rows[index].image) {
      other.rows[index].label = turned(other.rows[index].label)
      if other.rows[index].fold == 0 { other.rows[index].score = 1 - other.rows[index].score }
    }
    func settings(_ combination: inout Combination) { combination.fittedOn = fittedOn }
    let (before, after) = (try made.combined(settings).record, try other.combined(settings).record)
    #expect(before.folds[0] == after.folds[0])
    #expect(before.folds[1] != after.folds[1] || fittedOn == .validation)
  }

  @Test func nothingIsMadeFromNothing() throws {
    let areas = try (1...4).map { seed in
      let made = MadeStudy(informative: false, optimism: 2, seed: UInt64(seed))
      return try auc(try made.combined { $0.screening = .all }.rows, "net+clinical")
    }
    #expect(abs(areas.reduce(0, +) / 4 - 0.5) < 0.04, "\(areas)")
  }

  @Test func screeningKeepsWhatTells() throws {
    var made = MadeStudy()
    made.study.combination.factors += [CombinationFactor("noise", .number)]
    let (_, record, _) = try made.combined()
    #expect(record.allFolds.kept == ["age", "halo"])
    let model = record.allFolds
    #expect(model.univariate.map(\.factor) == ["network score", "age", "halo", "noise"])
    #expect(model.multivariable?.coefficients.map(\.name) == ["(Intercept)", "age", "halo"])
    #expect(try made.combined { $0.screening = .all }.record.allFolds.kept == ["age", "halo", "noise"])
    let alone = try made.combined { $0.screening = .univariate }.record.allFolds
    #expect(alone.multivariable == nil && !alone.kept.contains("noise"))
    // The same numbers as the regression by itself.
    let lesions = made.images.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    let ages = lesions.compactMap { if case .number(let age) = $0.clinical["age"] { age } else { nil } }
    let direct = try LogisticModel(outcomes: lesions.map { $0.label == .malignant }, terms: [Term("age", ages)])
    let age = try #require(model.univariate[1].regression)
    #expect(abs(age.coefficients[1].value - direct.coefficients[1].value) < 1e-9)
    #expect(abs(age.factors[0].p - direct.coefficients[1].p) < 1e-9)
  }

  @Test func missingValuesAreALevelOrLeftOut() throws {
    var made = MadeStudy()
    let levels = ["none", "b", "c"]
    made.study.combination.factors += [CombinationFactor("hepatitis", .category, levels: levels, reference: "none")]
    made.study.combination.screening = .all
    let (rows, record, _) = try made.combined()
    let names = record.allFolds.combined.coefficients.map(\.name)
    #expect(names.suffix(3) == ["hepatitis=b", "hepatitis=c", "hepatitis (missing)"])
    #expect(record.allFolds.combined.lesions == 300)
    #expect(rows.count { $0.model == "net+clinical" } == 1200)
    let (fewer, dropping, _) = try made.combined { $0.missing = .drop }
    #expect(dropping.allFolds.combined.lesions == 300 - 18)
    #expect(fewer.count { $0.model == "net+clinical" } == (300 - 18) * 4)
    #expect(!dropping.allFolds.combined.coefficients.contains { $0.name.contains("missing") })
    // As an order: one odds ratio a step, and the missing beside it.
    made.study.combination.factors[2] = CombinationFactor("hepatitis", .ordinal, levels: levels)
    let ordered = try made.combined().record.allFolds.combined.coefficients.map(\.name)
    #expect(ordered.suffix(2) == ["hepatitis", "hepatitis (missing)"])
  }

  @Test func separationIsSaidAndPenalised() throws {
    var made = MadeStudy(patients: 60, folds: 2)
    for index in made.images.indices {
      made.images[index].clinical["telltale"] = .number(made.images[index].label == .malignant ? 1 : 0)
    }
    made.study.combination.factors = [CombinationFactor("telltale", .flag), CombinationFactor("age", .number)]
    let (_, aside, notes) = try made.combined { $0.screening = .all }
    #expect(aside.allFolds.kept == ["age"])
    #expect(aside.allFolds.univariate[1].reason?.contains("complete separation") == true)
    #expect(notes.contains { $0.contains("warning") && $0.contains("telltale separates the classes") })
    let (rows, penalised, _) = try made.combined { ($0.screening, $0.penalty) = (.all, .firth) }
    #expect(penalised.allFolds.kept == ["telltale", "age"])
    let coefficient = try #require(penalised.allFolds.combined.coefficients.first { $0.name == "telltale" })
    #expect(penalised.allFolds.combined.method == .firth && coefficient.value.isFinite)
    #expect(coefficient.p < 0.001 && (coefficient.oddsRatio.interval?.lower ?? 0) > 1)
    #expect(try auc(rows, "net+clinical") == 1)
    // Separated by the score: no factor can be set aside for it.
    #expect {
      try MadeStudy(patients: 60, folds: 2, optimism: 20).combined { $0.fittedOn = .train }
    } throws: {
      "\($0)".contains("fold 1") && "\($0)".contains("penalty")
    }
  }

  @Test func columnsThatRepeatOthersAreLeftOutWithAWarning() throws {
    var made = MadeStudy()
    for index in made.images.indices { made.images[index].clinical["years"] = made.images[index].clinical["age"] }
    made.study.combination.factors += [CombinationFactor("years", .number)]
    let (_, record, notes) = try made.combined()
    #expect(record.allFolds.combined.coefficients.map(\.name) == ["(Intercept)", "network score", "age", "halo"])
    #expect(notes.contains { $0.contains("years follows from other columns") })
  }

  @Test func whatCannotBeFittedIsNamed() throws {
    let made = MadeStudy()
    func expect(_ words: [String], _ change: (inout MadeStudy) -> Void) {
      var wrong = made
      change(&wrong)
      let changed = wrong
      #expect("\(words)") { try changed.combined() } throws: { error in words.allSatisfy { "\(error)".contains($0) } }
    }
    expect(["\"afp\"", "age, halo"]) { $0.study.combination.factors.append(CombinationFactor("afp", .number)) }
    expect(["image L7/1.png", "\"age\"", "a number", "\"old\""]) { $0.images[15].clinical["age"] = .text("old") }
    expect(["image L0/0.png", "\"halo\"", "\"2\""]) { $0.images[0].clinical["halo"] = .number(2) }
    expect(["lesion L3", "L3/0.png", "L3/1.png"]) {
      $0.images[6].clinical["halo"] = .number(0)
      $0.images[7].clinical["halo"] = .number(1)
    }
    expect(["one of none, b", "\"c\""]) {
      $0.study.combination.factors = [CombinationFactor("hepatitis", .ordinal, levels: ["none", "b"])]
    }
    expect(["fold 1", "0 benign"]) {
      for index in $0.rows.indices { $0.rows[index].label = .malignant }
    }
    expect(["out-of-fold", "validation"]) { $0.folds = [$0.folds[0]] }
    expect(["fold 2", "validation part"]) {
      $0.study.combination.fittedOn = .validation
      $0.folds[1].validation = []
    }
    let small = MadeStudy(patients: 6, folds: 2)
    #expect {
      try small.combined { ($0.screening, $0.penalty) = (.all, .firth) }
    } throws: { "\($0)".contains("found 3 lesions and 3 parameters") }
  }

  @Test func theNomogramGivesTheModelsProbabilities() throws {
    let (_, record, _) = try MadeStudy().combined()
    let chart = try #require(record.nomogram)
    #expect(chart.axes.map(\.term) == ["network score", "age", "halo"])
    for (score, age, halo) in [(0, 0, 0), (1, 2, 1), (2, 1, 0)] {
      let marks = zip(chart.axes, [score, age, halo]).map { $0.0.marks[$0.1] }
      let eta = chart.base + marks.reduce(0) { $0 + $1.points } / chart.pointsPerUnit
      let direct = record.allFolds.probability(
        score: marks[0].value ?? .nan,
        values: ["age": .number(marks[1].value ?? .nan), "halo": .number(marks[2].value ?? .nan)])
      #expect(abs(1 / (1 + exp(-eta)) - (direct ?? .nan)) < 1e-9)
    }
    #expect(CombinationRecord.Chart.ticks(18, 92) == [10, 20, 30, 40, 50, 60, 70, 80, 90, 100])
    #expect(CombinationRecord.Chart.ticks(3, 3) == [3])
  }
}
