/// How far predicted probabilities lie from the smooth calibration curve (Austin & Steyerberg, Stat Med 2019;38:4051): the
/// absolute differences between each probability and the loess fit of outcome on probability there.
public struct CalibrationDistance: Sendable, Equatable {
  /// Integrated calibration index: their mean.
  public let ici: Double
  /// Their median.
  public let e50: Double
  /// Their 90th percentile (type 7).
  public let e90: Double
  /// Their largest.
  public let eMax: Double

  /// - Throws: what `LoessSurface` throws.
  public init(probabilities: [Double], positives: [Bool]) throws(StatisticsError) {
    try Require.sameLength("labels", positives.count, as: probabilities.count)
    try Require.probabilities(probabilities, "probability")
    self.init(try LoessSurface(x: probabilities, y: positives.map { $0 ? 1 : 0 }))
  }

  init(_ surface: LoessSurface) {
    let distances = surface.x.map { abs((surface($0) ?? $0) - $0) }.sorted()
    ici = Moments.meanAndDeviation(distances).mean
    e50 = Quantile.type7(sorted: distances, 0.5)
    e90 = Quantile.type7(sorted: distances, 0.9)
    eMax = distances.last ?? .nan
  }
}
