import DICOM
import Foundation

/// The files of a run, in the order of their names.
enum InputFiles {
  struct File: Sendable {
    let url: URL
    /// Below the input folder.
    let name: String
    /// Why it is not looked into.
    var problem: String?
  }

  /// Hidden files are passed over; a link is listed with its problem, since it may lead anywhere.
  static func list(_ input: URL, out: URL) throws(DeidentificationError) -> [File] {
    let (from, to) = (
      input.standardizedFileURL.resolvingSymlinksInPath().pathComponents,
      out.standardizedFileURL.resolvingSymlinksInPath().pathComponents
    )
    guard !to.starts(with: from), !from.starts(with: to) else {
      throw .place(path: out.path, reason: "input and output must lie apart")
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: input.path, isDirectory: &isFolder) else {
      throw .dicom(.unreadable(file: input.path, reason: "no such file or folder"))
    }
    guard isFolder.boolValue else { return [File(url: input, name: input.lastPathComponent)] }
    let keys: [URLResourceKey] = [.isDirectoryKey, .isSymbolicLinkKey, .isRegularFileKey]
    guard
      let all = FileManager.default.enumerator(
        at: input, includingPropertiesForKeys: keys, options: [.skipsHiddenFiles])
    else { throw .dicom(.unreadable(file: input.path, reason: "the folder cannot be listed")) }
    let base = input.standardizedFileURL.path
    var files: [File] = []
    for case let url as URL in all {
      let facts = try? url.resourceValues(forKeys: Set(keys))
      if facts?.isDirectory == true && facts?.isSymbolicLink != true { continue }
      let path = url.standardizedFileURL.path
      let name = path.hasPrefix(base + "/") ? String(path.dropFirst(base.count + 1)) : url.lastPathComponent
      let isPlain = facts?.isRegularFile == true && facts?.isSymbolicLink != true
      files.append(File(url: url, name: name, problem: isPlain ? nil : "a link or device is not followed"))
    }
    return files.sorted { $0.name < $1.name }
  }
}
