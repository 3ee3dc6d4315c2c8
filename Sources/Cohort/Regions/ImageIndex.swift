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

  /// The images of the one file that a picture is of: by SOP Instance UID where it has one; else the image of that name, else the
  /// file whose path ends with the name, else the file of the same name but for its ending.
  func images(of picture: AnnotatedPicture) throws(AnnotationRefusal) -> [ImageRecord] {
    if let instance = picture.sopInstance {
      let found = byInstance[instance] ?? []
      guard !found.isEmpty else {
        throw AnnotationRefusal("no image has the SOP Instance UID \(instance)", isAbsence: true)
      }
      return try ofOneFile(found, "SOP Instance UID \(instance)")
    }
    let name = picture.pictureName
    guard !name.isEmpty else { throw AnnotationRefusal("it does not name its picture") }
    if let image = byName[name] { return [images[image]] }
    let quoted = "picture \"\(name)\""
    let sameLast = byLast[Self.last(name)] ?? []
    let equal = sameLast.filter { $0.path == name }
    if !equal.isEmpty { return try ofOneFile(equal.map(\.image), quoted) }
    let ending = sameLast.filter { $0.path.hasSuffix("/" + name) }
    if !ending.isEmpty { return try ofOneFile(ending.map(\.image), quoted) }
    let alike = byStem[ClassFolders.stem(name)] ?? []
    guard !alike.isEmpty else { throw AnnotationRefusal("\(quoted) is no image of the cohort", isAbsence: true) }
    return try ofOneFile(alike, quoted)
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
