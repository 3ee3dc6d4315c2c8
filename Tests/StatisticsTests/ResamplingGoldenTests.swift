import Foundation
import Testing

@testable import Statistics

private typealias G = ResamplingGolden

/// Numbers of R (Tools/golden/resampling.R).
struct ResamplingGoldenTests {
  private func near(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
    a.map { abs($0 - b) <= tolerance * (1 + abs(b)) } ?? false
  }

  private struct LoessCase {
    let p: [Double], y: [Bool], places: [Double], fit: [Double], error: [Double]
    let trace: Double, scale: Double, degrees: Double, distances: [Double]
  }

  private let cases = [
    LoessCase(
      p: G.smoothP, y: G.smoothY, places: G.smoothPlaces, fit: G.smoothFit, error: G.smoothError,
      trace: G.smoothTrace, scale: G.smoothScale, degrees: G.smoothDegrees,
      distances: [G.smoothICI, G.smoothE50, G.smoothE90, G.smoothEMax]),
    LoessCase(
      p: G.tiedP, y: G.tiedY, places: G.tiedPlaces, fit: G.tiedFit, error: G.tiedError,
      trace: G.tiedTrace, scale: G.tiedScale, degrees: G.tiedDegrees,
      distances: [G.tiedICI, G.tiedE50, G.tiedE90, G.tiedEMax]),
  ]

  @Test func loessWithItsBandEqualsR() throws {
    for given in cases {
      let surface = try LoessSurface(x: given.p, y: given.y.map { $0 ? 1 : 0 })
      let inference = try LoessInference(surface)
      #expect(near(inference.trace, given.trace), "trace \(inference.trace), R \(given.trace)")
      #expect(near(inference.residualStandardError, given.scale))
      #expect(near(inference.degreesOfFreedom, given.degrees))
      #expect(!surface.isReduced)
      for (place, (fit, error)) in zip(given.places, zip(given.fit, given.error)) {
        #expect(near(surface(place), fit), "at \(place): \(surface(place) ?? .nan), R \(fit)")
        #expect(near(inference.standardError(at: place), error), "standard error at \(place)")
      }
    }
  }

  @Test func calibrationDistancesEqualR() throws {
    for given in cases {
      let distance = try CalibrationDistance(probabilities: given.p, positives: given.y)
      let found = [distance.ici, distance.e50, distance.e90, distance.eMax]
      for (ours, theirs) in zip(found, given.distances) { #expect(near(ours, theirs), "\(ours), R \(theirs)") }
    }
  }

  @Test func clusteredCalibrationEqualsTheSandwich() throws {
    let clustered = try ClusteredCalibration(probabilities: G.smoothP, positives: G.smoothY, clusters: G.patients)
    #expect(clustered.clusters == 50)
    #expect(near(clustered.intercept?.standardError, G.clusteredInterceptError))
    #expect(near(clustered.slope?.standardError, G.clusteredSlopeError))
    #expect(near(clustered.inTheLarge?.standardError, G.clusteredLargeError))
    let plain = try CalibrationMeasures(probabilities: G.smoothP, positives: G.smoothY)
    #expect(near(clustered.slope?.value, plain.slope?.value ?? .nan))
  }

  @Test func biasCorrectionFollowsEfron() throws {
    let bootstrap = try BootstrapAUC(scores: G.smoothP, positives: G.smoothY, resamples: 200)
    #expect(near(bootstrap.auc, G.auc))
    #expect(near(bootstrap.acceleration, G.acceleration))
    let sample = BootstrapSample(estimate: G.auc, resampled: G.resampled)
    let interval = try #require(sample.biasCorrected(acceleration: G.acceleration))
    #expect(near(interval.lower, G.bcaLower) && near(interval.upper, G.bcaUpper), "\(interval)")
  }

  @Test func bandwidthsEqualR() throws {
    let smoothed = try SmoothedBootstrapAUC(scores: G.smoothP, positives: G.smoothY, resamples: 100)
    #expect(near(smoothed.bandwidths.positives, G.bandwidthPositives))
    #expect(near(smoothed.bandwidths.negatives, G.bandwidthNegatives))
  }

  @Test func partialAreasEqualPROC() throws {
    let expected: [(ClosedRange<Double>, PartialAUC.Focus, Double, Double)] = [
      (0.8...1, .specificity, G.partialSpecificity, G.partialSpecificityStandardised),
      (0.7...0.95, .sensitivity, G.partialSensitivity, G.partialSensitivityStandardised),
    ]
    for (range, focus, area, standardised) in expected {
      for (flag, value) in [(false, area), (true, standardised)] {
        let measure = CurveMeasure.partialArea(range, focus, standardised: flag)
        let bootstrap = try BootstrapCurve(measure, scores: G.smoothP, positives: G.smoothY, resamples: 100)
        #expect(near(bootstrap.sample.estimate, value), "\(bootstrap.sample.estimate), pROC \(value)")
      }
    }
  }

  @Test func randomEffectsFollowDerSimonianAndLaird() throws {
    let effects = try RandomEffects(G.siteEstimates, variances: G.siteVariances)
    #expect(near(effects.mean, G.siteMean) && near(effects.standardError, G.siteError))
    #expect(near(effects.tauSquared, G.siteTau2) && near(effects.iSquared, G.siteI2))
    #expect(near(effects.heterogeneity.statistic, G.siteQ) && near(effects.heterogeneity.p, G.siteP))
    #expect(near(effects.prediction?.lower, G.sitePredictionLower))
    #expect(near(effects.prediction?.upper, G.sitePredictionUpper))
  }
}
