import Foundation
import Imaging
import Tables
import Ultrasound

/// COCO's JSON for objects (cocodataset.org, Data format): `images`, `annotations`, `categories`. Numbers may be floats
/// where whole ones are meant, and ids text, as other programs write them.
struct COCOFile {
  private let source: AnnotationSource
  private var drafts: [PictureDraft] = []
  /// Place in `drafts` by image id.
  private var images: [String: Int] = [:]
  private var categories: [String: String] = [:]
  private var reader: ShapeReader
  private var unknownFields: Set<String> = []

  static func read(_ json: JSONValue, _ source: AnnotationSource) throws(AnnotationError) -> AnnotationContents {
    var file = COCOFile(source)
    try file.readCategories(json["categories"])
    try file.readImages(try file.list(json["images"], "images"))
    for (index, annotation) in try file.list(json["annotations"], "annotations").enumerated() {
      try file.read(annotation, "annotations[\(index)]")
    }
    let notes =
      file.unknownFields.isEmpty
      ? [] : ["fields of annotations that were not read: \(file.unknownFields.sorted().joined(separator: ", "))"]
    return AnnotationContents(kind: .coco, pictures: file.drafts.map(\.picture), measurements: [], notes: notes)
  }

  private init(_ source: AnnotationSource) {
    self.source = source
    reader = ShapeReader(source)
  }

  private func list(_ value: JSONValue?, _ place: String) throws(AnnotationError) -> [JSONValue] {
    guard case .list(let items)? = value else { throw source.wrong(place, "a list", "something else") }
    return items
  }

  private func id(_ value: JSONValue?, _ place: String) throws(AnnotationError) -> String {
    guard let id = value?.scalar, value?.bool == nil else { throw source.wrong(place, "a number or name", "none") }
    return id
  }

  private mutating func readCategories(_ value: JSONValue?) throws(AnnotationError) {
    for (index, category) in (value?.list ?? []).enumerated() {
      guard let name = category["name"]?.scalar else {
        throw source.wrong("categories[\(index)].name", "a name", "none")
      }
      categories[try id(category["id"], "categories[\(index)].id")] = name
    }
  }

  private mutating func readImages(_ list: [JSONValue]) throws(AnnotationError) {
    var places: [String: Int] = [:]
    for (index, image) in list.enumerated() {
      let place = "images[\(index)]"
      guard let name = image["file_name"]?.string, !AnnotationSource.pictureName(name).isEmpty else {
        throw source.wrong(
          "\(place).file_name", "the picture's name", image["file_name"]?.scalar?.debugDescription ?? "none")
      }
      let id = try id(image["id"], "\(place).id")
      guard images[id] == nil else {
        throw source.wrong("\(place).id", "an id of its own", "\(id) for the second time")
      }
      let size = try source.size(image["width"]?.number, image["height"]?.number, place)
      if let seen = places[name] {
        let (width, height) = (drafts[seen].picture.width, drafts[seen].picture.height)
        guard width == size?.width, height == size?.height else {
          throw source.wrong(place, "\(name) in the size that it had before", "another")
        }
        drafts[seen].note("the picture is listed twice; its annotations were put together")
        images[id] = seen
        continue
      }
      (places[name], images[id]) = (drafts.count, drafts.count)
      drafts.append(PictureDraft(source, name: name, size: size))
      if size == nil { drafts[drafts.count - 1].note("width and height are not said") }
    }
  }

  private static let knownFields: Set<String> = [
    "id", "image_id", "category_id", "segmentation", "area", "bbox", "iscrowd", "is_crowd", "score", "attributes",
  ]

  private mutating func read(_ annotation: JSONValue, _ place: String) throws(AnnotationError) {
    let imageID = try id(annotation["image_id"], "\(place).image_id")
    guard let index = images[imageID] else {
      throw source.wrong("\(place).image_id", "the id of an image", imageID)
    }
    var name = ""
    if let category = annotation["category_id"], category != .null {
      let id = try id(category, "\(place).category_id")
      guard let known = categories[id] else { throw source.wrong("\(place).category_id", "the id of a category", id) }
      name = known
    } else {
      drafts[index].note("\(place) has no category")
    }
    unknownFields.formUnion(Set(annotation.object.keys).subtracting(Self.knownFields))
    if (annotation["iscrowd"] ?? annotation["is_crowd"])?.number == 1 {
      drafts[index].note("\(place) marks a crowd: several objects as one region")
    }
    let others = (annotation["attributes"]?.object ?? [:]).sorted { $0.key < $1.key }.compactMap(\.value.scalar)
    let shape = try shape(annotation, "\(place)", index)
    try drafts[index].add(shape, name: name, others: others, at: place)
  }

