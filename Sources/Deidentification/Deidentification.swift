// Deidentification: DICOM files without the people in them: PS3.15's Basic Application Level Confidentiality Profile with its
// options, pixels blanked where a finder of burned-in text says so, the key kept apart, each file searched for what should be
// gone before it gets its name. It finds no text in pixels itself. May import DICOM, Imaging, Tables and Crypto.

/// What is kept beyond the Basic Profile, and how.
public struct DeidentificationOptions: Sendable, Hashable, Codable {
  public enum Dates: String, Sendable, Hashable, Codable, CaseIterable {
    /// Back by one number of days for all of a patient's dates; times of day stay.
    case shift
    /// As the Basic Profile has it.
    case remove
    case keep
  }

  public var dates = Dates.shift
  /// Serial number, station, calibration; maker and model stay in any case, since the profile does not name them.
  public var keepsDevice = false
  public var keepsInstitution = false
  /// Sex, age (90 and over as 90), size, weight, smoking, pregnancy; allergies and needs through the vocabulary.
  public var keepsPatientCharacteristics = true
  public var keepsUIDs = false
  /// Private elements that PS3.15 Table E.3.10-1, or the file's own (0008,0300), calls safe.
  public var keepsSafePrivate = false
  /// Descriptions keep the words of ``DescriptorVocabulary``; without it they are removed.
  public var cleansDescriptors = true

  public init() {}

  /// Codes of CID 7050 of what is done to a header; the pixels' own is added where they were cleaned.
  var methods: [(code: String, meaning: String)] {
    var codes = [("113100", "Basic Application Confidentiality Profile")]
    if cleansDescriptors { codes.append(("113105", "Clean Descriptors Option")) }
    switch dates {
    case .shift: codes.append(("113107", "Retain Longitudinal Temporal Information Modified Dates Option"))
    case .keep: codes.append(("113106", "Retain Longitudinal Temporal Information Full Dates Option"))
    case .remove: break
    }
    if keepsPatientCharacteristics { codes.append(("113108", "Retain Patient Characteristics Option")) }
    if keepsDevice { codes.append(("113109", "Retain Device Identity Option")) }
    if keepsUIDs { codes.append(("113110", "Retain UIDs Option")) }
    if keepsSafePrivate { codes.append(("113111", "Retain Safe Private Option")) }
    if keepsInstitution { codes.append(("113112", "Retain Institution Identity Option")) }
    return codes.map { (code: $0.0, meaning: $0.1) }
  }
}
