import Foundation
import Testing
import Ultrasound

@testable import InSilico

@Suite struct FactorModelTests {
  @Test(arguments: [0.5, 0.6, 0.75, 0.9, 0.95, 0.999])
  func aWishedAUCSetsTheSeparation(auc: Double) {
    let model = FactorModel(weights: [("a", 2), ("b", 1), ("c", 0.5)], idealAUC: auc)
    #expect(abs(model.idealAUC - auc) < 1e-9)
    #expect(model.factors[0].separation >= model.factors[1].separation)
  }

  /// d' = 1 gives Phi(1/sqrt 2) = 0.7602499389 (published tables of d' and AUC).
  @Test func areaFollowsFromSeparation() {
    #expect(abs(FactorModel.auc(forSeparation: 1) - 0.760249938906523) < 1e-12)
    #expect(abs(FactorModel.separation(forAUC: 0.95) - 2.326174307353347) < 1e-9)
  }

  @Test func efficiencyIsOneForTheIdealAndZeroForChance() {
    #expect(abs(FactorModel.efficiency(ofAUC: 0.95, idealAUC: 0.95) - 1) < 1e-9)
    #expect(FactorModel.efficiency(ofAUC: 0.5, idealAUC: 0.95) == 0)
    #expect(FactorModel.efficiency(ofAUC: 0.3, idealAUC: 0.95) == 0)
    #expect(FactorModel.efficiency(ofAUC: 0.9, idealAUC: 0.5) == 0)
    let partly = FactorModel.efficiency(ofAUC: 0.87, idealAUC: 0.95)
    #expect(partly > 0.4 && partly < 0.6)
  }

  /// The likelihood ratio of two normal densities, written out.
  @Test func ratioIsThatOfTheDensities() {
    let model = FactorModel(factors: [Factor(name: "a", separation: 1.2), Factor(name: "b", separation: 0.4)])
    let values = [0.7, -1.3]
    var expected = 0.0
    for (factor, value) in zip(model.factors, values) {
      let (up, down) = (value - factor.separation / 2, value + factor.separation / 2)
      expected += -up * up / 2 + down * down / 2
    }
    #expect(abs(model.logLikelihoodRatio(values) - expected) < 1e-12)
  }

  @Test func cohortReachesTheIdealAUCWithinChance() throws {
    let cohort = try Simulator.liver(LiverSettings(patients: 4000, idealAUC: 0.92, idealClinicalAUC: 0.8, seed: 5))
    let malignant = cohort.lesions.map { $0.label == .malignant }
    let rows = LiverTables(cohort: cohort).truth()
    func area(_ observer: SimulationRecord.Observer) throws -> Double {
      let column = try #require(rows.columns.firstIndex(of: observer.column))
      return areaUnderCurve(try rows.rows.map { try #require(Double($0[column])) }, malignant: malignant)
    }
    for observer in [SimulationRecord.Observer.bmode, .clinical, .all] {
      let (found, ideal) = (try area(observer), try #require(cohort.record.idealAUC(observer)))
      // Standard error of an AUC of 0.9 at 2200 against 2200 is 0.005.
      #expect(abs(found - ideal) < 0.015, "\(observer): \(found) for \(ideal)")
    }
    let recorded = try area(.clinicalRecorded)
    #expect(recorded < (try area(.clinical)))
    #expect(recorded > 0.7)
    #expect(abs(try #require(cohort.record.idealAUC(.bmode)) - 0.92) < 1e-9)
  }

  /// A level's ratio averages to one under the benign class: the levels' probabilities are whole.
  @Test func levelRatiosAreRatiosOfProbabilities() {
    for column in ClinicalColumn.proper + [ClinicalColumn.halo] {
      guard case .levels(let names, let cuts) = column.form else { continue }
      #expect(names.count == cuts.count + 1)
      #expect(cuts == cuts.sorted())
      let separation = 1.1
      let middles = [(cuts.first ?? 0) - 1] + zip(cuts, cuts.dropFirst()).map { ($0 + $1) / 2 } + [(cuts.last ?? 0) + 1]
      var total = 0.0
      for (level, value) in middles.enumerated() {
        let low = level == 0 ? 0 : phi(cuts[level - 1] + separation / 2)
        let high = level == cuts.count ? 1 : phi(cuts[level] + separation / 2)
        total += (high - low) * exp(column.recordedLogLikelihoodRatio(value, separation: separation))
      }
      #expect(abs(total - 1) < 1e-9, "\(column.name)")
    }
  }

  private func phi(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }
}
