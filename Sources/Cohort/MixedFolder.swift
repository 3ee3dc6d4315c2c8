import Foundation
import Ultrasound

/// A source of any files, in any folders: DICOM files, stills and clips, told by their content. Class folders anywhere in it
/// (`benign`, `malignant`) give what lies below them a label, masks are attached to the picture they are named after
/// (``MaskName``); all else has no label. Each picture is its own lesion; its patient is what a DICOM file says.
struct MixedFolder {
  /// The clinical column that keeps the name of a class folder that is no label.
  static let classColumn = "class_folder"

  static func read(_ root: URL) throws(CohortError) -> SourceContent {
    let walk = try FolderWalk(root)
    var content = SourceContent(problems: walk.problems, isLenient: true, passedOver: walk.passedOver)
    var masks: [String: [(file: FolderWalk.File, name: MaskName)]] = [:]
    var pictures: [FolderWalk.File] = []
    let stills = Set(walk.files.filter { MaskName($0.path) == nil }.map { MaskName.key(of: $0.path) })
    for file in walk.files {
      // "scan_mask_left.png" is a mask only where there is a "scan"; "face_mask.png" is one that lost its picture.
      if let name = MaskName(file.path), name.isStrict || stills.contains(name.picture) {
        masks[name.picture, default: []].append((file, name))
      } else {
        pictures.append(file)
      }
    }
    for file in pictures {
      let own = masks[MaskName.key(of: file.path)] ?? []
      content.drafts.append(draft(file, own))
    }
    let keys = Set(pictures.map { MaskName.key(of: $0.path) })
    for (picture, orphans) in masks.sorted(by: { $0.key < $1.key }) where !keys.contains(picture) {
      for (file, _) in orphans {
        content.problem(file.path, "a mask whose picture \"\(ClassFolders.stem(picture))\" is missing")
      }
    }
    return content
  }

  private static func draft(
    _ file: FolderWalk.File, _ masks: [(file: FolderWalk.File, name: MaskName)]
  ) -> ImageDraft {
    let folders = file.path.split(separator: "/").dropLast().map { $0.lowercased() }
    let label = folders.reversed().lazy.compactMap { ClassFolders.label(of: $0) }.first
    var draft = ImageDraft(
      place: file.path, name: file.path, file: file.url,
      masks: masks.filter { !$0.name.isOfCalcification }.map(\.file.url), lesion: file.path.asCell, label: label)
    draft.calcificationMasks = masks.filter(\.name.isOfCalcification).map(\.file.url)
    if label == nil, folders.contains("normal") { (draft.isNormal, draft.clinical) = (true, [(classColumn, "normal")]) }
    draft.isFound = true
    return draft
  }
}

/// What the path of a mask says: `a_mask.png`, `a_mask_2.png`, `a_mask_left.png` and `a_mask_calcification.png` beside `a.png` or in
/// a folder `mask` or `masks` beside it or beside its folder `images`; in such a folder also `a.png` itself.
struct MaskName {
  /// As `key(of:)` gives it for the picture.
  let picture: String
  let isOfCalcification: Bool
  /// Whether nothing else is called so.
  let isStrict: Bool

  /// Nil for what is not called a mask.
  init?(_ path: String) {
    guard ClassFolders.extensions.contains((path as NSString).pathExtension.lowercased()) else { return nil }
    let stem = ClassFolders.stem(path)
    let isInMaskFolder = Self.folder(of: path).map { ["mask", "masks"].contains($0.lowercased()) } ?? false
    if let marker = stem.range(of: "_mask", options: .backwards), marker.lowerBound > stem.startIndex {
      let rest = stem[marker.upperBound...]
      if rest.isEmpty || rest.first == "_" || rest.first?.isNumber == true {
        picture = Self.scope(of: path) + String(stem[..<marker.lowerBound])
        isOfCalcification = rest.lowercased().hasPrefix("_calcification")
        isStrict = isInMaskFolder || isOfCalcification || rest.allSatisfy { $0 == "_" || $0.isNumber }
        return
      }
    }
    guard isInMaskFolder else { return nil }
    (picture, isOfCalcification, isStrict) = (Self.scope(of: path) + stem, false, true)
  }

  /// What masks name a picture by: its folder, without `images` or `masks`, and its name without ending.
  static func key(of path: String) -> String { scope(of: path) + ClassFolders.stem(path) }

  private static func folder(of path: String) -> String? { path.split(separator: "/").dropLast().last.map(String.init) }

  private static func scope(of path: String) -> String {
    var folders = path.split(separator: "/").dropLast()
    if let last = folders.last, ["image", "images", "mask", "masks"].contains(last.lowercased()) {
      folders.removeLast()
    }
    return folders.map { $0 + "/" }.joined()
  }
}
