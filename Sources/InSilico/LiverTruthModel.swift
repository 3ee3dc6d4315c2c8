/// The liver cohort's factor models: what B-mode shows, what the clinical record holds, and both together.
struct LiverTruthModel: Sendable {
  /// Six B-mode factors, in the order of `LesionLook.factors`.
  let bmode: FactorModel
  /// Six clinical factors and, last, the reading of the halo: the B-mode factor plus the reader's noise, brought back to
  /// unit variance, so that it is a factor of this group too.
  let clinical: FactorModel
  /// Standard deviation of the reader's noise on the halo.
  static let readerNoise = 0.7

  init(_ settings: LiverSettings) {
    bmode = FactorModel(weights: LesionLook.factors, idealAUC: settings.idealAUC)
    let proper = FactorModel(
      weights: ClinicalColumn.proper.map { ($0.name, $0.weight) }, idealAUC: settings.idealClinicalAUC)
    let halo = bmode.separation(of: "halo") / Self.readingScale
    clinical = FactorModel(factors: proper.factors + [Factor(name: "halo_reading", separation: halo)])
  }

  /// Everything: the halo's reading tells nothing beyond the B-mode factor it was read from.
  var all: FactorModel { FactorModel(factors: bmode.factors + clinical.factors.dropLast()) }

  static var readingScale: Double { (1 + readerNoise * readerNoise).squareRoot() }
}

/// A column of the clinical record and how it is made from its factor (S2-05, S2-06, S2-15, S2-16).
struct ClinicalColumn: Sendable {
  enum Form: Sendable {
    /// Written so finely that the factor can be read back.
    case continuous(@Sendable (Double) -> String)
    /// Level k where the factor lies between cut k-1 and cut k.
    case levels([String], cuts: [Double])
  }

  let name: String
  /// Relative weight: the logarithm of the odds ratio in S2-15 (AFP, not reported there, 2.7).
  let weight: Double
  /// Share of values missing, independent of everything.
  let missing: Double
  let isOfPatient: Bool
  let form: Form

  static let proper: [ClinicalColumn] = [
    ClinicalColumn(
      name: "age", weight: 1.20, missing: 0, isOfPatient: true,
      form: .continuous { String(Int(min(92, max(18, 52 + 12 * $0)).rounded())) }),
    ClinicalColumn(
      name: "sex", weight: 0.83, missing: 0, isOfPatient: true, form: .levels(["female", "male"], cuts: [-0.35])),
    // 0 negative, 1 hepatitis B, 2 hepatitis C, 3 both: the nomogram's axis.
    ClinicalColumn(
      name: "hepatitis", weight: 2.46, missing: 0.02, isOfPatient: true,
      form: .levels(["0", "1", "2", "3"], cuts: [0.1, 1.5, 2.4])),
    // ng/ml.
    ClinicalColumn(
      name: "afp", weight: 1.0, missing: 0.064, isOfPatient: true,
      form: .continuous { z in
        let value = PortableMath.exp(PortableMath.ln10 * (1.05 + 0.9 * z))
        return String((value * 10).rounded() / 10)
      }),
    ClinicalColumn(
      name: "extrahepatic_tumour", weight: 2.78, missing: 0.01, isOfPatient: true,
      form: .levels(["0", "1"], cuts: [0.7])),
    ClinicalColumn(
      name: "vascularity", weight: 0.65, missing: 0.04, isOfPatient: false, form: .levels(["0", "1"], cuts: [-0.2])),
  ]

  static let halo = ClinicalColumn(
    name: "halo", weight: 0, missing: 0.03, isOfPatient: false, form: .levels(["0", "1"], cuts: [0.4]))

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
