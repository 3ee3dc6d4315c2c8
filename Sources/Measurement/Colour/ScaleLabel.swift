public import Ultrasound

/// A piece of text near a bar, as a person or text recognition read it: "180", "kPa", "+12.0 cm/s".
public struct ScaleLabel: Sendable, Hashable {
  public let number: Double?
  /// Whether a sign was written.
  public let isSigned: Bool
  public let unit: ColourUnit?
  public let box: PixelBox

  /// - Returns: nil where the text is neither a number nor a unit nor a number with its unit.
  public init?(_ text: String, box: PixelBox) {
    // Minus signs and dashes of typography, and commas as decimal marks.
    let dashes: Set<Character> = ["−", "–", "—", "﹣", "－"]
    let plain = String(text.map { dashes.contains($0) ? "-" : $0 == "," ? "." : $0 }).filter { !$0.isWhitespace }
    let digits: Set<Character> = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "."]
    let sign = plain.first.flatMap { "+-±".contains($0) ? $0 : nil }
    let rest = sign == nil ? plain[...] : plain.dropFirst()
    let figures = rest.prefix { digits.contains($0) }
    let tail = rest.dropFirst(figures.count)
    self.box = box
    isSigned = sign == "+" || sign == "-"
    unit = ColourUnit(text: String(tail))
    guard tail.isEmpty || unit != nil else { return nil }
    if figures.isEmpty {
      guard sign == nil, unit != nil else { return nil }
      number = nil
    } else {
      // ".62" and "12." are written on screens.
      guard let value = Double("0" + figures + (figures.hasSuffix(".") ? "0" : "")), figures.contains(where: \.isNumber)
      else { return nil }
      number = sign == "-" ? -value : value
    }
  }
}

extension ColourScale {
  /// The scale that labels around a bar make: numbers above and below it (or at its left and right) are its ends, numbers beside
  /// it stand at their own height. A two-sided bar whose lower number has lost its sign gets it back, and one with a single
  /// number is symmetric; both are noted.
  ///
  /// - Parameter unit: taken where the labels name none.
  /// - Throws: `ColourError.noScale` where fewer than two numbers stand at the bar, they contradict each other, or no unit is known.
  public init(labels: [ScaleLabel], of bar: ColourBar, unit: ColourUnit? = nil) throws(ColourError) {
    let near = labels.filter { bar.isNear($0.box) }
    var notes: [String] = []
    var ticks: [Tick] = []
    for label in near {
      guard let number = label.number else { continue }
      let position = bar.position(of: label.box)
      if let same = ticks.firstIndex(where: { abs($0.position - position) < 0.02 }) {
        guard ticks[same].value != number else { continue }
        throw .noScale(reason: "\(ticks[same].value) and \(number) stand at the same place")
      }
      ticks.append(Tick(position: position, value: number))
    }
    ticks.sort { $0.position < $1.position }
    if bar.kind == .twoSided { notes += Self.completeTwoSided(&ticks) }
    guard let first = ticks.first, let last = ticks.last, ticks.count >= 2 else {
      throw .noScale(reason: ticks.isEmpty ? "no number stands at the bar" : "only one number stands at the bar")
    }
    // Ticks that lie off the line of the outermost two were read wrong or stand elsewhere.
    let slope = (last.value - first.value) / (last.position - first.position)
    if let wrong = ticks.first(where: {
      abs($0.value - first.value - slope * ($0.position - first.position)) > 0.06 * abs(last.value - first.value)
    }) {
      throw .noScale(reason: "\(wrong.value) does not stand between \(first.value) and \(last.value) as it should")
    }
    let units = Set(near.compactMap(\.unit))
    guard units.count <= 1 else {
      throw .noScale(
        reason: "several units stand at the bar: " + units.map(\.rawValue).sorted().joined(separator: ", "))
    }
    guard let unit = units.first ?? unit else { throw .noScale(reason: "no unit stands at the bar") }
    if units.isEmpty { notes.append("no unit stands at the bar; \(unit.rawValue) was given") }
    do throws(ColourError) {
      try self.init(ticks: ticks, unit: unit, source: .screen, notes: notes)
    } catch {
      throw .noScale(reason: error.description)
    }
    self = checked(against: bar)
  }

  /// Gives flow away from the probe its sign, and one end's number to the other.
  private static func completeTwoSided(_ ticks: inout [Tick]) -> [String] {
    if let only = ticks.first, ticks.count == 1, only.value != 0, only.position < 0.02 || only.position > 0.98 {
      ticks.append(Tick(position: 1 - only.position, value: -only.value))
      ticks.sort { $0.position < $1.position }
      return ["only one end of the two-sided bar has a number; the other was taken as its opposite"]
    }
    if let first = ticks.first, let last = ticks.last, ticks.count >= 2, first.value > 0, last.value > 0,
      first.position < 0.02, last.position > 0.98
    {
      for index in ticks.indices where ticks[index].position < 0.48 { ticks[index].value *= -1 }
      return ["the lower end of the two-sided bar has no sign; it was taken as negative"]
    }
    return []
  }
}

extension ColourBar {
  /// Whether text stands close enough to belong to the bar: its own size away from an end, or a few thicknesses beside it.
  func isNear(_ text: PixelBox) -> Bool {
    let gapX = max(box.x - text.maxX, text.x - box.maxX, 0)
    let gapY = max(box.y - text.maxY, text.y - box.maxY, 0)
    let aside = max(24, 2 * min(box.width, box.height))
    switch orientation {
    case .vertical: return gapX <= aside && gapY <= 1.5 * text.height + 6
    case .horizontal: return gapY <= aside && gapX <= text.width + 6
    }
  }

  /// Where along the bar a text stands: at its ends where it begins or stops within a letter's height of them.
  func position(of text: PixelBox) -> Double {
    let (middle, slack): (Double, Double)
    let length: Double
    switch orientation {
    case .vertical:
      length = max(1, box.height - 1)
      middle = (box.maxY - 0.5 - (text.y + text.height / 2)) / length
      slack = 0.75 * text.height / length
    case .horizontal:
      length = max(1, box.width - 1)
      middle = (text.x + text.width / 2 - box.x - 0.5) / length
      slack = max(0.75 * text.height, 0.6 * text.width) / length
    }
    if middle <= slack { return 0 }
    return middle >= 1 - slack ? 1 : middle
  }
}
