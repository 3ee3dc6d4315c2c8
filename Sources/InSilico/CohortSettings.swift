/// What a simulated cohort is made from; with the system, two equal settings give the same bytes.
public struct CohortSettings: Codable, Sendable, Hashable {
  /// 4 or more.
  public var patients: Int
  /// 1...20. What counts is one acquisition: a picture, a pair or triple of modalities, or a clip (S2-03 takes 4 lesion images
  /// per prediction).
  public var imagesPerLesion: Int
  /// 1...2 for the liver: the share above 1 is the share of patients with a second lesion. 1...4 elsewhere.
  public var lesionsPerPatient: Double
  /// Share of malignant patients, above 0 and below 1; of malignant nodules in the calcified-thyroid system. About 0.8 in S2,
  /// 0.5 in the liver cohort so that a small one serves both classes.
  public var prevalence: Double
  /// AUC of the ideal observer of all factors that the images show, 0.5...0.9999.
  public var idealAUC: Double
  /// AUC of the ideal observer of the clinical factors that are no reading of an image, 0.5...0.9999.
  public var idealClinicalAUC: Double
  public var seed: UInt64
  /// Side of each picture in pixels, 96...1024.
  public var imageSize: Int
  /// Frames of a clip, 4...128; nil where the system makes stills.
  public var frames: Int?

  public init(
    patients: Int = 120, imagesPerLesion: Int = 2, lesionsPerPatient: Double = 1.1, prevalence: Double = 0.5,
    idealAUC: Double = 0.95, idealClinicalAUC: Double = 0.85, seed: UInt64 = 1, imageSize: Int = 320,
    frames: Int? = nil
  ) {
    (self.patients, self.imagesPerLesion, self.lesionsPerPatient) = (patients, imagesPerLesion, lesionsPerPatient)
    (self.prevalence, self.idealAUC, self.idealClinicalAUC) = (prevalence, idealAUC, idealClinicalAUC)
    (self.seed, self.imageSize, self.frames) = (seed, imageSize, frames)
  }

  /// The system's own cohort: the study's size and prevalence where they are small enough to simulate in minutes.
  public init(of system: SimulatedSystem) {
    switch system {
    case .liver: self.init()
    // S0-01: 733 masses, 271 of them malignant.
    case .softTissue:
      self.init(
        patients: 733, imagesPerLesion: 1, lesionsPerPatient: 1, prevalence: 271.0 / 733, idealClinicalAUC: 0.75)
    // S1-01: 181 patients, 100 of them malignant; two frames of each phase.
    case .renal:
      self.init(
        patients: 181, imagesPerLesion: 4, lesionsPerPatient: 1, prevalence: 100.0 / 181, idealClinicalAUC: 0.62)
    // S4 tells no number of patients.
    case .thyroid: self.init(patients: 240, imagesPerLesion: 1, lesionsPerPatient: 1.2, idealClinicalAUC: 0.6)
    // S3-01: 1.84 nodules a patient; S3-05: 57 of 232 malignant.
    case .calcifiedThyroid:
      self.init(
        patients: 120, imagesPerLesion: 1, lesionsPerPatient: 2319.0 / 1257, prevalence: 57.0 / 232,
        idealClinicalAUC: 0.5, imageSize: 160, frames: 16)
    }
  }

  func check(for system: SimulatedSystem) throws(SimulationError) {
    func require(_ met: Bool, _ name: String, _ value: Any, _ expected: String) throws(SimulationError) {
      if !met { throw .setting(name: name, value: "\(value)", expected: expected) }
    }
    let most = system == .liver ? 2.0 : 4.0
    try require((4...100_000).contains(patients), "patients", patients, "4 to 100000")
    try require((1...20).contains(imagesPerLesion), "imagesPerLesion", imagesPerLesion, "1 to 20")
    try require(
      (1...most).contains(lesionsPerPatient), "lesionsPerPatient", lesionsPerPatient, "1 to \(Int(most))")
    try require(prevalence > 0 && prevalence < 1, "prevalence", prevalence, "above 0 and below 1")
    try require((0.5...0.9999).contains(idealAUC), "idealAUC", idealAUC, "0.5 to 0.9999")
    try require((0.5...0.9999).contains(idealClinicalAUC), "idealClinicalAUC", idealClinicalAUC, "0.5 to 0.9999")
    try require((96...1024).contains(imageSize), "imageSize", imageSize, "96 to 1024")
    if system == .calcifiedThyroid {
      try require((4...128).contains(frames ?? 0), "frames", frames ?? 0, "4 to 128")
    } else {
      try require(frames == nil, "frames", frames ?? 0, "none: \(system.rawValue) images are stills")
    }
  }
}

/// The liver's settings are the defaults of every setting.
public typealias LiverSettings = CohortSettings
