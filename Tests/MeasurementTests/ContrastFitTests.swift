import Foundation
import Statistics
import Testing

@testable import Measurement

struct ContrastFitTests {
  @Test(arguments: ContrastGolden.all.indices)
  func fitsAreThoseOfSciPy(at: Int) throws {
    let golden = ContrastGolden.all[at]
    let model = try #require(BolusModel(rawValue: golden.model))
    let times = golden.powers.indices.map { 0.25 * Double($0) }
    let curve = try TimeIntensityCurve(times: times, powers: golden.powers)
    let peak = try #require(zip(times, curve.smoothed).max { $0.1 < $1.1 }).0
    let fit = try #require(BolusFit(model, to: curve, onset: -2...12, peak: peak))
    #expect(fit.hasConverged && fit.count == 360)
    #expect(fit.residualSumOfSquares <= golden.squares * (1 + 1e-7))
    for (found, expected) in zip([fit.baseline, fit.area, fit.onset] + fit.shape, golden.values) {
      #expect(abs(found - expected) <= 2e-4 * max(abs(expected), 0.01), "\(model): \(found) for \(expected)")
    }
    // Each curve is best told by the model that made it.
    let all = BolusModel.allCases.compactMap { BolusFit($0, to: curve, onset: -2...12, peak: peak) }
    #expect(all.count == 3 && all.min { $0.aicc < $1.aicc }?.model == model)
  }

