import Figures

/// One row of a statistic: the score of one image, lesion or patient from one fold's network.
public struct UnitScore: Sendable, Hashable {
  /// Name of the image, lesion or patient.
  public var name: String
  public var patient: String
  public var site: String
  public var fold: Int
  public var isMalignant: Bool
  /// Malignancy probability, 0 to 1.
  public var score: Double
  /// Images it was made from.
  public var images: Int

  public init(
    name: String, patient: String, site: String, fold: Int, isMalignant: Bool, score: Double, images: Int
  ) {
    (self.name, self.patient, self.site, self.fold) = (name, patient, site, fold)
    (self.isMalignant, self.score, self.images) = (isMalignant, score, images)
  }
}

extension CurvePoints {
  init?(_ rows: [UnitScore], step: Double = 0.002) {
    self.init(scores: rows.map(\.score), positives: rows.map(\.isMalignant), step: step)
  }
}
