import Foundation
import GRDB
public import Imaging
import Tables
import Ultrasound

/// What making pairs of panels did.
public struct PanelReport: Codable, Sendable, Hashable {
  public struct Pair: Codable, Sendable, Hashable {
    /// The name that the screen had.
    public var image: String
    /// Names of the two images that it became.
    public var first: String
    public var second: String
    public var panels: PairedPanels
  }

  public var pairs: [Pair] = []
  /// Images that stay as they are, each with the reason.
  public var whole: [ImportFailure] = []
  /// Images that could not be read or divided.
  public var failures: [ImportFailure] = []

  /// What dividing the findings would do.
  public init(_ findings: [ScreenFinding]) {
    for finding in findings {
      switch finding.outcome {
      case .pair(let panels):
        pairs.append(
          Pair(
            image: finding.image.name, first: ScreenFinding.name(finding.image, panels.firstContent),
            second: ScreenFinding.name(finding.image, panels.secondContent), panels: panels))
      case .whole(let reason): whole.append(ImportFailure(file: finding.image.name, reason: reason))
      case .failed(let reason): failures.append(ImportFailure(file: finding.image.name, reason: reason))
      }
    }
  }
}

extension Catalogue {
  /// Makes two images of each screen on which a pair of panels was found (``findPanels(images:jobs:progress:)``): parts of the same
  /// file, each with its modality, its size and millimetres, and what is marked in it, both with the key of their pair. All else
  /// that is known of the screen holds for both. Screens that cannot be divided without losing a mark stay as they are and are
  /// in the report.
  ///
  /// All are divided or none. Errors: `catalogue` and `output` where the cohort cannot be written, which then is as it was; an
  /// import into it that is running or was cut off.
  public func divide(_ findings: [ScreenFinding]) throws(CohortError) -> PanelReport {
    var report = PanelReport(findings)
    guard !report.pairs.isEmpty else { return report }
    guard !WorkFolder.hasUnfinished(in: folder) else {
      throw .output(
        .cannotCreate(
          path: folder.path, reason: "an import into it is running, or was cut off and is to be gone on with"))
    }
    let work = try WorkFolder(cohort: folder, isNew: false)
    defer { work.remove() }
    try refreshLikeness()
    let held = try Held(self)
    let divider = try ScreenDivider(self, files: held.files, staging: work.staging)
    let images = Dictionary(findings.map { ($0.image.name, $0.image) }) { one, _ in one }
    let screens = report.pairs.compactMap { pair in images[pair.image].map { (pair, $0) } }
    let outcomes = try work.naming(folder) { () throws(CohortError) in
      try parallelMap(screens) { divider.divide($0.1, $0.0) }.map { outcome throws(CohortError) in try outcome.get() }
    }
    report.pairs = []
    var divided: [DividedScreen] = []
    for ((pair, image), outcome) in zip(screens, outcomes) {
      switch outcome {
      case .success(let screen):
        divided.append(screen)
        report.pairs.append(pair)
      case .failure(let refusal): report.failures.append(ImportFailure(file: image.name, reason: refusal.reason))
      }
    }
    try commit(divided, lesions: held.lesions, staging: work.staging)
    return report
  }

  private func commit(
    _ screens: [DividedScreen], lesions: [String: Consistency.Lesion], staging: URL
  ) throws(CohortError) {
    guard !screens.isEmpty else { return }
    var moved: [String] = []
    let unused: [String]
    do throws(CohortError) {
      for name in Set(screens.flatMap(\.newFiles)) {
        let from = staging.appendingPathComponent(name, isDirectory: false).path
        guard access(from, F_OK) == 0 else { continue }
        let to = imagesFolder.appendingPathComponent(name, isDirectory: false).path
        guard rename(from, to) == 0 else { throw .output(.creating(to, code: errno)) }
        moved.append(to)
      }
      AtomicFile.flushAll()
      unused = try write { database in
        var writer = CatalogueWriter(database, lesions: lesions)
        for screen in screens { try screen.replace(in: &writer) }
        try database.execute(
          sql: "DELETE FROM exam WHERE id NOT IN (SELECT exam_id FROM image WHERE exam_id IS NOT NULL)")
        try writer.regroup()
        return try Self.removeUnusedFiles(database)
      }
    } catch {
      for path in moved { unlink(path) }
      throw error
    }
    for name in unused { unlink(imagesFolder.appendingPathComponent(name, isDirectory: false).path) }
  }

  /// Masks of whole screens; their names in `images/`.
  private static func removeUnusedFiles(_ database: Database) throws -> [String] {
    let unused = """
      id NOT IN (SELECT file_id FROM image UNION SELECT file_id FROM mask UNION SELECT file_id FROM calcification_mask)
      """
    let names = try String.fetchAll(database, sql: "SELECT name FROM file WHERE \(unused)")
    try database.execute(sql: "DELETE FROM file WHERE \(unused)")
    return names
  }
}
