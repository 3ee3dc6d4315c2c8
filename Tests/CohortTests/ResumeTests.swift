import Foundation
import Imaging
import Synchronization
import Testing

@testable import Cohort

/// An import that was cut off goes on where it was.
struct ResumeTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Does what an import does until it is killed after `count` drafts: its work folder stays.
  private func killed(after count: Int, isNew: Bool, intake: FileIntake? = nil) throws {
    let target = folder("a.cohort").absoluteURL.standardizedFileURL
    let work = try WorkFolder(cohort: target, isNew: isNew)
    let catalogue = try isNew ? Catalogue.create(at: work.cohort) : Catalogue.open(target)
    let held = try Held(catalogue)
    let journal = try ImportJournal(work.journal, cohort: target)
    let drafts = try MixedFolder.read(folder("s")).drafts
    let salt = try journal.salt(held.salt)
    let inspection = Inspection(staging: work.staging, stored: held.files, intake: intake, salt: salt)
    func blind(_ text: String) -> String { PersonHash.blinded(text, salt) }
    let reading = ImportReading(
      journal: journal, inspection: inspection, jobs: 1, keys: drafts.map { $0.journalKey(blind) },
      stamps: drafts.map { $0.stamp(intake: intake, blind) })
    try reading.read(drafts, Array(drafts.indices.prefix(count)), held: held, progress: nil)
    journal.close()
    try catalogue.close()
    work.abandon()
  }

  @Test(arguments: [true, false]) func whatWasReadIsNotReadAgain(isNew: Bool) throws {
    let reads = Mutex<[String]>([])
    let kept = Mutex<Set<String>>([])
    var intake = FileIntake(name: "count") { source, target in
      reads.withLock { $0.append(source.lastPathComponent) }
      try Data(contentsOf: source).write(to: target)
    }
    // What is known of a file is safe before the file need not be read again.
    intake.keep = { kept.withLock { $0.formUnion(reads.withLock { $0 }) } }
    let options = ImportOptions(intake: intake)
    if !isNew {
      try folder.picture("before/0.png", seed: 1)
      _ = try Importer.run(source: folder("before"), into: folder("a.cohort"))
    }
    for place in 1...9 {
      try folder.write(DICOMBytes(instance: "1.\(place)", seed: UInt64(place)).bytes, to: "s/\(place).dcm")
    }
    try killed(after: 5, isNew: isNew, intake: intake)
    let first = reads.withLock { $0.sorted() }
    #expect(first.count == 5 && kept.withLock { $0 } == Set(first))
    #expect(FileManager.default.fileExists(atPath: folder("a.cohort").path) == !isNew)
    if !isNew {
      let check = try Catalogue.open(folder("a.cohort")).check()
      #expect(check.images == 1 && check.problems.count == 1)
      #expect(check.problems[0].hasPrefix("an import into this cohort was cut off"))
    }
    // One of the files changed meanwhile: it alone is read again.
    try folder.write(DICOMBytes(instance: "1.2", seed: 99).bytes, to: "s/2.dcm")
    reads.withLock { $0 = [] }
    let report = try Importer.run(source: folder("s"), into: folder("a.cohort"), options: options)
    #expect(report.images == (isNew ? 9 : 10) && report.failures.isEmpty)
    let again = Set(reads.withLock { $0 })
    #expect(again == Set((1...9).map { "\($0).dcm" }).subtracting(first).union(["2.dcm"]))
    #expect(try Catalogue.open(folder("a.cohort")).check().isSound)
    #expect(!folder.paths.contains { $0.contains("unfinished") })
    // The same as without the cut.
    if !isNew { _ = try Importer.run(source: folder("before"), into: folder("b.cohort")) }
    _ = try Importer.run(source: folder("s"), into: folder("b.cohort"), options: options)
    #expect(try Catalogue.open(folder("b.cohort")).contentHash() == Catalogue.open(folder("a.cohort")).contentHash())
  }

  @Test func aCopyThatWasLostIsMadeAgain() throws {
    for place in 1...4 { try folder.picture("s/\(place).png", seed: UInt64(place)) }
    try killed(after: 4, isNew: true)
    let copies = folder.paths.filter { $0.hasSuffix(".png") && $0.contains("unfinished") }.sorted()
    try #require(copies.count == 4)
    try folder.write([0], to: copies[0])
    try FileManager.default.removeItem(at: folder(copies[1]))
    #expect(try Importer.run(source: folder("s"), into: folder("a.cohort")).added == 4)
    #expect(try Catalogue.open(folder("a.cohort")).check().isSound)
  }

  @Test func twoImportsAtATimeAreRefused() throws {
    let source = try folder.simpleSource()
    let work = try WorkFolder(cohort: folder("a.cohort").absoluteURL.standardizedFileURL, isNew: true)
    #expect { try Importer.run(source: source, into: folder("a.cohort")) } throws: {
      "\($0)".hasSuffix("another import into it is running")
    }
    work.remove()
    #expect(try Importer.run(source: source, into: folder("a.cohort")).added == 6)
  }

  @Test(arguments: [1, 2, 7]) func theNumberOfJobsChangesNothing(jobs: Int) throws {
    for place in 1...20 { try folder.picture("s/\(place).png", seed: UInt64(place % 15)) }
    try folder.write(ClipBytes.avi(seed: 1, frames: 4), to: "s/c.avi")
    let source = folder("s")
    _ = try Importer.run(source: source, into: folder("a.cohort"))
    _ = try Importer.run(source: source, into: folder("b.cohort"), options: ImportOptions(jobs: jobs))
    #expect(try Catalogue.open(folder("b.cohort")).contentHash() == Catalogue.open(folder("a.cohort")).contentHash())
  }
}
