import Statistics
import Testing
import Wording

@testable import Figures

/// Too little, too much or nothing to draw: every figure is made all the same and says what is missing.
@Suite struct DegenerateTests {
  private func empties(_ words: Wording) -> [Figure] {
    [
      ROCFigure.figure(name: "a", heading: "", curves: [], words: words),
      CalibrationFigure.figure(name: "b", heading: "", panels: [], units: "lesions", words: words),
      DecisionFigure.figure(name: "c", heading: "", models: [], prevalence: .nan, words: words),
      NomogramFigure.figure(
        name: "d", heading: "", model: NomogramModel(intercept: 0, variables: []), outcome: "p", words: words),
      ForestFigure.figure(
        name: "e", heading: "", rows: [], measure: ForestFigure.Measure(title: "AUC"), words: words),
      ReaderFigure.figure(name: "f", heading: "", measure: "AUC", readers: [], words: words),
      GroupFigure.figure(name: "g", heading: "", measures: [], groups: [], words: words),
      ConfusionFigure.figure(name: "h", heading: "", panels: [], units: "lesions", words: words),
      PairwiseFigure.figure(name: "i", heading: "", models: [], pairs: [], words: words),
      FlowFigure.figure(name: "j", heading: "", stages: [], parts: [], words: words),
      DeferralFigure.figure(name: "k", heading: "", places: [], words: words),
      CoverageFigure.figure(name: "l", heading: "", rows: [], target: 0.9, words: words),
      FoldFigure.figure(name: "m", heading: "", series: [], words: words),
      ScoreFigure.figure(name: "n", heading: "", scores: [], positives: [], cutOffs: [], words: words),
    ]
  }

  @Test(arguments: Language.allCases)
  func nothingIsSaid(language: Language) throws {
    let words = Wording(language)
    let says = language == .english ? ["No ", "nothing", "not estimable"] : ["无", "没有"]
    for figure in empties(words) {
      try expectSound(figure, language: language.rawValue)
      #expect(says.contains { figure.svg.contains($0) }, "\(figure.name)")
    }
    #expect(words.missing == [])
    #expect(TrainingFigure.figure(name: "t", heading: "", folds: [], words: words) == nil)
  }

  @Test(arguments: Language.allCases)
  func oneClassAndUndefinedNumbersAreSaid(language: Language) throws {
    let words = Wording(language)
    let one = ROCFigure.Curve(label: "M", scores: [0.2, 0.4], positives: [true, true], hasBand: true)
    let undefined = Estimate(value: .nan, interval: Interval(lower: .nan, upper: .infinity, level: 0.95))
    let wild = Estimate(value: 0.5, interval: Interval(lower: -.infinity, upper: .infinity, level: 0.95))
    let figures = [
      ROCFigure.figure(name: "a", heading: "", curves: [one], words: words),
      CalibrationFigure.figure(
        name: "b", heading: "",
        panels: [
          CalibrationPanel(
            heading: "", scores: [0.3, 0.3, .nan], positives: [true, true, false],
            measures: CalibrationPanel.Measures(slope: undefined, intercept: wild, brier: .nan, hosmerLemeshowP: .nan))
        ], units: "images", words: words),
      DecisionFigure.figure(
        name: "c", heading: "",
        models: [
          DecisionFigure.Model(label: "M", places: [DecisionFigure.Place(threshold: .nan, netBenefit: .infinity)]),
          DecisionFigure.Model(label: "N", places: [DecisionFigure.Place(threshold: 0.5, netBenefit: 0)]),
        ], prevalence: 0, isStandardised: true, words: words),
      ForestFigure.figure(
        name: "e", heading: "", rows: [undefined, wild].map { ForestFigure.Row(label: "s", n: 1, estimate: $0) },
        overall: undefined, measure: ForestFigure.Measure(title: "AUC"), words: words),
      ForestFigure.figure(
        name: "f", heading: "", rows: [ForestFigure.Row(label: "s", estimate: Samples.interval(0, 0, 5))],
        overall: wild, measure: ForestFigure.Measure(title: "OR", isRatio: true), words: words),
      ReaderFigure.figure(
        name: "g", heading: "", measure: "AUC",
        readers: [ReaderFigure.Reader(label: "R", group: "", unaided: undefined, aided: wild, p: .nan)],
        model: ReaderFigure.Model(label: "M", value: undefined), words: words),
      GroupFigure.figure(
        name: "h", heading: "", measures: ["x"], groups: [GroupFigure.Group(label: "g", shares: [undefined])],
        words: words),
      PairwiseFigure.figure(
        name: "i", heading: "",
        models: [PairwiseFigure.Model(label: "A", auc: nil), PairwiseFigure.Model(label: "B", auc: undefined)],
        pairs: [
          PairwiseFigure.Pair(first: 0, second: 1, difference: undefined, p: .nan),
          PairwiseFigure.Pair(first: 0, second: 7, difference: wild, p: 1),
        ],
        words: words),
      FoldFigure.figure(
        name: "m", heading: "", series: [FoldFigure.Series(label: "", folds: [nil, undefined])], words: words),
      ScoreFigure.figure(
        name: "n", heading: "", scores: [.nan, 1e300], positives: [true, false], cutOffs: [.nan], words: words),
      DeferralFigure.figure(
        name: "k", heading: "",
        places: [DeferralFigure.Place(deferred: .nan, error: .nan, sensitivity: nil, specificity: nil)],
        operating: .nan, words: words),
      CoverageFigure.figure(
        name: "l", heading: "", rows: [CoverageFigure.Row(label: "s", group: "", n: 0, coverage: undefined)],
        target: .nan, words: words),
    ]
    for figure in figures { try expectSound(figure, language: language.rawValue) }
    #expect(figures[0].svg.contains(words("One class only: no curve")))
    #expect(figures[1].svg.contains(words("not estimable")))
    #expect(words.missing == [])
  }

