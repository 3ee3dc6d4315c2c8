import Statistics

/// Two models on the same lesions of one part: the second's AUC less the first's, tested as paired (S2-20).
public struct ModelComparison: Codable, Sendable, Equatable {
  public var split: String
  public var unit: Unit
  public var first: String
  public var second: String
  /// Units that both models scored; AUCs and test are of these.
  public var count: Int
  public var positives: Int
  public var patients: Int
  public var firstAUC: Double
  public var secondAUC: Double
  /// Second minus first.
  public var difference: Double
  /// nil where the difference has no variance, as of two perfect separations.
  public var interval: ConfidenceInterval?
  /// Two-sided.
  public var p: Double?
  /// Adjusted by Holm for all pairs of the same part that have a p.
  public var holmP: Double?
}

extension ModelComparison {
  /// Every pair of models on every part both were tested on, per lesion; none where one class is missing.
  static func all(_ evaluations: [SectionEvaluation]) -> [ModelComparison] {
    let scores = evaluations.map { evaluation in
      Dictionary((evaluation.units.first?.rows ?? []).map { (Key($0), $0.score) }) { first, _ in first }
    }
    var comparisons: [ModelComparison] = []
    for (place, first) in evaluations.enumerated() {
      for other in evaluations.indices.dropFirst(place + 1) {
        let second = evaluations[other]
        guard second.split == first.split, second.model != first.model else { continue }
        if let comparison = ModelComparison(first, second, scores: scores[other]) { comparisons.append(comparison) }
      }
    }
    adjust(&comparisons)
    return comparisons
  }

  private static func adjust(_ comparisons: inout [ModelComparison]) {
    let tested = comparisons.indices.filter { comparisons[$0].p != nil }
    for places in Dictionary(grouping: tested, by: { comparisons[$0].split }).values {
      guard let adjusted = try? Multiplicity.holm(places.compactMap { comparisons[$0].p }) else { continue }
      for (place, p) in zip(places, adjusted) { comparisons[place].holmP = p }
    }
  }

  private struct Key: Hashable {
    let fold: Int
    let patient: String
    let name: String

    init(_ row: UnitScore) { (fold, patient, name) = (row.fold, row.patient, row.name) }
  }

  /// - scores: the second's.
  private init?(_ first: SectionEvaluation, _ second: SectionEvaluation, scores: [Key: Double]) {
    guard let rows = first.units.first, let others = second.units.first, rows.metrics.unit == others.metrics.unit else {
      return nil
    }
    let both = rows.rows.compactMap { row in scores[Key(row)].map { (row: row, score: $0) } }
    let positives = both.map(\.row.isMalignant)
    let patients = both.map(\.row.patient)
    let isClustered = Set(patients).count < patients.count
    let (a, b) = (both.map(\.score), both.map(\.row.score))
    let tested =
      isClustered
      ? try? DeLongTest.pairedClustered(a, b, positives: positives, clusters: patients)
      : try? DeLongTest.paired(a, b, positives: positives)
    guard let tested else { return nil }
    let hasVariance = tested.standardError > 0
    self.init(
      split: first.split, unit: rows.metrics.unit, first: first.model, second: second.model, count: both.count,
      positives: positives.count { $0 }, patients: Set(patients).count, firstAUC: tested.aucB, secondAUC: tested.aucA,
      difference: tested.difference,
      interval: hasVariance
        ? ConfidenceInterval(
          lower: tested.interval.lower, upper: tested.interval.upper,
          method: isClustered ? "Obuchowski, paired, clustered by patient, Wald" : "DeLong, paired, Wald") : nil,
      p: hasVariance ? tested.p : nil)
  }
}
