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

  public var description: String {
    switch self {
    case .unreadable(let file, let reason): "\(file): cannot be read: \(reason)"
    case .notAFile(let file): "\(file): expected a DICOM file, found a folder or device"
    case .empty(let file): "\(file): expected a DICOM file, found an empty file"
    case .notDICOM(let file, let detail): "\(file): expected a DICOM file: \(detail)"
    case .truncated(let file, let detail): "\(file): the file is cut short: \(detail)"
    case .corrupt(let file, let detail): "\(file): the file is damaged: \(detail)"
    case .unsupported(let file, let detail): "\(file): this kind of DICOM file is not read: \(detail)"
    case .noPicture(let file, let detail): "\(file): holds no picture: \(detail)"
    case .attribute(let file, let attribute, let expected, let found):
      "\(file): \(attribute): expected \(expected), found \(found)"
    case .tooLarge(let file, let detail): "\(file): more than is allowed: \(detail)"
    case .outOfMemory(let file): "\(file): not enough memory to decode the frame"
    case .noSuchFrame(let file, let index, let frames):
      "\(file): frame \(index + 1) was asked for, the file has \(frames)"
    }
  }
}
