/// placeholder
enum TIFF {
  static func header(_ source: StillSource) throws(ImagingError) -> StillHeader {
    throw .unsupported(file: source.name, detail: "TIFF")
  }
  static func decode(_ source: StillSource) throws(ImagingError) -> StoredStill {
    throw .unsupported(file: source.name, detail: "TIFF")
  }
}
enum BMP {
  static func header(_ source: StillSource) throws(ImagingError) -> StillHeader {
    throw .unsupported(file: source.name, detail: "BMP")
  }
  static func decode(_ source: StillSource) throws(ImagingError) -> StoredStill {
    throw .unsupported(file: source.name, detail: "BMP")
  }
}
