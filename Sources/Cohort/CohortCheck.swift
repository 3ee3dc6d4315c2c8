import Foundation
import GRDB
import Ultrasound

/// What a look through a cohort found.
public struct CohortCheck: Codable, Sendable, Hashable {
  public var path: String
  public var images: Int
  public var lesions: Int
  public var patients: Int
  public var patientsAreKnown: Bool
  /// Where the patients come from, in words.
  public var patientSource: String
  public var imagesByLabel: [String: Int]
  /// Groups of image names that look alike (perceptual hash), each sorted.
  public var duplicates: [[String]]
  /// Those of ``duplicates`` whose images are listed under more than one patient. Splits keep them together all the same.
  public var duplicatesAcrossPatients: [[String]]
  /// Changed, missing and foreign files, regions outside their image, look-alikes with different labels or on two sides of the
  /// given split, patients on two sides of it, damage of the catalogue. Empty where all is well.
  public var problems: [String]

  public var isSound: Bool { problems.isEmpty }
}

extension Catalogue {
  /// Reads every file of the cohort again and compares it with its hash, and looks for what would leak between the parts of a
  /// split or contradicts itself.
  public func check() throws(CohortError) -> CohortCheck {
    let unsearched: [String]
    do {
      try refreshLikeness()
      unsearched = []
    } catch {
      unsearched = ["near-duplicates cannot be looked for in this cohort of an earlier version: \(error)"]
    }
    let images = try images()
    let groups = Dictionary(grouping: images.filter { $0.duplicateGroup != nil }) { $0.duplicateGroup ?? "" }
    let alike = groups.sorted { $0.key < $1.key }.map { $0.value.sorted { $0.name < $1.name } }
      .sorted { ($0.first?.name ?? "") < ($1.first?.name ?? "") }
    var problems = try unfinished() + unsearched + damage() + fileProblems(images)
    problems += images.filter { !($0.region?.isInside(width: $0.width, height: $0.height) ?? true) }
      .map { "\($0.name): its region is not inside the image of \($0.width) x \($0.height) pixels" }
    problems += try regionProblems()
    problems += Self.labelProblems(images, alike) + Self.splitProblems(images, alike)
    let summary = try summary()
    return CohortCheck(
      path: folder.path, images: summary.images, lesions: summary.lesions, patients: summary.patients,
      patientsAreKnown: summary.patientsAreKnown, patientSource: summary.patientSource,
      imagesByLabel: summary.imagesByLabel, duplicates: alike.map { $0.map(\.name) },
      duplicatesAcrossPatients: alike.filter { Set($0.map(\.patient)).count > 1 }.map { $0.map(\.name) },
      problems: problems)
  }

  /// An import that was cut off has added nothing, but is to be gone on with.
  private func unfinished() -> [String] {
    WorkFolder.hasUnfinished(in: folder)
      ? ["an import into this cohort was cut off, or is running; the same import again goes on with it"] : []
  }

  /// What SQLite says of its own file.
  private func damage() throws(CohortError) -> [String] {
    try read { database in
      let found = try String.fetchAll(database, sql: "PRAGMA integrity_check(20)").filter { $0 != "ok" }
      let orphans = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").map { row in
        "table \(row[0] as String? ?? "?") refers to a missing row of \(row[2] as String? ?? "?")"
      }
      return (found + orphans).map { "\(Self.databaseName): \($0)" }
    }
  }

  private func fileProblems(_ images: [ImageRecord]) throws(CohortError) -> [String] {
    let files = try read { database in
      try Row.fetchAll(database, sql: "SELECT sha256, name FROM file ORDER BY name").map {
        FileSum(sha256: $0[0], name: $0[1])
      }
    }
    var users: [String: String] = [:]
    for image in images {
      for file in [image.file] + image.masks + image.calcificationMasks { users[file.lastPathComponent] = image.name }
    }
    let folder = imagesFolder
    let found: [String?] = parallelMap(files) { file in
      let url = folder.appendingPathComponent(file.name, isDirectory: false)
      guard FileManager.default.fileExists(atPath: url.path) else { return "is missing" }
      guard let sum = try? FileCopy.sum(of: url) else { return "cannot be read" }
      return sum.sha256 == file.sha256 ? nil : "has changed since it was imported"
    }
    let names = Set(files.map(\.name))
    let present = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let foreign = present.filter { !names.contains($0) }.sorted()
    return zip(files, found).compactMap { file, problem in
      problem.map { "\(users[file.name] ?? "no image"): its copy \(Self.imagesName)/\(file.name) \($0)" }
    } + foreign.map { "\(Self.imagesName)/\($0) belongs to no image of the catalogue" }
  }

  private static func labelProblems(_ images: [ImageRecord], _ alike: [[ImageRecord]]) -> [String] {
    alike.filter { Set($0.compactMap(\.label)).count > 1 }.map { group in
      "look alike and are labelled differently: "
        + list(group.map { "\($0.name) (\($0.label?.rawValue ?? "unlabelled"))" })
    }
  }

  /// The first ten, and how many more.
  private static func list(_ names: [String]) -> String {
    names.prefix(10).joined(separator: ", ") + (names.count > 10 ? " and \(names.count - 10) more" : "")
  }

  private static func splitProblems(_ images: [ImageRecord], _ alike: [[ImageRecord]]) -> [String] {
    func sides(_ images: [ImageRecord]) -> Set<Split> { Set(images.compactMap(\.split)) }
    let torn = Dictionary(grouping: images, by: \.patient).filter { sides($0.value).count > 1 }.keys.sorted()
    return torn.map { "patient \"\($0)\" is in more than one part of the given split" }
      + alike.filter { sides($0).count > 1 && Set($0.map(\.patient)).count > 1 }.map { group in
        "look alike and are in different parts of the given split: \(list(group.map(\.name)))"
      }
  }
}

private struct FileSum: Sendable {
  var sha256: String
  var name: String
}
