import Foundation
import Tables
import Testing
import Ultrasound

@testable import Cohort

/// Codebook, histology tree and enrolment log of a cohort.
struct DocumentTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func cohort() throws -> Catalogue {
    try folder.picture("s/a.png", seed: 1)
    try folder.picture("s/b.png", seed: 2)
    try folder.picture("s/c.png", seed: 3)
    try folder.write(
      """
      patient,lesion,label,file,modality,histology,afp,stage
      P1,L1,malignant,a.png,b-mode,HCC,0.4 mg/L,1
      P2,L2,benign,b.png,b-mode,FNH,12,0
      P3,L3,benign,c.png,b-mode,HCC,,
      """, to: "s/cohort.csv")
    _ = try Importer.run(source: folder("s"), into: folder("a.cohort"))
    return try Catalogue.open(folder("a.cohort"))
  }

  private func file(_ text: String, _ name: String) throws -> URL {
    try folder.write(text, to: name)
    return folder(name)
  }

  @Test func aCodebookGivesCellsTheirMeaning() throws {
    let cohort = try cohort()
    let before = try cohort.contentHash()
    #expect(try cohort.images()[0].clinical["afp"] == .text("0.4 mg/L"))
    let book = "variable,type,unit,levels\nafp,number,ng/mL,\nstage,ordered,,0=early|1=late\n"
    try cohort.keep(.codebook, file(book, "book.csv"))
    let images = try cohort.images()
    #expect(images.map { $0.clinical["afp"] } == [.number(400), .number(12), nil])
    #expect(images.map { $0.clinical["stage"] } == [.text("late"), .text("early"), nil])
    #expect(try cohort.contentHash() != before)
    // A codebook that a cell contradicts changes nothing, and every such cell is named.
    let wrong = "variable,type,unit,levels,maximum\nafp,number,ng/mL,,100\nstage,flag,,no|yes,\n"
    let error = #expect(throws: CohortError.self) { try cohort.keep(.codebook, try file(wrong, "wrong.csv")) }
    let text = error?.description ?? ""
    #expect(text.contains("lesion \"L1\": column \"afp\": expected a number to 100 in ng/mL, found \"0.4 mg/L\""))
    #expect(text.contains("lesion \"L2\": column \"stage\": expected no or yes, found \"0\""))
    #expect(try cohort.codebook()?["stage"]?.kind == .ordered)
  }

  @Test func anImportKeepsToTheCodebook() throws {
    let cohort = try cohort()
    try cohort.keep(
      .codebook, file("variable,type,unit,levels\nafp,number,ng/mL,\nstage,ordered,,0=early|1=late\n", "b.csv"))
    try folder.picture("t/d.png", seed: 4)
    try folder.write("patient,lesion,label,file,modality,stage\nP4,L4,benign,d.png,b-mode,2\n", to: "t/cohort.csv")
    let error = #expect(throws: CohortError.self) { try Importer.run(source: folder("t"), into: cohort.folder) }
    #expect(error?.description.contains("column \"stage\": expected one of early, late, found \"2\"") == true)
    #expect(try cohort.images().count == 3)
  }

  @Test func theLogLeavesTheExcludedOut() throws {
    let cohort = try cohort()
    let log = "patient,included,reason\nP1,yes,\nP2,no,poor quality\nP9,yes,\n"
    try cohort.keep(.enrolment, file(log, "log.csv"))
    #expect(try cohort.images().count == 3)
    #expect(try cohort.studyImages().map(\.patient) == ["P1", "P3"])
    let enrolment = try #require(try cohort.enrolment())
    let differences = try enrolment.differences(from: cohort.images())
    #expect(differences.withoutImages == ["P9"] && differences.withoutEntry == ["P3"])
    for (text, reason) in [
      ("P1,yes,why\n", "since it was included"), ("P1,no,\n", "why it was excluded"),
      ("P1,perhaps,\n", "expected yes or no"),
      ("P1,yes,\nP1,yes,\n", "in the log already, on line 2"), (",yes,\n", "expected a key"),
    ] {
      let error = #expect(throws: CohortError.self) {
        try cohort.keep(.enrolment, try file("patient,included,reason\n" + text, "bad.csv"))
      }
      #expect(error?.description.contains(reason) == true, "\(text)")
    }
    #expect(try cohort.enrolment()?.entries.count == 3)
  }

  @Test func lesionsOfALogAreLeftOutOneByOne() throws {
    let cohort = try cohort()
    let log = "patient,lesion,included,reason\nP1,L1,1,\nP2,L2,0,no histology\nP3,L3,1,\n"
    try cohort.keep(.enrolment, file(log, "log.csv"))
    #expect(try cohort.studyImages().map(\.lesion) == ["L1", "L3"])
  }

  @Test func anExportTakesThemAlong() throws {
    let cohort = try cohort()
    try cohort.keep(.codebook, file("variable,type,unit\nafp,number,ng/mL\n", "book.csv"))
    try cohort.keep(.histology, file("term,label,synonyms\ncancer,malignant,HCC\nhyperplasia,benign,FNH\n", "tree.csv"))
    let counts = HistologyCounts(of: try cohort.images(), in: try cohort.histologyTree())
    #expect(counts.rows.map(\.lesions) == [2, 1] && counts.contradictions.count == 1)
    try Exporter.run(cohort, to: folder("out"))
    let book = try Codebook(Table(contentsOf: folder("out/codebook.csv")))
    #expect(book["afp"]?.unit?.symbol == "ng/mL")
    #expect(try HistologyTree(Table(contentsOf: folder("out/histology.csv"))).kinds.count == 2)
    #expect(!FileManager.default.fileExists(atPath: folder("out/enrolment.csv").path))
  }
}
