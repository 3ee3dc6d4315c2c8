import Foundation
import GRDB
import Imaging
import Testing
import Ultrasound

@testable import Cohort

struct CatalogueTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func refusal(_ path: String) -> CohortError? {
    do {
      _ = try Catalogue.open(folder(path))
      Issue.record("expected \(path) to be refused")
      return nil
    } catch {
      return error
    }
  }

  @Test func refusesWhatIsNoCohort() throws {
    try folder.write("x", to: "file")
    try folder.write("x", to: "other/readme.txt")
    try folder.write("not a database at all, but long enough to look like a header of one", to: "text/catalogue.sqlite")
    let before = folder.paths
    for (path, reason) in [
      ("none", "there is no such folder"), ("file", "it is a file, expected a folder"),
      ("other", "it holds no catalogue.sqlite"), ("text", "its catalogue.sqlite is not a SQLite database"),
    ] {
      guard case .notACohort(folder(path).path, reason) = refusal(path) else {
        Issue.record("\(path): found \(String(describing: refusal(path)))")
        continue
      }
    }
    #expect(folder.paths.subtracting(before).allSatisfy { $0.hasPrefix("text/catalogue.sqlite-") })
  }

  @Test func importDoesNotTouchAFolderThatIsNoCohort() throws {
    try folder.write("x", to: "other/readme.txt")
    let source = try folder.simpleSource()
    let before = folder.paths
    #expect(throws: CohortError.self) { try Importer.run(source: source, into: folder("other")) }
    #expect(folder.paths == before)
  }

  @Test func refusesAnotherProgramsDatabase() throws {
    try folder.write("", to: "db/readme.txt")
    let queue = try DatabaseQueue(path: folder("db/catalogue.sqlite").path)
    try queue.write { try $0.execute(sql: "CREATE TABLE customer (id INTEGER)") }
    try queue.close()
    guard case .notACohort(_, "its catalogue.sqlite is another program's database") = refusal("db") else {
      Issue.record("expected notACohort")
      return
    }
  }

  @Test func refusesACatalogueOfANewerVersion() throws {
    let catalogue = try Catalogue.create(at: folder("new.cohort"))
    try catalogue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9 the future')") }
    try catalogue.close()
    guard case .newerVersion(folder("new.cohort").path) = refusal("new.cohort") else {
      Issue.record("expected newerVersion")
      return
    }
  }

  /// A cohort as an earlier version left it: its tables as they were then, with what those of now hold.
  private func olderCohort(upTo migration: String, of source: URL) throws -> String {
    _ = try Importer.run(source: source, into: folder("new.cohort"))
    let hash = try Catalogue.open(folder("new.cohort")).contentHash()
    try FileManager.default.createDirectory(at: folder("old.cohort"), withIntermediateDirectories: true)
    try FileManager.default.moveItem(at: folder("new.cohort/images"), to: folder("old.cohort/images"))
    let queue = try DatabaseQueue(path: folder("old.cohort/catalogue.sqlite").path)
    try Schema.migrator.migrate(queue, upTo: migration)
    try queue.writeWithoutTransaction { database in
      try database.execute(
        sql: "ATTACH DATABASE ? AS new", arguments: [folder("new.cohort/catalogue.sqlite").path])
      let tables = try String.fetchAll(
        database,
        sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'grdb%' AND name NOT LIKE 'sqlite%'"
      )
      try database.execute(sql: "PRAGMA foreign_keys = OFF")
      for table in tables {
        let columns = try database.columns(in: table).map(\.name).joined(separator: ", ")
        try database.execute(sql: "INSERT INTO \(table) (\(columns)) SELECT \(columns) FROM new.\(table)")
      }
      try database.execute(sql: "DETACH DATABASE new")
    }
    try queue.close()
    return hash
  }

  @Test(arguments: ["1 patients, lesions, exams, images", "2 masks of calcifications", "3 pictures to find copies by"])
  func bringsAnOlderCatalogueUpToDate(migration: String) throws {
    let source = try folder.simpleSource()
    let hash = try olderCohort(upTo: migration, of: source)
    let opened = try Catalogue.open(folder("old.cohort"))
    #expect(try opened.contentHash() == hash)
    #expect(try opened.refreshLikeness().images == 6)
    #expect(try opened.check().isSound)
    let image = try #require(try opened.images().first)
    #expect(image.extent == .still && image.crop == nil && image.spacing == nil && image.regions.isEmpty)
    #expect(try opened.frameTimes(of: image) == nil && opened.acquisition(of: image) == nil)
    try opened.close()
    #expect(try Importer.run(source: source, into: folder("old.cohort")).unchanged == 6)
    #expect(try Importer.run(source: folder.simpleSource(count: 8), into: folder("old.cohort")).added == 2)
    #expect(try Catalogue.open(folder("old.cohort")).check().isSound)
  }

  /// A cohort from before copies were looked for: a mirrored one is found when its next images come, or a split is made.
  @Test(arguments: [false, true])
  func findsTheCopiesInAnOlderCatalogue(byImport: Bool) throws {
    try folder.picture("s/a.png", seed: 1, width: 96, height: 80)
    let mirrored = try Stills.decode(folder("s/a.png")).grey().mirrored()
    try folder.write(PNG.encode(mirrored), to: "s/b.png")
    try folder.picture("s/c.png", seed: 2)
    let rows = [
      "patient,lesion,label,modality,file", "P1,L1,benign,b-mode,a.png", "P2,L2,benign,b-mode,b.png",
      "P3,L3,malignant,b-mode,c.png",
    ]
    try folder.write(rows.joined(separator: "\n"), to: "s/cohort.csv")
    _ = try Importer.run(source: folder("s/cohort.csv"), into: folder("old.cohort"))
    let catalogue = try Catalogue.open(folder("old.cohort"))
    #expect(try catalogue.check().duplicatesAcrossPatients == [["a.png", "b.png"]])
    try catalogue.write {
      try $0.execute(
        sql: "DELETE FROM picture; DELETE FROM likeness; UPDATE image SET duplicate_group = NULL")
    }
    #expect(try catalogue.images().allSatisfy { $0.duplicateGroup == nil })
    if byImport {
      try catalogue.close()
      try folder.picture("s/d.png", seed: 3)
      try folder.write((rows + ["P4,L4,malignant,b-mode,d.png"]).joined(separator: "\n"), to: "s/cohort.csv")
      #expect(try Importer.run(source: folder("s/cohort.csv"), into: folder("old.cohort")).added == 1)
    } else {
      let search = try catalogue.refreshLikeness()
      #expect(search.images == 3 && search.confirmed == 1)
      #expect(try catalogue.refreshLikeness() == search)
    }
    let check = try Catalogue.open(folder("old.cohort")).check()
    #expect(check.duplicatesAcrossPatients == [["a.png", "b.png"]] && check.isSound)
  }

  @Test func aLostCopyIsNamedWhenCopiesAreLookedFor() throws {
    _ = try Importer.run(source: folder.simpleSource(), into: folder("old.cohort"))
    let catalogue = try Catalogue.open(folder("old.cohort"))
    try catalogue.write { try $0.execute(sql: "DELETE FROM picture; DELETE FROM likeness") }
    try FileManager.default.removeItem(at: try catalogue.images()[2].file)
    #expect { try catalogue.refreshLikeness() } throws: { "\($0)".contains("\"i2.png\"") }
  }

  @Test func createDoesNotOverwrite() throws {
    _ = try Catalogue.create(at: folder("a.cohort"))
    #expect(throws: CohortError.self) { try Catalogue.create(at: folder("a.cohort")) }
    #expect(try Catalogue.open(folder("a.cohort")).images().isEmpty)
  }

  @Test func theHashIsOfTheContentAlone() throws {
    let source = try folder.simpleSource()
    _ = try Importer.run(source: source, into: folder("a.cohort"))
    let text = try String(contentsOf: source, encoding: .utf8)
    var lines = text.split(separator: "\n")
    lines[1...].reverse()
    try folder.write(lines.joined(separator: "\n"), to: "source/reversed.csv")
    _ = try Importer.run(source: folder("source/reversed.csv"), into: folder("deep-b.cohort"))
    let hash = try Catalogue.open(folder("a.cohort")).contentHash()
    #expect(try Catalogue.open(folder("deep-b.cohort")).contentHash() == hash && hash.count == 64)
    try folder.write(text.replacingOccurrences(of: ",41", with: ",42"), to: "source/older.csv")
    _ = try Importer.run(source: folder("source/older.csv"), into: folder("c.cohort"))
    #expect(try Catalogue.open(folder("c.cohort")).contentHash() != hash)
  }

  @Test func anImportThatFailsLateLeavesTheCohortAsItWas() throws {
    let source = try folder.simpleSource()
    _ = try Importer.run(source: source, into: folder("a.cohort"))
    let catalogue = try Catalogue.open(folder("a.cohort"))
    let hash = try catalogue.contentHash()
    // The last row of the next import breaks inside the transaction, after its files were moved into place.
    try catalogue.write {
      try $0.execute(
        sql:
          "CREATE TRIGGER fault BEFORE INSERT ON image WHEN new.name = 'i8.png' BEGIN SELECT RAISE(ABORT, 'fault'); END"
      )
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: folder("a.cohort/images").path).sorted()
    _ = try folder.simpleSource(count: 9)
    #expect(throws: CohortError.self) { try Importer.run(source: source, into: folder("a.cohort")) }
    #expect(try catalogue.contentHash() == hash)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder("a.cohort/images").path).sorted() == files)
    try catalogue.write { try $0.execute(sql: "DROP TRIGGER fault") }
    #expect(try Importer.run(source: source, into: folder("a.cohort")).added == 3)
  }

  @Test func whatAKilledImportLeftIsSwept() throws {
    let source = try folder.simpleSource()
    // No process has this number: Linux ends at 4194304.
    try folder.write("x", to: ".insonate-import-99999999-1/files/x.png")
    try folder.write("x", to: ".insonate-import-\(getppid())-1/files/x.png")
    _ = try Importer.run(source: source, into: folder("a.cohort"))
    #expect(!FileManager.default.fileExists(atPath: folder(".insonate-import-99999999-1").path))
    #expect(FileManager.default.fileExists(atPath: folder(".insonate-import-\(getppid())-1").path))
  }
}

