/// p-values adjusted for being several (R's p.adjust). Order and number stay; an adjusted p at or below alpha is significant.
public enum Multiplicity {
  /// Holm (Scand J Stat 1979;6:65): keeps the chance of any false finding at alpha, whatever the dependence.
  /// - Throws: `notFinite`, `outOfRange` for what is no probability.
  public static func holm(_ p: [Double]) throws(StatisticsError) -> [Double] {
    try Require.probabilities(p, "p")
    var adjusted = p
    var least = 0.0
    for (rank, index) in p.indices.sorted(by: { p[$0] < p[$1] }).enumerated() {
      least = max(least, Double(p.count - rank) * p[index])
      adjusted[index] = min(1, least)
    }
    return adjusted
  }

  /// Benjamini & Hochberg (J R Stat Soc B 1995;57:289): keeps the expected share of false findings at alpha, for independent
  /// or positively dependent tests.
  /// - Throws: `notFinite`, `outOfRange` for what is no probability.
  public static func benjaminiHochberg(_ p: [Double]) throws(StatisticsError) -> [Double] {
    try Require.probabilities(p, "p")
    var adjusted = p
    var most = 1.0
    for (rank, index) in p.indices.sorted(by: { p[$0] < p[$1] }).enumerated().reversed() {
      most = min(most, Double(p.count) / Double(rank + 1) * p[index])
      adjusted[index] = most
    }
    return adjusted
  }
}
