import Foundation
import Testing
import Wording

@testable import Figures

@Suite struct ContrastTimelineTests {
  private func figure(_ words: Wording, zero: ContrastTimelineFigure.Zero = .injection) -> Figure {
    let times = (0..<600).map { 0.15 * Double($0) }
    func power(_ time: Double, _ fall: Double) -> Double {
      time < 12 ? 1e-5 : 0.05 * (time - 12) / 6 * exp(1 - (time - 12) / fall)
    }
    let curves = [ContrastTimelineFigure.Site.lesion, .reference].enumerated().map { at, site in
      let model = times.map { power($0, at == 0 ? 6 : 9) }
      return ContrastTimelineFigure.Curve(
        site: site, times: times, powers: model.enumerated().map { $1 * (1 + 0.1 * sin(Double($0) * 1.7)) },
        model: model)
    }
    return ContrastTimelineFigure.figure(
      name: "timeline", heading: words("Contrast over time"), curves: curves,
      phases: [
        .init(name: "cortical", start: 10, end: 30), .init(name: "medullary", start: 30, end: 70),
        .init(name: "my own phase", start: 72, end: 300),
      ], arrival: 12, excluded: [20, 20.15, 55],
      places: times.map { .init(time: $0, dx: 3 * sin($0), dy: 9 * cos($0 * 1.7)) }, zero: zero, words: words)
  }

  @Test(arguments: Language.allCases)
  func theTimelineIsSoundInBothLanguages(language: Language) throws {
    let words = Wording(language)
    for zero in [ContrastTimelineFigure.Zero.injection, .arrival, .clip] {
      try expectSound(figure(words, zero: zero), language: language.rawValue)
    }
    #expect(words.missing == [])
    #expect(figure(words).svg.contains(language == .english ? "cortical phase" : "皮质期"))
    #expect(figure(words).svg.contains("my own phase"))
  }

  @Test(arguments: Language.allCases)
  func whatIsMissingIsSaid(language: Language) throws {
    let words = Wording(language)
    let empty = ContrastTimelineFigure.figure(
      name: "empty", heading: "", curves: [], phases: [], arrival: nil, excluded: [], places: [], zero: .clip,
      words: words)
    try expectSound(empty, language: language.rawValue)
    #expect(empty.svg.contains(language == .english ? "No curve." : "无曲线。"))
    let odd = ContrastTimelineFigure.figure(
      name: "odd", heading: "", curves: [.init(site: .panel, times: [1, .nan], powers: [.infinity, 0], model: nil)],
      phases: [.init(name: "a", start: 5, end: .infinity)], arrival: .nan, excluded: [.nan],
      places: [.init(time: 1, dx: .nan, dy: 0)], zero: .arrival, words: words)
    try expectSound(odd, language: language.rawValue)
    #expect(words.missing == [])
  }
}
