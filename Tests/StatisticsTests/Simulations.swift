import Foundation

@testable import Statistics

/// Studies drawn with a known truth, to see how often an interval holds it. `INSONATE_COVERAGE_RUNS` sets the number of runs
/// (2,000 for a figure to quote); the default is small enough for the suite.
enum Simulation {
  static let runs = runs(usually: 250)

  static func runs(usually few: Int) -> Int {
    ProcessInfo.processInfo.environment["INSONATE_COVERAGE_RUNS"].flatMap { Int($0) } ?? few
  }

  /// Benchmarks/diagnostic.py reads these lines.
  static func say(_ name: String, _ share: Double) { print("simulated: \(name): \(String(format: "%.4f", share))") }

  /// Whether a coverage can be that of a 95 % interval: within 93 to 97 %, or 3.3 binomial standard errors where so few runs
  /// leave more to chance. From 1,300 runs on it is the two percent that bind.
  static func isNominal(_ coverage: Double, runs: Int) -> Bool {
    abs(coverage - 0.95) < max(0.02, 3.3 * (0.95 * 0.05 / Double(runs)).squareRoot())
  }

  /// Images of patients, each patient of one class; scores normal with variance 1 in each class, of which `correlation` is the
  /// patient's own. A second score shares the patient's part and half of the rest.
  struct ClusteredStudy {
    var scores: [Double] = []
    var others: [Double] = []
    var positives: [Bool] = []
    var patients: [Int] = []

    init(
      run: Int, patientsOfClass: Int = 60, images: Int = 6, correlation: Double = 0.3, shift: Double = 1,
      otherShift: Double = 1
    ) {
      var random = SplitMix64(seed: 0x5EED, stream: UInt64(run))
      for patient in 0..<2 * patientsOfClass {
        let positive = patient % 2 == 0
        let own = correlation.squareRoot() * random.drawNormal()
        for _ in 0..<images {
          let (common, first, second) = (random.drawNormal(), random.drawNormal(), random.drawNormal())
          let rest = ((1 - correlation) / 2).squareRoot()
          scores.append(own + rest * (common + first) + (positive ? shift : 0))
          others.append(own + rest * (common + second) + (positive ? otherShift : 0))
          positives.append(positive)
          patients.append(patient)
        }
      }
    }

    /// The AUC of two normal classes `shift` apart.
    static func trueAUC(shift: Double) -> Double { NormalDistribution.cumulative(shift / 2.0.squareRoot()) }
  }

  /// Share of the runs whose interval holds the truth; a run without an interval does not.
  static func coverage(of truth: Double, runs: Int, interval: (Int) throws -> Interval?) rethrows -> Double {
    var held = 0
    for run in 0..<runs {
      if let interval = try interval(run), interval.contains(truth) { held += 1 }
    }
    return Double(held) / Double(runs)
  }
}

extension SplitMix64 {
  /// Standard normal.
  mutating func drawNormal() -> Double {
    (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform())
  }
}
