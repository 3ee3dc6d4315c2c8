/// Told from the colours of a bar, from position 0 to 1: what kind it is, and where its baseline lies.
struct BarKind {
  let kind: ColourBar.Kind
  let baseline: Double?

  init(kind: ColourBar.Kind, baseline: Double?) { (self.kind, self.baseline) = (kind, baseline) }

  init(_ colours: [BarColour]) {
    let last = colours.count - 1
    guard last >= 8 else {
      (kind, baseline) = (.oneSided, nil)
      return
    }
    let valley = Self.valley(colours)
    if let valley, Self.isMirrored(colours, about: valley) {
      (kind, baseline) = (.mirrored, Double(valley) / Double(last))
    } else if let valley {
      (kind, baseline) = (.twoSided, Double(valley) / Double(last))
    } else {
      (kind, baseline) = (Self.repeatedShare(colours) > 0.5 ? .repeating : .oneSided, nil)
    }
  }

  /// The middle of the darkest place between two brighter halves, or of the palest between red and blue.
  private static func valley(_ colours: [BarColour]) -> Int? {
    let count = colours.count
    let inside = count * 12 / 100..<count - count * 12 / 100
    let (low, high) = (mean(colours[..<(count / 4)]), mean(colours[(count - count / 4)...]))
    let isFlow =
      (high.red - high.blue) * (low.red - low.blue) < 0
      && min(abs(high.red - high.blue), abs(low.red - low.blue)) > 40
    let (peaks, chromas) = (colours.map(\.peak), colours.map(\.chroma))
    if let found = bottom(peaks, inside), found.value < (isFlow ? 0.62 : 0.35) * lowerSide(peaks, found.place) {
      return found.place
    }
    if isFlow, let found = bottom(chromas, inside), found.value < 0.3 * lowerSide(chromas, found.place) {
      return found.place
    }
    return nil
  }

  /// The highest value on that side of a place where it is lower.
  private static func lowerSide(_ values: [Float], _ place: Int) -> Float {
    min(values[..<place].max() ?? 0, values[(place + 1)...].max() ?? 0)
  }

  private static func bottom(_ values: [Float], _ inside: Range<Int>) -> (place: Int, value: Float)? {
    guard let least = values[inside].min() else { return nil }
    let near = inside.filter { values[$0] <= least + 8 }
    guard let first = near.first, let last = near.last, last - first <= values.count / 3 else { return nil }
    return ((first + last) / 2, least)
  }

  private static func mean(_ colours: ArraySlice<BarColour>) -> BarColour {
    let count = Float(max(1, colours.count))
    return BarColour(
      red: colours.reduce(0) { $0 + $1.red } / count, green: colours.reduce(0) { $0 + $1.green } / count,
      blue: colours.reduce(0) { $0 + $1.blue } / count)
  }

  /// Whether both sides of the baseline have the same colours, each side at its own length.
  private static func isMirrored(_ colours: [BarColour], about baseline: Int) -> Bool {
    let last = colours.count - 1
    let differences = (1...20).map { step -> Float in
      let share = Double(step) / 20
      let above = colours[baseline + Int((share * Double(last - baseline)).rounded())]
      let below = colours[baseline - Int((share * Double(baseline)).rounded())]
      return above.difference(from: below)
    }
    return differences.reduce(0, +) / 20 <= 30
  }

  /// The part of the positions whose colour comes again more than a tenth of the length away.
  private static func repeatedShare(_ colours: [BarColour]) -> Double {
    let count = colours.count
    let repeated = colours.indices.filter { here in
      colours.indices.contains { abs($0 - here) > count / 10 && colours[$0].difference(from: colours[here]) <= 12 }
    }
    return Double(repeated.count) / Double(max(1, count))
  }
}
