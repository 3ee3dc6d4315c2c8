public import Foundation
import Tables
import Ultrasound

/// The project's own JSON, which keeps all that a region says (docs/annotations.md): none of the others has a place for role,
/// frame, origin and confidence at once.
enum InsonateFile {
  static let format = "insonate-annotations"

  static func read(_ json: JSONValue, _ source: AnnotationSource) throws(AnnotationError) -> AnnotationContents {
    guard json["version"]?.number == 1 else {
      throw source.wrong("version", "1", json["version"]?.scalar ?? "none")
    }
    guard case .list(let list)? = json["pictures"] else { throw source.wrong("pictures", "a list", "something else") }
    var pictures: [AnnotatedPicture] = []
    var reader = ShapeReader(source)
    for (index, picture) in list.enumerated() {
      let place = "pictures[\(index)]"
      guard let name = picture["file_name"]?.string, !AnnotationSource.pictureName(name).isEmpty else {
        throw source.wrong("\(place).file_name", "the picture's name", "none")
      }
      guard let size = try source.size(picture["width"]?.number, picture["height"]?.number, place) else {
        throw source.wrong(place, "a width and height", "none")
      }
      var draft = PictureDraft(source, name: name, size: size)
      for (number, region) in (picture["regions"]?.list ?? []).enumerated() {
        let place = "\(place).regions[\(number)]"
        try draft.add(try self.region(region, place, &reader), at: place)
      }
      pictures.append(draft.picture)
    }
    return AnnotationContents(kind: .insonate, pictures: pictures, measurements: [], notes: [])
  }

  private static func region(
    _ json: JSONValue, _ place: String, _ reader: inout ShapeReader
  ) throws(AnnotationError) -> RegionOfInterest {
    let source = reader.source
    func word<Word: RawRepresentable & CaseIterable>(_ key: String, _ type: Word.Type) throws(AnnotationError) -> Word?
    where Word.RawValue == String {
      guard let value = json[key], value != .null else { return nil }
      guard let word = value.string.flatMap({ Word(rawValue: $0) }) else {
        let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
        throw source.wrong("\(place).\(key)", "one of \(words)", value.scalar ?? "something else")
      }
      return word
    }
    guard let role = try word("role", RegionOfInterest.Role.self) else {
      throw source.wrong("\(place).role", "a role", "none")
    }
    var frame: Int?
    if let value = json["frame"], value != .null {
      guard let number = value.number.flatMap({ Int(exactly: $0) }), number >= 0 else {
        throw source.wrong("\(place).frame", "a frame, counted from 0", value.scalar ?? "something else")
      }
      frame = number
    }
    var confidence: Double?
    if let value = json["confidence"], value != .null {
      guard let number = value.number, (0...1).contains(number) else {
        throw source.wrong("\(place).confidence", "0 to 1", value.scalar ?? "something else")
      }
      confidence = number
    }
    return RegionOfInterest(
      role: role, shape: try shape(json, place, &reader), frame: frame,
      origin: try word("origin", RegionOfInterest.Origin.self) ?? .drawn, confidence: confidence,
      label: try word("label", Label.self), name: json["name"]?.string)
  }

  private static func shape(
    _ json: JSONValue, _ place: String, _ reader: inout ShapeReader
  ) throws(AnnotationError) -> RegionOfInterest.Shape {
    let source = reader.source
    func numbers(_ value: JSONValue?, _ place: String) throws(AnnotationError) -> [Double] {
      let numbers = (value?.list ?? []).compactMap(\.number)
      guard case .list(let items)? = value, items.count == numbers.count else {
        throw source.wrong(place, "a list of numbers", "something else")
      }
      return numbers
    }
    if let value = json["box"] {
      let box = try numbers(value, "\(place).box")
      guard box.count == 4 else { throw source.wrong("\(place).box", "x, y, width, height", "\(box.count) numbers") }
      try reader.check(box, at: "\(place).box")
      return .box(PixelBox(x: box[0], y: box[1], width: box[2], height: box[3]))
    }
    if case .list(let rings)? = json["polygon"], !rings.isEmpty {
      var read: [[PixelPoint]] = []
      for (index, ring) in rings.enumerated() {
        let place = "\(place).polygon[\(index)]"
        var points: [PixelPoint] = []
        for point in ring.list {
          let pair = try numbers(point, place)
          guard pair.count == 2 else { throw source.wrong(place, "x and y", "\(pair.count) numbers") }
          points.append(PixelPoint(x: pair[0], y: pair[1]))
        }
        guard points.count >= 3 else { throw source.wrong(place, "three points or more", "\(points.count)") }
        try reader.check(points.flatMap { [$0.x, $0.y] }, at: place)
        read.append(points)
      }
      return .polygon(read)
    }
    if let value = json["mask"] {
      let sides = try source.size(value["width"]?.number, value["height"]?.number, "\(place).mask")
      let runs = try numbers(value["runs"], "\(place).mask.runs").compactMap { Int(exactly: $0) }
      guard let sides, let mask = RunLengthMask(width: sides.width, height: sides.height, runs: runs) else {
        throw source.wrong("\(place).mask", "width, height and runs that fill them", "something else")
      }
      try reader.take(sides.width * sides.height, at: place)
      return .mask(mask)
    }
    throw source.wrong(place, "a box, polygon or mask", "none")
  }

  struct File: Encodable {
    struct Picture: Encodable {
      let fileName: String, width: Int?, height: Int?, regions: [RegionForm]
    }
    let format = InsonateFile.format
    let version = 1
    let pictures: [Picture]
  }
}

extension AnnotationFile {
  /// Pictures and their regions in the project's own JSON, which ``read(_:vocabulary:limits:)`` gives back as they are. Each
  /// picture's width and height must be known.
  public static func json(_ pictures: [AnnotatedPicture]) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return try encoder.encode(
      InsonateFile.File(
        pictures: pictures.map { picture in
          InsonateFile.File.Picture(
            fileName: picture.pictureName, width: picture.width, height: picture.height,
            regions: picture.regions.map { RegionForm(region: $0) })
        }))
  }
}
