import Foundation
import Ultrasound

/// A source without a table: a folder of class folders `benign` and `malignant`, with the stills in `CLASS/images/` and masks
/// in `CLASS/mask/` (or `masks/`), or all together in the class folder as BUSI is published (Al-Dhabyani et al. 2020). A mask
/// is called `STILL_mask.png`, `STILL_mask_1.png`, ... Such sources have no patients; each still is its own lesion.
struct ClassFolders {
  let root: URL
  private var content = SourceContent()

  static let extensions: Set<String> = ["png", "jpg", "jpeg", "bmp", "tif", "tiff"]
  /// Of a class folder.
  private static let stillFolders: Set<String> = ["image", "images", "mask", "masks"]

  static func read(_ root: URL) throws(CohortError) -> SourceContent {
    var reader = ClassFolders(root: root)
    try reader.readClasses()
    return reader.content
  }

  private init(root: URL) { self.root = root }

  private mutating func readClasses() throws(CohortError) {
    let folders = try Self.list(root).filter(\.isFolder)
    let classes = folders.filter { Self.label(of: $0.name) != nil }
    guard !classes.isEmpty else {
      throw .source(
        path: root.path,
        reason: folders.isEmpty
          ? "the folder is empty of class folders; expected \"benign\" and \"malignant\", or a table (--table)"
          : "no class folder \"benign\" or \"malignant\"; found \(folders.map(\.name).joined(separator: ", "))")
    }
    for folder in folders {
      if let label = Self.label(of: folder.name) {
        try readClass(folder.name, label: label)
      } else {
        let count = try stills(in: folder.name).filter { Self.stillOfMask($0) == nil }.count
        content.notes.append("folder \"\(folder.name)\" is neither benign nor malignant: \(count) stills left out")
      }
    }
    guard !content.drafts.isEmpty else {
      throw .source(path: root.path, reason: "no still (PNG, JPEG, BMP, TIFF) in its class folders")
    }
  }

  private mutating func readClass(_ name: String, label: Label) throws(CohortError) {
    var masks: [String: [String]] = [:]
    var stills: [String] = []
    for path in try self.stills(in: name) {
      let inMaskFolder = path.split(separator: "/").dropLast().last.map { ["mask", "masks"].contains($0.lowercased()) }
      if let still = Self.stillOfMask(path) {
        masks[still, default: []].append(path)
      } else if inMaskFolder == true {
        // A mask named as its still.
        masks[Self.stem(path), default: []].append(path)
      } else {
        stills.append(path)
      }
    }
    for path in stills {
      let own = masks[Self.stem(path)] ?? []
      content.drafts.append(
        ImageDraft(
          place: root.appendingPathComponent(path, isDirectory: false).path, name: path,
          file: root.appendingPathComponent(path, isDirectory: false),
          masks: own.sorted().map { root.appendingPathComponent($0, isDirectory: false) },
          lesion: path.asCell, label: label))
    }
    reportMasks(masks, stills: stills, className: name)
  }

  private mutating func reportMasks(_ masks: [String: [String]], stills: [String], className: String) {
    let stems = Set(stills.map(Self.stem))
    for (still, paths) in masks.sorted(by: { $0.key < $1.key }) where !stems.contains(still) {
      for path in paths {
        content.problem(
          root.appendingPathComponent(path, isDirectory: false).path, "a mask whose still \"\(still)\" is missing")
      }
    }
    let bare = stills.filter { masks[Self.stem($0)] == nil }
    if !masks.isEmpty && !bare.isEmpty {
      content.notes.append("folder \"\(className)\": \(bare.count) stills have no mask, such as \(bare[0])")
    }
  }

  /// Paths relative to the root of the stills in a class folder and its subfolders `images`, `mask` and `masks`.
  private func stills(in className: String) throws(CohortError) -> [String] {
    var paths: [String] = []
    for entry in try Self.list(root.appendingPathComponent(className, isDirectory: true)) {
      let path = "\(className)/\(entry.name)"
      if !entry.isFolder {
        paths.append(path)
      } else if Self.stillFolders.contains(entry.name.lowercased()) {
        let inner = try Self.list(root.appendingPathComponent(path, isDirectory: true))
        paths += inner.filter { !$0.isFolder }.map { "\(path)/\($0.name)" }
      }
    }
    return paths.filter { Self.extensions.contains(($0 as NSString).pathExtension.lowercased()) }
  }

  /// Whether a folder holds one of the two class folders, and no picture that this layout would pass over without a word.
  static func isOne(_ root: URL) -> Bool {
    ((try? list(root)) ?? []).contains { $0.isFolder && label(of: $0.name) != nil } && !holdsOthers(root)
  }

  /// DICOM files, clips and stills without a still's ending, anywhere, and stills deeper in a class folder than the layout has them.
  private static func holdsOthers(_ root: URL) -> Bool {
    ((try? FolderWalk(root))?.files ?? []).contains { file in
      let parts = file.path.split(separator: "/")
      guard !extensions.contains(file.url.pathExtension.lowercased()) else {
        guard let first = parts.first, label(of: String(first)) != nil else { return false }
        return parts.count > 3 || parts.count == 3 && !stillFolders.contains(parts[1].lowercased())
      }
      guard let head = try? FileHead(file.url) else { return false }
      switch FileContent(head) {
      case .dicom, .still: return true
      case .perhapsClip: return FileContent.promisesPicture(file.url)
      case .text, .foreign, .empty: return false
      }
    }
  }

  static func label(of folder: String) -> Label? { Label(rawValue: folder.lowercased()) }

  static func stem(_ path: String) -> String {
    ((path as NSString).lastPathComponent as NSString).deletingPathExtension
  }

  /// "a" of `a_mask.png` and `a_mask_2.png`; nil for what is not called a mask.
  private static func stillOfMask(_ path: String) -> String? {
    let stem = stem(path)
    guard let marker = stem.range(of: "_mask", options: .backwards), marker.lowerBound > stem.startIndex else {
      return nil
    }
    let rest = stem[marker.upperBound...]
    guard rest.isEmpty || (rest.first == "_" && rest.count > 1 && rest.dropFirst().allSatisfy(\.isNumber)) else {
      return nil
    }
    return String(stem[..<marker.lowerBound])
  }

  /// Visible entries by name.
  private static func list(_ folder: URL) throws(CohortError) -> [(name: String, isFolder: Bool)] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    } catch {
      throw .source(path: folder.path, reason: "the folder cannot be read")
    }
    return names.filter { !$0.hasPrefix(".") }.sorted().map { name in
      var isFolder: ObjCBool = false
      let path = folder.appendingPathComponent(name, isDirectory: false).path
      let there = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      return (name, there && isFolder.boolValue)
    }
  }
}

extension String {
  /// As a table can hold it, whose cells are trimmed: spaces at its ends become `_`.
  var asCell: String {
    let front = prefix { $0 == " " }.count
    guard front < count else { return String(repeating: "_", count: count) }
    let back = reversed().prefix { $0 == " " }.count
    guard front + back > 0 else { return self }
    return String(repeating: "_", count: front) + dropFirst(front).dropLast(back) + String(repeating: "_", count: back)
  }
}
