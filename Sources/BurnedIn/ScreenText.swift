public import Imaging
public import Ultrasound

/// Reads the words that stand on a screen, such as the numbers of a scale. Any thread may call.
public struct ScreenTextReader: Sendable {
  /// A word and where it stands, in pixels of the picture that was given.
  public struct Word: Sendable, Hashable {
    public var text: String
    public var box: PixelBox
    /// 0...100, as Tesseract gives it.
    public var confidence: Double
  }

  private let reader: TextReader

  /// - languages: Tesseract's names.
  /// - Throws: `BurnedInError.reading`, which names the package of a missing model.
  public init(languages: [String] = ["eng"]) throws(BurnedInError) { reader = try TextReader(languages) }

  /// Words of a picture, dark letters on light ground or light on dark: whichever reads with more confidence.
  public func words(on image: RGBImage) throws(BurnedInError) -> [Word] {
    let grey = image.grey()
    let turned = GreyImage(width: grey.width, height: grey.height, pixels: grey.pixels.map { 255 - $0 })
    let both = [try reader.words(grey, .sparse), try reader.words(turned, .sparse)]
    func weight(_ words: [ReadWord]) -> Double { words.reduce(0) { $0 + $1.confidence * Double($1.text.count) } }
    let best = weight(both[0]) >= weight(both[1]) ? both[0] : both[1]
    return best.map { Word(text: $0.text, box: $0.rectangle.box, confidence: $0.confidence) }
  }
}
