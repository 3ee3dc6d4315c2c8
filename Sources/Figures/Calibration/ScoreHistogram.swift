/// Counts of scores in bins of equal width over 0 to 1, one set a class.
package struct ScoreHistogram: Sendable {
  package let bins: Int
  package private(set) var benign: [Int]
  package private(set) var malignant: [Int]

  package init(scores: [Double], positives: [Bool], bins: Int) {
    self.bins = max(1, bins)
    (benign, malignant) = (Array(repeating: 0, count: self.bins), Array(repeating: 0, count: self.bins))
    for (score, isMalignant) in zip(scores, positives) where score.isFinite {
      let bin = Int(min(Double(self.bins - 1), max(0, score * Double(self.bins))))
      if isMalignant { malignant[bin] += 1 } else { benign[bin] += 1 }
    }
  }

  package var tallest: Int { max(benign.max() ?? 0, malignant.max() ?? 0) }
}
