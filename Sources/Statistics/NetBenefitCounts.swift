/// Net benefits of all models at all thresholds in one sample.
struct NetBenefits: Sendable {
  let prevalence: Double
  let thresholds: [Double]
  /// [model][threshold] in one row.
  let benefits: [Double]
  /// The same less acting on all, from the counts of what the model spares and misses, so that no difference is exactly 0.
  let gains: [Double]

  func againstAll(_ index: Int, _ place: Int) -> Double { gains[index * thresholds.count + place] }

  func model(_ index: Int, _ place: Int) -> Double { benefits[index * thresholds.count + place] }

  func all(_ place: Int) -> Double {
    prevalence - (1 - prevalence) * thresholds[place] / (1 - thresholds[place])
  }
}

/// Rows as what decision curves need of them: class, and for each model how many thresholds lie at or below the probability.
/// A resample then is a histogram, O(rows + thresholds) a model whatever their number.
struct NetBenefitCounts: Sendable {
  private let thresholds: [Double]
  private let models: Int
  private let labels: [Bool]
  /// [row][model] in one row.
  private let bins: [Int32]
  private let members: [[Int32]]

  var clusterCount: Int { members.count }

  /// - thresholds: ascending.
  init(
    _ probabilities: [[Double]], _ labels: [Bool], patients: [String]?, thresholds: [Double]
  ) throws(StatisticsError) {
    (self.thresholds, models, self.labels) = (thresholds, probabilities.count, labels)
    var bins = [Int32](repeating: 0, count: labels.count * probabilities.count)
    for (model, values) in probabilities.enumerated() {
      for row in labels.indices {
        var (low, high) = (0, thresholds.count)
        while low < high {
          let middle = (low + high) / 2
          if thresholds[middle] <= values[row] { low = middle + 1 } else { high = middle }
        }
        bins[row * probabilities.count + model] = Int32(low)
      }
    }
    self.bins = bins
    guard let patients else {
      members = labels.indices.map { [Int32($0)] }
      return
    }
    try Require.sameLength("patients", patients.count, as: labels.count)
    var place: [String: Int] = [:]
    var members: [[Int32]] = []
    for row in labels.indices {
      if let index = place[patients[row]] {
        members[index].append(Int32(row))
      } else {
        place[patients[row]] = members.count
        members.append([Int32(row)])
      }
    }
    self.members = members
  }

  func whole() -> NetBenefits { benefits { histogram in for row in labels.indices { histogram.add(row, self) } } }

  func resampled(_ count: Int, seed: UInt64) -> [NetBenefits] {
    concurrentMap(count) { index in
      var random = SplitMix64(seed: seed, stream: UInt64(index))
      return benefits { histogram in
        for _ in members.indices {
          for row in members[random.below(members.count)] { histogram.add(Int(row), self) }
        }
      }
    }
  }

  private struct Histogram {
    var rows = 0
    var events = 0
    /// [model][bin][class].
    var counts: [Int32]

    @inline(__always)
    mutating func add(_ row: Int, _ source: NetBenefitCounts) {
      let positive = source.labels[row]
      rows += 1
      events += positive ? 1 : 0
      let width = source.thresholds.count + 1
      for model in 0..<source.models {
        let bin = Int(source.bins[row * source.models + model])
        counts[(model * width + bin) * 2 + (positive ? 1 : 0)] += 1
      }
    }
  }

  private func benefits(_ fill: (inout Histogram) -> Void) -> NetBenefits {
    let width = thresholds.count + 1
    var histogram = Histogram(counts: [Int32](repeating: 0, count: models * width * 2))
    fill(&histogram)
    let n = Double(histogram.rows)
    var benefits = [Double](repeating: 0, count: models * thresholds.count)
    var gains = benefits
    for model in 0..<models {
      var (truePositives, falsePositives) = (0, 0)
      // From the highest threshold down: bin k holds the rows at or above the k lowest thresholds only.
      for place in thresholds.indices.reversed() {
        falsePositives += Int(histogram.counts[(model * width + place + 1) * 2])
        truePositives += Int(histogram.counts[(model * width + place + 1) * 2 + 1])
        let odds = thresholds[place] / (1 - thresholds[place])
        let index = model * thresholds.count + place
        benefits[index] = Double(truePositives) / n - Double(falsePositives) / n * odds
        let (missed, spared) = (histogram.events - truePositives, histogram.rows - histogram.events - falsePositives)
        gains[index] = (Double(spared) * odds - Double(missed)) / n
      }
    }
    return NetBenefits(
      prevalence: Double(histogram.events) / n, thresholds: thresholds, benefits: benefits, gains: gains)
  }
}
