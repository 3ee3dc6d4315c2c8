import Foundation
import Imaging
import Tables
import Ultrasound

/// CVAT's XML 1.1 (docs.cvat.ai, XML annotation format), for images and for video.
enum CVATFile {
  static func read(_ bytes: [UInt8], _ source: AnnotationSource) throws(AnnotationError) -> AnnotationContents {
    let root = try XMLNode.parse(bytes, source)
    guard root.name == "annotations" else {
      throw .unknownKind(file: source.name, found: "XML of the element \(root.name.debugDescription)")
    }
    var notes: [String] = []
    if let version = root.text("version"), version != "1.1" { notes.append("version \(version), read as 1.1") }
    var reader = CVATShapes(source)
    let (images, tracks) = (root.all("image"), root.all("track"))
    if !images.isEmpty, !tracks.isEmpty { throw source.wrong("annotations", "images or tracks", "both") }
    if !tracks.isEmpty || root.text("meta", "task", "mode") == "interpolation" {
      let picture = try CVATVideo.read(tracks, root, &reader)
      return AnnotationContents(kind: .cvatVideo, pictures: [picture], measurements: [], notes: notes)
    }
    var pictures: [AnnotatedPicture] = []
    for (index, image) in images.enumerated() { pictures.append(try picture(image, index, &reader)) }
    return AnnotationContents(kind: .cvatImages, pictures: pictures, measurements: [], notes: notes)
  }

  private static func picture(_ image: XMLNode, _ index: Int, _ reader: inout CVATShapes) throws(AnnotationError)
    -> AnnotatedPicture
  {
    let source = reader.source
    let place = "image[\(index)] (line \(image.line))"
    guard let name = image.attributes["name"], !AnnotationSource.pictureName(name).isEmpty else {
      throw source.wrong(place, "the picture's name", "none")
    }
    let size = try source.size(
      try reader.optional(image, "width", place), try reader.optional(image, "height", place), place)
    var draft = PictureDraft(source, name: name, size: size)
    if size == nil { draft.note("width and height are not said") }
    for (number, node) in image.children.enumerated() {
      let place = "image[\(index)].\(node.name)[\(number)] (line \(node.line))"
      let label = node.attributes["label"]
      if node.name == "tag" {
        draft.picture.classes.append(label ?? "")
        continue
      }
      guard let shape = try reader.shape(node, place, &draft) else { continue }
      guard let label else { throw source.wrong(place, "a label", "none") }
      let others = node.all("attribute").map(\.text)
      switch shape {
      case .whole(let shape): try draft.add(shape, name: label, others: others, at: place)
      case .patch(let patch): try draft.add(patch, name: label, others: others, at: place)
      }
    }
    return draft.picture
  }
}

/// The shapes of CVAT's elements.
struct CVATShapes {
  let source: AnnotationSource
  private var reader: ShapeReader

  enum Shape {
    case whole(RegionOfInterest.Shape)
    case patch(MaskPatch)
  }

  init(_ source: AnnotationSource) {
    self.source = source
    reader = ShapeReader(source)
  }

  func optional(_ node: XMLNode, _ name: String, _ place: String) throws(AnnotationError) -> Double? {
    guard let text = node.attributes[name] else { return nil }
    guard let value = Double(text.trimmingCharacters(in: .whitespaces)), value.isFinite else {
      throw source.wrong("\(place) \(name)", "a number", text.debugDescription)
    }
    return value
  }

  func number(_ node: XMLNode, _ name: String, _ place: String) throws(AnnotationError) -> Double {
    guard let value = try optional(node, name, place) else {
      throw source.wrong("\(place) \(name)", "a number", "nothing")
    }
    return value
  }

  func whole(_ node: XMLNode, _ name: String, _ place: String) throws(AnnotationError) -> Int {
    let value = try number(node, name, place)
    guard let whole = Int(exactly: value) else { throw source.wrong("\(place) \(name)", "a whole number", "\(value)") }
    return whole
  }

  func box(_ node: XMLNode, _ place: String) throws(AnnotationError) -> PixelBox {
    try reader.box(
      try number(node, "xtl", place), try number(node, "ytl", place), try number(node, "xbr", place),
      try number(node, "ybr", place), at: place)
  }

  func turned(_ box: PixelBox, by degrees: Double, at place: String) throws(AnnotationError) -> RegionOfInterest.Shape {
    try reader.turned(box, by: degrees, at: place)
  }

  /// Nil, with a note, for what encloses nothing or is not known.
  mutating func shape(_ node: XMLNode, _ place: String, _ draft: inout PictureDraft) throws(AnnotationError) -> Shape? {
    switch node.name {
    case "box":
      let turn = try optional(node, "rotation", place) ?? 0
      return .whole(try reader.turned(try box(node, place), by: turn, at: place))
    case "polygon": return .whole(.polygon([try reader.ring(try points(node, place), at: place)]))
    case "ellipse":
      let centre = PixelPoint(x: try number(node, "cx", place), y: try number(node, "cy", place))
      let radii = (try number(node, "rx", place), try number(node, "ry", place))
      let turn = try optional(node, "rotation", place) ?? 0
      return .whole(try reader.ellipse(centre: centre, radii: radii, angle: turn * .pi / 180, at: place))
    case "mask": return .patch(try mask(node, place))
    case "polyline", "points", "cuboid", "skeleton":
      draft.note("\(place): a \(node.name) is no region and was left out")
    default: draft.note("\(place): the element is not known and was left out")
    }
    return nil
  }

  private func points(_ node: XMLNode, _ place: String) throws(AnnotationError) -> [PixelPoint] {
    var points: [PixelPoint] = []
    for pair in (node.attributes["points"] ?? "").split(separator: ";") {
      let numbers = pair.split(separator: ",").map { Double($0.trimmingCharacters(in: .whitespaces)) }
      guard numbers.count == 2, let x = numbers[0], let y = numbers[1] else {
        throw source.wrong("\(place) points", "x,y;x,y;...", pair.prefix(40).debugDescription)
      }
      points.append(PixelPoint(x: x, y: y))
    }
    return points
  }

  /// Lengths of unmarked and marked runs in turn, row by row of the mask's own rectangle.
  private mutating func mask(_ node: XMLNode, _ place: String) throws(AnnotationError) -> MaskPatch {
    let (left, top) = (try whole(node, "left", place), try whole(node, "top", place))
    guard
      let size = try source.size(
        try number(node, "width", place), try number(node, "height", place), place)
    else { throw source.wrong(place, "a width and height above 0", "0") }
    try reader.check([Double(left), Double(top)], at: place)
    try reader.take(size.width * size.height, at: place)
    let lengths = (node.attributes["rle"] ?? "").split(separator: ",").map {
      Int($0.trimmingCharacters(in: .whitespaces))
    }
    guard !lengths.contains(nil),
      let mask = RunLengthMask(width: size.width, height: size.height, runs: lengths.compactMap { $0 })
    else {
      throw source.wrong("\(place) rle", "runs of 0 or more that fill \(size.width) x \(size.height) pixels", "others")
    }
    return MaskPatch(
      left: left, top: top, width: size.width, height: size.height, isMarked: GreyImage(mask).pixels.map { $0 > 0 })
  }
}
