/// Why a still or clip could not be read, or a still not written. Every case of reading names the file.
public enum ImagingError: Error, CustomStringConvertible, Sendable, Equatable {
  /// The file cannot be opened or read; `reason` is the operating system's.
  case unreadable(file: String, reason: String)
  /// A folder, pipe or device stands where a file was expected.
  case notAFile(file: String)
  case empty(file: String)
  /// The content is none of PNG, JPEG, BMP, TIFF, whatever the name says.
  case unknownFormat(file: String)
  /// The file ends before its pixels do.
  case truncated(file: String, detail: String)
  case corrupt(file: String, detail: String)
  /// Well formed, but of a kind that is not read.
  case unsupported(file: String, detail: String)
  /// More pixels declared than `DecodeLimits` allows.
  case tooManyPixels(file: String, width: Int, height: Int, limit: Int)
  case fileTooLarge(file: String, bytes: Int, limit: Int)
  case outOfMemory(file: String)
  /// What a clip's reader found.
  case clip(file: String, problem: ClipProblem)
  /// An image that cannot be written in the wished format.
  case notEncodable(format: StillFormat, detail: String)

  public var description: String {
    switch self {
    case .unreadable(let file, let reason): "\(file): cannot be read: \(reason)"
    case .notAFile(let file): "\(file): expected an image file, found a folder or device"
    case .empty(let file): "\(file): expected an image, found an empty file"
    case .unknownFormat(let file): "\(file): expected a PNG, JPEG, BMP or TIFF image, found other content"
    case .truncated(let file, let detail): "\(file): the image is cut short: \(detail)"
    case .corrupt(let file, let detail): "\(file): the image is damaged: \(detail)"
    case .unsupported(let file, let detail): "\(file): this kind of image is not read: \(detail)"
    case .tooManyPixels(let file, let width, let height, let limit):
      "\(file): the image declares \(width) x \(height) pixels, more than the limit of \(limit)"
    case .fileTooLarge(let file, let bytes, let limit):
      "\(file): the file has \(bytes) bytes, more than the limit of \(limit)"
    case .outOfMemory(let file): "\(file): not enough memory to decode the image"
    case .clip(let file, let problem): "\(file): \(problem)"
    case .notEncodable(let format, let detail): "cannot write the image as \(format.rawValue): \(detail)"
    }
  }
}
