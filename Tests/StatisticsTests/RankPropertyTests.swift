import Foundation
import Testing

@testable import Statistics

/// What must hold of ROC curves and DeLong variances for any data; drawn with seeds, with and without ties.
struct RankPropertyTests {
  struct Sample {
    var scores: [Double]
    var positives: [Bool]
  }

  /// - Parameter steps: number of distinct scores; 0 for continuous ones.
  static func sample(seed: UInt64, count: Int, steps: Int) -> Sample {
    var random = SplitMix64(seed: seed)
    var sample = Sample(scores: [], positives: [])
    for row in 0..<count {
      // The first rows make sure of two of either class.
      let positive = row < 4 ? row < 2 : random.uniform() < 0.4
      let raw = random.uniform() + (positive ? 0.3 * random.uniform() : 0) - 0.6
      sample.scores.append(steps > 0 ? (raw * Double(steps)).rounded() / Double(steps) : raw)
      sample.positives.append(positive)
    }
    return sample
  }

  static let samples: [Sample] = (0..<12).map { index in
    sample(seed: UInt64(index), count: [4, 7, 40, 151, 700, 1300][index % 6], steps: [0, 3, 10][index % 3])
  }

  @Test func areaEqualsTheCountOfPairs() throws {
    for sample in Self.samples {
      var twice = 0
      for (x, isPositive) in zip(sample.scores, sample.positives) where isPositive {
        for (y, other) in zip(sample.scores, sample.positives) where !other {
          twice += x > y ? 2 : (x == y ? 1 : 0)
        }
      }
      let m = sample.positives.count { $0 }
      let expected = Double(twice) / (2 * Double(m) * Double(sample.positives.count - m))
      let curve = try ROCCurve(scores: sample.scores, positives: sample.positives)
      #expect(curve.auc == expected)
      #expect(try DeLong(scores: sample.scores, positives: sample.positives).auc == expected)
      // The area under the drawn line is the same.
      var area = 0.0
      for (a, b) in zip(curve.points, curve.points.dropFirst()) {
        area += (a.specificity - b.specificity) * (a.sensitivity + b.sensitivity) / 2
      }
      #expect(abs(area - expected) < 1e-12)
    }
  }

  @Test func varianceEqualsTheDefinition() throws {
    for sample in Self.samples {
      let positive = zip(sample.scores, sample.positives).filter(\.1).map(\.0)
      let negative = zip(sample.scores, sample.positives).filter { !$0.1 }.map(\.0)
      func wins(_ x: Double, _ y: Double) -> Double { x > y ? 1 : (x == y ? 0.5 : 0) }
      let v10 = positive.map { x in negative.reduce(0) { $0 + wins(x, $1) } / Double(negative.count) }
      let v01 = negative.map { y in positive.reduce(0) { $0 + wins($1, y) } / Double(positive.count) }
      func sampleVariance(_ values: [Double]) -> Double {
        let mean = values.reduce(0, +) / Double(values.count)
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
      }
      let expected =
        sampleVariance(v10) / Double(positive.count) + sampleVariance(v01) / Double(negative.count)
      let delong = try DeLong(scores: sample.scores, positives: sample.positives)
      #expect(abs(delong.variance - expected) < 1e-13)
      #expect(zip(delong.placements, delong.labels).filter(\.1).map(\.0) == v10)
    }
  }

