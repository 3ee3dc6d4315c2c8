import Figures
import Foundation
import Statistics
import Wording

/// How near the network comes to what the simulated data allow at all.
extension Page {
  var ideal: ReportSection? {
    guard let observer = input.idealObserver,
      let section = evaluations.first(where: { $0.split == "internal-test" }) ?? evaluations.first,
      let lesions = section.units.first
    else { return nil }
    let table = ReportTable(
      "ideal-observer",
      caption: words.sentences([
        Phrase("In silico, per lesion."),
        Phrase("Efficiency is (d′ of the network / d′ of the ideal observer)², with d′ = √2 Φ⁻¹(AUC)."),
      ]),
      columns: [
        .text(words("Observer")), .text(words("AUC")), .number(words("Short of ideal")),
        .text(words("Efficiency (95 % CI)")),
      ], rows: rows(observer, lesions))
    let text = words.sentences([
      Phrase(
        """
        The ideal observer knows the true factors of each simulated lesion (\(observer.sees)) and ranks lesions by \
        their likelihood ratio.
        """),
      Phrase(
        """
        No classifier can do better on average; what the images hide, and what the network does not use, makes the \
        difference.
        """),
    ])
    return ReportSection(
      "ideal-observer", words("Against the ideal observer (in silico)"), [.paragraph(text), .table(table)])
  }

  private func rows(_ observer: IdealObserverSummary, _ lesions: UnitEvaluation) -> [[String]] {
    var rows = [
      [
        words("Ideal observer, from the simulation’s factors"), Text.fixed(observer.auc, 3), "–",
        words("1 by definition"),
      ]
    ]
    if let sample = Page.sampleArea(observer, lesions.rows) {
      rows.append([
        words("Ideal observer, on these lesions"), EstimateText.auc(sample, decimals: 3, words), "–", "–",
      ])
    }
    if let auc = lesions.metrics.pooledAUC {
      let missing = Text.signed(observer.auc - auc.value, 3)
      rows.append([
        words("The network"), EstimateText.auc(auc, decimals: 3, words), missing, efficiency(auc, observer.auc),
      ])
    }
    return rows
  }

  private func efficiency(_ auc: AUCEstimate, _ ideal: Double) -> String {
    guard let value = Efficiency.value(auc: auc.value, ideal: ideal) else { return words("n/a") }
    guard let interval = auc.quoted,
      let low = Efficiency.value(auc: max(0.5, interval.lower), ideal: ideal),
      let high = Efficiency.value(auc: interval.upper, ideal: ideal)
    else { return Text.fixed(value, 2) }
    return words("\(Text.fixed(value, 2)) (\(Text.fixed(low, 2)) to \(Text.fixed(high, 2)))")
  }

  /// The ideal observer's AUC on the lesions of these rows; nil unless every one has a score.
  private static func sampleArea(_ observer: IdealObserverSummary, _ rows: [UnitScore]) -> AUCEstimate? {
    let scores = rows.compactMap { observer.scores[$0.name] }
    guard !rows.isEmpty, scores.count == rows.count,
      let area = try? DeLong(scores: scores, positives: rows.map(\.isMalignant))
    else { return nil }
    let logit = area.variance > 0 ? area.logit() : nil
    return AUCEstimate(
      value: area.auc,
      interval: logit.map { ConfidenceInterval(lower: $0.lower, upper: $0.upper, method: "DeLong, logit scale") })
  }
}

/// Statistical efficiency of an observer (Barlow; Burgess): the share of the ideal observer's information it uses.
enum Efficiency {
  /// (d' / d' ideal)²; nil where an AUC has no finite positive d', 0 for an AUC at or below chance.
  static func value(auc: Double, ideal: Double) -> Double? {
    guard ideal > 0.5, ideal < 1, auc < 1 else { return nil }
    guard auc > 0.5 else { return 0 }
    let ratio = NormalDistribution.quantile(auc) / NormalDistribution.quantile(ideal)
    return ratio * ratio
  }
}
