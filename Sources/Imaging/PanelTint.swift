import Ultrasound

/// Finds a tinted panel beside a grey one: the column where the tint begins or ends parts them.
struct PanelTint {
  let image: RGBImage
  let outline: Outline

  func split() -> PanelSplit? {
    guard let content = outline.box(columns: 0..<outline.width), content.columns.count >= 64, content.rows.count >= 32
    else { return nil }
    var (lit, tinted) = ([Int](repeating: 0, count: image.width), [Int](repeating: 0, count: image.width))
    image.pixels.withUnsafeBufferPointer { pixels in
      for y in content.rows {
        for x in content.columns where outline.lit[y * image.width + x] {
          let at = 3 * (y * image.width + x)
          let (red, green, blue) = (Int(pixels[at]), Int(pixels[at + 1]), Int(pixels[at + 2]))
          lit[x] += 1
          if red >= green, green >= blue, 100 * (red - blue) >= 25 * red { tinted[x] += 1 }
        }
      }
    }
    // The border that leaves most tint on one side and most grey on the other.
    let (allLit, allTinted) = (lit.reduce(0, +), tinted.reduce(0, +))
    guard allLit > 0, 20 * allTinted >= allLit else { return nil }
    var (litLeft, tintedLeft) = (0, 0)
    var best: (column: Int, purity: Double, isLeft: Bool)?
    for x in content.columns.dropFirst() {
      litLeft += lit[x - 1]
      tintedLeft += tinted[x - 1]
      let (litRight, tintedRight) = (allLit - litLeft, allTinted - tintedLeft)
      guard litLeft > 0, litRight > 0 else { continue }
      let (left, right) = (Double(tintedLeft) / Double(litLeft), Double(tintedRight) / Double(litRight))
      let purity = abs(left - right)
      if purity > best?.purity ?? 0 { best = (x, purity, left > right) }
    }
    let middle = Double(content.columns.lowerBound + content.columns.upperBound) / 2
    guard let best, best.purity >= 0.75, abs(Double(best.column) - middle) <= 0.12 * Double(content.columns.count)
    else { return nil }
    // The fuller panel's width and place are known; the other has the same.
    let (left, right) = (
      outline.box(columns: content.columns.lowerBound..<best.column),
      outline.box(columns: best.column..<content.columns.upperBound)
    )
    guard let left, let right else { return nil }
    return placed(left, right, border: best.column, confidence: best.purity)
  }

  private func placed(
    _ left: Outline.Extent, _ right: Outline.Extent, border: Int, confidence: Double
  ) -> PanelSplit? {
    let rows = min(left.rows.lowerBound, right.rows.lowerBound)..<max(left.rows.upperBound, right.rows.upperBound)
    let width = max(left.columns.count, right.columns.count)
    // Starts that are a width apart at least.
    let second = max(right.columns.lowerBound, left.columns.lowerBound + width)
    let side = min(width, image.width - second)
    guard side >= 8 * width / 10, second - border <= width / 3 else { return nil }
    func panel(_ x: Int) -> PixelBox {
      PixelBox(x: Double(x), y: Double(rows.lowerBound), width: Double(side), height: Double(rows.count))
    }
    return PanelSplit(left: panel(left.columns.lowerBound), right: panel(second), confidence: confidence)
  }
}
