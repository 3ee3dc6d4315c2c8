/// The numbers of a colour bar: values at positions along it, with straight lines between.
public struct ColourScale: Sendable, Hashable, Codable {
  public struct Tick: Sendable, Hashable, Codable {
    /// 0 at the bar's lower or left end, 1 at its upper or right end.
    public var position: Double
    public var value: Double

    public init(position: Double, value: Double) { (self.position, self.value) = (position, value) }
  }

  /// Where the numbers come from.
  public enum Source: String, Sendable, Codable {
    case given, dicom, screen
  }

  /// By position, two or more.
  public let ticks: [Tick]
  public let unit: ColourUnit
  public let source: Source
  /// What a reader should know: an end that was not labelled, a baseline off zero.
  public private(set) var notes: [String]

  /// - Throws: `ColourError.parameter` where there are fewer than two positions, or the values do not all rise or all fall.
  public init(ticks: [Tick], unit: ColourUnit, source: Source = .given, notes: [String] = []) throws(ColourError) {
    let sorted = ticks.sorted { $0.position < $1.position }
    let pairs = zip(sorted, sorted.dropFirst())
    guard sorted.count >= 2, sorted.allSatisfy({ $0.position.isFinite && $0.value.isFinite }) else {
      throw .parameter(name: "range", expected: "two numbers or more", found: "\(ticks.count)")
    }
    let rise = pairs.allSatisfy { $0.value < $1.value }
    guard pairs.allSatisfy({ $0.position < $1.position }), rise || pairs.allSatisfy({ $0.value > $1.value }) else {
      throw .parameter(
        name: "range", expected: "values that rise, or fall, along the bar",
        found: sorted.map { "\($0.value)" }.joined(separator: ", "))
    }
    (self.ticks, self.unit, self.source, self.notes) = (sorted, unit, source, notes)
  }

  /// Values at the lower or left end, and at the upper or right end.
  public init(from first: Double, to last: Double, unit: ColourUnit, source: Source = .given) throws(ColourError) {
    try self.init(
      ticks: [Tick(position: 0, value: first), Tick(position: 1, value: last)], unit: unit, source: source)
  }

  /// Beyond the outermost ticks the nearest line goes on.
  public func value(at position: Double) -> Double {
    let upper = ticks.dropFirst().dropLast().firstIndex { position < $0.position } ?? ticks.count - 1
    let (low, high) = (ticks[upper - 1], ticks[upper])
    return low.value + (high.value - low.value) * (position - low.position) / (high.position - low.position)
  }

  /// The values at both ends of the bar.
  public var ends: (first: Double, last: Double) { (value(at: 0), value(at: 1)) }

  /// Checks the scale against the bar's own baseline.
  func checked(against bar: ColourBar) -> ColourScale {
    guard let baseline = bar.baseline, bar.kind == .twoSided else { return self }
    let (first, last) = ends
    var checked = self
    if first * last >= 0 {
      checked.notes.append("the bar has two sides, but its numbers have one sign")
    } else if abs(value(at: baseline)) > 0.06 * abs(last - first) {
      let share = Int((100 * value(at: baseline) / abs(last - first)).rounded())
      checked.notes.append("the bar's baseline lies \(share) % of the range from zero")
    }
    return checked
  }
}
