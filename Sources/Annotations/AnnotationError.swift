public import DICOM

/// Why a file of annotations could not be read. Every case names the file.
public enum AnnotationError: Error, CustomStringConvertible, Sendable, Equatable {
  case unreadable(file: String, reason: String)
  case tooLarge(file: String, place: String, found: String, limit: Int)
  /// The content is of no kind that is read.
  case unknownKind(file: String, found: String)
  /// The text is no JSON or XML; lines and columns count from 1, columns in bytes.
  case syntax(file: String, line: Int, column: Int, detail: String)
  /// Well formed, and wrong at `place`: a path such as `annotations[3].bbox`, counted from 0.
  case wrong(file: String, place: String, expected: String, found: String)
  /// A DICOM file that cannot be opened or decoded.
  case dicom(DICOMError)

  public var description: String {
    switch self {
    case .unreadable(let file, let reason): "\(file): cannot be read: \(reason)"
    case .tooLarge(let file, let place, let found, let limit):
      "\(file): \(place): \(found), more than the limit of \(limit)"
    case .unknownKind(let file, let found):
      "\(file): expected annotations (LabelMe, COCO, CVAT, Pair, DICOM segmentation or report), found \(found)"
    case .syntax(let file, let line, let column, let detail): "\(file):\(line):\(column): \(detail)"
    case .wrong(let file, let place, let expected, let found): "\(file): \(place): expected \(expected), found \(found)"
    case .dicom(let error): error.description
    }
  }
}
