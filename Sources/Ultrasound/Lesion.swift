// Ultrasound: the words of the domain as values. Imports nothing but Foundation; knows no file, no network, no library.

/// What histology or follow-up says of a lesion. The positive class of every statistic is `malignant`.
public enum Label: String, Codable, Sendable, CaseIterable {
  case benign, malignant

  /// 0 benign, 1 malignant: the number written to predictions.csv.
  public var value: Int { self == .malignant ? 1 : 0 }

  public init?(value: Int) {
    switch value {
    case 0: self = .benign
    case 1: self = .malignant
    default: return nil
    }
  }
}

/// How an image was made.
public enum Modality: String, Codable, Sendable, CaseIterable {
  case bMode = "b-mode"
  case colorDoppler = "color-doppler"
  case powerDoppler = "power-doppler"
  case superbMicrovascular = "smi"
  case shearWave = "swe"
  case contrast = "ceus"
}

/// State of the organ around the lesion (S2-07).
public enum Background: String, Codable, Sendable, CaseIterable {
  case normal, steatosis, fibrosis
}

/// The part of a study an image belongs to, as a cohort table's `split` column names it.
public enum Split: String, Codable, Sendable, CaseIterable {
  case train, validation
  case internalTest = "internal-test"
  case externalTest = "external-test"
}
