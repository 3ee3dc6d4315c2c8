public import Foundation

/// Decodes still pictures as Pillow 13 does: `ImageOps.exif_transpose(Image.open(file))`, then `convert("RGB")` or
/// `convert("L")` of the result. A file that Pillow refuses is refused; so are, beyond Pillow, a PNG or JPEG without its end
/// mark and a PNG whose check sums fail, since in a cohort a cut or damaged file is one to fetch again.
public enum Stills {
  /// - Throws: `ImagingError`, naming the file.
  public static func decode(_ file: URL, limits: DecodeLimits = .standard) throws(ImagingError) -> Still {
    try decode(data: StillBytes.read(file, limits: limits), name: file.path, limits: limits)
  }

  /// - Parameter name: what errors call the data.
  public static func decode(
    data: [UInt8], name: String, limits: DecodeLimits = .standard
  ) throws(ImagingError) -> Still {
    guard !data.isEmpty else { throw .empty(file: name) }
    guard let format = StillFormat(signature: data) else { throw .unknownFormat(file: name) }
    let source = StillSource(data: data, name: name, limits: limits)
    let stored =
      switch format {
      case .png: try PNG.decode(source)
      case .jpeg: try JPEG.decode(source)
      case .bmp: try BMP.decode(source)
      case .tiff: try TIFF.decode(source)
      }
    return stored.upright(format)
  }

  /// The upright size, from the header and its orientation alone: the pixels are not decoded, so a file cut in them passes.
  public static func size(_ file: URL) throws(ImagingError) -> (width: Int, height: Int) {
    let limits = DecodeLimits.standard
    let data = try StillBytes.read(file, limits: limits)
    guard let format = StillFormat(signature: data) else { throw .unknownFormat(file: file.path) }
    let source = StillSource(data: data, name: file.path, limits: limits)
    let header =
      switch format {
      case .png: try PNG.header(source)
      case .jpeg: try JPEG.header(source)
      case .bmp: try BMP.header(source)
      case .tiff: try TIFF.header(source)
      }
    return header.orientation.size(width: header.width, height: header.height)
  }
}

/// The size and orientation a file declares.
struct StillHeader {
  var width: Int
  var height: Int
  var orientation: Orientation
}

/// A file's bytes on their way through a reader.
struct StillSource {
  let data: [UInt8]
  let name: String
  let limits: DecodeLimits

  /// Refuses sizes of zero and sizes over the limit, before anything is allocated for them.
  func check(width: Int, height: Int) throws(ImagingError) {
    guard width > 0, height > 0 else {
      throw .corrupt(file: name, detail: "it declares \(width) x \(height) pixels")
    }
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, pixels <= limits.maximumPixels else {
      throw .tooManyPixels(file: name, width: width, height: height, limit: limits.maximumPixels)
    }
  }

  /// The bytes where a C library can see them, for the time of `body`.
  func withBytes<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws(ImagingError) -> Result
  ) throws(ImagingError) -> Result {
    let outcome: Swift.Result<Result, ImagingError> = data.withUnsafeBufferPointer { bytes in
      do throws(ImagingError) { return .success(try body(bytes)) } catch { return .failure(error) }
    }
    return try outcome.get()
  }
}
