/// What a lesion looks like, each property a strictly monotone map of its factor within the factor's clamped range.
/// Malignant lesions tend to be darker, more irregular, less sharp, more mixed, with a halo, and to shadow.
struct LesionLook: Sendable {
  /// Level of the lesion against the parenchyma around it, dB.
  let contrast: Double
  /// Root mean square of the boundary's relative deviation from an ellipse.
  let irregularity: Double
  /// Width of the transition at the boundary as a share of the radius.
  let margin: Double
  /// Standard deviation of the echo pattern within, dB.
  let heterogeneity: Double
  /// How much darker the rim around the lesion is, dB.
  let halo: Double
  /// Change of level behind the lesion's middle, dB: above 0 enhancement, below 0 shadow.
  let posterior: Double

  /// Names and weights of the liver's B-mode factors (S2-05), in the order of a factor vector. What a small network sees well weighs
  /// most, so that the quick cohort can be learnt.
  static let factors: [(name: String, weight: Double)] = [
    ("echogenicity", 1.6), ("irregularity", 1.0), ("margin", 0.3), ("heterogeneity", 0.5), ("halo", 0.6),
    ("posterior", 0.25),
  ]

  init(
    contrast: Double, irregularity: Double, margin: Double, heterogeneity: Double, halo: Double, posterior: Double
  ) {
    (self.contrast, self.irregularity, self.margin) = (contrast, irregularity, margin)
    (self.heterogeneity, self.halo, self.posterior) = (heterogeneity, halo, posterior)
  }

  /// The liver's.
  ///
  /// - Parameter factors: a factor vector in the order of `LesionLook.factors`; values beyond 3.5 look as 3.5.
  init(factors: [Double]) {
    let z = factors.map { min(3.5, max(-3.5, $0)) }
    // Steep about zero: a study's lesions were seen, so few are as bright as the liver around them.
    let t = z[0] + 0.25
    contrast = -(1.6 * t + 12 * t / (1 + 3.2 * t * t).squareRoot())
    irregularity = 0.068 * PortableMath.exp(0.6 * min(2.8, z[1]))
    margin = 0.12 * PortableMath.exp(0.65 * min(3, z[2]))
    heterogeneity = 1.9 * PortableMath.exp(0.5 * z[3])
    halo = 11 / (1 + PortableMath.exp(-1.5 * (z[4] - 0.2)))
    posterior = -3.2 * z[5]
  }
}
