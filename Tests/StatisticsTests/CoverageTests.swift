import Foundation
import Testing

@testable import Statistics

/// How often 95 % intervals hold the truth when images of a patient are correlated at 0.3.
struct CoverageTests {
  private typealias Study = Simulation.ClusteredStudy
  private let runs = Simulation.runs

  private func report(_ name: String, _ coverage: Double) {
    Simulation.say("coverage at intraclass correlation 0.3, \(name)", coverage)
  }

  @Test func theClusteredAUCCoversWhereDeLongFails() throws {
    let truth = Study.trueAUC(shift: 1)
    let clustered = try Simulation.coverage(of: truth, runs: runs) { run in
      let study = Study(run: run)
      return try ClusteredAUC(scores: study.scores, positives: study.positives, clusters: study.patients).wald()
    }
    let plain = try Simulation.coverage(of: truth, runs: runs) { run in
      let study = Study(run: run)
      return try DeLong(scores: study.scores, positives: study.positives).wald()
    }
    report("AUC, Obuchowski", clustered)
    report("AUC, plain DeLong", plain)
    #expect(Simulation.isNominal(clustered, runs: runs), "\(clustered)")
    #expect(!Simulation.isNominal(plain, runs: runs) && plain < 0.9, "\(plain)")
  }

  @Test func theClusteredDifferenceCovers() throws {
    let truth = Study.trueAUC(shift: 1.2) - Study.trueAUC(shift: 0.6)
    func study(_ run: Int) -> Study { Study(run: run, shift: 1.2, otherShift: 0.6) }
    let clustered = try Simulation.coverage(of: truth, runs: runs) { run in
      let study = study(run)
      return try DeLongTest.pairedClustered(
        study.scores, study.others, positives: study.positives, clusters: study.patients
      ).interval
    }
    report("difference of AUCs, Obuchowski", clustered)
    #expect(Simulation.isNominal(clustered, runs: runs), "\(clustered)")
  }

  @Test func theClusterBootstrapCoversWhereTheRowBootstrapFails() throws {
    let truth = Study.trueAUC(shift: 1)
    let runs = runs >= 2000 ? runs : max(100, runs / 2)
    func percentile(_ run: Int, clusters: (Study) -> [Int]) throws -> Interval {
      let study = Study(run: run, images: 4)
      return try ClusterBootstrap.curve(
        scores: study.scores, positives: study.positives, clusters: clusters(study), resamples: 200,
        seed: UInt64(run)
      ).percentile()
    }
    let clustered = try Simulation.coverage(of: truth, runs: runs) { try percentile($0) { $0.patients } }
    let plain = try Simulation.coverage(of: truth, runs: runs) { try percentile($0) { Array($0.scores.indices) } }
    report("AUC, bootstrap of patients", clustered)
    report("AUC, bootstrap of rows", plain)
    #expect(Simulation.isNominal(clustered, runs: runs), "\(clustered)")
    #expect(plain < 0.9, "\(plain)")
  }

  @Test func theClusteredProportionCoversWhereWilsonFails() throws {
    // Scores above 0 among the positives, whose mean is 1.
    let truth = NormalDistribution.cumulative(1)
    func calls(_ run: Int) -> (calls: [Bool], patients: [Int]) {
      let study = Study(run: run)
      let rows = study.positives.indices.filter { study.positives[$0] }
      return (rows.map { study.scores[$0] >= 0 }, rows.map { study.patients[$0] })
    }
    let clustered = try Simulation.coverage(of: truth, runs: runs) { run in
      let own = calls(run)
      return try ClusteredProportion(own.calls, clusters: own.patients).estimate.interval
    }
    let plain = Simulation.coverage(of: truth, runs: runs) { run in
      let own = calls(run).calls
      return Proportion.wilson(successes: own.count { $0 }, of: own.count).interval
    }
    report("sensitivity, clustered", clustered)
    report("sensitivity, Wilson", plain)
    #expect(Simulation.isNominal(clustered, runs: runs), "\(clustered)")
    #expect(plain < 0.9, "\(plain)")
  }
}
