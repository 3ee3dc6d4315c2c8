import Imaging

/// Reads the text of whole pictures and of single lines at a size that Tesseract was made for.
struct PictureReading {
  let reader: TextReader

  /// Pixels of a tile's side before it is scaled, and what neighbours share.
  private static let tile = 1400
  private static let shared = 120

  /// Words of the picture scaled up by `scale`, tile by tile, in pixels of the picture.
  func words(of image: GreyImage, scale: Int, layout: TextReader.Layout) throws(BurnedInError) -> [ReadWord] {
    var words: [ReadWord] = []
    for top in Self.starts(image.height) {
      for left in Self.starts(image.width) {
        let part = PixelRectangle(
          left: left, top: top, right: min(image.width, left + Self.tile), bottom: min(image.height, top + Self.tile))
        let tile = part.width == image.width && part.height == image.height ? image : image.cropped(part.box)
        let scaled = scale == 1 ? tile : tile.resized(width: tile.width * scale, height: tile.height * scale)
        for word in try reader.words(scaled, layout) {
          words.append(word.moved(scale: 1 / Double(scale), left: left, top: top))
        }
      }
    }
    return words
  }

  private static func starts(_ length: Int) -> [Int] {
    length <= tile ? [0] : Array(stride(from: 0, to: length - shared, by: tile - shared))
  }

  /// What a line says, and how sure Tesseract is (the mean over its words by their letters, 0...100).
  /// - channel: bright strokes on dark.
  func text(
    of rectangle: PixelRectangle, letterHeight: Int, in channel: GreyImage
  ) throws(BurnedInError) -> (text: String, confidence: Double) {
    let margin = max(4, letterHeight / 2)
    let part = rectangle.grown(margin, margin, inWidth: channel.width, height: channel.height)
    let cut = channel.cropped(part.box)
    // Letters of 30 to 40 pixels are what the models know.
    let scale = min(5, max(1, 34 / Double(max(6, letterHeight))))
    let dark = Self.blackOnWhite(cut)
    let scaled = dark.resized(
      width: max(1, Int(Double(cut.width) * scale)), height: max(1, Int(Double(cut.height) * scale)))
    let words = try reader.words(scaled, .line).filter { !$0.text.allSatisfy(\.isWhitespace) }
    let letters = words.reduce(0) { $0 + $1.text.count }
    guard letters > 0 else { return ("", 0) }
    let confidence = words.reduce(0) { $0 + $1.confidence * Double($1.text.count) } / Double(letters)
    return (words.map(\.text).joined(separator: " "), confidence)
  }

  /// The darkest half to white and the brightest letters to black.
  private static func blackOnWhite(_ image: GreyImage) -> GreyImage {
    let sorted = image.pixels.sorted()
    guard let last = sorted.last else { return image }
    let low = Int(sorted[sorted.count / 2])
    let high = max(low + 16, Int(sorted[min(sorted.count - 1, sorted.count * 49 / 50)]), Int(last) * 3 / 4)
    return GreyImage(
      width: image.width, height: image.height,
      pixels: image.pixels.map { UInt8(255 - min(255, max(0, (Int($0) - low) * 255 / (high - low)))) })
  }
}

extension ReadWord {
  func moved(scale: Double, left: Int, top: Int) -> ReadWord {
    var moved = self
    moved.rectangle = PixelRectangle(
      left: left + Int((Double(rectangle.left) * scale).rounded(.down)),
      top: top + Int((Double(rectangle.top) * scale).rounded(.down)),
      right: left + Int((Double(rectangle.right) * scale).rounded(.up)),
      bottom: top + Int((Double(rectangle.bottom) * scale).rounded(.up)))
    return moved
  }

  /// Letters, digits and ideographs in it.
  var signs: Int { text.unicodeScalars.count { $0.properties.isAlphabetic || $0.properties.numericType != nil } }

  /// Whether it is text a person could tell something by: three letters or digits on end, or two ideographs.
  var isWord: Bool {
    var run = 0
    for scalar in text.unicodeScalars {
      if scalar.properties.isIdeographic {
        run += 2
      } else if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
        run += 1
      } else {
        run = 0
      }
      if run >= 3 { return true }
    }
    return false
  }
}
