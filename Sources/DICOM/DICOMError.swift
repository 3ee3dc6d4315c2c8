/// Why a DICOM file, or a frame of it, could not be read. Every case names the file.
public enum DICOMError: Error, CustomStringConvertible, Sendable, Equatable {
  /// The file cannot be opened or read; `reason` is the operating system's.
  case unreadable(file: String, reason: String)
  /// A folder, pipe or device stands where a file was expected.
  case notAFile(file: String)
  case empty(file: String)
  /// The content is no DICOM data set.
  case notDICOM(file: String, detail: String)
  /// The file ends before what it declares.
  case truncated(file: String, detail: String)
  case corrupt(file: String, detail: String)
  /// Well formed, but of a kind that is not read.
  case unsupported(file: String, detail: String)
  /// A directory, report, waveform or another object that holds no picture.
  case noPicture(file: String, detail: String)
  /// An attribute that is absent or holds what it may not.
  case attribute(file: String, attribute: String, expected: String, found: String)
  /// More than `DICOMLimits` allows.
  case tooLarge(file: String, detail: String)
  case outOfMemory(file: String)
  /// A frame that the file does not have; `index` counts from 0.
  case noSuchFrame(file: String, index: Int, frames: Int)
  /// A file that was to be written cannot be made there.
  case cannotCreate(file: String, reason: String)
  /// It was made, and then the disk was full or failed.
  case writeFailed(file: String, reason: String)

  public var description: String { "\(file): \(reason)" }

  public var file: String {
    switch self {
    case .unreadable(let file, _), .notAFile(let file), .empty(let file), .notDICOM(let file, _),
      .truncated(let file, _), .corrupt(let file, _), .unsupported(let file, _), .noPicture(let file, _),
      .attribute(let file, _, _, _), .tooLarge(let file, _), .outOfMemory(let file), .noSuchFrame(let file, _, _),
      .cannotCreate(let file, _), .writeFailed(let file, _):
      file
    }
  }

  /// The description without the file.
  public var reason: String {
    switch self {
    case .unreadable(_, let reason): "cannot be read: \(reason)"
    case .notAFile: "expected a DICOM file, found a folder or device"
    case .empty: "expected a DICOM file, found an empty file"
    case .notDICOM(_, let detail): "expected a DICOM file: \(detail)"
    case .truncated(_, let detail): "the file is cut short: \(detail)"
    case .corrupt(_, let detail): "the file is damaged: \(detail)"
    case .unsupported(_, let detail): "this kind of DICOM file is not read: \(detail)"
    case .noPicture(_, let detail): "holds no picture: \(detail)"
    case .attribute(_, let attribute, let expected, let found): "\(attribute): expected \(expected), found \(found)"
    case .tooLarge(_, let detail): "more than is allowed: \(detail)"
    case .outOfMemory: "not enough memory to decode the frame"
    case .noSuchFrame(_, let index, let frames): "frame \(index), counted from 0, was asked for; the file has \(frames)"
    case .cannotCreate(_, let reason): "cannot be made: \(reason)"
    case .writeFailed(_, let reason): "cannot be written: \(reason)"
    }
  }
}
