import Foundation
import Imaging
import Tables
import Ultrasound

/// LabelMe's JSON (github.com/wkentaro/labelme), one file a picture: `shapes` of `label`, `points` and `shape_type`. A
/// mask is a PNG in base64 whose upper left and lower right pixels are the shape's two points, both counted in (labelme
/// 5.3 and later).
enum LabelMeFile {
  static func read(_ json: JSONValue, _ source: AnnotationSource) throws(AnnotationError) -> AnnotationContents {
    let size = try source.size(json["imageWidth"]?.number, json["imageHeight"]?.number, "imageWidth, imageHeight")
    guard let path = json["imagePath"]?.string, !AnnotationSource.pictureName(path).isEmpty else {
      throw source.wrong("imagePath", "the picture's name", json["imagePath"]?.scalar?.debugDescription ?? "none")
    }
    guard case .list(let shapes)? = json["shapes"] else { throw source.wrong("shapes", "a list", "something else") }
    var draft = PictureDraft(source, name: path, size: size)
    if size == nil {
      draft.note("imageWidth and imageHeight are not said: shapes are not cut at the right and lower edge")
    }
    for (flag, value) in json["flags"]?.object.sorted(by: { $0.key < $1.key }) ?? [] where value.bool == true {
      draft.picture.classes.append(flag)
    }
    var reader = ShapeReader(source)
    for (index, shape) in shapes.enumerated() { try read(shape, "shapes[\(index)]", &reader, &draft) }
    return AnnotationContents(kind: .labelMe, pictures: [draft.picture], measurements: [], notes: [])
  }

  private static func read(
    _ shape: JSONValue, _ place: String, _ reader: inout ShapeReader, _ draft: inout PictureDraft
  ) throws(AnnotationError) {
    guard let name = shape["label"]?.scalar else {
      throw draft.source.wrong("\(place).label", "a name", "none")
    }
    // Files before version 3 have polygons only and no type.
    let type = shape["shape_type"]?.string ?? "polygon"
    let points = try points(shape["points"], "\(place).points", draft.source)
    let others =
      (shape["flags"]?.object ?? [:]).filter { $0.value.bool == true }.map(\.key) + [shape["description"]?.string ?? ""]
    func pair() throws(AnnotationError) -> (PixelPoint, PixelPoint) {
      guard points.count == 2 else { throw draft.source.wrong("\(place).points", "two points", "\(points.count)") }
      return (points[0], points[1])
    }
    switch type {
    case "polygon":
      try draft.add(.polygon([try reader.ring(points, at: "\(place).points")]), name: name, others: others, at: place)
    case "rectangle":
      // Newer versions may write all four corners.
      let (xs, ys) = (points.map(\.x), points.map(\.y))
      guard [2, 4].contains(points.count), let x0 = xs.min(), let x1 = xs.max(), let y0 = ys.min(), let y1 = ys.max()
      else { throw draft.source.wrong("\(place).points", "two corners", "\(points.count) points") }
      try draft.add(.box(try reader.box(x0, y0, x1, y1, at: place)), name: name, others: others, at: place)
    case "circle":
      let (centre, rim) = try pair()
      let radius = ((rim.x - centre.x) * (rim.x - centre.x) + (rim.y - centre.y) * (rim.y - centre.y)).squareRoot()
      let circle = try reader.ellipse(centre: centre, radii: (radius, radius), at: place)
      try draft.add(circle, name: name, others: others, at: place)
    case "mask":
      let patch = try mask(shape, corners: try pair(), place, &reader)
      try draft.add(patch, name: name, others: others, at: place)
    case "point", "points", "line", "linestrip":
      draft.note("\(place): a \(type) called \(name.debugDescription) encloses nothing and was left out")
    default:
      draft.note("\(place): the shape type \(type.debugDescription) is not known and was left out")
    }
  }

  private static func points(
    _ value: JSONValue?, _ place: String, _ source: AnnotationSource
  ) throws(AnnotationError) -> [PixelPoint] {
    var points: [PixelPoint] = []
    for (index, point) in (value?.list ?? []).enumerated() {
      let numbers = point.list.compactMap(\.number)
      guard numbers.count == 2, point.list.count == 2 else {
        throw source.wrong("\(place)[\(index)]", "two numbers", "something else")
      }
      points.append(PixelPoint(x: numbers[0], y: numbers[1]))
    }
    return points
  }

  private static func mask(
    _ shape: JSONValue, corners: (PixelPoint, PixelPoint), _ place: String, _ reader: inout ShapeReader
  ) throws(AnnotationError) -> MaskPatch {
    let source = reader.source
    try reader.check([corners.0.x, corners.0.y, corners.1.x, corners.1.y], at: place)
    guard let text = shape["mask"]?.string, let data = Data(base64Encoded: text) else {
      throw source.wrong("\(place).mask", "a PNG in base64", "something else")
    }
    let image: GreyImage
    do {
      let limits = DecodeLimits(
        maximumPixels: min(source.limits.maximumPixels, reader.maskPixelsLeft),
        maximumFileBytes: source.limits.maximumFileBytes)
      image = try Stills.decode(data: Array(data), name: "\(place).mask", limits: limits).grey()
    } catch {
      throw source.wrong("\(place).mask", "a PNG in base64", "\(error)")
    }
    try reader.take(image.pixels.count, at: place)
    let (left, top) = (Int(min(corners.0.x, corners.1.x)), Int(min(corners.0.y, corners.1.y)))
    let (width, height) = (Int(abs(corners.1.x - corners.0.x)) + 1, Int(abs(corners.1.y - corners.0.y)) + 1)
    guard image.width == width, image.height == height else {
      throw source.wrong(
        "\(place).mask", "\(width) x \(height) pixels, as its points say", "\(image.width) x \(image.height)")
    }
    return MaskPatch(left: left, top: top, width: width, height: height, isMarked: image.pixels.map { $0 > 0 })
  }
}
