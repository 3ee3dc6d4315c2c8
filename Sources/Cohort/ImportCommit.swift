import Foundation
import Tables

/// Puts what an import has read into the cohort, all of it or nothing.
struct ImportCommit {
  let source: String
  let catalogue: Catalogue
  let staging: URL
  let journal: ImportJournal
  let salt: [UInt8]
  let people: [String: PersonHash]

  /// Copies into place first, rows last: should the rows fail, the copies are taken back.
  func run(
    _ images: [ImportRun.Fresh], finished: [ImportRun.Finished], lesions: [String: Consistency.Lesion],
    failures: [ImportFailure]
  ) throws(CohortError) {
    var moved: [String] = []
    do {
      if !images.isEmpty {
        // An earlier version's images must be found by what it did not keep of them.
        try catalogue.refreshLikeness()
        try move(names(images), moved: &moved)
        AtomicFile.flushAll()
      }
      try catalogue.write { database in
        var writer = CatalogueWriter(database, lesions: lesions)
        if !images.isEmpty {
          try writer.insert(images) { key in try journal.looks(key) }
          try writer.keep(people, salt: salt)
        }
        try writer.keep(finished)
        try writer.keep(failures, of: source)
      }
    } catch {
      for path in moved { unlink(path) }
      throw error
    }
  }

  /// Of the copies, each content once.
  private func names(_ images: [ImportRun.Fresh]) -> Set<String> {
    var names: Set<String> = []
    var sums: Set<String> = []
    for image in images {
      let facts = image.facts
      for file in [facts.file] + facts.masks + facts.calcificationMasks where sums.insert(file.sha256).inserted {
        names.insert(file.name)
      }
    }
    return names
  }

  private func move(_ names: Set<String>, moved: inout [String]) throws(CohortError) {
    for name in names {
      let from = staging.appendingPathComponent(name, isDirectory: false).path
      // Not staged: the cohort holds it.
      guard access(from, F_OK) == 0 else { continue }
      let to = catalogue.imagesFolder.appendingPathComponent(name, isDirectory: false).path
      guard rename(from, to) == 0 else { throw .output(.creating(to, code: errno)) }
      moved.append(to)
    }
  }
}
