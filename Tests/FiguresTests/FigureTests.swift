import Foundation
import Statistics
import Testing
import Wording

@testable import Figures

@Suite struct FigureTests {
  @Test(arguments: Language.allCases)
  func everyFigureIsSoundInBothLanguages(language: Language) throws {
    let words = Wording(language)
    let figures = Samples(words: words).all
    #expect(figures.count >= 28)
    #expect(Set(figures.map(\.name)).count == figures.count)
    for figure in figures { try expectSound(figure, language: language.rawValue) }
    #expect(words.missing == [])
  }

  @Test func textIsBrokenWhereItMayBe() {
    #expect(TextLines.wrapped("one two three", width: 45, size: 12) == ["one two", "three"])
    let chinese = TextLines.wrapped("标准超声检查，距活检超过一个月。", width: 84, size: 12)
    #expect(chinese.count == 3 && chinese.allSatisfy { !$0.hasPrefix("，") && !$0.hasPrefix("。") })
    #expect(chinese.joined() == "标准超声检查，距活检超过一个月。")
    #expect(TextLines.wrapped("abcdefghijklmnop", width: 40, size: 12).joined() == "abcdefghijklmnop")
    #expect(TextLines.wrapped("", width: 40, size: 12).isEmpty)
    #expect(TextLines.wrapped("a b c d e f g h", width: 20, size: 12, most: 2).count == 2)
    #expect(TextLines.shortened("West China Hospital", width: 60, size: 12).hasSuffix("…"))
    #expect(TextLines.shortened("a", width: 0, size: 12) == "a…")
  }

  /// Helvetica's advances: H is 722, i 222, a space 278 thousandths of the size; a Chinese character a whole.
  @Test func widthsAreThoseOfTheFont() {
    #expect(abs(TextWidth.of("Hi ", size: 10) - 12.22) < 1e-9)
    #expect(TextWidth.of("灵敏度", size: 12) == 36)
  }

  @Test func calibrationHistogramCountsEveryScore() {
    let histogram = ScoreHistogram(
      scores: [0, 0.49, 0.5, 1, 2, .nan], positives: [true, false, true, true, true, true], bins: 2)
    #expect(histogram.malignant == [1, 3] && histogram.benign == [1, 0])
  }

  @Test func whatAllIsAsGoodAsIsShaded() throws {
    let places = [0.1, 0.2, 0.3, 0.4].map { DecisionFigure.Place(threshold: $0, netBenefit: 0.5) }
    let figure = DecisionFigure.figure(
      name: "d", heading: "D", models: [DecisionFigure.Model(label: "m", places: places)], prevalence: 0.6,
      words: Wording())
    // Treat-all: 0.6 - 0.4·odds is 0.556, 0.5, 0.429 at 0.1, 0.2, 0.3: as good up to 0.2.
    let plot = 430.0 / 0.4
    let shaded = figure.svg.split(separator: "\n").first {
      $0.contains("fill=\"#e6e8eb\"") && $0.contains("height=\"340\"")
    }
    let box = try #require(shaded)
    #expect(box.contains("x=\"\(number(64 + 0.1 * plot))\"") && box.contains("width=\"\(number(0.1 * plot))\""))
  }

  @Test func belowTheDiagonalStandsTheRowLessTheColumn() {
    let models = ["A", "B"].map { PairwiseFigure.Model(label: $0, auc: Estimate(value: 0.8)) }
    let pair = PairwiseFigure.Pair(first: 0, second: 1, difference: Samples.interval(0.07, 0.01, 0.13), p: 0.03)
    let turned = PairwiseFigure.Pair(first: 1, second: 0, difference: Samples.interval(-0.07, -0.13, -0.01), p: 0.03)
    for pair in [pair, turned] {
      let figure = PairwiseFigure.figure(name: "p", heading: "P", models: models, pairs: [pair], words: Wording())
      #expect(figure.svg.contains(">−0.070<") && figure.svg.contains(">−0.130 to −0.010<"))
      #expect(figure.svg.contains(">p = 0.030<"))
    }
  }

  @Test func anIntervalBeyondTheAxisEndsInAnArrow() {
    func drawn(_ lower: Double) -> Int {
      let rows = [
        ForestFigure.Row(label: "a", n: 9, events: 3, estimate: Samples.interval(0.8, lower, 0.9)),
        ForestFigure.Row(label: "b", n: 1, events: 0, flag: "too few"),
      ]
      let figure = ForestFigure.figure(
        name: "f", heading: "F", rows: rows, measure: ForestFigure.Measure(title: "AUC", range: 0.5...1),
        words: Wording())
      #expect(figure.svg.contains(">too few<"))
      return figure.svg.components(separatedBy: "<polygon").count - 1
    }
    #expect(drawn(0.6) == 0 && drawn(0.3) == 1)
  }
}
