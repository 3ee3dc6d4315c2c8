public import DICOM
public import Tables

/// Why a file was not de-identified, or a key not used. No message says what a header held.
public enum DeidentificationError: Error, CustomStringConvertible, Sendable, Equatable {
  case dicom(DICOMError)
  /// A kind of object that is not de-identified, or one without what it must have.
  case refused(file: String, reason: String)
  /// The finder of burned-in text failed, or its mask cannot be used.
  case pixels(file: String, reason: String)
  /// The written file still held something of the source's identity, and was removed.
  case leak(file: String, places: [String])
  /// The key file cannot be used; it was not changed.
  case key(file: String, reason: String)
  /// A place where the key or the output may not lie.
  case place(path: String, reason: String)
  case output(OutputError)

  public var description: String {
    switch self {
    case .dicom(let error): error.description
    case .refused(let file, let reason), .pixels(let file, let reason): "\(file): \(reason)"
    case .leak(let file, let places):
      "\(file): refused, since the result still held " + places.prefix(5).joined(separator: "; ")
        + (places.count > 5 ? "; and \(places.count - 5) more" : "")
    case .key(let file, let reason): "key file \(file): \(reason)"
    case .place(let path, let reason): "\(path): \(reason)"
    case .output(let error): error.description
    }
  }

  /// The description without the file.
  public var reason: String {
    switch self {
    case .dicom(let error): error.reason
    case .refused(_, let reason), .pixels(_, let reason), .key(_, let reason), .place(_, let reason): reason
    case .leak(_, let places): "refused, since the result still held " + places.prefix(5).joined(separator: "; ")
    case .output: description
    }
  }

  /// In a word or two, for counts.
  public var kind: String {
    switch self {
    case .dicom: "not readable"
    case .refused: "not de-identified"
    case .pixels: "pixels"
    case .leak: "identity left"
    case .key: "key"
    case .place: "place"
    case .output: "output"
    }
  }
}
