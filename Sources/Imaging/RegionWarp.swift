import Ultrasound

/// Moves and scales a shape about its centre, and cuts it at the picture's edge.
struct RegionWarp: Sendable {
  let shape: RegionOfInterest.Shape
  let centre: RegionPose
  let width: Int
  let height: Int

  /// Nil where less than half of the shape is left in the picture.
  func shape(at pose: RegionPose) -> RegionOfInterest.Shape? {
    switch shape {
    case .box(let box):
      let (left, top) = (x(box.x, pose), y(box.y, pose))
      let whole = (box.width * pose.scale, box.height * pose.scale)
      let cut = PixelBox(x: left, y: top, width: whole.0, height: whole.1).expanded(
        by: 0, inWidth: width, height: height)
      guard cut.width > 0, cut.height > 0, 2 * cut.width * cut.height >= whole.0 * whole.1 else { return nil }
      return .box(cut)
    case .polygon(let rings):
      let moved = rings.map { $0.map { PixelPoint(x: x($0.x, pose), y: y($0.y, pose)) } }
      let bounds = RegionRaster.boundingBox(of: .polygon(moved))
      let cut = RegionClip.clipped(.polygon(moved), width: width, height: height)
      guard let bounds, let cut, let inside = RegionRaster.boundingBox(of: cut),
        2 * inside.width * inside.height >= bounds.width * bounds.height
      else { return nil }
      return cut
    case .mask(let mask): return moved(mask, pose).map { .mask($0) }
    }
  }

  private func x(_ value: Double, _ pose: RegionPose) -> Double { pose.x + (value - centre.x) * pose.scale }
  private func y(_ value: Double, _ pose: RegionPose) -> Double { pose.y + (value - centre.y) * pose.scale }

  /// A pixel is marked where the pixel that lay under its centre is.
  private func moved(_ mask: RunLengthMask, _ pose: RegionPose) -> RunLengthMask? {
    let old = GreyImage(mask)
    guard let bounds = mask.boundingBox else { return nil }
    var pixels = [UInt8](repeating: 0, count: old.pixels.count)
    let box = PixelBox(
      x: x(bounds.x, pose), y: y(bounds.y, pose), width: bounds.width * pose.scale, height: bounds.height * pose.scale
    ).expanded(by: 0, inWidth: width, height: height)
    guard box.width > 0, box.height > 0 else { return nil }
    var count = 0
    for row in Int(box.y)..<min(height, Int(box.maxY) + 1) {
      let oldRow = Int((centre.y + (Double(row) + 0.5 - pose.y) / pose.scale).rounded(.down))
      guard (0..<height).contains(oldRow) else { continue }
      for column in Int(box.x)..<min(width, Int(box.maxX) + 1) {
        let oldColumn = Int((centre.x + (Double(column) + 0.5 - pose.x) / pose.scale).rounded(.down))
        guard (0..<width).contains(oldColumn), old.pixels[oldRow * width + oldColumn] > 127 else { continue }
        pixels[row * width + column] = 255
        count += 1
      }
    }
    guard Double(2 * count) >= Double(mask.markedPixels) * pose.scale * pose.scale else { return nil }
    return RunLengthMask(GreyImage(width: width, height: height, pixels: pixels))
  }
}
