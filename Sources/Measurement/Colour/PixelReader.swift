/// Reads colours one by one into values with their saturation and uncertainty.
struct PixelReader {
  private(set) var values: [Float] = []
  private(set) var saturation: [ValueMap.Saturation] = []
  private(set) var uncertainty: [Float] = []

  private let bar: ColourBar
  private let scale: ColourScale
  private let fit: ColourReadBack.Fit
  private let mostDistance: Float
  /// Positions at most this far from an end are the end: one entry of the bar, or what noise makes of one.
  private let endReach: Float
  /// Of the bar's entries.
  private let halfStep: Float

  init(bar: ColourBar, scale: ColourScale, fit: ColourReadBack.Fit, mostDistance: Float) {
    (self.bar, self.scale, self.fit, self.mostDistance) = (bar, scale, fit, mostDistance)
    halfStep = 0.5 / Float(max(1, bar.colours.count - 1))
    endReach = max(0.01, 2 * halfStep)
  }

  mutating func add(_ colour: BarColour?) {
    guard let colour else { return addNothing() }
    let match = fit.matcher.match(colour, reach: Float(2 * fit.noise))
    guard match.distance <= max(mostDistance, min(Float(3 * fit.noise), 1.6 * mostDistance)) else {
      return addNothing()
    }
    // An entry of the bar stands for all values up to half a step from it.
    let (middle, low, high) = (
      value(match.position), value(max(0, match.low - halfStep)), value(min(1, match.high + halfStep))
    )
    values.append(Float(middle))
    uncertainty.append(Float(abs(high - low) / 2))
    saturation.append(end(match))
  }

  private mutating func addNothing() {
    values.append(.nan)
    uncertainty.append(.nan)
    saturation.append(.none)
  }

  private func end(_ match: BarMatcher.Match) -> ValueMap.Saturation {
    // A mirrored bar has its highest value at both ends.
    if match.position >= 1 - endReach { return .last }
    guard match.position <= endReach else { return .none }
    return bar.kind == .mirrored ? .last : .first
  }

  /// A mirrored bar counts from its baseline; every other one from end to end.
  private func value(_ position: Float) -> Double {
    guard bar.kind == .mirrored, let baseline = bar.baseline else { return scale.value(at: Double(position)) }
    return scale.value(at: Self.fromBaseline(Double(position), baseline))
  }

  private static func fromBaseline(_ position: Double, _ baseline: Double) -> Double {
    position >= baseline
      ? (position - baseline) / max(1e-9, 1 - baseline) : (baseline - position) / max(1e-9, baseline)
  }
}
