import Foundation
import Testing

@testable import Statistics

/// Bad input gives a message that names the row, what was expected and what was found.
struct ErrorTests {
  @Test func oneClassOnly() {
    #expect(throws: StatisticsError.oneClassOnly(positives: 2, negatives: 0)) {
      try ROCCurve(scores: [1, 2], positives: [true, true])
    }
    #expect(throws: StatisticsError.oneClassOnly(positives: 0, negatives: 0)) {
      try DeLong(scores: [], positives: [])
    }
    #expect("\(StatisticsError.oneClassOnly(positives: 0, negatives: 9))".contains("0 positive and 9 negative"))
  }

  @Test func notFiniteScoresNameTheirRow() {
    for bad in [Double.nan, .infinity, -.infinity] {
      #expect(throws: StatisticsError.notFinite(what: "score", row: 1, found: "\(bad)")) {
        try ROCCurve(scores: [1, bad, 3], positives: [true, false, true])
      }
    }
    let error = StatisticsError.notFinite(what: "score", row: 1, found: "nan")
    #expect("\(error)" == "score, row 2: expected a finite number, found nan")
  }

  @Test func lengthsDiffer() {
    #expect(throws: StatisticsError.lengthsDiffer(what: "labels", expected: 3, found: 2)) {
      try DeLong(scores: [1, 2, 3], positives: [true, false])
    }
    #expect(throws: StatisticsError.lengthsDiffer(what: "clusters", expected: 2, found: 1)) {
      try ClusteredAUC(scores: [1, 2], positives: [true, false], clusters: ["p"])
    }
  }

  @Test func probabilitiesOutOfRange() {
    #expect(throws: StatisticsError.self) {
      try CalibrationCurve(probabilities: [0.2, 1.1], positives: [true, false])
    }
    #expect(throws: StatisticsError.empty(what: "probabilities")) {
      try CalibrationCurve(probabilities: [], positives: [])
    }
  }

  @Test func collinearColumnsAreNamed() {
    let x = [1.0, 2, 3, 4, 5, 6, 7, 8]
    let y = [true, false, true, false, true, true, false, false]
    #expect(throws: StatisticsError.collinear(column: "double")) {
      try LogisticModel(outcomes: y, terms: [Term("x", x), Term("double", x.map { 2 * $0 })])
    }
    #expect(throws: StatisticsError.collinear(column: "constant")) {
      try LogisticModel(outcomes: y, terms: [Term("constant", [Double](repeating: 3, count: 8))])
    }
  }

  @Test func separatedClassesAreNeverFitted() throws {
    let x = [1.0, 2, 3, 4, 5, 6, 7, 8]
    #expect(throws: StatisticsError.separated(kind: "complete")) {
      try LogisticModel(outcomes: x.map { $0 > 4 }, terms: [Term("x", x)])
    }
    // Equal at the border: quasi-complete.
    let touching = [1.0, 2, 3, 4, 4, 6, 7, 8]
    let outcomes = [false, false, false, false, true, true, true, true]
    #expect(throws: StatisticsError.separated(kind: "quasi")) {
      try LogisticModel(outcomes: outcomes, terms: [Term("x", touching)])
    }
    #expect(try Separation.detect(outcomes: [false, true, false, true], terms: [Term("x", [1, 2, 3, 4])]) == nil)
    let firth = try FirthModel(outcomes: outcomes, terms: [Term("x", touching)])
    #expect(firth.coefficients[1].value > 0 && firth.coefficients[1].value < 10)
  }

  @Test func separationIsFoundAmongManyColumns() throws {
    var random = SplitMix64(seed: 12)
    let outcomes = (0..<150).map { _ in random.uniform() < 0.5 }
    let noise = (0..<6).map { j in Term("noise\(j)", (0..<150).map { _ in random.uniform() }) }
    let strict = Term("strict", outcomes.map { $0 ? 1 + random.uniform() : random.uniform() })
    let rare = Term("rare", outcomes.enumerated().map { $1 && $0 % 8 == 0 ? 1 : 0 })
    #expect(try Separation.detect(outcomes: outcomes, terms: noise) == nil)
    #expect(try Separation.detect(outcomes: outcomes, terms: noise + [strict]) == .complete)
    #expect(try Separation.detect(outcomes: outcomes, terms: noise + [rare]) == .quasi)
    #expect(throws: StatisticsError.separated(kind: "quasi")) {
      try LogisticModel(outcomes: outcomes, terms: noise + [rare])
    }
  }

  @Test func unknownLevelsAndTermsAreNamed() throws {
    let y = [true, false, true, false, true, false]
    let term = Term("halo", ["a", "b", "b", "a", "a", "b"], reference: "a")
    let model = try LogisticModel(outcomes: y, terms: [term])
    #expect(throws: StatisticsError.self) { try model.waldTest("size") }
    #expect(throws: StatisticsError.self) { try model.probabilities([Term("halo", ["c"], reference: "a")]) }
    #expect(throws: StatisticsError.self) {
      try LogisticModel(outcomes: y, terms: [Term("halo", ["a", "b", "b", "a", "a", "b"], reference: "z")])
    }
    let again = try model.probabilities([term])
    for (a, b) in zip(again, model.fitted) { #expect(abs(a - b) < 1e-15) }
  }

  @Test func tablesTooLargeForFisherSaySo() throws {
    let table = try ContingencyTable((0..<6).map { i in (0..<6).map { j in 30 + i * j } })
    #expect(throws: StatisticsError.self) { try table.fisher(limit: 10_000) }
    #expect(table.chiSquare().p > 0)
  }

  @Test func nothingFromNothingIsUndefinedNotATrap() throws {
    let matrix = ConfusionMatrix(truePositives: 0, falsePositives: 0, trueNegatives: 5, falseNegatives: 3)
    #expect(!matrix.ppv.isDefined && matrix.ppv.interval == nil)
    #expect(!matrix.positiveLikelihoodRatio.isDefined)
    #expect(matrix.sensitivity.value == 0)
    let json = String(decoding: try JSONEncoder().encode(matrix.ppv), as: UTF8.self)
    #expect(json == #"{"value":null}"#)
    let back = try JSONDecoder().decode(Estimate.self, from: Data(json.utf8))
    #expect(back.value.isNaN && back.interval == nil)
    let infinite = ConfusionMatrix(truePositives: 3, falsePositives: 0, trueNegatives: 5, falseNegatives: 0)
    let ratio = try JSONDecoder().decode(
      Estimate.self, from: try JSONEncoder().encode(infinite.positiveLikelihoodRatio))
    #expect(ratio.value == .infinity)
  }

  @Test func degenerateAgreementIsRefusedOrLimited() throws {
    #expect(throws: StatisticsError.self) { try Kappa([1, 1, 1], [1, 1, 1]) }
    #expect(throws: StatisticsError.self) { try IntraclassCorrelation([[2, 2], [2, 2]]) }
    #expect(throws: StatisticsError.self) { try KendallW([[1, 1], [1, 1]]) }
    let perfect = try IntraclassCorrelation([[1, 1], [2, 2], [5, 5]])
    #expect(perfect.agreement.estimate.value == 1 && perfect.oneWay.estimate.value == 1)
    #expect(try Kappa(["a", "b"], ["a", "b"]).kappa == 1)
    #expect(try McNemar(firstOnly: 0, secondOnly: 0).exactP == 1)
  }

  @Test func badLevelsAreRefused() {
    #expect(!Proportion.wilson(successes: 1, of: 2, level: 2).isDefined)
    #expect(!Proportion.wilson(successes: 3, of: 2).isDefined)
    #expect(throws: StatisticsError.self) {
      try DeLongTest.paired([1, 2], [1, 2], positives: [true, false], level: 1)
    }
  }
}
