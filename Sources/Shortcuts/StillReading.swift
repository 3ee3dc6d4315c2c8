public import Imaging
import Ultrasound

/// What a picture shows beside tissue.
public struct StillReading: Sendable, Equatable {
  public let width: Int
  public let height: Int
  /// From the top, by kind.
  public let marks: [FoundMark]
  public let traits: AcquisitionTraits
  /// height x width: 0, or the code of the kind that stands there.
  private(set) var kinds: [UInt8]

  /// Whether a mark of the kind was found.
  public func has(_ kind: MarkKind) -> Bool { marks.contains { $0.kind == kind } }

  /// The reading less its map of pixels, for those who keep many: its masks are empty of marks.
  public func withoutPixels() -> StillReading {
    var reading = self
    reading.kinds = [UInt8](repeating: 0, count: 0)
    return reading
  }

  /// 255 where a mark of one of the kinds stands, grown by `margin` pixels, since a letter's edge is smeared into what is
  /// around it; else 0.
  public func mask(of wanted: Set<MarkKind> = Set(MarkKind.allCases), margin: Int = 0) -> GreyImage {
    let codes = Set(wanted.map(\.code))
    guard kinds.count == width * height else {
      return GreyImage(width: width, height: height, pixels: [UInt8](repeating: 0, count: width * height))
    }
    var pixels = kinds.map { codes.contains($0) ? UInt8(255) : 0 }
    if margin > 0 {
      let marked = pixels.indices.filter { pixels[$0] == 255 }
      for index in marked {
        let (x, y) = (index % width, index / width)
        for row in max(0, y - margin)...min(height - 1, y + margin) {
          for column in max(0, x - margin)...min(width - 1, x + margin) { pixels[row * width + column] = 255 }
        }
      }
    }
    return GreyImage(width: width, height: height, pixels: pixels)
  }

  /// Reads a picture of any size; one of fewer than 16 pixels a side has no marks.
  public init(of picture: RGBImage) {
    let planes = PicturePlanes(picture)
    let field = FieldOfView(planes)
    (width, height) = (planes.width, planes.height)
    traits = AcquisitionTraits(planes, field: field)
    var kinds = [UInt8](repeating: 0, count: planes.value.count)
    var found: [FoundMark] = []
    let candidates = width >= 16 && height >= 16 ? MarkSearch(planes: planes, field: field).candidates() : []
    for candidate in candidates {
      // What was found first keeps its pixels.
      let own = candidate.pixels.filter { kinds[$0] == 0 }
      guard !own.isEmpty else { continue }
      var sums = [0, 0, 0]
      for index in own {
        kinds[index] = candidate.kind.code
        for color in 0..<3 { sums[color] += Int(picture.pixels[3 * index + color]) }
      }
      let rect = candidate.rect.clipped(width: width, height: height)
      found.append(
        FoundMark(
          kind: candidate.kind,
          box: PixelBox(
            x: Double(rect.left), y: Double(rect.top), width: Double(rect.width), height: Double(rect.height)),
          confidence: candidate.confidence, pixels: own.count, color: sums.map { UInt8($0 / own.count) }))
    }
    self.kinds = kinds
    marks = found.sorted { ($0.kind.code, $0.box.y, $0.box.x) < ($1.kind.code, $1.box.y, $1.box.x) }
  }
}
