import Ultrasound

/// Finds the fuller of two panels again in the other, by what they show.
struct PanelMatch {
  let outline: Outline
  /// The brightest that each pixel ever was, overlay taken out.
  let peak: GreyImage

  /// - Returns: nil where the two have too little in common, or do not stand side by side.
  func split(_ sides: Outline.Sides) -> PanelSplit? {
    func area(_ extent: Outline.Extent) -> Int { extent.columns.count * extent.rows.count }
    let leftIsFuller = area(sides.left) >= area(sides.right)
    let (fuller, other) = leftIsFuller ? (sides.left, sides.right) : (sides.right, sides.left)
    let (width, height) = (fuller.columns.count, fuller.rows.count)
    let middle = (other.columns.lowerBound + other.columns.upperBound) / 2
    // Where the other panel's left edge may be: beside the fuller one, inside the frame.
    let (first, last) =
      leftIsFuller ? (fuller.columns.upperBound, outline.width - width) : (0, fuller.columns.lowerBound - width)
    guard first <= last else { return nil }
    let room = first...last
    let guess = min(max(middle - width / 2, room.lowerBound), room.upperBound)
    func box(_ x: Int, _ y: Int) -> PixelBox {
      PixelBox(x: Double(x), y: Double(y), width: Double(width), height: Double(height))
    }
    let (x, y) = (fuller.columns.lowerBound, fuller.rows.lowerBound)
    guard let estimator = TranslationEstimator(reference: peak.cropped(box(x, y))),
      let found = estimator.translation(of: peak.cropped(box(guess, y))), abs(found.dy) <= max(1, 0.02 * Double(height))
    else { return nil }
    let place = guess + Int(found.dx.rounded())
    guard room.contains(place) else { return nil }
    let certainty = min(1, 0.5 + 0.25 * found.confidence / estimator.minimumConfidence)
    let confidence = certainty * held(by: place..<place + width, of: other)
    let boxes = leftIsFuller ? (box(x, y), box(place, y)) : (box(place, y), box(x, y))
    return PanelSplit(left: boxes.0, right: boxes.1, confidence: confidence)
  }

  /// The part of a side's lit pixels that lies in `columns`.
  private func held(by columns: Range<Int>, of side: Outline.Extent) -> Double {
    var (inside, all) = (0, 0)
    for y in side.rows {
      for x in side.columns where outline.lit[y * outline.width + x] {
        all += 1
        inside += columns.contains(x) ? 1 : 0
      }
    }
    return all > 0 ? Double(inside) / Double(all) : 0
  }
}