  @Test func pointsAreExactAndMonotone() throws {
    for sample in Self.samples {
      let curve = try ROCCurve(scores: sample.scores, positives: sample.positives)
      #expect(curve.points.count == Set(sample.scores).count + 1)
      #expect(curve.points.first?.threshold == .infinity)
      #expect(curve.points.first?.sensitivity == 0 && curve.points.first?.specificity == 1)
      #expect(curve.points.last?.sensitivity == 1 && curve.points.last?.specificity == 0)
      for point in curve.points.dropFirst() {
        let matrix = try ConfusionMatrix(
          scores: sample.scores, positives: sample.positives, cutOff: point.threshold)
        #expect(matrix.truePositives == point.truePositives && matrix.falsePositives == point.falsePositives)
      }
      for (a, b) in zip(curve.points, curve.points.dropFirst()) { #expect(a.threshold > b.threshold) }
      // Corners draw the same line.
      #expect(curve.corners.first == curve.points.first && curve.corners.last == curve.points.last)
    }
  }

  @Test func monotoneTransformsChangeNothing() throws {
    for sample in Self.samples {
      let transformed = sample.scores.map { exp(3 * $0) - 100 }
      let (a, b) = (
        try DeLong(scores: sample.scores, positives: sample.positives),
        try DeLong(scores: transformed, positives: sample.positives)
      )
      #expect(a.auc == b.auc && a.variance == b.variance && a.placements == b.placements)
    }
  }

  @Test func swappedLabelsGiveTheComplement() throws {
    for sample in Self.samples {
      let a = try DeLong(scores: sample.scores, positives: sample.positives)
      let b = try DeLong(scores: sample.scores, positives: sample.positives.map { !$0 })
      let c = try DeLong(scores: sample.scores.map { -$0 }, positives: sample.positives)
      #expect(abs(a.auc + b.auc - 1) < 1e-15 && abs(a.auc + c.auc - 1) < 1e-15)
      #expect(abs(a.variance - b.variance) < 1e-15 && abs(a.variance - c.variance) < 1e-15)
    }
  }

  @Test func orderOfRowsDoesNotMatter() throws {
    for (seed, sample) in Self.samples.enumerated() {
      var random = SplitMix64(seed: UInt64(seed))
      let order = sample.scores.indices.shuffled(using: &random)
      let a = try DeLong(scores: sample.scores, positives: sample.positives)
      let b = try DeLong(scores: order.map { sample.scores[$0] }, positives: order.map { sample.positives[$0] })
      #expect(a.auc == b.auc && a.variance == b.variance)
    }
  }

  @Test func clustersOfOneRowGiveDeLong() throws {
    for sample in Self.samples {
      let delong = try DeLong(scores: sample.scores, positives: sample.positives)
      let clustered = try ClusteredAUC(
        scores: sample.scores, positives: sample.positives, clusters: Array(sample.scores.indices))
      #expect(abs(clustered.variance - delong.variance) < 1e-14)
    }
  }

  /// Every row written three times tells no more than once: the clustered variance knows, DeLong's does not.
  @Test func copiedRowsAddNothingWithClusters() throws {
    let sample = Self.samples[3]
    let clusters = Array(sample.scores.indices)
    let once = try ClusteredAUC(scores: sample.scores, positives: sample.positives, clusters: clusters)
    let thrice = try ClusteredAUC(
      scores: sample.scores + sample.scores + sample.scores,
      positives: sample.positives + sample.positives + sample.positives, clusters: clusters + clusters + clusters)
    #expect(abs(once.variance - thrice.variance) < 1e-14)
    let naive = try DeLong(
      scores: sample.scores + sample.scores + sample.scores,
      positives: sample.positives + sample.positives + sample.positives)
    #expect(naive.variance < once.variance / 2.5)
  }

  @Test func aScoreComparedWithItselfDiffersByNothing() throws {
    let sample = Self.samples[2]
    let test = try DeLongTest.paired(sample.scores, sample.scores, positives: sample.positives)
    #expect(test.difference == 0 && test.z == 0 && test.p == 1)
    let clustered = try DeLongTest.pairedClustered(
      sample.scores, sample.scores.map { -$0 }, positives: sample.positives,
      clusters: Array(sample.scores.indices))
    let plain = try DeLongTest.paired(
      sample.scores, sample.scores.map { -$0 }, positives: sample.positives)
    #expect(abs(clustered.p - plain.p) < 1e-10 && abs(clustered.covariance - plain.covariance) < 1e-14)
  }

  @Test func constantScoresAreChanceWithoutNaN() throws {
    let (scores, positives) = ([Double](repeating: 0.3, count: 10), (0..<10).map { $0 < 4 })
    let delong = try DeLong(scores: scores, positives: positives)
    #expect(delong.auc == 0.5 && delong.variance == 0)
    #expect(delong.wald() == Interval(lower: 0.5, upper: 0.5, level: 0.95))
    #expect(delong.logit() == Interval(lower: 0.5, upper: 0.5, level: 0.95))
    let curve = try ROCCurve(scores: scores, positives: positives)
    #expect(curve.points.count == 2 && curve.auc == 0.5)
    #expect(try CutOff.youden(scores: scores, positives: positives) == 0.3)
    #expect(try CutOff.youdenMidpoint(scores: scores, positives: positives) == -.infinity)
    #expect(try DeLongTest.paired(scores, scores, positives: positives).p == 1)
  }

  @Test func perfectScoresHaveNoLogitInterval() throws {
    let delong = try DeLong(scores: [1, 2, 3, 4], positives: [false, false, true, true])
    #expect(delong.auc == 1 && delong.variance == 0 && delong.logit() == nil)
    #expect(delong.waldClipped() == Interval(lower: 1, upper: 1, level: 0.95))
  }

  @Test func onePositiveAmongManyHasAnAreaButNoVariance() throws {
    let scores = (0..<2000).map { Double($0) }
    let positives = (0..<2000).map { $0 == 1500 }
    #expect(try ROCCurve(scores: scores, positives: positives).auc == 1500.0 / 1999)
    #expect(throws: StatisticsError.tooFew(what: "positives for a variance", needed: 2, found: 1)) {
      try DeLong(scores: scores, positives: positives)
    }
  }

  @Test func zerosOfEitherSignTie() throws {
    #expect(try ROCCurve(scores: [0, -0.0], positives: [true, false]).auc == 0.5)
  }

  @Test func extremeMagnitudesSortRight() throws {
    let scores = [
      -Double.greatestFiniteMagnitude, -1, -Double.leastNonzeroMagnitude, 0, Double.leastNonzeroMagnitude, 1e-300, 1,
      Double.greatestFiniteMagnitude,
    ]
    let many = (0..<100).flatMap { _ in scores }
    for values in [scores, many] {
      let entries = try RankedScores(values.reversed()).entries
      #expect(entries.map { RankedScores.score(of: $0.key) } == values.sorted())
    }
  }

  @Test func bootstrapIsTheSameOnAnyNumberOfThreads() throws {
    let sample = Self.samples[4]
    let one = try BootstrapAUC(
      scores: sample.scores, positives: sample.positives, resamples: 300, seed: 9, threads: 1)
    for threads in [2, 7, 64] {
      let many = try BootstrapAUC(
        scores: sample.scores, positives: sample.positives, resamples: 300, seed: 9, threads: threads)
      #expect(one.resampled == many.resampled && one.interval == many.interval)
    }
    let other = try BootstrapAUC(scores: sample.scores, positives: sample.positives, resamples: 300, seed: 10)
    #expect(one.resampled != other.resampled)
    let delong = try DeLong(scores: sample.scores, positives: sample.positives)
    #expect(abs(one.interval.lower - delong.wald().lower) < 0.02)
  }
}