  private mutating func shape(
    _ annotation: JSONValue, _ place: String, _ index: Int
  ) throws(AnnotationError) -> RegionOfInterest.Shape {
    switch annotation["segmentation"] {
    case .list(let rings)? where !rings.isEmpty:
      // A single ring is sometimes written without the list around it.
      let isOneRing = rings.allSatisfy { $0.number != nil }
      var read: [[PixelPoint]] = []
      for (number, ring) in (isOneRing ? [.list(rings)] : rings).enumerated() {
        let place = "\(place).segmentation[\(number)]"
        read.append(try reader.ring(reader.points(try numbers(ring, place), at: place), at: place))
      }
      return try union(read, index)
    case .object(let runs)?: return try mask(runs, "\(place).segmentation", index)
    case .null?, .list?, nil:
      let box = try numbers(annotation["bbox"], "\(place).bbox")
      guard box.count == 4, box[2] >= 0, box[3] >= 0 else {
        throw source.wrong("\(place).bbox", "x, y, width and height, or a segmentation", "\(box.count) numbers")
      }
      drafts[index].note("\(place) has a box only")
      return .box(try reader.box(box[0], box[1], box[0] + box[2], box[1] + box[3], at: "\(place).bbox"))
    default: throw source.wrong("\(place).segmentation", "polygons or run lengths", "something else")
    }
  }

  /// COCO's polygons of one object are joined (an overlap is marked once), where ours take turns.
  private mutating func union(_ rings: [[PixelPoint]], _ index: Int) throws(AnnotationError) -> RegionOfInterest.Shape {
    let picture = drafts[index].picture
    guard rings.count > 1, let width = picture.width, let height = picture.height else { return .polygon(rings) }
    var pixels = [UInt8](repeating: 0, count: width * height)
    var isDouble = false
    try reader.take(width * height, at: "the polygons of \(picture.pictureName)")
    for ring in rings {
      // Each in its own box, so that many small parts of a large picture stay cheap.
      guard let clipped = RegionClip.clipped(.polygon([ring]), width: width, height: height),
        case .polygon(let parts) = clipped, let box = RegionRaster.boundingBox(of: clipped)
      else { continue }
      let (left, top) = (Int(box.x), Int(box.y))
      let (wide, high) = (min(width, Int(box.maxX) + 1) - left, min(height, Int(box.maxY) + 1) - top)
      try reader.take(wide * high, at: "the polygons of \(picture.pictureName)")
      let moved = parts.map { $0.map { PixelPoint(x: $0.x - Double(left), y: $0.y - Double(top)) } }
      guard let mask = RegionRaster.mask(of: .polygon(moved), width: wide, height: high) else { continue }
      for row in 0..<high {
        for column in 0..<wide where mask.pixels[row * wide + column] != 0 {
          let at = (top + row) * width + left + column
          isDouble = isDouble || pixels[at] != 0
          pixels[at] = 255
        }
      }
    }
    guard isDouble, let mask = RunLengthMask(GreyImage(width: width, height: height, pixels: pixels)) else {
      return .polygon(rings)
    }
    drafts[index].note("polygons of one object overlap; they were joined into a mask")
    return .mask(mask)
  }

  private func numbers(_ value: JSONValue?, _ place: String) throws(AnnotationError) -> [Double] {
    let numbers = (value?.list ?? []).map(\.number)
    guard case .list? = value, !numbers.contains(nil) else {
      throw source.wrong(place, "a list of numbers", "something else")
    }
    return numbers.compactMap { $0 }
  }

  private mutating func mask(
    _ runs: [String: JSONValue], _ place: String, _ index: Int
  ) throws(AnnotationError) -> RegionOfInterest.Shape {
    let sides = try numbers(runs["size"], "\(place).size")
    guard sides.count == 2, let size = try source.size(sides[1], sides[0], "\(place).size") else {
      throw source.wrong("\(place).size", "height and width", "\(sides.count) numbers")
    }
    let picture = drafts[index].picture
    if picture.width == nil { (drafts[index].picture.width, drafts[index].picture.height) = (size.width, size.height) }
    guard (picture.width ?? size.width, picture.height ?? size.height) == size else {
      throw source.wrong("\(place).size", "the picture's size", "\(size.width) x \(size.height)")
    }
    try reader.take(size.width * size.height, at: place)
    let lengths: [Int]
    if let text = runs["counts"]?.string {
      guard let read = COCORunLength.lengths(of: text) else {
        throw source.wrong("\(place).counts", "compressed run lengths", "something else")
      }
      lengths = read
    } else {
      let numbers = try numbers(runs["counts"], "\(place).counts")
      lengths = numbers.compactMap { Int(exactly: $0) }
      guard lengths.count == numbers.count else {
        throw source.wrong("\(place).counts", "whole numbers", "others")
      }
    }
    guard let mask = COCORunLength.mask(lengths: lengths, width: size.width, height: size.height) else {
      throw source.wrong(
        "\(place).counts", "runs of 0 or more that fill \(size.width) x \(size.height) pixels", "others")
    }
    guard mask.markedPixels > 0 else { throw source.wrong("\(place).counts", "a marked pixel", "none") }
    return .mask(mask)
  }
}
