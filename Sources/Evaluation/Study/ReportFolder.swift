import Foundation
import Tables

/// The folder of a report: made beside its files and put in place when whole.
struct ReportFolder: Sendable {
  let folder: URL
  /// Where the report is written first, within the folder.
  let staging: URL
  private let isNew: Bool

  /// What a report leaves in its folder.
  private static let own: Set<String> = ["report.html", "metrics.json", "figures", "tables"]

  /// Errors: a file of that name; a folder with anything but an earlier report in it; no permission.
  init(_ folder: URL) throws(EvaluationError) {
    self.folder = folder
    var isFolder: ObjCBool = false
    isNew = !FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder)
    if !isNew {
      guard isFolder.boolValue else {
        throw .output(.cannotCreate(path: folder.path, reason: "there is a file of that name"))
      }
      ReportFolder.sweep(folder)
      try ReportFolder.requireReportOrNothing(folder)
    }
    staging = folder.appendingPathComponent(".report-\(UInt32.random(in: 0...UInt32.max))-\(getpid()).partial")
    do {
      try FileManager.default.createDirectory(at: staging, withIntermediateDirectories: true)
    } catch {
      throw .output(.cannotCreate(path: folder.path, reason: "the folder cannot be made or written to"))
    }
  }

  /// Removes what reports that were killed have begun.
  private static func sweep(_ folder: URL) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    where name.hasPrefix(".report-") && name.hasSuffix(".partial") {
      guard let process = name.split(separator: "-").last?.split(separator: ".").first.flatMap({ pid_t($0) }),
        process > 0, kill(process, 0) != 0, errno == ESRCH
      else { continue }
      try? FileManager.default.removeItem(at: folder.appendingPathComponent(name))
    }
  }

  private static func requireReportOrNothing(_ folder: URL) throws(EvaluationError) {
    let names = Set((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
      .filter { !$0.hasSuffix(".partial") }
    guard !names.isEmpty else { return }
    if let foreign = names.subtracting(own).min() {
      throw .output(
        .cannotCreate(
          path: folder.path, reason: "expected an empty folder or one of an earlier report, found \(foreign) in it"))
    }
    struct Schema: Decodable { let schema: String }
    let data = try? Data(contentsOf: folder.appendingPathComponent("metrics.json"))
    guard let data, let found = try? JSONDecoder().decode(Schema.self, from: data),
      found.schema.hasPrefix("insonate-metrics")
    else {
      throw .output(
        .cannotCreate(
          path: folder.path,
          reason: "expected an empty folder or one of an earlier report, found no metrics.json of one"))
    }
  }

  /// Puts the files in place, the page last; what an earlier report left goes.
  func commit() throws(EvaluationError) {
    for name in ["figures", "tables", "metrics.json", "report.html"] {
      let (from, to) = (staging.appendingPathComponent(name), folder.appendingPathComponent(name))
      do {
        if FileManager.default.fileExists(atPath: to.path) { try FileManager.default.removeItem(at: to) }
        try FileManager.default.moveItem(at: from, to: to)
      } catch {
        discard()
        throw .output(.cannotCreate(path: to.path, reason: "it cannot be replaced"))
      }
    }
    try? FileManager.default.removeItem(at: staging)
  }

  /// Removes what was begun, and the folder where it was made for it.
  func discard() {
    try? FileManager.default.removeItem(at: staging)
    if isNew, (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?.isEmpty == true {
      try? FileManager.default.removeItem(at: folder)
    }
  }
}
