import Foundation
import Ultrasound

/// What an audit knows of a picture: numbers about its marks and how it was made; nothing of its tissue.
public struct ShortcutFeatures: Sendable, Equatable {
  /// Which part of the numbers a model sees.
  public enum Scope: String, Codable, Sendable, CaseIterable, Hashable {
    /// What was drawn: calipers, text, body marks, colour, banners, scales.
    case marks
    /// Size, dark ground, shape of the field, compression.
    case acquisition
    case all
  }

  /// In the order of ``names``; finite.
  public let values: [Double]

  /// For each kind: `KIND present`, `count`, `area` (share of the picture), `x`, `y` (mean place, 0...1; the middle where there
  /// is none), `colored` (mean largest less smallest colour / 255).
  static let perKind = ["present", "count", "area", "x", "y", "colored"]
  static let acquisition = [
    "width", "height", "aspect", "ground share", "ground at top", "ground at right", "ground at bottom",
    "ground at left",
    "left edge leans", "right edge leans", "field's apex", "ground level", "black level", "tinted share", "blockiness",
  ]
  public static let names = MarkKind.allCases.flatMap { kind in perKind.map { "\(kind.rawValue) \($0)" } } + acquisition

  /// Places in ``names`` that a scope holds.
  public static func places(of scope: Scope) -> [Int] {
    let marks = MarkKind.allCases.count * perKind.count
    return switch scope {
    case .marks: Array(0..<marks)
    case .acquisition: Array(marks..<names.count)
    case .all: Array(names.indices)
    }
  }

  public init(of reading: StillReading) {
    let (w, h) = (Double(reading.width), Double(reading.height))
    var values: [Double] = []
    for kind in MarkKind.allCases {
      let marks = reading.marks.filter { $0.kind == kind }
      let count = Double(marks.count)
      func mean(_ value: (FoundMark) -> Double, without: Double) -> Double {
        marks.isEmpty ? without : marks.reduce(0) { $0 + value($1) } / count
      }
      values += [
        marks.isEmpty ? 0 : 1, log2(1 + count), Double(marks.reduce(0) { $0 + $1.pixels }) / max(1, w * h),
        mean({ ($0.box.x + $0.box.width / 2) / w }, without: 0.5),
        mean({ ($0.box.y + $0.box.height / 2) / h }, without: 0.5),
        mean({ Double(($0.color.max() ?? 0) - ($0.color.min() ?? 0)) / 255 }, without: 0),
      ]
    }
    let traits = reading.traits
    values += [w, h, h > 0 ? w / h : 0, traits.groundShare]
    values += traits.groundOfRim
    values += [
      traits.leftSlope ?? 0, traits.rightSlope ?? 0, traits.apex ?? 0, traits.groundLevel, traits.blackLevel,
      traits.tintShare, traits.blockiness,
    ]
    self.values = values
  }
}
