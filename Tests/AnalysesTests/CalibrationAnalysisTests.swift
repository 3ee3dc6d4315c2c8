import Foundation
import Statistics
import Tables
import Testing

@testable import Analyses

/// `stats calibration`.
struct CalibrationAnalysisTests {
  private func table(patients: Int, images: Int) throws -> Table {
    var random = SplitMix64(seed: 8)
    var lines = ["patient,lesion,label,score"]
    for patient in 0..<patients {
      for image in 0..<images {
        let p = random.uniform()
        lines.append("\(patient),\(image),\(random.uniform() < p ? 1 : 0),\(p)")
      }
    }
    return try Table(csv: lines.joined(separator: "\n"), source: "t.csv")
  }

  @Test func valuesAreThoseOfTheLibrary() throws {
    let table = try table(patients: 120, images: 1)
    let result = try ModelAnalyses.calibration(table, .init(), unit: .lesion, groups: 5)
    let rows = try ScoredRows(table, .init())
    let curve = try CalibrationCurve(
      probabilities: rows.scores, positives: rows.positives, binning: .quantile(5))
    #expect(result.values["ici"]?.number == curve.distance?.ici && result.values["e90"]?.number == curve.distance?.e90)
    #expect(result.values["curve"]?["upper"]?.list.compactMap(\.number) == curve.upper)
    let test = try HosmerLemeshow(probabilities: rows.scores, positives: rows.positives, groups: 5)
    #expect(result.values["hosmerLemeshow"]?["p"]?.number == test.p)
    #expect(result.values["spiegelhalter"]?["z"]?.number == curve.measures.spiegelhalter?.statistic)
    #expect(result.tables.last?.rows.count == 5)
    #expect(result.values["clustered"] == nil && result.notes.isEmpty, "\(result.notes)")
  }

  @Test func rowsThatSharePatientsHaveClusteredIntervals() throws {
    let table = try table(patients: 40, images: 4)
    let result = try ModelAnalyses.calibration(table, .init(), unit: .lesion)
    let rows = try ScoredRows(table, .init())
    let robust = try ClusteredCalibration(
      probabilities: rows.scores, positives: rows.positives, clusters: rows.patients)
    #expect(result.values["clustered"]?["slope"]?["lower"]?.number == robust.slope?.interval.lower)
    #expect(result.notes.contains { $0.contains("rows share patients") })
  }
}
