import Foundation
import Tables

/// Reads the drafts that must be read, on several threads, into the journal.
struct ImportReading {
  /// Drafts after which what was read is committed.
  private static let batch = 256

  let journal: ImportJournal
  let inspection: Inspection
  let jobs: Int?
  /// Of every draft.
  let keys: [String]
  let stamps: [String?]

  /// - open: places of the drafts to read. Those that an import which was cut off has read are not read again, where their copies
  ///   are whole.
  func read(
    _ drafts: [ImageDraft], _ open: [Int], held: Held, progress: ((Int, Int) -> Void)?
  ) throws(CohortError) {
    let before = try resumed(drafts, open, held)
    let left = open.filter { !before.contains($0) }
    // Drafts of one file are read together.
    var places: [String: Int] = [:]
    var groups: [[Int]] = []
    for place in left {
      let path = drafts[place].file.path
      if let group = places[path] {
        groups[group].append(place)
      } else {
        places[path] = groups.count
        groups.append([place])
      }
    }
    var done = drafts.count - left.count
    progress?(0, drafts.count)
    var pending: [(key: String, stamp: String, outcome: Inspection.Outcome)] = []
    let step = max(8, 32 * (jobs ?? ProcessInfo.processInfo.activeProcessorCount))
    var committed = Date()
    for start in stride(from: 0, to: groups.count, by: step) {
      let part = Array(groups[start..<min(start + step, groups.count)])
      let inspection = inspection
      let results = parallelMap(part, jobs: jobs) { group in
        Result { try inspection.inspect(group.map { drafts[$0] }) }
      }
      for (group, result) in zip(part, results) {
        do {
          for (place, outcome) in zip(group, try result.get()) {
            pending.append((keys[place], stamps[place] ?? "", outcome))
          }
        } catch {
          throw Catalogue.wrapped(error, inspection.staging)
        }
        done += group.count
      }
      if pending.count >= Self.batch || Date().timeIntervalSince(committed) > 5 {
        try commit(pending)
        (pending, committed) = ([], Date())
      }
      progress?(done, drafts.count)
    }
    try commit(pending)
    if groups.isEmpty { progress?(drafts.count, drafts.count) }
  }

  private func commit(
    _ outcomes: [(key: String, stamp: String, outcome: Inspection.Outcome)]
  ) throws(CohortError) {
    do { try inspection.intake?.keep?() } catch {
      throw .output((error as? OutputError) ?? .writeFailed(path: "what is known of the files", reason: "\(error)"))
    }
    try journal.add(outcomes)
  }

  /// Places of the drafts that were read before, and whose files did not change since.
  private func resumed(_ drafts: [ImageDraft], _ open: [Int], _ held: Held) throws(CohortError) -> Set<Int> {
    let read = try journal.stamps()
    guard !read.isEmpty else { return [] }
    var kept: Set<Int> = []
    var whole: [String: Bool] = [:]
    for place in open where stamps[place] != nil && read[keys[place]] == stamps[place] {
      guard let entry = try journal.entry(keys[place]) else { continue }
      // What could not be read may be readable now.
      if case .problem = entry { continue }
      if case .image(let facts) = entry {
        let files = [facts.file] + facts.masks + facts.calcificationMasks
        guard files.allSatisfy({ isWhole($0, held, &whole) }) else { continue }
      }
      kept.insert(place)
    }
    return kept
  }

  /// Whether a copy is there with its content: after a power cut it may be there without.
  private func isWhole(_ file: FileFacts, _ held: Held, _ known: inout [String: Bool]) -> Bool {
    if held.files[file.sha256] != nil { return true }
    if let known = known[file.name] { return known }
    let copy = inspection.staging.appendingPathComponent(file.name, isDirectory: false)
    let isWhole = (try? FileCopy.sum(of: copy))?.sha256 == file.sha256
    known[file.name] = isWhole
    return isWhole
  }
}
