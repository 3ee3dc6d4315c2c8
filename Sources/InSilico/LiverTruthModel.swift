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

/// The liver's clinical columns (S2-05, S2-06, S2-15, S2-16); the weights are logarithms of the odds ratios in S2-15 (AFP, not
/// reported there, 2.7).
extension ClinicalColumn {
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
}