  @Test func shapesHaveArea1AndTheirModeAndMean() {
    for (model, first, second) in [
      (BolusModel.lognormal, 2.0, 0.5), (.gammaVariate, 2.0, 4.0), (.localDensityRandomWalk, 10.0, 3.0),
    ] {
      let step = 0.005
      let times = (0..<40_000).map { step * (Double($0) + 0.5) }
      let values = times.map { model.shape($0, first, second) }
      #expect(abs(values.reduce(0, +) * step - 1) < 1e-6)
      let mean = zip(times, values).reduce(0) { $0 + $1.0 * $1.1 } * step
      #expect(abs(mean - model.mean(first, second)) < 1e-3)
      let top = values.indices.max { values[$0] < values[$1] } ?? 0
      #expect(abs(times[top] - model.mode(first, second)) <= step)
      #expect(model.shape(0, first, second) == 0 && model.shape(-1, first, second) == 0)
      for (one, other) in model.starts(mode: 7) { #expect(abs(model.mode(one, other) - 7) < 1e-9) }
    }
  }

  /// Lognormal: peak at onset + exp(mu - sigma^2), mean transit time exp(mu + sigma^2 / 2).
  @Test func parametersAreThoseOfTheBolus() throws {
    let curve = try ContrastNumbers.curve(ContrastNumbers.bolus)
    var analyser = EnhancementAnalyser()
    analyser.resamples = 60
    let found = analyser.analyse(curve, site: .lesion, zero: 2)
    let peak = 12 + exp(2.6 - 0.25)
    let height = ContrastNumbers.bolus(peak)
    let model = try #require(found.model)
    let free = try #require(found.modelFree)
    #expect(found.fit?.model == .lognormal && (found.fit?.rSquared ?? 0) > 0.99)
    #expect(abs(model.peakTime - peak) < 0.15 && abs(model.timeToPeak - (peak - 2)) < 0.15)
    #expect(abs(model.peakEnhancement / height - 1) < 0.01)
    #expect(abs((model.meanTransitTime ?? 0) - exp(2.6 + 0.125)) < 0.3)
    #expect(abs((model.totalArea ?? 0) / 1.2 - 1) < 0.01)
    #expect(abs((model.washInArea ?? 0) + (model.washOutArea ?? 0) - (model.totalArea ?? -1)) < 1e-12)
    #expect(abs(free.peakTime - peak) < 1 && abs(free.peakEnhancement / height - 1) < 0.03)
    #expect(abs((free.totalArea ?? 0) / 1.2 - 1) < 0.01)
    let pairs = [
      (model.riseTime, free.riseTime), (model.washInRate, free.washInRate),
      (model.halfWashOutTime, free.halfWashOutTime),
    ]
    for case (let one?, let other?) in pairs { #expect(abs(one / other - 1) < 0.12, "\(one) and \(other)") }
    #expect(free.riseTime != nil && free.halfWashOutTime != nil && free.washInRate != nil)
    let interval = try #require(found.intervals["peakEnhancement"])
    #expect(interval.contains(height) && interval.upper - interval.lower < 0.05 * height)
    #expect(found.intervals["peakTime"]?.contains(peak) == true)
    // 5 % of the peak is left at the mode times exp(sigma sqrt(2 ln 20)).
    #expect(found.disappearance.map { abs($0 - 12 - exp(2.35 + 0.5 * (2 * log(20.0)).squareRoot())) < 1.5 } == true)
    // The same again, to the last digit.
    let again = analyser.analyse(curve, site: .lesion, zero: 2)
    #expect(again.intervals == found.intervals && again.model == found.model)
  }

  @Test func tooShortAWindowIsRefusedWithItsReason() throws {
    func notes(_ seconds: Double) throws -> (Enhancement, String) {
      let curve = try ContrastNumbers.curve(seconds: seconds, ContrastNumbers.bolus)
      var analyser = EnhancementAnalyser()
      analyser.resamples = 0
      let found = analyser.analyse(curve, site: .lesion, zero: nil)
      return (found, found.notes.joined(separator: "; "))
    }
    let (rising, why) = try notes(20)
    #expect(rising.model == nil && rising.modelFree == nil && rising.arrival.time != nil)
    #expect(why.contains("no peak"), "\(why)")
    let (short, reason) = try notes(16)
    #expect(short.model == nil && reason.contains("expected at least 20 in 5 s"), "\(reason)")
    let plateau = try ContrastNumbers.curve { $0 < 12 ? 0 : 0.05 * (1 - exp(-($0 - 12) / 3)) }
    let flat = EnhancementAnalyser().analyse(plateau, site: .lesion, zero: nil)
    #expect(flat.model == nil && flat.notes.contains { $0.contains("no wash-out") || $0.contains("no peak") })
    // Half of the wash-out must be seen for the times that tell of it.
    let (half, said) = try notes(28)
    #expect(half.model != nil && half.model?.meanTransitTime == nil && half.model?.halfWashOutTime == nil, "\(said)")
    #expect(said.contains("less than half of the peak"), "\(said)")
  }

  @Test func numbersAtTheirBoundsStay() {
    // The line 2 x + 1 with the slope held to at most 1.
    let times = (0..<20).map(Double.init)
    let solver = LeastSquares(bounds: [-10...10, -1...1])
    let found = solver.solve(
      times.map { 1 + 2 * $0 }, from: [0, 5], predict: { p in times.map { p[0] + p[1] * $0 } },
      differentiate: { _ in [[Double](repeating: 1, count: 20), times] })
    #expect(found.values[1] == 1 && abs(found.values[0] - 10) < 1e-6 && found.hasConverged)
  }

  @Test func badCurvesAreErrors() {
    #expect(throws: ContrastError.self) { try TimeIntensityCurve(times: [], powers: []) }
    #expect(throws: ContrastError.self) { try TimeIntensityCurve(times: [0, 1], powers: [0]) }
    #expect(throws: ContrastError.self) { try TimeIntensityCurve(times: [0, 0], powers: [0, 0]) }
    #expect(throws: ContrastError.self) { try TimeIntensityCurve(times: [0, .nan], powers: [0, 0]) }
    #expect(throws: ContrastError.self) { try TimeIntensityCurve(times: [0, 1], powers: [0, .nan]) }
    #expect(throws: ContrastError.self) { try TimeIntensityCurve(times: [0, 1], powers: [0, -1]) }
  }
}
