import Foundation
import Protocols
import Statistics

/// The nomogram of a combined model (S2-16): an axis for the network's score, then one for each factor kept.
extension CombinationRecord.Chart {
  private static let probabilities = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99]

  /// nil where no axis changes the risk.
  init?(_ model: CombinationModel) {
    var values: [String: Double] = [:]
    for coefficient in model.combined.coefficients { values[coefficient.name] = coefficient.value }
    var axes = [(term: Combination.scoreName, marks: Self.marks(ofScore: model, values))]
    for coding in model.codings { axes.append((coding.factor.name, Self.marks(of: coding, values))) }
    guard let nomogram = try? Nomogram(intercept: model.combined.coefficients.first?.value ?? 0, axes: axes) else {
      return nil
    }
    self.init(
      axes: nomogram.axes, pointsPerUnit: nomogram.pointsPerUnit, base: nomogram.base,
      totals: Self.totals(nomogram))
  }

  /// Marks are scores as the network gives them, within those seen.
  private static func marks(ofScore model: CombinationModel, _ values: [String: Double]) -> [Nomogram.Contribution] {
    let slope = values[Combination.scoreName] ?? 0
    let (low, high) = (model.scoreRange.first ?? 0, model.scoreRange.last ?? 1)
    let inside = probabilities.filter { low < $0 && $0 < high }
    return ([low] + inside + [high]).map { score in
      Nomogram.Contribution(
        label: String(format: "%.3g", score), value: score, amount: slope * model.scoreCoding.value(score))
    }
  }

  private static func marks(of coding: FactorCoding, _ values: [String: Double]) -> [Nomogram.Contribution] {
    func amount(_ value: FactorValue) -> Double {
      let encoded = coding.encoded(value, dropping: false) ?? []
      return zip(coding.columns, encoded).reduce(0) { $0 + (values[$1.0.name] ?? 0) * $1.1 }
    }
    var marks: [Nomogram.Contribution]
    let factor = coding.factor
    switch factor.kind {
    case .category:
      let own = coding.columns.compactMap(\.level)
      let shown = factor.levels.filter { own.contains($0) || $0 == factor.reference }
      marks = shown.map { .init(label: $0, value: nil, amount: amount(.level($0))) }
    case .ordinal:
      marks = factor.levels.enumerated().map { .init(label: $1, value: nil, amount: amount(.number(Double($0)))) }
    case .flag: marks = [0.0, 1].map { .init(label: $0 == 0 ? "0" : "1", value: $0, amount: amount(.number($0))) }
    case .number:
      if let above = factor.above {
        marks = [(above, "≤ \(above)"), (above.nextUp, "> \(above)")].map {
          .init(label: $0.1, value: nil, amount: amount(.number($0.0)))
        }
      } else {
        marks = ticks(coding.range?.first ?? 0, coding.range?.last ?? 0).map {
          .init(label: String(format: "%g", $0), value: $0, amount: amount(.number($0)))
        }
      }
    }
    if coding.columns.contains(where: \.isMissing) {
      marks.append(.init(label: "missing", value: nil, amount: amount(.missing)))
    }
    return marks
  }

  /// Round numbers from at or below `low` to at or above `high`, five to eleven of them.
  static func ticks(_ low: Double, _ high: Double) -> [Double] {
    guard high > low else { return [low] }
    let rough = (high - low) / 5
    let power = pow(10, log10(rough).rounded(.down))
    let step = [1.0, 2, 5, 10].map { $0 * power }.last { $0 <= rough } ?? power
    let (first, last) = ((low / step).rounded(.down), (high / step).rounded(.up))
    return stride(from: first, through: last, by: 1).map { $0 * step }
  }

  private static func totals(_ nomogram: Nomogram) -> [Total] {
    let largest = nomogram.axes.reduce(0) { $0 + ($1.marks.map(\.points).max() ?? 0) }
    return probabilities.map { Total(probability: $0, points: nomogram.total(probability: $0)) }
      .filter { (0...largest).contains($0.points) }
  }
}
