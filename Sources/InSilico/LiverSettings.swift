/// What a simulated liver cohort is made from; two equal settings give the same bytes.
public struct LiverSettings: Codable, Sendable, Hashable {
  /// 4 or more.
  public var patients: Int
  /// 1...20 (S2-03 takes 4 lesion images per prediction).
  public var imagesPerLesion: Int
  /// 1...2: the share above 1 is the share of patients with a second lesion.
  public var lesionsPerPatient: Double
  /// Share of malignant patients, above 0 and below 1; about 0.8 in S2, 0.5 here so that a small cohort serves both classes.
  public var prevalence: Double
  /// AUC of the ideal observer of the B-mode factors, 0.5...0.9999.
  public var idealAUC: Double
  /// AUC of the ideal observer of the six clinical factors other than the halo, 0.5...0.9999.
  public var idealClinicalAUC: Double
  public var seed: UInt64
  /// Side of each picture in pixels, 96...1024.
  public var imageSize: Int

  public init(
    patients: Int = 120, imagesPerLesion: Int = 2, lesionsPerPatient: Double = 1.1, prevalence: Double = 0.5,
    idealAUC: Double = 0.95, idealClinicalAUC: Double = 0.85, seed: UInt64 = 1, imageSize: Int = 320
  ) {
    (self.patients, self.imagesPerLesion, self.lesionsPerPatient) = (patients, imagesPerLesion, lesionsPerPatient)
    (self.prevalence, self.idealAUC, self.idealClinicalAUC) = (prevalence, idealAUC, idealClinicalAUC)
    (self.seed, self.imageSize) = (seed, imageSize)
  }

  func check() throws(SimulationError) {
    func require(_ met: Bool, _ name: String, _ value: Any, _ expected: String) throws(SimulationError) {
      if !met { throw .setting(name: name, value: "\(value)", expected: expected) }
    }
    try require((4...100_000).contains(patients), "patients", patients, "4 to 100000")
    try require((1...20).contains(imagesPerLesion), "imagesPerLesion", imagesPerLesion, "1 to 20")
    try require((1...2).contains(lesionsPerPatient), "lesionsPerPatient", lesionsPerPatient, "1 to 2")
    try require(prevalence > 0 && prevalence < 1, "prevalence", prevalence, "above 0 and below 1")
    try require((0.5...0.9999).contains(idealAUC), "idealAUC", idealAUC, "0.5 to 0.9999")
    try require((0.5...0.9999).contains(idealClinicalAUC), "idealClinicalAUC", idealClinicalAUC, "0.5 to 0.9999")
    try require((96...1024).contains(imageSize), "imageSize", imageSize, "96 to 1024")
  }
}
