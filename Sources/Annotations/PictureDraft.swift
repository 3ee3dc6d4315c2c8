import Imaging
import Ultrasound

/// A picture while its regions are read: names them, cuts them at its edge, and keeps notes.
struct PictureDraft {
  let source: AnnotationSource
  var picture: AnnotatedPicture

  init(_ source: AnnotationSource, name: String, sopInstance: String? = nil, size: (width: Int, height: Int)?) {
    self.source = source
    picture = AnnotatedPicture(
      pictureName: AnnotationSource.pictureName(name), sopInstance: sopInstance, width: size?.width,
      height: size?.height)
  }

  mutating func note(_ text: String) {
    if !picture.notes.contains(text) { picture.notes.append(text) }
  }

  /// - Parameters:
  ///   - name: the class, as written.
  ///   - others: what else is said of it (attributes, evaluations); one that is a term with a label gives it where the
  ///     class does not.
  ///   - place: in the file, for messages.
  mutating func add(
    _ shape: RegionOfInterest.Shape, name: String, others: [String] = [], frame: Int? = nil,
    origin: RegionOfInterest.Origin = .drawn, at place: String
  ) throws(AnnotationError) {
    guard picture.regions.count < source.limits.maximumRegions else {
      throw .tooLarge(file: source.name, place: place, found: "one region more", limit: source.limits.maximumRegions)
    }
    let meaning = source.vocabulary.meaning(of: name)
    if meaning == nil {
      note("class \(name.debugDescription) is not in the vocabulary: taken as a lesion without label")
    }
    let role = meaning?.role ?? .lesion
    var label = meaning?.label
    if role == .lesion, label == nil {
      let said = Set(others.compactMap { source.vocabulary.meaning(of: $0)?.label })
      if said.count == 1 { label = said.first }
      if said.count > 1 { note("\(place) is called benign and malignant: without label") }
    }
    picture.regions.append(
      RegionOfInterest(
        role: role, shape: try inside(shape, at: place), frame: frame, origin: origin, label: label,
        name: name.isEmpty ? nil : name))
  }

  /// Adds a region whose role and label the file says in our own words.
  mutating func add(_ region: RegionOfInterest, at place: String) throws(AnnotationError) {
    guard picture.regions.count < source.limits.maximumRegions else {
      throw .tooLarge(file: source.name, place: place, found: "one region more", limit: source.limits.maximumRegions)
    }
    var region = region
    region.shape = try inside(region.shape, at: place)
    picture.regions.append(region)
  }

  /// The part of a shape inside the picture.
  private mutating func inside(
    _ shape: RegionOfInterest.Shape, at place: String
  ) throws(AnnotationError) -> RegionOfInterest.Shape {
    guard case .mask = shape else {
      guard let bounds = RegionRaster.boundingBox(of: shape), bounds.width > 0, bounds.height > 0 else {
        throw source.wrong(place, "a shape that encloses something", "one without width or height")
      }
      // A picture whose size is not said ends at its left and upper edge only.
      let (width, height) = (picture.width ?? source.limits.maximumSide, picture.height ?? source.limits.maximumSide)
      let isInside =
        bounds.x >= 0 && bounds.y >= 0 && bounds.maxX <= Double(width) && bounds.maxY <= Double(height)
      if isInside { return shape }
      let size = picture.width == nil ? "the picture, whose size is not said" : "the picture of \(width) x \(height)"
      guard let cut = RegionClip.clipped(shape, width: width, height: height) else {
        throw source.wrong(
          place, "a shape inside \(size)", "columns \(bounds.x) to \(bounds.maxX), rows \(bounds.y) to \(bounds.maxY)")
      }
      note("\(place) reached beyond \(size) and was cut at its edge")
      return cut
    }
    guard case .mask(let mask) = shape, mask.width == picture.width, mask.height == picture.height else {
      throw source.wrong(place, "a mask of the picture's size", "another")
    }
    return shape
  }
}

/// Checked shapes from numbers.
struct ShapeReader {
  let source: AnnotationSource
  /// Pixels of masks that may still be read from this file.
  private(set) var maskPixelsLeft: Int

  init(_ source: AnnotationSource) {
    self.source = source
    maskPixelsLeft = source.limits.maximumMaskPixels
  }

  /// Numbers in pairs.
  func points(_ numbers: [Double], at place: String) throws(AnnotationError) -> [PixelPoint] {
    guard numbers.count % 2 == 0 else {
      throw source.wrong(place, "x and y in turn", "\(numbers.count) numbers")
    }
    return stride(from: 0, to: numbers.count, by: 2).map { PixelPoint(x: numbers[$0], y: numbers[$0 + 1]) }
  }

  /// A ring of three points or more; a last point that repeats the first is left out.
  func ring(_ points: [PixelPoint], at place: String) throws(AnnotationError) -> [PixelPoint] {
    let points = points.count > 1 && points.first == points.last ? Array(points.dropLast()) : points
    guard points.count >= 3 else { throw source.wrong(place, "three points or more", "\(points.count)") }
    try check(points.flatMap { [$0.x, $0.y] }, at: place)
    return points
  }

  /// A box between two corners in any order.
  func box(_ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double, at place: String) throws(AnnotationError) -> PixelBox
  {
    try check([x0, y0, x1, y1], at: place)
    return PixelBox(x: min(x0, x1), y: min(y0, y1), width: abs(x1 - x0), height: abs(y1 - y0))
  }

  /// An ellipse as a polygon of the same area that lies within 0.05 pixels of it (360 corners at most).
  /// - angle: of the first axis, clockwise from the columns' direction as seen on the screen, in radians.
  func ellipse(
    centre: PixelPoint, radii: (Double, Double), angle: Double = 0, at place: String
  ) throws(AnnotationError) -> RegionOfInterest.Shape {
    try check([centre.x, centre.y, radii.0, radii.1, angle], at: place)
    guard radii.0 > 0, radii.1 > 0 else {
      throw source.wrong(place, "radii above 0", "\(radii.0) and \(radii.1)")
    }
    return .polygon([Ellipse.ring(centre: centre, radii: radii, angle: angle)])
  }

  /// A rectangle turned about its centre by `degrees`, clockwise.
  func turned(_ box: PixelBox, by degrees: Double, at place: String) throws(AnnotationError) -> RegionOfInterest.Shape {
    try check([degrees], at: place)
    return degrees == 0 ? .box(box) : .polygon([Ellipse.corners(of: box, turnedBy: degrees)])
  }

  func check(_ numbers: [Double], at place: String) throws(AnnotationError) {
    // A million columns are beyond any picture; farther out sums would lose the pixels.
    for number in numbers where !(abs(number) <= 1e6) {
      throw source.wrong(place, "coordinates in pixels, -1,000,000 to 1,000,000", "\(number)")
    }
  }

  /// Counts a mask's pixels against the file's limit.
  mutating func take(_ pixels: Int, at place: String) throws(AnnotationError) {
    guard pixels <= maskPixelsLeft else {
      throw .tooLarge(
        file: source.name, place: place, found: "the pixels of all masks so far", limit: source.limits.maximumMaskPixels
      )
    }
    maskPixelsLeft -= pixels
  }
}