struct CheckTests {
  let folder: TemporaryFolder
  let catalogue: Catalogue

  init() throws {
    folder = try TemporaryFolder()
    try folder.picture("source/twin.png", seed: 2, brighter: 9)
    _ = try Importer.run(
      source: folder.simpleSource(rows: ["P9,L9,malignant,twin.png,b-mode,S0,50"]), into: folder("a.cohort"))
    catalogue = try Catalogue.open(folder("a.cohort"))
  }

  @Test func findsLookAlikesAcrossPatients() throws {
    let check = try catalogue.check()
    #expect(check.duplicates == [["i1.png", "twin.png"]] && check.duplicatesAcrossPatients == check.duplicates)
    #expect(check.problems == ["look alike and are labelled differently: i1.png (benign), twin.png (malignant)"])
    let images = try catalogue.images()
    let folds = try Splitter.folds(of: images, request: .kFold(folds: 2, validationFraction: 0))
    for fold in folds { #expect(fold.test.contains("i1.png") == fold.test.contains("twin.png")) }
  }

  @Test func findsChangedMissingAndForeignFiles() throws {
    let images = try catalogue.images()
    let (changed, missing) = (images[0].file, images[2].file)
    var bytes = [UInt8](try Data(contentsOf: changed))
    bytes[bytes.count / 2] ^= 1
    try Data(bytes).write(to: changed)
    try FileManager.default.removeItem(at: missing)
    try Data().write(to: folder("a.cohort/images/stray.png"))
    let problems = Set(try catalogue.check().problems)
    #expect(
      problems.isSuperset(of: [
        "i0.png: its copy images/\(changed.lastPathComponent) has changed since it was imported",
        "i2.png: its copy images/\(missing.lastPathComponent) is missing",
        "images/stray.png belongs to no image of the catalogue",
      ]))
    #expect(problems.count == 4)
  }
}
