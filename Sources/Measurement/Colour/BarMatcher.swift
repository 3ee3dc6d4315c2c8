/// How a picture's colours are compared with those of the bar.
public enum ColourMatching: Sendable, Hashable, Codable {
  /// The colours hide the grey picture, as colour Doppler does.
  case opaque
  /// The colours lie over the grey picture with one opacity, above 0 and at most 1: colour = a * bar + (1 - a) * grey.
  case blended(opacity: Double)
  /// By hue and saturation alone, whatever the brightness; the opacity may change from place to place.
  case chroma
}

/// Finds the place on a bar that a colour comes from.
struct BarMatcher: Sendable {
  /// A place on the bar; `distance` is how far its colour lies from the one asked for, in levels of the picture.
  struct Match {
    var position: Float
    var low: Float
    var high: Float
    var distance: Float
  }

  /// Positions of the entries.
  private let positions: [Float]
  /// Along grey and across it in two directions, as they appear in the picture.
  private let grey: [Float]
  private let first: [Float]
  private let second: [Float]
  private let matching: ColourMatching
  /// Entries that follow one another on one lane.
  private let laneLength: Int

  init(_ bar: ColourBar, _ matching: ColourMatching) {
    let lanes = bar.lanes.isEmpty ? [bar.colours] : bar.lanes
    let count = min(256, max(2, bar.colours.count))
    let entries = lanes.flatMap { lane in
      (0..<count).map { step -> (Float, BarColour) in
        let position = Double(step) / Double(count - 1)
        let place = position * Double(max(1, lane.count - 1))
        let low = min(Int(place), max(0, lane.count - 2))
        return (Float(position), lane[low].mixed(with: lane[min(low + 1, lane.count - 1)], Float(place - Double(low))))
      }
    }
    var opacity: Float = 1
    if case .blended(let given) = matching { opacity = Float(given) }
    positions = entries.map(\.0)
    let axes = entries.map(\.1.axes)
    grey = axes.map { $0.grey * opacity }
    first = axes.map { $0.first * opacity }
    second = axes.map { $0.second * opacity }
    self.matching = matching
    laneLength = count
  }

  /// - Parameter reach: colours no farther than this beyond the nearest could be meant as well.
  func match(_ colour: BarColour, reach: Float) -> Match {
    let target = colour.axes
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: positions.count) { distances in
      var best = 0
      for index in positions.indices {
        distances.initializeElement(at: index, to: squaredDistance(target, index))
        if distances[index] < distances[best] { best = index }
      }
      let least = distances[best].squareRoot()
      let limit = (least + reach) * (least + reach)
      var (low, high) = (positions[best], positions[best])
      for index in positions.indices where distances[index] <= limit {
        low = min(low, positions[index])
        high = max(high, positions[index])
      }
      return Match(position: refined(target, best, distances), low: low, high: high, distance: least)
    }
  }

  private func squaredDistance(_ target: (grey: Float, first: Float, second: Float), _ index: Int) -> Float {
    switch matching {
    case .opaque:
      let (g, f, s) = (target.grey - grey[index], target.first - first[index], target.second - second[index])
      return g * g + f * f + s * s
    case .blended(let opacity):
      // What is left for the grey picture must be black at least and white at most.
      let (f, s) = (target.first - first[index], target.second - second[index])
      let under = target.grey - grey[index]
      let most = Float(1 - opacity) * 441.673
      let beyond = under < 0 ? under : under > most ? under - most : 0
      return f * f + s * s + beyond * beyond
    case .chroma:
      let length = (first[index] * first[index] + second[index] * second[index]).squareRoot()
      guard length > 1 else { return target.first * target.first + target.second * target.second }
      // The nearest point of the line from grey to the bar's own colour, not beyond it.
      let along = (target.first * first[index] + target.second * second[index]) / (length * length)
      let share = min(max(along, 0), 1)
      let (f, s) = (target.first - share * first[index], target.second - share * second[index])
      return f * f + s * s
    }
  }

  /// The place between the nearest entry and its neighbours; the middle of entries of one colour.
  private func refined(
    _ target: (grey: Float, first: Float, second: Float), _ best: Int, _ distances: UnsafeMutableBufferPointer<Float>
  ) -> Float {
    let lane = best / laneLength * laneLength..<(best / laneLength + 1) * laneLength
    let least = distances[best]
    var (from, to) = (best, best)
    while from > lane.lowerBound, distances[from - 1] <= least + 0.25 { from -= 1 }
    while to < lane.upperBound - 1, distances[to + 1] <= least + 0.25 { to += 1 }
    if to > from {
      // A plateau at an end is the end.
      if from == lane.lowerBound {
        return to == lane.upperBound - 1 ? (positions[from] + positions[to]) / 2 : positions[from]
      }
      return to == lane.upperBound - 1 ? positions[to] : (positions[from] + positions[to]) / 2
    }
    guard best > lane.lowerBound, best < lane.upperBound - 1 else { return positions[best] }
    // The vertex of the parabola through three squared distances.
    let (before, after) = (distances[best - 1], distances[best + 1])
    let curve = before - 2 * least + after
    guard curve > 1e-3 else { return positions[best] }
    let shift = min(max(0.5 * (before - after) / curve, -0.5), 0.5)
    return positions[best] + shift * (positions[best + 1] - positions[best])
  }
}