  @Test func aModelThatChangesNothingMakesNoNomogram() throws {
    let flat = NomogramModel(intercept: 0, variables: [.number("x", range: 0...1, coefficient: 0)])
    let figure = NomogramFigure.figure(name: "n", heading: "", model: flat, outcome: "p", words: Wording())
    #expect(figure.svg.contains("No nomogram"))
    #expect(throws: StatisticsError.self) { try LiveNomogram(model: flat, outcome: "p", id: "n") }
  }

  @Test(arguments: Language.allCases)
  func muchIsDrawnToo(language: Language) throws {
    let words = Wording(language)
    let strata = (1...40).map { index in
      ForestFigure.Row(
        label: "Hospital number \(index) of the second prospective cohort, department of ultrasound", n: index * 1000,
        events: index * 10, estimate: Samples.interval(0.7 + 0.005 * Double(index), 0.6, 0.95))
    }
    let curves = (1...12).map { index in
      ROCFigure.Curve(
        label:
          "A very long name of model number \(index), trained without the hospital that gave the cases of this test",
        rates: [Point(0, 0), Point(0.1, 0.8), Point(1, 1)], auc: Samples.interval(0.8, 0.7, 0.9))
    }
    let readers = (1...30).map {
      ReaderFigure.Reader(
        label: "Reader \($0) of a department with a long name", group: "group \($0 % 4)",
        unaided: Samples.interval(0.7, 0.6, 0.8), aided: Samples.interval(0.75, 0.7, 0.8), p: 0.5)
    }
    let factor = NomogramModel(
      intercept: 0,
      variables: (1...14).map { index in
        .factor(
          "A variable of a rather long name, number \(index)", reference: "reference level of it",
          levels: (1...4).map { ("level \($0) of variable \(index)", 0.1 * Double($0 * index)) })
      })
    let figures = [
      ForestFigure.figure(
        name: "a", heading: "H", rows: strata, overall: Samples.interval(0.8, 0.78, 0.82),
        measure: ForestFigure.Measure(title: "AUC", decimals: 3), words: words),
      ROCFigure.figure(
        name: "b", heading: String(repeating: "a long heading ", count: 12), curves: curves, words: words),
      ReaderFigure.figure(name: "c", heading: "H", measure: "AUC", readers: readers, words: words),
      NomogramFigure.figure(name: "d", heading: "H", model: factor, outcome: "Probability of malignancy", words: words),
    ]
    for figure in figures { try expectSound(figure, language: language.rawValue) }
  }
}
