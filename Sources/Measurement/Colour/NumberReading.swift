public import Imaging
public import Ultrasound

/// A piece of text and where it stands in the picture it was read from.
public struct ReadText: Sendable, Hashable {
  public var text: String
  public var box: PixelBox

  public init(text: String, box: PixelBox) { (self.text, self.box) = (text, box) }
}

extension ColourScale {
  /// The scale read off the screen.
  ///
  /// - Parameters:
  ///   - unit: taken where none stands at the bar.
  ///   - readNumbers: reads the words of a small picture, each with its box in it, as text recognition does. It is given the
  ///     surroundings of the bar three times as large as on the screen.
  /// - Throws: `ColourError.noScale`.
  public init(
    on image: RGBImage, of bar: ColourBar, unit: ColourUnit? = nil, readNumbers: (RGBImage) -> [ReadText]
  ) throws(ColourError) {
    let margin = max(60, 3 * min(bar.box.width, bar.box.height))
    let (left, top) = (max(0, bar.box.x - margin), max(0, bar.box.y - margin))
    let right = min(Double(image.width), bar.box.maxX + margin)
    let bottom = min(Double(image.height), bar.box.maxY + margin)
    let cut = image.cropped(PixelBox(x: left, y: top, width: right - left, height: bottom - top))
    let large = cut.resized(width: cut.width * 3, height: cut.height * 3)
    let labels = readNumbers(large).flatMap { read in
      // Text recognition may give "+12.0 cm/s" as one word or as two.
      read.text.split(whereSeparator: \.isWhitespace).compactMap { word in
        ScaleLabel(
          String(word),
          box: PixelBox(
            x: left + read.box.x / 3, y: top + read.box.y / 3, width: read.box.width / 3, height: read.box.height / 3))
      }
    }
    try self.init(labels: labels, of: bar, unit: unit)
  }
}
