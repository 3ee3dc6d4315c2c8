import Foundation

/// Probabilities corrected on data the model was not trained on, to be applied to others.
public enum Recalibration: Sendable, Equatable, Codable {
  /// Shifts the log odds: for another prevalence.
  case intercept(Double)
  /// Shifts and stretches the log odds (Cox 1958; Platt 1999).
  case logistic(intercept: Double, slope: Double)
  /// Stretches the log odds by 1 / temperature (Guo et al. 2017), fitted by maximum likelihood.
  case temperature(Double)
  /// A rising step function (pool adjacent violators, Zadrozny & Elkan 2002): `values[i]` from `from[i]` on.
  case isotonic(from: [Double], values: [Double])

  public enum Kind: String, Sendable, CaseIterable, Codable { case intercept, logistic, temperature, isotonic }

  /// Fits on probabilities and outcomes.
  /// - Throws: `lengthsDiffer`, `outOfRange`, `oneClassOnly`, and for the logistic kind `separated` and `collinear`.
  public init(_ kind: Kind, probabilities: [Double], positives: [Bool]) throws(StatisticsError) {
    try Require.probabilities(probabilities, "probability")
    let counts = try ClassCounts(scores: probabilities, positives: positives)
    let logits = probabilities.map(CalibrationMeasures.logit)
    let ones = [Double](repeating: 1, count: logits.count)
    switch kind {
    case .intercept:
      let fit = try LogisticFit(
        design: Matrix(columns: [ones], rows: ones.count), outcomes: positives, offset: logits)
      self = .intercept(fit.coefficients[0])
    case .logistic:
      if let separation = try Separation.detect(outcomes: positives, terms: [Term("logit", logits)]) {
        throw .separated(kind: separation.rawValue)
      }
      let fit = try LogisticFit(design: Matrix(columns: [ones, logits], rows: ones.count), outcomes: positives)
      self = .logistic(intercept: fit.coefficients[0], slope: fit.coefficients[1])
    case .temperature:
      self = .temperature(try Self.temperature(logits, positives))
    case .isotonic:
      self = Self.isotonic(probabilities, positives, counts)
    }
  }

  /// The corrected probability of one.
  public func callAsFunction(_ probability: Double) -> Double {
    let logit = CalibrationMeasures.logit(probability)
    switch self {
    case .intercept(let shift): return expit(logit + shift)
    case .logistic(let intercept, let slope): return expit(intercept + slope * logit)
    case .temperature(let temperature): return expit(logit / temperature)
    case .isotonic(let from, let values):
      var (low, high) = (0, from.count)
      while low < high {
        let middle = (low + high) / 2
        if from[middle] <= probability { low = middle + 1 } else { high = middle }
      }
      return values[max(0, low - 1)]
    }
  }

  /// Newton's method on the inverse temperature, in which the likelihood is concave.
  private static func temperature(_ logits: [Double], _ positives: [Bool]) throws(StatisticsError) -> Double {
    // Where every logit is on its outcome's side the best inverse temperature is infinite.
    guard zip(logits, positives).contains(where: { ($0 > 0) != $1 && $0 != 0 }) else {
      throw .separated(kind: "complete")
    }
    var inverse = 1.0
    for _ in 0..<200 {
      var (slope, curvature) = (0.0, 0.0)
      for (logit, positive) in zip(logits, positives) {
        let p = expit(inverse * logit)
        slope += logit * ((positive ? 1 : 0) - p)
        curvature += logit * logit * p * (1 - p)
      }
      guard curvature > 0 else { break }
      let step = max(-1, min(1, slope / curvature))
      inverse += step
      if abs(step) < 1e-12 * max(1, abs(inverse)) { break }
    }
    guard inverse > 1e-6 else {
      throw .outOfRange(
        what: "temperature", row: nil, expected: "probabilities that rise with the outcome", found: "ones that fall")
    }
    return 1 / inverse
  }

  private static func isotonic(_ probabilities: [Double], _ positives: [Bool], _ counts: ClassCounts) -> Recalibration {
    struct Block { var from: Double, sum: Double, weight: Double }
    var blocks: [Block] = []
    let order = probabilities.indices.sorted { probabilities[$0] < probabilities[$1] }
    for index in order {
      let outcome = positives[index] ? 1.0 : 0.0
      if let last = blocks.last, last.from == probabilities[index], last.weight > 0 {
        blocks[blocks.count - 1].sum += outcome
        blocks[blocks.count - 1].weight += 1
      } else {
        blocks.append(Block(from: probabilities[index], sum: outcome, weight: 1))
      }
    }
    var pooled: [Block] = []
    for block in blocks {
      pooled.append(block)
      while pooled.count > 1 {
        let (last, before) = (pooled[pooled.count - 1], pooled[pooled.count - 2])
        guard before.sum * last.weight >= last.sum * before.weight else { break }
        pooled.removeLast()
        pooled[pooled.count - 1].sum += last.sum
        pooled[pooled.count - 1].weight += last.weight
      }
    }
    return .isotonic(from: pooled.map(\.from), values: pooled.map { $0.sum / $0.weight })
  }
}
