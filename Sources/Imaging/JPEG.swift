internal import CStills

/// JPEG through libjpeg-turbo, at Pillow's settings. CMYK and YCCK are taken as Adobe's inverted inks, as Pillow does.
public enum JPEG {
  /// Baseline JPEG with 4:2:0 chroma.
  /// - Parameter quality: 1...100, as libjpeg's; values outside are cut.
  public static func encode(_ image: RGBImage, quality: Int) throws(ImagingError) -> [UInt8] {
    guard (1...65_500).contains(image.width), (1...65_500).contains(image.height) else {
      throw .notEncodable(format: .jpeg, detail: "a JPEG cannot have \(image.width) x \(image.height) pixels")
    }
    return try CodecCall.encode(.jpeg) { out, count, message in
      cs_jpeg_encode(
        image.pixels, UInt32(image.width), UInt32(image.height), Int32(min(max(quality, 1), 100)), out, count, message)
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
      let isColor = cs_layout(UInt32(header.layout)) == CS_RGB8
      let pixels: [UInt8] = try .filled(count: header.bytes) { (to) throws(ImagingError) in
        try CodecCall.run(on: source.name) { cs_jpeg_read(handle, to.baseAddress, to.count, $0) }
      }
      return StoredStill(
        width: Int(header.width), height: Int(header.height), bitsPerSample: Int(header.bits), isColor: isColor,
        orientation: Orientation(exif: header.orientation), samples: isColor ? .rgb(pixels) : .grey(pixels))
    }
  }

  /// Opens the header, checks the size against the limits, and closes the handle after `body`.
  private static func open<Result>(
    _ source: StillSource, _ body: (OpaquePointer, cs_header) throws(ImagingError) -> Result
  ) throws(ImagingError) -> Result {
    try source.withBytes { (data) throws(ImagingError) in
      var handle: OpaquePointer?
      var header = cs_header()
      try CodecCall.run(on: source.name) { cs_jpeg_open(data.baseAddress, data.count, &handle, &header, $0) }
      defer { cs_jpeg_close(handle) }
      guard let handle else { throw .outOfMemory(file: source.name) }
      try source.check(width: Int(header.width), height: Int(header.height))
      return try body(handle, header)
    }
  }
}
