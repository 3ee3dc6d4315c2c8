import Ultrasound

/// Finds one panel's picture again beside it, where no gutter parts the two.
struct PanelRepeat {
  let grey: GreyImage
  let outline: Outline

  /// - Returns: nil where the two halves of what is lit have too little in common.
  func split() -> PanelSplit? {
    guard let content = outline.box(columns: 0..<outline.width), content.columns.count >= 96, content.rows.count >= 48
    else { return nil }
    let half = content.columns.count / 2
    let left = content.columns.lowerBound
    func box(_ x: Int) -> PixelBox {
      PixelBox(
        x: Double(x), y: Double(content.rows.lowerBound), width: Double(half), height: Double(content.rows.count))
    }
    let texture = grey.flattened()
    guard let estimator = TranslationEstimator(reference: texture.cropped(box(left))),
      let found = estimator.translation(of: texture.cropped(box(left + half))), abs(found.dy) <= 2,
      abs(found.dx) < 0.3 * Double(half), found.confidence >= 2 * estimator.minimumConfidence
    else { return nil }
    let period = half + Int(found.dx.rounded())
    let agreement = columnAgreement(texture, period: period, rows: content.rows)
    guard let columns = run(agreement, in: content.columns), columns.count >= period * 6 / 10 else { return nil }
    // What agrees, from the first lit column near its start to the dark columns, or the other panel, at its end.
    let start = outline.litStart(near: columns.lowerBound, within: 12, rows: content.rows) ?? columns.lowerBound
    let end = outline.litEnd(before: start + period, rows: content.rows)
    let width = min(end - start, content.columns.upperBound - start - period)
    guard width >= period * 6 / 10 else { return nil }
    func panel(_ x: Int) -> PixelBox {
      PixelBox(
        x: Double(x), y: Double(content.rows.lowerBound), width: Double(width), height: Double(content.rows.count))
    }
    let level = columns.reduce(0) { $0 + agreement[$1] } / Double(columns.count)
    guard level >= 0.4 else { return nil }
    return PanelSplit(left: panel(start), right: panel(start + period), confidence: min(1, 0.6 + 0.5 * level))
  }

  /// The correlation of eight columns with those a period to the right.
  private func columnAgreement(_ texture: GreyImage, period: Int, rows: Range<Int>) -> [Double] {
    let width = texture.width
    var agreement = [Double](repeating: 0, count: width)
    texture.pixels.withUnsafeBufferPointer { pixels in
      for x in 0..<max(0, width - period) {
        var (product, first, second) = (0.0, 0.0, 0.0)
        for column in max(0, x - 4)..<min(width - period, x + 4) {
          for y in stride(from: rows.lowerBound, to: rows.upperBound, by: 2) {
            let one = Double(pixels[y * width + column]) - 128
            let other = Double(pixels[y * width + column + period]) - 128
            product += one * other
            first += one * one
            second += other * other
          }
        }
        if first > 0, second > 0 { agreement[x] = product / (first * second).squareRoot() }
      }
    }
    return agreement
  }

  /// The longest run of columns that agree, over gaps of a tenth.
  private func run(_ agreement: [Double], in columns: Range<Int>) -> Range<Int>? {
    var (best, current): (Range<Int>?, Range<Int>?) = (nil, nil)
    let gap = columns.count / 20
    for x in columns where agreement[x] > 0.3 {
      if let open = current, x - open.upperBound <= gap {
        current = open.lowerBound..<x + 1
      } else {
        current = x..<x + 1
      }
      if current?.count ?? 0 > best?.count ?? 0 { best = current }
    }
    return best
  }
}

extension GreyImage {
  /// Each pixel's difference from the mean of the 9 x 9 around it, over their spread: texture without brightness, 128 for none.
  func flattened() -> GreyImage {
    let (sums, squares) = integrals()
    let stride = width + 1
    var out = [UInt8](repeating: 128, count: width * height)
    for y in 0..<height {
      for x in 0..<width {
        let (left, right, top, bottom) = (max(0, x - 4), min(width, x + 5), max(0, y - 4), min(height, y + 5))
        func total(_ table: [Int]) -> Int {
          table[bottom * stride + right] - table[top * stride + right] - table[bottom * stride + left]
            + table[top * stride + left]
        }
        let count = (right - left) * (bottom - top)
        let (sum, square) = (total(sums), total(squares))
        let mean = Double(sum) / Double(count)
        let spread = max(0, Double(square) / Double(count) - mean * mean).squareRoot()
        let value = (Double(pixels[y * width + x]) - mean) / (spread + 4)
        out[y * width + x] = UInt8(min(max(128 + 40 * value, 0), 255))
      }
    }
    return GreyImage(width: width, height: height, pixels: out)
  }

  private func integrals() -> (sums: [Int], squares: [Int]) {
    let stride = width + 1
    var sums = [Int](repeating: 0, count: stride * (height + 1))
    var squares = sums
    for y in 0..<height {
      var (row, rowSquares) = (0, 0)
      for x in 0..<width {
        let value = Int(pixels[y * width + x])
        row += value
        rowSquares += value * value
        sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] + row
        squares[(y + 1) * stride + x + 1] = squares[y * stride + x + 1] + rowSquares
      }
    }
    return (sums, squares)
  }
}

extension Outline {
  /// Lit pixels of a column.
  private func count(_ x: Int, _ rows: Range<Int>) -> Int { rows.reduce(0) { $0 + (lit[$1 * width + x] ? 1 : 0) } }

  /// The lit column, after a dark one, that is nearest.
  func litStart(near x: Int, within reach: Int, rows: Range<Int>) -> Int? {
    let least = rows.count / 50
    let starts = (max(0, x - reach)...min(width - 1, x + reach)).filter { column in
      count(column, rows) > least && (column == 0 || count(column - 1, rows) <= least)
    }
    return starts.min { abs($0 - x) < abs($1 - x) }
  }

  /// The first column of the dark ones that end at `x`; `x` itself where the column before it is lit.
  func litEnd(before x: Int, rows: Range<Int>) -> Int {
    let least = rows.count / 50
    var end = min(x, width)
    while end > 0, count(end - 1, rows) <= least { end -= 1 }
    return end
  }
}
