import Foundation
import Statistics

/// One axis of the drawing: where its line runs and what is written along it.
struct NomogramScale {
  struct Tick {
    var points: Double
    /// nil for a minor tick.
    var label: String?
  }

  /// A stretch in which points only rise or only fall; a spline that turns has several, each on a line of its own.
  struct Stretch {
    var from: Double
    var to: Double
    var ticks: [Tick]
  }

  var label: String
  var unit: String
  var stretches: [Stretch]

  /// Every mark of the axis is written.
  init(_ axis: Nomogram.Axis, label: String, unit: String) {
    (self.label, self.unit) = (label, unit)
    let isNumber = axis.marks.allSatisfy { $0.value != nil }
    let order = isNumber ? axis.marks.sorted { ($0.value ?? 0) < ($1.value ?? 0) } : axis.marks
    let ticks = order.map { Tick(points: $0.points, label: $0.value.map(NomogramScale.plain) ?? $0.label) }
    stretches = isNumber ? NomogramScale.turns(ticks) : [NomogramScale.whole(ticks)]
  }

  /// - Parameters:
  ///   - points: of an amount on the linear predictor.
  ///   - pixels: of a point on the ruler, for how densely the axis can be written.
  init(_ variable: NomogramModel.Variable, pixels: Double, points: (Double) -> Double) {
    (label, unit) = (variable.label, variable.unit)
    switch variable.kind {
    case .levels(let levels):
      let ticks = levels.map { Tick(points: points(variable.amount($0.columns)), label: $0.label) }
      stretches = [NomogramScale.whole(ticks)]
    case .number(let range, let bases, let decimals):
      func place(_ value: Double) -> Double { points(variable.amount(at: value) ?? .nan) }
      let majors = NomogramScale.majors(
        range, decimals: decimals, isBent: !bases.allSatisfy(\.cubes.isEmpty), pixels: pixels, place: place)
      let step = majors.count > 2 ? majors[1] - majors[0] : 0
      var ticks = Dictionary(
        majors.map { ($0, Text.signed($0, NomogramScale.decimals(step: step, at: $0))) }, uniquingKeysWith: { $1 }
      )
      .mapValues { Optional($0) }
      if step > 0 {
        let minor = NomogramScale.minorStep(step, range: range, pixels: pixels, place: place)
        let count = minor > 0 ? Int(((range.upperBound - range.lowerBound) / minor).rounded(.down)) : 0
        let first = minor > 0 ? (range.lowerBound / minor).rounded(.up) : 0
        for index in 0...max(0, min(400, count)) where minor > 0 {
          let value = (first + Double(index)) * minor
          let isMajor = majors.contains { abs($0 - value) < minor * 1e-6 }
          if !isMajor, value <= range.upperBound { ticks[value] = .some(nil) }
        }
      }
      // The ends and a fine grid carry the line itself; only ticks are drawn.
      let grid = (0...200).map { range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / 200 }
      let values = Set(grid).union(ticks.keys).sorted()
      let all = values.map { value in
        (isTick: ticks[value] != nil, tick: Tick(points: place(value), label: ticks[value] ?? nil))
      }
      stretches = NomogramScale.keeping(NomogramScale.turns(all.map(\.tick)), all.filter(\.isTick).map(\.tick))
    }
  }

  /// 2.50 as "2.5".
  private static func plain(_ value: Double) -> String { Text.signed(value, shortest(value)) }

  /// Decimals that a value needs, up to four.
  private static func shortest(_ value: Double) -> Int {
    (0...4).first { places in
      let scaled = value * pow(10, Double(places))
      return abs(scaled - scaled.rounded()) < 1e-6
    } ?? 4
  }

  private static func decimals(step: Double, at value: Double) -> Int {
    step > 0 ? max(0, Int((-log10(step) - 1e-9).rounded(.up))) : shortest(value)
  }

  private static func whole(_ ticks: [Tick]) -> Stretch {
    let points = ticks.map(\.points)
    return Stretch(from: points.min() ?? 0, to: points.max() ?? 0, ticks: ticks)
  }

  /// Ticks in order of their value, cut where their points turn.
  private static func turns(_ ticks: [Tick]) -> [Stretch] {
    var stretches: [[Tick]] = [[]]
    var direction = 0.0
    for tick in ticks {
      if let last = stretches[stretches.count - 1].last {
        let step = tick.points - last.points
        if step * direction < 0 { stretches.append([last]) }
        if step != 0 { direction = step }
      }
      stretches[stretches.count - 1].append(tick)
    }
    // What turns by less than half a point is flat: it stays on the line before.
    return stretches.filter { !$0.isEmpty }.map(whole).reduce(into: []) { kept, stretch in
      guard stretch.to - stretch.from < 0.5, let last = kept.last else { return kept.append(stretch) }
      kept[kept.count - 1] = whole(last.ticks + stretch.ticks)
    }
  }

  private static func keeping(_ stretches: [Stretch], _ kept: [Tick]) -> [Stretch] {
    let places = Set(kept.map(\.points))
    return stretches.map { stretch in
      var stretch = stretch
      stretch.ticks = stretch.ticks.filter { places.contains($0.points) }
      return stretch
    }
  }

  /// As many round values as can be written beside each other.
  private static func majors(
    _ range: ClosedRange<Double>, decimals: Int, isBent: Bool, pixels: Double, place: (Double) -> Double
  ) -> [Double] {
    for about in [14, 10, 8, 6, 5, 4, 3, 2] {
      let ticks = Axis.niceTicks(range.lowerBound, range.upperBound, about: about)
      guard ticks.count > 1 else { continue }
      let step = ticks[1] - ticks[0]
      guard step >= pow(10, -Double(decimals)) * 0.999 else { continue }
      let pairs = zip(ticks, ticks.dropFirst())
      let fitting = pairs.count { low, high in
        let widest = [low, high].map { TextWidth.of(Text.signed($0, self.decimals(step: step, at: $0)), size: 11) }
        return abs(place(high) - place(low)) * pixels >= (widest.max() ?? 0) + 6
      }
      // Near the turn of a spline values crowd; there the labels are staggered.
      if fitting == ticks.count - 1 || (isBent && 3 * fitting >= 2 * (ticks.count - 1)) { return ticks }
    }
    return [range.lowerBound, range.upperBound]
  }

  private static func minorStep(
    _ step: Double, range: ClosedRange<Double>, pixels: Double, place: (Double) -> Double
  ) -> Double {
    let lead = step / pow(10, floor(log10(step) + 1e-9))
    let parts: [Double] = abs(lead - 2) < 0.1 ? [10, 4, 2] : [10, 5]
    let width = abs(place(range.lowerBound + step) - place(range.lowerBound)) * pixels
    return parts.first { width / $0 >= 4 }.map { step / $0 } ?? 0
  }
}
