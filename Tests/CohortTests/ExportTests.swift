import Foundation
import GRDB
import Testing

@testable import Cohort

struct ExportTests {
  @Test func anExportImportsToTheSameContent() throws {
    let folder = try TemporaryFolder()
    for (place, name) in ["a", "b/c", "d"].enumerated() { try folder.picture("s/\(name).png", seed: UInt64(place)) }
    try folder.mask("s/m1.png", columns: 1...9, rows: 2...9)
    try folder.mask("s/m2.png", columns: 20...29, rows: 2...9)
    try folder.write(
      """
      patient,lesion,label,file,modality,size_mm,split,mask,note
      P1,L1,benign,a.png,b-mode,4.5,train,m1.png; m2.png,"x, y"
      P1,L2,benign,a.png,b-mode,,train,,4.50
      P2,L3,malignant,b/c.png,swe,12,external-test,m1.png,

      """, to: "s/cohort.csv")
    _ = try Importer.run(source: folder("s"), into: folder("a.cohort"))
    let catalogue = try Catalogue.open(folder("a.cohort"))
    try Exporter.run(catalogue, to: folder("out"))
    #expect(folder.paths.isSuperset(of: ["out/a.png", "out/b/c.png", "out/cohort.csv"]))
    _ = try Importer.run(source: folder("out"), into: folder("b.cohort"))
    #expect(try Catalogue.open(folder("b.cohort")).contentHash() == catalogue.contentHash())
  }

  @Test func namesThatBeginOrEndWithASpace() throws {
    let folder = try TemporaryFolder()
    for (place, name) in [" a", "b ", " c /d"].enumerated() { try folder.picture("s/\(name).png", seed: UInt64(place)) }
    _ = try Importer.run(source: folder("s"), into: folder("a.cohort"))
    let catalogue = try Catalogue.open(folder("a.cohort"))
    try Exporter.run(catalogue, to: folder("out"))
    _ = try Importer.run(source: folder("out"), into: folder("b.cohort"))
    #expect(try Catalogue.open(folder("b.cohort")).contentHash() == catalogue.contentHash())
  }

  /// An earlier version imported what a table named outside its folder.
  @Test func pathsOutsideTheSourceStayInsideTheExport() throws {
    let folder = try TemporaryFolder()
    _ = try Importer.run(source: folder.simpleSource(count: 1), into: folder("a.cohort"))
    let catalogue = try Catalogue.open(folder("a.cohort"))
    try catalogue.write { try $0.execute(sql: "UPDATE image SET name = '../other/x.png'") }
    try Exporter.run(catalogue, to: folder("out"))
    #expect(folder.paths.contains("out/_/other/x.png"))
  }

  @Test func groupsStayGroups() throws {
    let folder = try TemporaryFolder()
    for place in 0..<4 { try folder.picture("s/benign/b\(place).png", seed: UInt64(place)) }
    try folder.picture("s/benign/twin.png", seed: 2, brighter: 9)
    try folder.mask("s/benign/b0_mask.png", columns: 5...10, rows: 6...8)
    _ = try Importer.run(source: folder("s"), into: folder("a.cohort"))
    let catalogue = try Catalogue.open(folder("a.cohort"))
    try Exporter.run(catalogue, to: folder("out"))
    let report = try Importer.run(source: folder("out"), into: folder("b.cohort"))
    #expect(!report.patientsAreKnown && report.patients == 4)
    #expect(try Catalogue.open(folder("b.cohort")).contentHash() == catalogue.contentHash())
    #expect(throws: CohortError.self) { try Exporter.run(catalogue, to: folder("out")) }
    #expect(throws: CohortError.self) { try Exporter.run(catalogue, to: URL(fileURLWithPath: "/proc/out")) }
  }
}
