/// A column of the clinical record and how it is made from its factor.
struct ClinicalColumn: Sendable {
  enum Form: Sendable {
    /// Written so finely that the factor can be read back.
    case continuous(@Sendable (Double) -> String)
    /// Level k where the factor lies between cut k-1 and cut k.
    case levels([String], cuts: [Double])
  }

  /// An image factor that a reader writes down with an error of this standard deviation.
  struct Reading: Sendable {
    let observer: SimulationRecord.Observer
    let factor: String
    let noise: Double

    /// Brings the noisy reading back to unit variance, so that it is a factor of its own.
    var scale: Double { (1 + noise * noise).squareRoot() }
  }

  let name: String
  /// Relative weight among the clinical factors.
  let weight: Double
  /// Share of values missing, independent of everything.
  let missing: Double
  let isOfPatient: Bool
  let form: Form
  /// nil for what is known without looking at an image.
  var reads: Reading? = nil

  func cell(_ value: Double) -> String {
    switch form {
    case .continuous(let write): return write(value)
    case .levels(let names, let cuts): return names[cuts.filter { value > $0 }.count]
    }
  }

  /// Log-likelihood ratio of what is written, for a factor of this separation: exact for levels; for a continuous column
  /// that of the factor, since only rounding is lost.
  func recordedLogLikelihoodRatio(_ value: Double, separation: Double) -> Double {
    guard case .levels(_, let cuts) = form else { return separation * value }
    let level = cuts.filter { value > $0 }.count
    func probability(mean: Double) -> Double {
      let low = level == 0 ? 0 : PortableMath.normalCDF(cuts[level - 1] - mean)
      let high = level == cuts.count ? 1 : PortableMath.normalCDF(cuts[level] - mean)
      return max(1e-12, high - low)
    }
    return PortableMath.log(probability(mean: separation / 2) / probability(mean: -separation / 2))
  }
}
