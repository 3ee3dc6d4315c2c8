public import Ultrasound

/// A shape as JSON, one of: `box` [x, y, width, height]; `polygon`, a list of rings of [x, y]; `mask` with `width`, `height` and
/// `runs` (``RunLengthMask``). Pixels; numbers come back exactly.
public struct ShapeForm: Codable, Sendable, Hashable {
  private var box: [Double]?
  private var polygon: [[[Double]]]?
  private var mask: Runs?

  private struct Runs: Codable, Sendable, Hashable { var width: Int, height: Int, runs: [Int] }

  public init(_ shape: RegionOfInterest.Shape) {
    switch shape {
    case .box(let box): self.box = [box.x, box.y, box.width, box.height]
    case .polygon(let rings): polygon = rings.map { $0.map { [$0.x, $0.y] } }
    case .mask(let mask): self.mask = Runs(width: mask.width, height: mask.height, runs: mask.runs)
    }
  }

  /// Nil for what is none of the three, or is incomplete.
  public var shape: RegionOfInterest.Shape? {
    if let box {
      return box.count == 4 ? .box(PixelBox(x: box[0], y: box[1], width: box[2], height: box[3])) : nil
    }
    if let polygon {
      guard polygon.allSatisfy({ $0.allSatisfy { $0.count == 2 } }) else { return nil }
      return .polygon(polygon.map { $0.map { PixelPoint(x: $0[0], y: $0[1]) } })
    }
    return mask.flatMap { RunLengthMask(width: $0.width, height: $0.height, runs: $0.runs) }.map { .mask($0) }
  }
}

/// A region as the project's own JSON has it: what is absent is not said.
struct RegionForm: Encodable {
  let region: RegionOfInterest

  private enum Key: String, CodingKey { case role, frame, origin, confidence, label, name }

  func encode(to encoder: any Encoder) throws {
    try ShapeForm(region.shape).encode(to: encoder)
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encode(region.role, forKey: .role)
    try fields.encodeIfPresent(region.frame, forKey: .frame)
    try fields.encode(region.origin, forKey: .origin)
    try fields.encodeIfPresent(region.confidence, forKey: .confidence)
    try fields.encodeIfPresent(region.label, forKey: .label)
    try fields.encodeIfPresent(region.name, forKey: .name)
  }
}
