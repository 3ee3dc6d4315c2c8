import Foundation

/// 256 bits that stay nearly the same when a picture is saved again, brightened a little or scaled: the signs of the lowest
/// frequencies (a discrete cosine transform) of the whole picture, shrunk to 64 x 64.
///
/// On the 250 pictures of the BUSI part used in development (31,125 pairs, 56 of them known near-duplicates) the known pairs lie
/// 4...56 apart, the others 65 or more.
public struct PerceptualHash: Sendable, Hashable, Codable {
  /// Bit k of word w tells whether coefficient 64 w + k (row by row, 16 x 16) is positive. (Above 1: a flat picture has
  /// no frequencies but rounding.)
  public let words: [UInt64]

  /// Pairs at this distance or less are candidates for being the same picture; `GreyImage.similarity` confirms them.
  public static let nearDuplicateDistance = 60

  /// An image of no pixels counts as black.
  public init(_ image: GreyImage) {
    var words = [UInt64](repeating: 0, count: 4)
    let spectrum = PerceptualHash.lowFrequencies(of: image.resized(width: 64, height: 64))
    for (index, value) in spectrum.enumerated() where value > 1 { words[index / 64] |= 1 << UInt64(index % 64) }
    self.words = words
  }

  /// The number of bits that differ, 0...256.
  public func distance(to other: PerceptualHash) -> Int {
    zip(words, other.words).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
  }

  /// cos((2 x + 1) u pi / 128) for the 16 lowest frequencies u after the constant one, and x in 0..<64.
  private static let cosines: [Float] = (1...16).flatMap { u in
    (0..<64).map { x in Float(cos(Double((2 * x + 1) * u) * Double.pi / 128)) }
  }

  private static func lowFrequencies(of image: GreyImage) -> [Float] {
    var rows = [Float](repeating: 0, count: 64 * 16)
    for y in 0..<64 {
      for u in 0..<16 {
        var sum: Float = 0
        for x in 0..<64 { sum += Float(image.pixels[y * 64 + x]) * cosines[u * 64 + x] }
        rows[y * 16 + u] = sum
      }
    }
    var spectrum = [Float](repeating: 0, count: 256)
    for v in 0..<16 {
      for y in 0..<64 {
        let weight = cosines[v * 64 + y]
        for u in 0..<16 { spectrum[v * 16 + u] += rows[y * 16 + u] * weight }
      }
    }
    return spectrum
  }
}

extension GreyImage {
  /// Pairs whose similarity reaches this are near-duplicates. On the same pictures: known pairs 0.96 or more, others 0.935 or less.
  public static let nearDuplicateSimilarity = 0.95

  /// Pearson's correlation of the two pictures shrunk to 32 x 32, -1...1: blind to brightness and contrast. 0 where one of them is
  /// of one grey.
  public func similarity(to other: GreyImage) -> Double {
    let (mine, theirs) = (centered(), other.centered())
    let (product, own, foreign) = zip(mine, theirs).reduce(into: (0.0, 0.0, 0.0)) { sums, pair in
      sums.0 += pair.0 * pair.1
      sums.1 += pair.0 * pair.0
      sums.2 += pair.1 * pair.1
    }
    return own > 0 && foreign > 0 ? product / (own * foreign).squareRoot() : 0
  }

  private func centered() -> [Double] {
    let values = resized(width: 32, height: 32).pixels.map(Double.init)
    let mean = values.reduce(0, +) / Double(values.count)
    return values.map { $0 - mean }
  }
}
