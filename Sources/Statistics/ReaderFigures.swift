/// What a reader's readings are summed up by.
public enum FigureOfMerit: String, Sendable, CaseIterable {
  /// Trapezoidal AUC of the ratings.
  case auc
  /// Shares of right calls among positives, negatives, all. Calls are ratings: 1 positive, 0 negative.
  case sensitivity, specificity, accuracy
}

/// One figure of merit for each reader under each treatment, with the covariances that come from reading the same cases.
///
/// Not every reader need rate every case: each figure uses the readings there are, and two figures covary through the cases
/// (or clusters) both have.
/// - delong: placement values summed within clusters (DeLong 1988; Obuchowski, Biometrics 1997;53:567). With figures k and l on
///   I_k and I_l clusters, I_kl of them shared, products of the sums' deviations are divided by
///   1 - 1/I_k - 1/I_l + I_kl/(I_k I_l), the factor that makes them unbiased when each is centred at its own mean; for
///   equal sets of cases this is I/(I - 1), and the result DeLong's.
/// - jackknife: (I - 1)/I times the sum of products of deviations from the jackknife mean, all clusters left out one at a
///   time; a cluster the reader has not rated leaves the figure as it was. Where the sets differ, the geometric mean of the
///   two factors.
/// Shares of right calls always use the jackknife, which for a mean is exact.
public struct ReaderFigures: Sendable {
  /// A reader under a treatment, by their places in the data.
  public struct Cell: Sendable, Equatable {
    public let treatment: Int
    public let reader: Int
    public let value: Double
    /// Readings used.
    public let cases: Int
  }

  public let figure: FigureOfMerit
  public let treatments: Int
  public let readers: Int
  /// By treatment, then reader; none for a reader without readings under a treatment.
  public let cells: [Cell]
  /// Whether every reader rated every case under every treatment.
  public let isFullyCrossed: Bool
  /// Clusters in the data; cases where none were given.
  public let clusters: Int
  let covariances: Matrix

  /// - Parameters:
  ///   - ratings: [treatments][readers][cases]; nil where a reader skipped a case.
  ///   - positives: truth of each case.
  ///   - clusters: the patient (or other cluster) of each case; each case its own where nil.
  /// - Throws: `lengthsDiffer`, `notFinite`, `outOfRange` for a call that is neither 0 nor 1; `empty` without a reading;
  ///   `oneClassOnly` and `tooFew` where a reader's own cases, or those left without one cluster, give no figure.
  public init(
    _ figure: FigureOfMerit = .auc, ratings: [[[Double?]]], positives: [Bool], clusters: [Int]? = nil,
    covariance method: MultiReaderAnalysis.CovarianceMethod = .jackknife
  ) throws(StatisticsError) {
    let readers = ratings.first?.count ?? 0
    if let clusters { try Require.sameLength("clusters", clusters.count, as: positives.count) }
    let names = Set(clusters ?? Array(positives.indices)).sorted()
    let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    let cluster = (clusters ?? Array(positives.indices)).map { places[$0] ?? 0 }
    var cells: [Cell] = []
    var parts: [FigureParts] = []
    for (treatment, ofTreatment) in ratings.enumerated() {
      try Require.sameLength("readers of treatment \(treatment + 1)", ofTreatment.count, as: readers)
      for (reader, scores) in ofTreatment.enumerated() {
        try Require.sameLength("ratings of reader \(reader + 1)", scores.count, as: positives.count)
        let rated = scores.indices.filter { scores[$0] != nil }
        if rated.isEmpty { continue }
        let part = try FigureParts(
          figure, scores: rated.map { scores[$0] ?? .nan }, positives: rated.map { positives[$0] },
          clusters: rated.map { cluster[$0] }, of: names.count, method)
        cells.append(Cell(treatment: treatment, reader: reader, value: part.value, cases: rated.count))
        parts.append(part)
      }
    }
    if cells.isEmpty { throw .empty(what: "readings") }
    var covariances = Matrix(rows: parts.count, columns: parts.count)
    for i in parts.indices {
      for j in i..<parts.count {
        covariances[i, j] = parts[i].covariance(with: parts[j])
        covariances[j, i] = covariances[i, j]
      }
    }
    self.figure = figure
    treatments = ratings.count
    self.readers = readers
    self.cells = cells
    isFullyCrossed = cells.count == ratings.count * readers && cells.allSatisfy { $0.cases == positives.count }
    self.clusters = names.count
    self.covariances = covariances
  }

  /// Covariance of the figures of two cells, by their place in `cells`; the variance of one with itself. NaN outside.
  public func covariance(_ first: Int, _ second: Int) -> Double {
    guard cells.indices.contains(first), cells.indices.contains(second) else { return .nan }
    return covariances[first, second]
  }

  /// The figure of a reader under a treatment; nil without readings.
  public func value(treatment: Int, reader: Int) -> Double? {
    cells.first { $0.treatment == treatment && $0.reader == reader }?.value
  }

  /// Variance of a weighted sum of the figures, readers as they are: the cases vary.
  func variance(_ weights: [Double]) -> Double {
    var sum = 0.0
    for i in weights.indices where weights[i] != 0 {
      for j in weights.indices where weights[j] != 0 { sum += weights[i] * weights[j] * covariances[i, j] }
    }
    return max(0, sum)
  }
}
