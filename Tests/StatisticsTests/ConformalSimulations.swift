import Foundation
import Testing

@testable import Statistics

/// Coverage of conformal sets by simulation, with two lesions for many patients and sites whose scores differ. Prints what it
/// found; INSONATE_COVERAGE_RUNS sets the number of runs (120 by default, 2,000 for `make bench`).
@Suite struct ConformalSimulations {
  private static let runs = Simulation.runs(usually: 120)
  private static let alpha = 0.1
  /// Shift of the log odds and noise of the score at each site; the third is a poor device.
  private static let sites: [(name: String, shift: Double, noise: Double)] = [
    ("A", 0, 0.6), ("B", 0.4, 0.8), ("C", -0.8, 2),
  ]

  private struct Cases {
    var scores: [Double] = []
    var positives: [Bool] = []
    var patients: [String] = []
    var sites: [String] = []

    /// One to three lesions a patient, with an effect in common.
    init(patientsPerSite: Int, random: inout SplitMix64) {
      for site in ConformalSimulations.sites {
        for patient in 0..<patientsPerSite {
          let positive = random.uniform() < 0.4
          let effect = Self.normal(&random)
          for _ in 0..<(1 + random.below(3)) {
            let noise = site.noise * (0.8 * effect + 0.6 * Self.normal(&random))
            scores.append(1 / (1 + exp(-((positive ? 1.5 : -1.5) + site.shift + noise))))
            positives.append(positive)
            patients.append("\(site.name)\(patient)")
            sites.append(site.name)
          }
        }
      }
    }

    private static func normal(_ random: inout SplitMix64) -> Double {
      NormalDistribution.quantile(max(random.uniform(), 1e-15))
    }
  }

  /// Share of rows covered over all runs, for each key.
  private func coverage(_ taxonomy: ConformalTaxonomy, key: (Bool, String) -> String) throws -> [String: Double] {
    var counts: [String: (covered: Int, total: Int)] = [:]
    for run in 0..<Self.runs {
      var random = SplitMix64(seed: 33, stream: UInt64(run))
      let calibration = Cases(patientsPerSite: 100, random: &random)
      let test = Cases(patientsPerSite: 100, random: &random)
      let predictor = try ConformalPredictor(
        scores: calibration.scores, positives: calibration.positives, patients: calibration.patients,
        sites: calibration.sites, taxonomy: taxonomy, alpha: Self.alpha)
      for row in test.scores.indices {
        let set = predictor.set(score: test.scores[row], site: test.sites[row])
        let name = key(test.positives[row], test.sites[row])
        counts[name, default: (0, 0)].total += 1
        counts[name, default: (0, 0)].covered += set.holds(positive: test.positives[row]) ? 1 : 0
      }
    }
    let shares = counts.mapValues { Double($0.covered) / Double($0.total) }
    for (name, share) in shares.sorted(by: { $0.key < $1.key }) {
      Simulation.say("conformal sets \(taxonomy.rawValue), wanted \(1 - Self.alpha), \(name)", share)
    }
    return shares
  }

  @Test func everySiteIsCoveredWithinTwoPoints() throws {
    let own = try coverage(.bySite) { $1 }
    #expect(own.count == 3 && own.values.allSatisfy { abs($0 - 0.9) < 0.02 }, "\(own)")
    let pooled = try coverage(.marginal) { $1 }
    #expect((pooled["C"] ?? 1) < 0.85, "the pooled quantile should fail at the poor device: \(pooled)")
  }

  @Test func everyClassIsCoveredWithinTwoPoints() throws {
    let own = try coverage(.byClass) { positive, _ in positive ? "malignant" : "benign" }
    #expect(own.count == 2 && own.values.allSatisfy { abs($0 - 0.9) < 0.02 }, "\(own)")
  }

  /// Few cases a cell make the quantile of a whole rank coarser: at least the promise, at most 1 / (K + 1) more.
  @Test func everyClassAtEverySiteIsCovered() throws {
    let own = try coverage(.byClassAndSite) { positive, site in "\(positive ? "malignant" : "benign") at \(site)" }
    #expect(own.count == 6 && own.values.allSatisfy { $0 > 0.88 && $0 < 0.945 }, "\(own)")
  }
}
