import Imaging
import Ultrasound

/// Divides what is marked on a screen between its two panels, each mark in pixels of its panel. What is marked in one panel only is
/// marked at the same place of the other too, since both show one place (`PairedPanels.alignment`).
struct MarkDivision {
  let panels: PairedPanels

  enum Side: Sendable, CaseIterable {
    case first, second
    var other: Side { self == .first ? .second : .first }
  }

  private func box(_ side: Side) -> PixelBox { side == .first ? panels.first : panels.second }

  /// Where a point of `side` lies in the other panel, less where it lies in its own.
  private func shift(from side: Side) -> (dx: Double, dy: Double) {
    // To a 1024th of a pixel, so that sums of a box's numbers stay exact.
    let (dx, dy) = (
      ((panels.alignment?.dx ?? 0) * 1024).rounded() / 1024, ((panels.alignment?.dy ?? 0) * 1024).rounded() / 1024
    )
    return side == .first ? (dx, dy) : (-dx, -dy)
  }

  /// The panel in which the middle of a box lies; nil where it lies beside both.
  private func side(of mark: PixelBox) -> Side? {
    let (x, y) = (mark.x + mark.width / 2, mark.y + mark.height / 2)
    return Side.allCases.first { side in
      let panel = box(side)
      return x >= panel.x && x < panel.maxX && y >= panel.y && y < panel.maxY
    }
  }

  /// Square pixels that two boxes share.
  private func overlap(_ one: PixelBox, _ other: PixelBox) -> Double {
    max(0, min(one.maxX, other.maxX) - max(one.x, other.x)) * max(0, min(one.maxY, other.maxY) - max(one.y, other.y))
  }

  /// Each region in the panel that holds its middle, and in the other too where nothing of its role is marked there in that frame.
  /// Errors: a region beside both panels, or of which more than a twentieth lies in the other.
  func divide(_ regions: [RegionOfInterest]) throws(PanelRefusal) -> [Side: [RegionOfInterest]] {
    var own: [Side: [RegionOfInterest]] = [:]
    for region in regions {
      guard let around = RegionRaster.boundingBox(of: region.shape), let side = side(of: around),
        overlap(around, box(side.other)) <= 0.05 * around.width * around.height,
        let shape = cut(region.shape, to: side)
      else { throw PanelRefusal("a region marked as \(region.role.rawValue) lies in neither panel alone") }
      var moved = region
      moved.shape = shape
      own[side, default: []].append(moved)
    }
    var all = own
    for side in Side.allCases {
      for region in own[side] ?? [] {
        let isThere = (own[side.other] ?? []).contains { $0.role == region.role && $0.frame == region.frame }
        guard !isThere, let shape = carried(region.shape, from: side) else { continue }
        var copy = region
        copy.shape = shape
        all[side.other, default: []].append(copy)
      }
    }
    return all
  }

  /// A lesion's or background's box; nil where there is none. Errors: it lies beside both panels, or reaches across both.
  func divide(_ box: PixelBox?, named name: String) throws(PanelRefusal) -> [Side: PixelBox] {
    guard let box else { return [:] }
    guard let side = side(of: box), overlap(box, self.box(side.other)) <= 0.05 * box.width * box.height,
      case .box(let own)? = cut(.box(box), to: side)
    else { throw PanelRefusal("the \(name)'s box lies in neither panel alone") }
    guard case .box(let other)? = carried(.box(own), from: side) else { return [side: own] }
    return [side: own, side.other: other]
  }

  /// Masks of a screen as those of each panel. Errors: none marks a pixel of a panel.
  /// - mayBeBlack: whether a mask without a mark says that there is nothing.
  func divide(_ masks: [GreyImage], mayBeBlack: Bool) throws(PanelRefusal) -> [Side: [GreyImage]] {
    guard !masks.isEmpty else { return [:] }
    var own: [Side: [GreyImage]] = [:]
    for side in Side.allCases {
      own[side] = masks.map { $0.cropped(box(side)) }.filter(\.marksSomething)
    }
    if own.values.allSatisfy(\.isEmpty) {
      guard mayBeBlack, !masks.contains(where: \.marksSomething) else {
        throw PanelRefusal("its mask marks no pixel of a panel")
      }
      return own.keys.reduce(into: [:]) { $0[$1] = [masks[0].cropped(box($1))] }
    }
    for side in Side.allCases where own[side.other]?.isEmpty == true {
      own[side.other] = (own[side] ?? []).map { moved($0, from: side) }.filter(\.marksSomething)
    }
    return own
  }

  private func cut(_ shape: RegionOfInterest.Shape, to side: Side) -> RegionOfInterest.Shape? {
    let panel = box(side)
    if case .mask(let mask) = shape { return Self.mask(GreyImage(mask).cropped(panel)) }
    return RegionClip.clipped(
      shape.moved(dx: -panel.x, dy: -panel.y), width: Int(panel.width), height: Int(panel.height))
  }

  /// A shape in pixels of one panel as one in pixels of the other.
  private func carried(_ shape: RegionOfInterest.Shape, from side: Side) -> RegionOfInterest.Shape? {
    if case .mask(let mask) = shape { return Self.mask(moved(GreyImage(mask), from: side)) }
    let (dx, dy) = shift(from: side)
    return RegionClip.clipped(
      shape.moved(dx: dx, dy: dy), width: Int(panels.first.width), height: Int(panels.first.height))
  }

  /// By whole pixels, black where nothing comes in.
  private func moved(_ mask: GreyImage, from side: Side) -> GreyImage {
    let (dx, dy) = shift(from: side)
    return mask.cropped(
      PixelBox(x: -dx.rounded(), y: -dy.rounded(), width: Double(mask.width), height: Double(mask.height)))
  }

  private static func mask(_ image: GreyImage) -> RegionOfInterest.Shape? {
    RunLengthMask(image).flatMap { $0.markedPixels > 0 ? .mask($0) : nil }
  }
}

/// Why an image of two panels cannot become a pair.
struct PanelRefusal: Error, Equatable {
  var reason: String

  init(_ reason: String) { self.reason = reason }
}

extension RegionOfInterest.Shape {
  /// Boxes and polygons; a mask stays.
  fileprivate func moved(dx: Double, dy: Double) -> RegionOfInterest.Shape {
    switch self {
    case .box(let box): .box(PixelBox(x: box.x + dx, y: box.y + dy, width: box.width, height: box.height))
    case .polygon(let rings): .polygon(rings.map { $0.map { PixelPoint(x: $0.x + dx, y: $0.y + dy) } })
    case .mask: self
    }
  }
}

extension GreyImage {
  fileprivate var marksSomething: Bool { pixels.contains { $0 > 127 } }
}
