import Cohort
import Foundation
public import Statistics

/// A model's own scores beside those from marks and making alone.
public struct PredictionAudit: Codable, Sendable {
  public var model: String
  /// Pictures that both have.
  public var pictures: Int
  /// Spearman's correlation of the model's scores with the shortcut's cross-validated log-odds; over all, and within the
  /// benign and the malignant, where the label cannot bring them together.
  public var correlation: Double
  public var correlationBenign: Double?
  public var correlationMalignant: Double?
  public var auc: Estimate
  /// The model's AUC among pictures with and without a kind of mark; nil where a side has too few.
  public var strata: [StratumArea]
  public var verdict: String

  public struct StratumArea: Codable, Sendable {
    public var kind: MarkKind
    public var isPresent: Bool
    public var pictures: Int
    public var auc: Estimate?
  }

  static func all(
    _ predictions: [Prediction], _ pictures: [AuditPicture], shortcut: [Double],
    _ settings: ShortcutAudit.Settings, notes: inout [String]
  ) -> [PredictionAudit] {
    let place = Dictionary(pictures.enumerated().map { ($0.element.name, $0.offset) }) { first, _ in first }
    var found: [PredictionAudit] = []
    for (model, rows) in Dictionary(grouping: predictions, by: \.model).sorted(by: { $0.key < $1.key }) {
      // Held-out scores where the table says which they are; the mean where an image has several.
      let tested = rows.filter { $0.split.hasSuffix("test") }
      var sums: [Int: (sum: Double, count: Double)] = [:]
      for row in tested.isEmpty ? rows : tested {
        guard let at = place[row.image] else { continue }
        sums[at, default: (0, 0)].sum += row.score
        sums[at, default: (0, 0)].count += 1
      }
      let members = sums.keys.sorted()
      let scores = members.map { (sums[$0]?.sum ?? 0) / (sums[$0]?.count ?? 1) }
      do throws(StatisticsError) {
        found.append(
          try PredictionAudit(model, members.map { pictures[$0] }, scores, members.map { shortcut[$0] }, settings))
      } catch {
        notes.append("predictions of \"\(model)\": \(error)")
      }
    }
    return found
  }

  private init(
    _ model: String, _ pictures: [AuditPicture], _ scores: [Double], _ shortcut: [Double],
    _ settings: ShortcutAudit.Settings
  ) throws(StatisticsError) {
    guard pictures.count >= 10 else {
      throw .tooFew(what: "images of the cohort with a score", needed: 10, found: pictures.count)
    }
    self.model = model
    self.pictures = pictures.count
    let outcomes = pictures.map { $0.isMalignant == true }
    correlation = Self.spearman(scores, shortcut) ?? .nan
    func within(_ outcome: Bool) -> Double? {
      let members = outcomes.indices.filter { outcomes[$0] == outcome }
      return Self.spearman(members.map { scores[$0] }, members.map { shortcut[$0] })
    }
    (correlationBenign, correlationMalignant) = (within(false), within(true))
    let clusters = pictures.map(\.cluster)
    auc = try ClusteredAUC(scores: scores, positives: outcomes, clusters: clusters).estimate(level: settings.level)
    strata = MarkKind.allCases.flatMap { kind in
      [true, false].map { isPresent in
        let members = pictures.indices.filter { pictures[$0].reading.has(kind) == isPresent }
        let area = try? ClusteredAUC(
          scores: members.map { scores[$0] }, positives: members.map { outcomes[$0] },
          clusters: members.map { clusters[$0] })
        return StratumArea(
          kind: kind, isPresent: isPresent, pictures: members.count, auc: area?.estimate(level: settings.level))
      }
    }
    let most = [correlationBenign, correlationMalignant].compactMap(\.self).max() ?? 0
    let size = String(format: "%.2f", most)
    verdict =
      most >= 0.3
      ? "Model \"\(model)\" scores higher what marks and making call malignant, within one label too (rank correlation \(size))."
      : "Within one label, the scores of model \"\(model)\" follow marks and making little (rank correlation at most \(size))."
  }

  /// Correlation of mid-ranks; nil for fewer than 3, or where one list never changes.
  static func spearman(_ a: [Double], _ b: [Double]) -> Double? {
    guard a.count == b.count, a.count >= 3 else { return nil }
    let (x, y) = (ranks(a), ranks(b))
    let middle = Double(a.count + 1) / 2
    var (xy, xx, yy) = (0.0, 0.0, 0.0)
    for place in x.indices {
      xy += (x[place] - middle) * (y[place] - middle)
      xx += (x[place] - middle) * (x[place] - middle)
      yy += (y[place] - middle) * (y[place] - middle)
    }
    return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : nil
  }

  private static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var ranks = [Double](repeating: 0, count: values.count)
    var first = 0
    while first < order.count {
      var last = first
      while last + 1 < order.count, values[order[last + 1]] == values[order[first]] { last += 1 }
      for place in first...last { ranks[order[place]] = Double(first + last) / 2 + 1 }
      first = last + 1
    }
    return ranks
  }
}
