/// How strongly a map of colours covers the grey picture under it, from the colours alone: with the right opacity they lie on the
/// bar's own way through the colours, shrunk towards grey by that much.
struct OpacityEstimate: Sendable {
  /// 1 where the colours fit the bar as they are.
  let opacity: Double
  /// The opacities that fit about as well.
  let range: ClosedRange<Double>

  /// - Parameters:
  ///   - samples: colours of the map.
  ///   - noise: levels by which colours stray.
  init(_ samples: [BarColour], bar: ColourBar, noise: Double) {
    // The mean distance of the nearer four fifths: text and outlines are among the samples.
    func misfit(_ opacity: Double) -> Double {
      let matcher = BarMatcher(bar, opacity >= 1 ? .opaque : .blended(opacity: opacity))
      let distances = samples.map { Double(matcher.match($0, reach: 0).distance) }.sorted()
      let kept = distances.prefix(max(1, distances.count * 4 / 5))
      return kept.reduce(0, +) / Double(kept.count)
    }
    guard !samples.isEmpty else {
      (opacity, range) = (1, 1...1)
      return
    }
    let opaque = misfit(1)
    let coarse = (4..<20).map { (Double($0) / 20, misfit(Double($0) / 20)) }
    let start = coarse.min { $0.1 < $1.1 } ?? (1, opaque)
    let fine = (-4...4).map { start.0 + Double($0) / 100 }.filter { $0 > 0.1 && $0 < 0.99 }.map { ($0, misfit($0)) }
    let best = fine.min { $0.1 < $1.1 } ?? start
    // Blending always fits a little better, since the grey below it is free.
    guard opaque > 1.5 * best.1 + 2 + noise else {
      (opacity, range) = (1, 1...1)
      return
    }
    let near = (coarse + fine).filter { $0.1 <= 1.25 * best.1 + 0.5 }.map(\.0)
    opacity = best.0
    range = (near.min() ?? best.0)...(near.max() ?? best.0)
  }
}
