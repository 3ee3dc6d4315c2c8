import Foundation

/// Searches the confusion matrices of given class sizes for one that rounds to the published figures.
struct PossibleMatrices {
  private let result: ReportedResult
  /// Beyond this many matrices the search is given up.
  private static let limit = 20_000_000

  init(_ result: ReportedResult) { self.result = result }

  /// Positives and negatives to try: the classes as told, or every division of the total.
  var sizes: [(positives: Int, negatives: Int)]? {
    if let positives = result.positives, let negatives = result.negatives { return [(positives, negatives)] }
    guard let total = result.total, total >= 2 else { return nil }
    if let positives = result.positives { return positives < total ? [(positives, total - positives)] : nil }
    if let negatives = result.negatives { return negatives < total ? [(total - negatives, negatives)] : nil }
    return (1..<total).map { ($0, total - $0) }
  }

  var sizesText: String {
    if let positives = result.positives, let negatives = result.negatives {
      return "\(positives) positive and \(negatives) negative"
    }
    return result.total.map(String.init) ?? "these"
  }

  /// Whether any matrix fits; nil where there are too many to try.
  func exists(_ sizes: [(positives: Int, negatives: Int)]) -> Bool? {
    exists(sizes, sensitivity: result.sensitivity, specificity: result.specificity, ppv: result.ppv, npv: result.npv)
  }

  private func exists(
    _ sizes: [(positives: Int, negatives: Int)], sensitivity: ReportedNumber?, specificity: ReportedNumber?,
    ppv: ReportedNumber?, npv: ReportedNumber?
  ) -> Bool? {
    var tried = 0
    for (positives, negatives) in sizes {
      let hits = Self.counts(sensitivity, of: positives)
      let rejections = Self.counts(specificity, of: negatives)
      tried += hits.count * rejections.count
      if tried > Self.limit { return nil }
      for truePositives in hits {
        for trueNegatives in rejections {
          let falsePositives = negatives - trueNegatives
          let falseNegatives = positives - truePositives
          guard Self.fits(result.accuracy, truePositives + trueNegatives, of: positives + negatives),
            Self.fits(ppv, truePositives, of: truePositives + falsePositives),
            Self.fits(npv, trueNegatives, of: trueNegatives + falseNegatives)
          else { continue }
          return true
        }
      }
    }
    return false
  }

  /// The counts out of `total` whose share is printed so; all where nothing is printed.
  private static func counts(_ share: ReportedNumber?, of total: Int) -> Range<Int> {
    guard let share else { return 0..<(total + 1) }
    let low = Int((share.range.lowerBound * Double(total)).rounded(.up))
    let high = Int((share.range.upperBound * Double(total)).rounded(.down))
    let (first, last) = (max(low, 0), min(high, total))
    return first <= last ? first..<(last + 1) : 0..<0
  }

  private static func fits(_ share: ReportedNumber?, _ count: Int, of total: Int) -> Bool {
    guard let share else { return true }
    return total > 0 && share.range.contains(Double(count) / Double(total))
  }

  /// The least change of the worst figure that some matrix needs, with sensitivity and specificity taken to their nearest
  /// counts; nil where the sizes are many.
  func closest(_ sizes: [(positives: Int, negatives: Int)]) -> Double? {
    guard sizes.count == 1, let (positives, negatives) = sizes.first, positives * negatives <= 4_000_000 else {
      return nil
    }
    func off(_ share: ReportedNumber?, _ count: Int, _ total: Int) -> Double {
      guard let share else { return 0 }
      return total > 0 ? gap(share.range, (Double(count) / Double(total))...(Double(count) / Double(total))) : 1
    }
    var best = Double.infinity
    for truePositives in 0...positives {
      let first = off(result.sensitivity, truePositives, positives)
      if first >= best { continue }
      for trueNegatives in 0...negatives {
        let (falsePositives, falseNegatives) = (negatives - trueNegatives, positives - truePositives)
        var worst = max(first, off(result.specificity, trueNegatives, negatives))
        if worst >= best { continue }
        worst = max(worst, off(result.accuracy, truePositives + trueNegatives, positives + negatives))
        worst = max(worst, off(result.ppv, truePositives, truePositives + falsePositives))
        worst = max(worst, off(result.npv, trueNegatives, trueNegatives + falseNegatives))
        best = min(best, worst)
      }
    }
    return best.isFinite ? best : nil
  }

  /// A mistake of writing that would explain the figures: two of them exchanged.
  func remedy(_ sizes: [(positives: Int, negatives: Int)]) -> String? {
    let swappedRates = exists(
      sizes, sensitivity: result.specificity, specificity: result.sensitivity, ppv: result.ppv, npv: result.npv)
    if result.sensitivity != nil, result.specificity != nil, swappedRates == true {
      return "with sensitivity and specificity exchanged they would be possible"
    }
    let swappedValues = exists(
      sizes, sensitivity: result.sensitivity, specificity: result.specificity, ppv: result.npv, npv: result.ppv)
    if result.ppv != nil, result.npv != nil, swappedValues == true {
      return "with PPV and NPV exchanged they would be possible"
    }
    let swappedClasses = exists(
      sizes.map { ($0.negatives, $0.positives) }, sensitivity: result.sensitivity, specificity: result.specificity,
      ppv: result.ppv, npv: result.npv)
    if swappedClasses == true { return "with the classes' numbers exchanged they would be possible" }
    return nil
  }
}

/// Prevalences that accuracy, PPV and NPV imply beside sensitivity and specificity, as ranges by the figures' rounding.
enum ImpliedPrevalence {
  static func all(_ result: ReportedResult) -> [(name: String, range: ClosedRange<Double>)] {
    guard let sensitivity = result.sensitivity, let specificity = result.specificity else { return [] }
    var implied: [(String, ClosedRange<Double>)] = []
    func add(_ name: String, _ figure: ReportedNumber?, _ prevalence: (Double, Double, Double) -> Double?) {
      guard let figure else { return }
      // Monotone in each figure, so that the extremes lie at the corners; a corner without an answer leaves all open.
      var (low, high) = (Double.infinity, -Double.infinity)
      for a in [sensitivity.range.lowerBound, sensitivity.range.upperBound] {
        for b in [specificity.range.lowerBound, specificity.range.upperBound] {
          for c in [figure.range.lowerBound, figure.range.upperBound] {
            guard let value = prevalence(min(max(a, 0), 1), min(max(b, 0), 1), min(max(c, 0), 1)) else { return }
            (low, high) = (min(low, value), max(high, value))
          }
        }
      }
      // Outside 0 to 1 the accuracy is none of the two rates' means, which is found elsewhere.
      if low <= 1, high >= 0 { implied.append((name, low...high)) }
    }
    func share(ofOdds odds: Double) -> Double { odds / (1 + odds) }
    add("PPV", result.ppv) { a, b, c in
      a > 0 && b < 1 && c < 1 ? share(ofOdds: c / (1 - c) * (1 - b) / a) : nil
    }
    add("NPV", result.npv) { a, b, c in
      a < 1 && b > 0 && c > 0 ? share(ofOdds: (1 - c) / c * b / (1 - a)) : nil
    }
    let (low, high) = (sensitivity.range, specificity.range)
    if gap(low, high) > 0 { add("accuracy", result.accuracy) { a, b, c in a != b ? (c - b) / (a - b) : nil } }
    return implied
  }
}
