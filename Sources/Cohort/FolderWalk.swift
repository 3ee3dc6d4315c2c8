import Foundation

/// Every file below a folder, in the order of names, each once.
struct FolderWalk {
  struct File {
    /// Relative to the folder.
    var path: String
    var url: URL
  }

  private(set) var files: [File] = []
  private(set) var problems: [CohortProblem] = []
  /// Hidden files and folders, and cohorts.
  private(set) var passedOver = 0
  private let root: URL
  private let realRoot: String
  /// Real paths of folders that were gone through and of files that a link led to.
  private var seen: Set<String>
  private var hasFollowed = false

  init(_ root: URL) throws(CohortError) {
    guard let real = RealPath.of(root.path) else { throw .source(path: root.path, reason: "the folder cannot be read") }
    (self.root, realRoot, seen) = (root, real, [real])
    guard (try? FileManager.default.contentsOfDirectory(atPath: root.path)) != nil else {
      throw .source(path: root.path, reason: "the folder cannot be read")
    }
    enter("")
    leaveOutRepeats()
  }

  private mutating func enter(_ folder: String) {
    let place = root.appendingPathComponent(folder, isDirectory: true)
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: place.path) else {
      problems.append(CohortProblem(place: folder, message: "the folder cannot be read"))
      return
    }
    if !folder.isEmpty, names.contains(Catalogue.databaseName) {
      passedOver += 1
      return
    }
    for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      if name.hasPrefix(".") {
        passedOver += 1
      } else {
        visit(folder.isEmpty ? name : "\(folder)/\(name)")
      }
    }
  }

  private mutating func visit(_ path: String) {
    let url = root.appendingPathComponent(path, isDirectory: false)
    var facts = stat()
    guard lstat(url.path, &facts) == 0 else {
      // Bytes that are no UTF-8 were replaced when the folder was listed, so nothing is found under the name.
      let isForeign = errno == ENOENT && path.unicodeScalars.contains("\u{FFFD}")
      let reason =
        isForeign
        ? "the name of this file or folder is not UTF-8 (names from Windows may be GBK); rename it and import again"
        : "cannot be read: \(String(cString: strerror(errno)))"
      problems.append(CohortProblem(place: path, message: reason))
      return
    }
    let isLink = facts.st_mode & S_IFMT == S_IFLNK
    if isLink {
      guard let real = RealPath.of(url.path), stat(url.path, &facts) == 0 else {
        let reason = errno == ELOOP ? "a link that leads to itself" : "a link to what is not there"
        problems.append(CohortProblem(place: path, message: reason))
        return
      }
      guard RealPath.isInside(real, realRoot) else {
        problems.append(
          CohortProblem(place: path, message: "a link out of the folder; only what lies in it is imported"))
        return
      }
      // A folder above the link: its content is being gone through.
      guard seen.insert(real).inserted else { return }
      hasFollowed = true
    }
    guard facts.st_mode & S_IFMT == S_IFDIR else {
      files.append(File(path: path, url: url))
      return
    }
    if !isLink, let real = RealPath.of(url.path), !seen.insert(real).inserted { return }
    enter(path)
  }

  /// A file that stands in the folder itself and was also reached by a link is taken by its first name.
  private mutating func leaveOutRepeats() {
    guard hasFollowed else { return }
    var taken: Set<String> = []
    files = files.filter { file in RealPath.of(file.url.path).map { taken.insert($0).inserted } ?? true }
  }
}

/// Paths without links.
enum RealPath {
  /// Nil where nothing is there.
  static func of(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  static func isInside(_ path: String, _ folder: String) -> Bool {
    path == folder || path.hasPrefix(folder.hasSuffix("/") ? folder : folder + "/")
  }
}
