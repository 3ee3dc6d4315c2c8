import Foundation

/// 256 bits that stay nearly the same when a picture is saved again, brightened a little or scaled: the signs of the lowest
/// frequencies (a discrete cosine transform) of the whole picture, shrunk to 64 x 64.
public struct PerceptualHash: Sendable, Hashable, Codable {
  /// Bit k of word w tells whether coefficient 64 w + k (row by row, 16 x 16) lies above the median.
  public let words: [UInt64]

  /// Pairs at this distance or less are candidates for being the same picture.
  public static let nearDuplicateDistance = 40

  public init(_ image: GreyImage) {
    let spectrum = PerceptualHash.lowFrequencies(of: image.resized(width: 64, height: 64))
    let median = spectrum.sorted()[spectrum.count / 2]
    var words = [UInt64](repeating: 0, count: 4)
    for (index, value) in spectrum.enumerated() where value > median { words[index / 64] |= 1 << UInt64(index % 64) }
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
