// InSilico: simulated cohorts with known truth. Random streams, the factor model with its ideal observer, speckle and
// scanner physics, and one scene and one cohort for each simulated system. It writes images, masks, a cohort table and the
// truth beside them; it trains nothing and computes no statistic. It may use Tables, Imaging and Ultrasound, and plain
// arithmetic only, so that a seed gives the same bytes on every machine.

public import Tables

/// The published systems whose examinations are simulated.
public enum SimulatedSystem: String, Sendable, CaseIterable {
  /// Grey scale and colour Doppler of soft tissue masses, with clinical indexes (S0).
  case softTissue = "soft-tissue"
  /// B-mode and contrast-enhanced frames of solid renal tumours (S1).
  case renal
  /// Liver B-mode with clinical factors (S2).
  case liver
  /// Clips swept through calcified thyroid nodules (S3).
  case calcifiedThyroid = "calcified-thyroid"
  /// B-mode, superb microvascular imaging and shear-wave elastography of thyroid nodules (S4).
  case thyroid
}

/// Where every simulated cohort starts.
public enum Simulator {
  /// A cohort of `system`.
  ///
  /// - Parameter settings: nil for the system's own.
  /// - Throws: `SimulationError.setting` naming the first setting out of range.
  public static func cohort(
    of system: SimulatedSystem, settings: CohortSettings? = nil
  ) throws(SimulationError) -> any SimulatedCohort {
    let settings = settings ?? CohortSettings(of: system)
    switch system {
    case .liver: return try LiverCohort(settings)
    case .softTissue: return try StudyCohort(SoftTissueStudy(settings), settings: settings)
    case .renal: return try StudyCohort(RenalStudy(settings), settings: settings)
    case .thyroid: return try StudyCohort(ThyroidStudy(settings), settings: settings)
    case .calcifiedThyroid: return try StudyCohort(CalcifiedThyroidStudy(settings), settings: settings)
    }
  }

  /// Liver B-mode: focal liver lesions with clinical factors (S2-01 to S2-07).
  ///
  /// - Throws: `SimulationError.setting` naming the first setting out of range.
  public static func liver(_ settings: LiverSettings = LiverSettings()) throws(SimulationError) -> LiverCohort {
    try LiverCohort(settings)
  }
}

/// What can go wrong in making or reading a simulated cohort.
public enum SimulationError: Error, CustomStringConvertible, Sendable, Equatable {
  /// A setting outside its range.
  case setting(name: String, value: String, expected: String)
  /// The destination is already there; nothing was changed.
  case exists(path: String)
  /// A file could not be written; the unfinished folder was removed.
  case output(OutputError)
  /// A simulation's record is missing or does not hold what it should.
  case record(path: String, reason: String)

  public var description: String {
    switch self {
    case .setting(let name, let value, let expected): "setting \(name): expected \(expected), found \(value)"
    case .exists(let path): "\(path): already exists; choose another folder or remove it first"
    case .output(let error): error.description
    case .record(let path, let reason): "\(path): \(reason)"
    }
  }
}
