import Foundation
import Tables
import Testing
import Ultrasound

@testable import Cohort

@Suite(.enabled(if: FileManager.default.fileExists(atPath: busiFolder.path), "needs ../shared"))
struct RealDataTests {
  /// Group of each still, from the manifest.
  static func manifestGroups() throws -> [String: String] {
    let table = try Tables.Table(contentsOf: sharedFolder.appendingPathComponent("data/manifest.csv"))
    let (paths, groups) = (try table.column("path"), try table.column("group"))
    let prefix = "breast-busi/"
    return Dictionary(
      uniqueKeysWithValues: zip(paths, groups).compactMap { path, group in
        guard path.hasPrefix(prefix), !path.contains("mask"), !path.contains("normal") else { return nil }
        return (String(path.dropFirst(prefix.count)), group)
      })
  }

  @Test func importsBUSIByItsKnownGroups() throws {
    let folder = try TemporaryFolder()
    let report = try Importer.run(source: busiFolder, into: folder("busi.cohort"))
    #expect(report.added == 220 && report.images == 220 && report.lesions == 220)
    #expect(!report.patientsAreKnown && report.patientSource == "near-duplicate groups")
    #expect(report.notes.contains { $0.contains("\"normal\"") && $0.contains("30 stills") })
    let catalogue = try Catalogue.open(folder("busi.cohort"))
    let images = try catalogue.images()
    #expect(images.count { $0.label == .benign } == 130 && images.count { $0.label == .malignant } == 90)
    #expect(images.allSatisfy { $0.region != nil })
    #expect(images.first { $0.name == "benign/images/benign_100.png" }?.masks.count == 2)
    var known = try Self.manifestGroups()
    // One picture saved with two crops, 65 of 256 bits apart, that the manifest lists as two groups.
    known["benign/images/benign_64.png"] = known["benign/images/benign_141.png"]
    // Another: one is the other cropped, with the same calipers (agreement 0.98).
    known["malignant/images/malignant_128.png"] = known["malignant/images/malignant_129.png"]
    let found = Dictionary(grouping: images, by: \.patient).values.map { $0.map(\.name).sorted() }
    let expected = Dictionary(grouping: known.keys) { known[$0] ?? "" }.values.map { $0.sorted() }
    #expect(Set(found) == Set(expected))
    let check = try catalogue.check()
    #expect(check.isSound && check.duplicates.count == 32 && check.duplicatesAcrossPatients.isEmpty)
    let folds = try Splitter.folds(of: images, request: .kFold(folds: 5, seed: 1))
    #expect(folds.allSatisfy { (35...53).contains($0.test.count) })
  }
}
