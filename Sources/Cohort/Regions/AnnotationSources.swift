import Annotations
import DICOM
import Foundation
import Ultrasound

/// The files of annotations below what a user named.
struct AnnotationSources {
  struct File: Sendable {
    /// As given, or below the folder given.
    var name: String
    var url: URL
    /// Whether a user named it, and so says that it holds annotations.
    var isNamed: Bool

    /// Of the file, below the folder given and by its last name.
    var folders: [String] {
      let parts = name.split(separator: "/").dropLast().joined(separator: "/")
      return [parts, url.deletingLastPathComponent().lastPathComponent]
    }
  }

  private(set) var files: [File] = []
  private(set) var problems: [ImportFailure] = []

  init(_ urls: [URL]) throws(CohortError) {
    for url in urls {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
        throw .source(path: url.path, reason: "there is no such file or folder")
      }
      guard isFolder.boolValue else {
        files.append(File(name: url.lastPathComponent, url: url, isNamed: true))
        continue
      }
      let walk = try FolderWalk(url)
      problems += walk.problems.map { ImportFailure(file: $0.place, reason: $0.message) }
      files += walk.files.filter { Self.mayAnnotate($0.url) }
        .map { File(name: $0.path, url: $0.url, isNamed: false) }
    }
    // The order in which they were named changes nothing.
    files.sort { ($0.name, $0.url.path) < ($1.name, $1.url.path) }
  }

  private static func mayAnnotate(_ url: URL) -> Bool {
    if ["json", "xml"].contains(url.pathExtension.lowercased()) { return true }
    guard let head = try? FileHead(url), FileContent(head) == .dicom else { return false }
    let text = Data(head.bytes)
    // Segmentations and reports name their class at the beginning; what only refers to one is told apart when it is read.
    return ["1.2.840.10008.5.1.4.1.1.66.", "1.2.840.10008.5.1.4.1.1.88."].contains {
      text.firstRange(of: Data($0.utf8)) != nil
    }
  }

  /// What reading a file gave.
  struct Reading: Sendable {
    enum Outcome: Sendable {
      case contents(AnnotationContents)
      /// Of the content of one that came in before, or that stands before it.
      case repeated
      case noAnnotation
      case failed(String)
    }
    var file: File
    var sha256: String
    var outcome: Outcome
  }

  /// Reads the files whose content is not in `known`, over the cores; one of several with the same content.
  func read(known: Set<String>, vocabulary: RegionVocabulary) -> [Reading] {
    let sums: [Result<String, FileBytes.Refusal>] = parallelMap(files) { file in
      do {
        return .success(try FileCopy.sum(of: file.url).sha256)
      } catch {
        return .failure((error as? FileBytes.Refusal) ?? FileBytes.Refusal(description: "cannot be read"))
      }
    }
    var seen = known
    let isNew = sums.map { sum in
      if case .success(let sha256) = sum { seen.insert(sha256).inserted } else { true }
    }
    return parallelMap(Array(files.indices)) { place in
      let file = files[place]
      switch sums[place] {
      case .failure(let refusal): return Reading(file: file, sha256: "", outcome: .failed(refusal.description))
      case .success(let sha256):
        let outcome = isNew[place] ? Self.outcome(file, vocabulary) : .repeated
        return Reading(file: file, sha256: sha256, outcome: outcome)
      }
    }
  }

  private static func outcome(_ file: File, _ vocabulary: RegionVocabulary) -> Reading.Outcome {
    do throws(AnnotationError) {
      return .contents(try AnnotationFile.contents(of: file.url, vocabulary: vocabulary))
    } catch {
      if case .unknownKind = error, !file.isNamed { return .noAnnotation }
      if case .dicom(let error) = error { return .failed(error.reason) }
      let text = error.description
      let prefix = "\(file.url.path): "
      return .failed(text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text)
    }
  }
}
