import Foundation

extension TextLine {
  /// How likely the line is text rather than tissue, 0...1: a logistic regression on ``features``, fitted to names, dates and ids drawn in
  /// 8 to 28 pixels and many colours and fonts over 125 breast pictures (`Benchmarks/burned_in.py` draws such).
  var likelihood: Double {
    let f = features
    let (count, height, width) = (f[0], f[8], f[9])
    let (contrast, edge, spread) = (min(max(f[1], -0.5), 4), min(max(f[2], 0), 1.5), min(max(f[3], 0), 1))
    let (aligned, strength, fill, peak) = (f[4], f[5], f[6], f[7])
    let terms: [Double] = [
      1, count, contrast, edge, spread, aligned, strength, fill, peak, height, width, contrast * count, edge * contrast,
      contrast * contrast, count * aligned, count == 0 ? 1 : 0, count < 0.7 ? 1 : 0, width * width, height * height,
      count * spread,
    ]
    let sum = zip(terms, Self.weights).reduce(0) { $0 + $1.0 * $1.1 }
    return 1 / (1 + exp(-sum))
  }

  private static let weights: [Double] = [
    -11.068, 1.267, 3.225, 9.723, -0.575, 4.405, 8.917, 1.614, -1.961, -1.895, -0.904, 0.515, -4.979, 0.171, 0.915,
    -0.76,
    -1.617, -0.097, 0.152, -1.951,
  ]

  /// Glyphs that can be letters by their size.
  var letters: Int { glyphs.count(where: \.isLetter) }

  /// Without what hangs on at its ends and is no letter: streaks of tissue are softer and fainter than the text they touch.
  func trimmed() -> TextLine {
    let ranked = glyphs.filter { $0.area >= Glyph.smallestArea }.map(\.edge).sorted()
    guard ranked.count >= 3 else { return self }
    let sharp = ranked[ranked.count * 2 / 3]
    let strong = Self.quantile(glyphs.map(\.strength), 0.6) ?? 0
    func belongs(_ glyph: Glyph) -> Bool { glyph.edge >= 0.4 * sharp && glyph.strength >= 0.4 * strong }
    guard let first = glyphs.firstIndex(where: belongs), let last = glyphs.lastIndex(where: belongs) else {
      return self
    }
    var line = self
    line.glyphs = Array(glyphs[first...last]).filter { belongs($0) || $0.height <= letterHeight }
    guard let start = line.glyphs.first else { return self }
    line.rectangle = line.glyphs.reduce(start.rectangle) { $0.joined($1.rectangle) }
    return line
  }
}
