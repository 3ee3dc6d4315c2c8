import Foundation
import Statistics
import Testing
import Wording

@testable import Figures

@Suite struct NomogramTests {
  private let samples = Samples(words: Wording())

  /// The live page's numbers, as its script reads them.
  private func numbers(_ html: String) throws -> LiveNumbers {
    let start = try #require(html.range(of: "<script type=\"application/json\">"))
    let end = try #require(html.range(of: "</script>", range: start.upperBound..<html.endIndex))
    return try JSONDecoder().decode(LiveNumbers.self, from: Data(html[start.upperBound..<end.lowerBound].utf8))
  }

  /// The arithmetic of the script: points of each variable and the probability.
  private func evaluate(_ numbers: LiveNumbers, _ values: [Double]) -> (points: [Double], probability: Double) {
    let points = zip(numbers.variables, values).map { variable, value in
      let columns = variable.levels.map { $0[Int(value)] } ?? (variable.bases ?? []).map { $0(value) }
      let amount = zip(columns, variable.coefficients).reduce(0) { $0 + $1.0 * $1.1 }
      return (amount - variable.low) * numbers.pointsPerUnit
    }
    let odds = numbers.base + points.reduce(0, +) / numbers.pointsPerUnit
    return (points, 1 / (1 + exp(-odds)))
  }

  @Test func aScoreOnTheLogitScale() throws {
    let model = NomogramModel(
      intercept: -0.5,
      variables: [
        .init(
          label: "Score", kind: .number(range: 0.02...0.97, bases: [.init(linear: 0, logit: 1)], decimals: 2),
          coefficients: [0.8]), .number("age", range: 20...80, coefficient: 0.03),
      ], covariance: [[0.2, 0, 0], [0, 0.1, 0], [0, 0, 0.001]])
    let numbers = try numbers(
      LiveNomogram(model: model, outcome: "Probability", id: "live").html(words: Wording()))
    let (_, probability) = evaluate(numbers, [0.3, 50])
    #expect(abs(probability - 1 / (1 + exp(0.5 - 0.8 * log(0.3 / 0.7) - 0.03 * 50))) < 1e-12)
    #expect(numbers.covariance?.count == 3)
  }

  @Test func theLivePageComputesWhatTheFigureShows() throws {
    let model = samples.model
    let live = try LiveNomogram(model: model, outcome: "Probability of malignancy", id: "live")
    let numbers = try numbers(live.html(words: Wording()))
    let nomogram = try model.nomogram()
    // Score 0.5, male, 90 years, a history, HCV, no halo, vascular: by the coefficients themselves.
    let (points, probability) = evaluate(numbers, [0.5, 1, 90, 1, 2, 0, 1])
    let odds = -4.9 + 4.6 * 0.5 + 0.834 + 0.024 * 90 + 2.783 + 1.1 * 2 + 0.648
    #expect(abs(probability - 1 / (1 + exp(-odds))) < 1e-12)
    #expect(abs(nomogram.probability(total: points.reduce(0, +)) - probability) < 1e-12)
    for (axis, place) in zip(nomogram.axes, 0...) {
      let largest = axis.marks.map(\.points).max() ?? 0
      let ends = [[0, 0, 18, 0, 0, 0, 0.0], [1, 1, 92, 1, 3, 1, 1]].map { evaluate(numbers, $0).points[place] }
      #expect(abs(ends[0]) < 1e-9 && abs(ends[1] - largest) < 1e-9)
    }
    #expect(nomogram.axes.flatMap { $0.marks.map(\.points) }.max() == 100)
  }

  @Test func anIntervalNeedsACovarianceThatFits() throws {
    var model = samples.model
    #expect(
      try numbers(LiveNomogram(model: model, outcome: "p", id: "a").html(words: Wording())).covariance?.count == 8)
    model.covariance = [[1]]
    #expect(try numbers(LiveNomogram(model: model, outcome: "p", id: "a").html(words: Wording())).covariance == nil)
    #expect(throws: StatisticsError.self) { try LiveNomogram(model: model, outcome: "p", id: "a", level: 1) }
  }

  /// rms::rcs at 1, 2, 4 and 3: columns x and ((x-1)³ - 3/2·(x-2)³₊ + 1/2·(x-4)³₊) / 9, here 3 and (8 - 1.5) / 9.
  @Test func splineColumnsAreThoseOfRms() {
    let columns = NomogramModel.Basis.spline(knots: [1, 2, 4]).map { $0(3) }
    #expect(columns.count == 2 && columns[0] == 3 && abs(columns[1] - 6.5 / 9) < 1e-12)
    // Beyond the last knot the curve is a line.
    let far = [5.0, 6, 7].map { NomogramModel.Basis.spline(knots: [1, 2, 4])[1]($0) }
    #expect(abs(far[2] - 2 * far[1] + far[0]) < 1e-9)
  }

  /// Points fall from the lowest size to a trough or rise and turn; the axis is drawn in as many stretches.
  @Test func aSplineThatTurnsHasSeveralStretches() throws {
    let model = samples.splineModel
    let nomogram = try model.nomogram()
    let low = model.lows[0]
    let scale = NomogramScale(model.variables[0], pixels: 6) { ($0 - low) * nomogram.pointsPerUnit }
    #expect(scale.stretches.count == 2)
    #expect(scale.stretches.allSatisfy { $0.to > $0.from && !$0.ticks.isEmpty })
    #expect(scale.stretches.flatMap(\.ticks).compactMap(\.label).contains("60"))
  }

  @Test func theFigureOfAnyNomogramHasItsMarks() throws {
    let nomogram = try Nomogram(
      intercept: -1,
      axes: [
        ("age", [30, 50, 70].map { Nomogram.Contribution(label: "\($0)", value: $0, amount: 0.02 * $0) }),
        ("sex", [("F", 0), ("M", 0.5)].map { Nomogram.Contribution(label: $0.0, value: nil, amount: $0.1) }),
      ])
    let figure = NomogramFigure.figure(
      name: "n", heading: "N", nomogram: nomogram, labels: ["age": (label: "Age", unit: "years")], outcome: "p",
      words: Wording())
    try expectSound(figure, language: "en")
    for text in [">Age<", ">(years)<", ">30<", ">50<", ">70<", ">sex<", ">F<", ">M<"] {
      #expect(figure.svg.contains(text))
    }
    // 50 years are 0.4 of 0.8 on the predictor: half of the ruler's 236 to 864.
    #expect(figure.svg.contains("x1=\"550\""))
  }

  @Test(arguments: Language.allCases)
  func theLivePageIsWholeAndSafe(language: Language) throws {
    let words = Wording(language)
    var model = Samples(words: words).model
    model.variables[1].label = "</script><b>\"&"
    let html = try LiveNomogram(model: model, outcome: words("Probability of malignancy"), id: "n-1").html(words: words)
    #expect(!html.contains("<b>") && html.components(separatedBy: "</script>").count == 3)
    #expect(!html.contains("http") && !html.contains("ROOT"))
    #expect(
      html.components(separatedBy: "<label for=").count == 8 && html.components(separatedBy: "<select").count == 6)
    for place in 0..<7 { #expect(html.contains("id=\"n-1-\(place)\"")) }
    #expect(words.missing == [])
  }
}
