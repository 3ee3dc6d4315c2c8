internal import CStills

/// PNG through libpng. Reading as Pillow: 16-bit colour keeps its high byte, alpha and transparent colours are dropped,
/// indices beyond the palette are black.
public enum PNG {
  public static func encode(_ image: RGBImage) throws(ImagingError) -> [UInt8] {
    try encode(image.pixels, width: image.width, height: image.height, channels: 3)
  }

  public static func encode(_ image: GreyImage) throws(ImagingError) -> [UInt8] {
    try encode(image.pixels, width: image.width, height: image.height, channels: 1)
  }

  private static func encode(
    _ pixels: [UInt8], width: Int, height: Int, channels: Int32
  ) throws(ImagingError) -> [UInt8] {
    guard (1...0x7fff_ffff).contains(width), (1...0x7fff_ffff).contains(height) else {
      throw .notEncodable(format: .png, detail: "a PNG cannot have \(width) x \(height) pixels")
    }
    return try CodecCall.encode(.png) { out, count, message in
      cs_png_encode(pixels, UInt32(width), UInt32(height), channels, out, count, message)
    }
  }

  static func header(_ source: StillSource) throws(ImagingError) -> StillHeader {
    try open(source) { (_, header) throws(ImagingError) in
      StillHeader(
        width: Int(header.width), height: Int(header.height), orientation: Orientation(exif: header.orientation))
    }
  }

  static func decode(_ source: StillSource) throws(ImagingError) -> StoredStill {
    try open(source) { (handle, header) throws(ImagingError) in
      var still = StoredStill(
        width: Int(header.width), height: Int(header.height), bitsPerSample: Int(header.bits),
        isColor: cs_layout(UInt32(header.layout)) == CS_RGB8, orientation: Orientation(exif: header.orientation),
        samples: .grey([]))
      let count = still.width * still.height
      var palette = Palette()
      switch cs_layout(UInt32(header.layout)) {
      case CS_GREY16:
        still.samples = .grey16(
          try .filled(count: count) { (to) throws(ImagingError) in
            try read(handle, into: UnsafeMutableRawBufferPointer(to), palette: &palette, source)
          })
      case CS_RGB8:
        still.samples = .rgb(
          try .filled(count: count * 3) { (to) throws(ImagingError) in
            try read(handle, into: UnsafeMutableRawBufferPointer(to), palette: &palette, source)
          })
      default:
        let values: [UInt8] = try .filled(count: count) { (to) throws(ImagingError) in
          try read(handle, into: UnsafeMutableRawBufferPointer(to), palette: &palette, source)
        }
        if cs_layout(UInt32(header.layout)) == CS_INDEX8 {
          still.isColor = palette.isColor
          still.samples = .rgb(palette.applied(to: values))
        } else {
          still.samples = .grey(values)
        }
      }
      return still
    }
  }

  private static func read(
    _ handle: OpaquePointer, into buffer: UnsafeMutableRawBufferPointer, palette: inout Palette, _ source: StillSource
  ) throws(ImagingError) {
    let bytes = buffer.bindMemory(to: UInt8.self)
    try CodecCall.run(on: source.name) { cs_png_read(handle, bytes.baseAddress, bytes.count, &palette.triples, $0) }
  }

  /// Opens the header, checks the size against the limits, and closes the handle after `body`.
  private static func open<Result>(
    _ source: StillSource, _ body: (OpaquePointer, cs_header) throws(ImagingError) -> Result
  ) throws(ImagingError) -> Result {
    try source.withBytes { (data) throws(ImagingError) in
      var handle: OpaquePointer?
      var header = cs_header()
      try CodecCall.run(on: source.name) { cs_png_open(data.baseAddress, data.count, &handle, &header, $0) }
      defer { cs_png_close(handle) }
      guard let handle else { throw .outOfMemory(file: source.name) }
      try source.check(width: Int(header.width), height: Int(header.height))
      return try body(handle, header)
    }
  }
}
