public import Ultrasound

/// Regions as pixels. A pixel belongs to a shape where its centre lies in it: the pixel in column i and row j where (i
/// + 0.5, j + 0.5) lies in an odd number of rings. Of what passes exactly through a centre, a left or upper edge counts
/// as inside, a right or lower one as outside, so that shapes which share an edge share no pixel, and a box on the
/// edges of pixels marks exactly those inside.
public enum RegionRaster {
  /// The shape as a mask of 255 where it lies and 0 elsewhere; what lies outside the picture is left out.
  /// - Returns: nil for a mask of another size than the picture, for coordinates that are not finite, and for a picture
  ///   without pixels.
  public static func mask(of shape: RegionOfInterest.Shape, width: Int, height: Int) -> GreyImage? {
    guard width > 0, height > 0 else { return nil }
    switch shape {
    case .box(let box): return mask(ofRings: [box.corners], width: width, height: height)
    case .polygon(let rings): return mask(ofRings: rings, width: width, height: height)
    case .mask(let runs): return runs.width == width && runs.height == height ? GreyImage(runs) : nil
    }
  }

  /// The smallest box around the shape: exact for boxes and polygons, of whole pixels for masks.
  /// - Returns: nil where nothing is marked or a coordinate is not finite.
  public static func boundingBox(of shape: RegionOfInterest.Shape) -> PixelBox? {
    switch shape {
    case .box(let box): return box.isFinite && box.width > 0 && box.height > 0 ? box : nil
    case .polygon(let rings):
      let points = rings.flatMap { $0 }
      guard let first = points.first, points.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else { return nil }
      var (left, top, right, bottom) = (first.x, first.y, first.x, first.y)
      for point in points {
        (left, right) = (min(left, point.x), max(right, point.x))
        (top, bottom) = (min(top, point.y), max(bottom, point.y))
      }
      return PixelBox(x: left, y: top, width: right - left, height: bottom - top)
    case .mask(let mask): return mask.boundingBox
    }
  }

  /// How many pixels of a picture the shape marks; nil as for ``mask(of:width:height:)``.
  public static func area(of shape: RegionOfInterest.Shape, width: Int, height: Int) -> Int? {
    if case .mask(let runs) = shape, runs.width == width, runs.height == height { return runs.markedPixels }
    return mask(of: shape, width: width, height: height).map { $0.pixels.count { $0 > 127 } }
  }

  private static func mask(ofRings rings: [[PixelPoint]], width: Int, height: Int) -> GreyImage? {
    guard rings.allSatisfy({ $0.allSatisfy { $0.x.isFinite && $0.y.isFinite } }) else { return nil }
    var crossings = [[Double]](repeating: [], count: height)
    for ring in rings where ring.count >= 3 {
      for (index, from) in ring.enumerated() {
        add(edgeFrom: from, to: ring[(index + 1) % ring.count], to: &crossings)
      }
    }
    var pixels = [UInt8](repeating: 0, count: width * height)
    for (row, places) in crossings.enumerated() where places.count > 1 {
      let sorted = places.sorted()
      for pair in stride(from: 0, to: sorted.count - 1, by: 2) {
        let (first, end) = (column(sorted[pair], width), column(sorted[pair + 1], width))
        for column in first..<max(first, end) { pixels[row * width + column] = 255 }
      }
    }
    return GreyImage(width: width, height: height, pixels: pixels)
  }

  /// Where the edge crosses the line through the centres of each row.
  private static func add(edgeFrom one: PixelPoint, to other: PixelPoint, to crossings: inout [[Double]]) {
    guard one.y != other.y else { return }
    let (upper, lower) = one.y < other.y ? (one, other) : (other, one)
    let first = row(upper.y, crossings.count)
    let end = row(lower.y, crossings.count)
    let slope = (lower.x - upper.x) / (lower.y - upper.y)
    for row in first..<max(first, end) { crossings[row].append(upper.x + (Double(row) + 0.5 - upper.y) * slope) }
  }

  /// The first row whose centre lies at or below `y`.
  private static func row(_ y: Double, _ height: Int) -> Int {
    Int(min(max((y - 0.5).rounded(.up), 0), Double(height)))
  }

  /// The first column whose centre lies at or to the right of `x`.
  private static func column(_ x: Double, _ width: Int) -> Int { row(x, width) }
}

extension PixelBox {
  var isFinite: Bool { x.isFinite && y.isFinite && maxX.isFinite && maxY.isFinite }

  /// Clockwise from the upper left.
  var corners: [PixelPoint] {
    [PixelPoint(x: x, y: y), PixelPoint(x: maxX, y: y), PixelPoint(x: maxX, y: maxY), PixelPoint(x: x, y: maxY)]
  }
}

extension RunLengthMask {
  /// The pixels above `threshold`; nil for an image without pixels.
  public init?(_ image: GreyImage, threshold: UInt8 = 127) {
    var runs: [Int] = []
    var (isMarked, length) = (false, 0)
    for value in image.pixels {
      if (value > threshold) != isMarked {
        runs.append(length)
        (isMarked, length) = (!isMarked, 0)
      }
      length += 1
    }
    runs.append(length)
    self.init(width: image.width, height: image.height, runs: runs)
  }

  public var markedPixels: Int { stride(from: 1, to: runs.count, by: 2).reduce(0) { $0 + runs[$1] } }

  /// The smallest box around the marked pixels; nil where there are none.
  public var boundingBox: PixelBox? {
    var (left, right, top, bottom) = (Int.max, -1, Int.max, -1)
    var start = 0
    for (index, run) in runs.enumerated() {
      if index % 2 == 1, run > 0 {
        let end = start + run - 1
        (top, bottom) = (min(top, start / width), max(bottom, end / width))
        let staysInRow = start / width == end / width
        left = min(left, staysInRow ? start % width : 0)
        right = max(right, staysInRow ? end % width : width - 1)
      }
      start += run
    }
    guard right >= 0 else { return nil }
    return PixelBox(
      x: Double(left), y: Double(top), width: Double(right - left + 1), height: Double(bottom - top + 1))
  }
}

extension GreyImage {
  /// 255 where the mask is marked, 0 elsewhere.
  public init(_ mask: RunLengthMask) {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(mask.width * mask.height)
    for (index, run) in mask.runs.enumerated() {
      pixels.append(contentsOf: repeatElement(index % 2 == 1 ? 255 : 0, count: run))
    }
    self.init(width: mask.width, height: mask.height, pixels: pixels)
  }
}
