import Foundation

/// AUCs of several strata with the covariances that shared patients bring.
///
/// Each patient's influence on a stratum's AUC is the sum of its placement values less the AUC, over the class's number; the
/// covariance of two strata is K / (K - 1) times the sum over patients of the products, with K the patients of either stratum:
/// Obuchowski's variance (Biometrics 1997;53:567) between disjoint sets of rows.
struct AreaCovariance {
  struct Member {
    let delong: DeLong
    let area: any AreaEstimate
    let patients: [String]
  }

  private let members: [Member]
  private let covariances: Matrix
  private let isClustered: Bool

  init(_ members: [Member], isClustered: Bool) {
    self.members = members
    self.isClustered = isClustered
    var matrix = Matrix(rows: members.count, columns: members.count)
    for (index, member) in members.enumerated() { matrix[index, index] = member.area.variance }
    if isClustered {
      let influences = members.map(Self.influences)
      for i in members.indices {
        for j in members.indices where j < i {
          // In the order of the rows, so that the sum is the same whatever order a dictionary has.
          var sum = 0.0
          for (patient, value) in influences[i].ordered {
            if let other = influences[j].ofPatient[patient] { sum += value * other }
          }
          let k = Double(Set(members[i].patients).union(members[j].patients).count)
          (matrix[i, j], matrix[j, i]) = (k / (k - 1) * sum, k / (k - 1) * sum)
        }
      }
    }
    covariances = matrix
  }

  private static func influences(_ member: Member) -> (ordered: [(String, Double)], ofPatient: [String: Double]) {
    var (order, values): ([String], [String: Double]) = ([], [:])
    let delong = member.delong
    for row in delong.placements.indices {
      let patient = member.patients[row]
      if values[patient] == nil { order.append(patient) }
      values[patient, default: 0] +=
        (delong.placements[row] - delong.auc) / Double(delong.labels[row] ? delong.positives : delong.negatives)
    }
    return (order.map { ($0, values[$0, default: 0]) }, values)
  }

  /// Of the AUCs' log odds, by the delta method.
  func heterogeneity() throws(StatisticsError) -> Heterogeneity {
    let areas = members.map(\.area.auc)
    var onLogit = covariances
    for i in areas.indices {
      for j in areas.indices {
        onLogit[i, j] /= areas[i] * (1 - areas[i]) * areas[j] * (1 - areas[j])
      }
    }
    return try Heterogeneity(estimates: areas.map { log($0 / (1 - $0)) }, covariance: onLogit)
  }

  /// Every two strata, on the scale of the AUC.
  func pairs(labels: [String], level: Double) throws(StatisticsError) -> [Subgroups.Pair] {
    var found: [(a: Int, b: Int, comparison: AUCComparison)] = []
    for a in members.indices {
      for b in members.indices where b > a {
        let comparison =
          isClustered
          ? AUCComparison(
            Area(members[a].area), Area(members[b].area), covariance: covariances[a, b], level: level)
          : try DeLongTest.unpaired(members[a].delong, members[b].delong, level: level)
        found.append((a, b, comparison))
      }
    }
    let holm = try Multiplicity.holm(found.map { $0.comparison.p.isNaN ? 1 : $0.comparison.p })
    return zip(found, holm).map { pair, adjusted in
      Subgroups.Pair(a: labels[pair.a], b: labels[pair.b], comparison: pair.comparison, pHolm: adjusted)
    }
  }

  private struct Area: AreaEstimate {
    let auc: Double
    let variance: Double
    init(_ area: any AreaEstimate) { (auc, variance) = (area.auc, area.variance) }
  }
}
