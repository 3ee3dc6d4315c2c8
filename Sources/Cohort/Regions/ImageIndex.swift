import Annotations
import Foundation
import Ultrasound

/// Finds the images that a file of annotations speaks of.
struct ImageIndex {
  private let images: [ImageRecord]
  private var byInstance: [String: [Int]] = [:]
  private var byName: [String: Int] = [:]
  /// Paths of files, each with its images: several where frames, panels or lesions of one file are images of their own.
  private var byLast: [String: [(path: String, image: Int)]] = [:]
  private var byStem: [String: [Int]] = [:]

  /// - instances: SOP Instance UID by image id.
  init(_ images: [ImageRecord], instances: [Int64: String]) {
    self.images = images
    for (place, image) in images.enumerated() {
      if let instance = instances[image.id] { byInstance[instance, default: []].append(place) }
      byName[image.name] = place
      var stems: Set<String> = []
      for path in Self.paths(image.name) {
        byLast[Self.last(path), default: []].append((path, place))
        stems.insert(ClassFolders.stem(path))
      }
      for stem in stems { byStem[stem, default: []].append(place) }
    }
  }

  /// The name, and what stands before each `#` of it: an import adds frame and lesion behind one.
  private static func paths(_ name: String) -> [String] {
    [name] + name.indices.filter { name[$0] == "#" }.map { String(name[..<$0]) }.filter { !$0.isEmpty }
  }

  private static func last(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

  /// The images of one file, and the frame of it that the picture is, where its name says one.
  typealias Match = (images: [ImageRecord], frame: Int?)

  /// The images of the one file that a picture is of: by SOP Instance UID where it has one; else the image of that name, else the
  /// file whose path ends with the name, else the clip of which it is a frame (`CLIP/000010.png` or `CLIP_10.png`, counted from 0),
  /// else the file of the same name but for its ending.
  ///
  /// - folders: where the file of annotations lies, if its names are relative to that; they are tried first.
  func match(_ picture: AnnotatedPicture, besides folders: [String]) throws(AnnotationRefusal) -> Match {
    if let instance = picture.sopInstance {
      let found = byInstance[instance] ?? []
      guard !found.isEmpty else {
        throw AnnotationRefusal("no image has the SOP Instance UID \(instance)", isAbsence: true)
      }
      return (try ofOneFile(found, "SOP Instance UID \(instance)"), nil)
    }
    guard !picture.pictureName.isEmpty else { throw AnnotationRefusal("it does not name its picture") }
    let quoted = "picture \"\(picture.pictureName)\""
    let names = folders.filter { !$0.isEmpty }.map { "\($0)/\(picture.pictureName)" } + [picture.pictureName]
    for name in names {
      let found = places(path: name)
      if !found.isEmpty { return (try ofOneFile(found, quoted), nil) }
    }
    for name in names {
      guard let (clip, frame) = Self.frame(name) else { continue }
      let found = (places(path: clip) + places(stem: clip)).filter { images[$0].extent != .still }
      if !found.isEmpty { return (try ofOneFile(found, quoted), frame) }
    }
    let alike = places(stem: picture.pictureName)
    guard !alike.isEmpty else { throw AnnotationRefusal("\(quoted) is no image of the cohort", isAbsence: true) }
    return (try ofOneFile(alike, quoted), nil)
  }

  /// The image of that name, else those whose file's path is or ends with it.
  private func places(path name: String) -> [Int] {
    if let image = byName[name] { return [image] }
    let sameLast = byLast[Self.last(name)] ?? []
    let equal = sameLast.filter { $0.path == name }
    return (equal.isEmpty ? sameLast.filter { $0.path.hasSuffix("/" + name) } : equal).map(\.image)
  }

  private func places(stem name: String) -> [Int] { byStem[ClassFolders.stem(name)] ?? [] }

  /// The clip that a path names a frame of.
  private static func frame(_ path: String) -> (clip: String, frame: Int)? {
    let folder = path.split(separator: "/").dropLast().joined(separator: "/")
    let stem = ClassFolders.stem(path)
    let digits = stem.reversed().prefix { $0.isASCII && $0.isNumber }.count
    guard digits > 0, let frame = Int(stem.suffix(digits)) else { return nil }
    let rest = stem.dropLast(digits)
    if rest.isEmpty { return folder.isEmpty ? nil : (folder, frame) }
    guard let mark = rest.last, "_-#".contains(mark), rest.count > 1 else { return nil }
    return ((folder.isEmpty ? "" : folder + "/") + rest.dropLast(), frame)
  }

  private func ofOneFile(_ places: [Int], _ what: String) throws(AnnotationRefusal) -> [ImageRecord] {
    let found = Set(places).sorted().map { images[$0] }
    guard Set(found.map(\.file)).count <= 1 else {
      let names = found.prefix(3).map { "\"\($0.name)\"" }.joined(separator: ", ")
      throw AnnotationRefusal("\(what) may be any of \(found.count) images: \(names)\(found.count > 3 ? ", ..." : "")")
    }
    return found
  }
}
