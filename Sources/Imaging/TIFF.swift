internal import CStills

/// The first page of a TIFF through libtiff; what its samples mean as in Pillow: 16-bit colour keeps its high byte,
/// alpha is dropped (where colours were multiplied with it, they are divided again), 16-bit white-is-zero is not inverted.
enum TIFF {
  static func header(_ source: StillSource) throws(ImagingError) -> StillHeader {
    try open(source) { (_, header) throws(ImagingError) in
      StillHeader(
        width: Int(header.width), height: Int(header.height), orientation: Orientation(exif: header.orientation))
    }
  }

  static func decode(_ source: StillSource) throws(ImagingError) -> StoredStill {
    try open(source) { (handle, found) throws(ImagingError) in
      var header = found
      try CodecCall.run(on: source.name) { cs_tiff_plan(handle, &header, $0) }
      guard let meaning = TIFFMeaning(header) else {
        throw .unsupported(
          file: source.name,
          detail: "a TIFF of photometric \(header.photometric), \(header.samples) x \(header.bits) bits, "
            + "sample format \(header.format)")
      }
      var palette = [UInt16](repeating: 0, count: 768)
      let bytes: [UInt8] = try .filled(count: header.bytes) { (to) throws(ImagingError) in
        try CodecCall.run(on: source.name) { cs_tiff_read(handle, to.baseAddress, to.count, &palette, $0) }
      }
      let colors = Palette(triples: palette.map { UInt8($0 >> 8) })
      let raster = TIFFRaster(bytes: bytes, header: header)
      return StoredStill(
        width: Int(header.width), height: Int(header.height), bitsPerSample: Int(header.bits),
        isColor: meaning.isColor && (meaning != .indexed || colors.isColor),
        orientation: Orientation(exif: header.orientation), samples: raster.samples(meaning, colors))
    }
  }

  /// Opens the first directory, checks the size against the limits, and closes the handle after `body`.
  private static func open<Result>(
    _ source: StillSource, _ body: (OpaquePointer, cs_tiff_header) throws(ImagingError) -> Result
  ) throws(ImagingError) -> Result {
    try source.withBytes { (data) throws(ImagingError) in
      var handle: OpaquePointer?
      var header = cs_tiff_header()
      try CodecCall.run(on: source.name) { cs_tiff_open(data.baseAddress, data.count, &handle, &header, $0) }
      defer { cs_tiff_close(handle) }
      guard let handle else { throw .outOfMemory(file: source.name) }
      try source.check(width: Int(header.width), height: Int(header.height))
      return try body(handle, header)
    }
  }
}

/// What a TIFF's samples stand for.
enum TIFFMeaning: Equatable {
  case grey(inverted: Bool)
  case grey16
  case rgb
  /// Colours multiplied with the alpha that follows them.
  case multipliedRGB
  case cmyk
  case indexed

  var isColor: Bool {
    switch self {
    case .grey, .grey16: false
    case .rgb, .multipliedRGB, .cmyk, .indexed: true
    }
  }

  /// Nil for what Pillow does not read either, and for signed, 32-bit and floating-point samples.
  init?(_ header: cs_tiff_header) {
    let colors: UInt16 =
      switch header.photometric {
      case 0, 1, 3: 1
      case 2: 3
      case 5: 4
      case 6: header.samples == 1 ? 1 : 3
      default: 0
      }
    guard colors > 0, header.samples >= colors, header.format == 1 || (header.format == 2 && header.bits == 8) else {
      return nil
    }
    let isLong = header.bits == 16
    switch header.photometric {
    case 0, 1:
      guard header.samples <= (header.bits == 8 ? 2 : 1) else { return nil }
      if isLong && header.photometric == 0 && header.big_endian != 0 { return nil }
      self = isLong ? .grey16 : .grey(inverted: header.photometric == 0)
    case 2: self = header.extra_count > 0 && header.extra.0 == 1 ? .multipliedRGB : .rgb
    case 3:
      guard !isLong else { return nil }
      self = .indexed
    case 5: self = .cmyk
    default:
      guard header.bits == 8 else { return nil }
      self = header.samples == 1 ? .grey(inverted: false) : .rgb
    }
  }
}

/// The samples as libtiff gives them.
private struct TIFFRaster {
  let bytes: [UInt8]
  let header: cs_tiff_header
  var count: Int { Int(header.width) * Int(header.height) }
  private var isRGBA: Bool { header.as_rgba != 0 }

  /// Of samples of whole bytes: where the first pixel's channel stands, and how far it is to the next pixel's. Of 16 bits, the
  /// high byte.
  private func channel(_ index: Int) -> (start: Int, step: Int) {
    let size = isRGBA ? 1 : Int(header.bits) / 8
    let high = size == 2 && UInt16(1).littleEndian == 1 ? 1 : 0
    if isRGBA { return (index, 4) }
    if header.planar == 1 { return (index * size + high, Int(header.samples) * size) }
    return (index * count * size + high, size)
  }

  func samples(_ meaning: TIFFMeaning, _ palette: Palette) -> Still.Samples {
    switch meaning {
    case .grey(let inverted):
      let scale = header.bits < 8 ? UInt8(255 / ((1 << Int(header.bits)) - 1)) : 1
      let flip: UInt8 = inverted ? 255 : 0
      return .grey(values().map { ($0 &* scale) ^ flip })
    case .indexed: return .rgb(palette.applied(to: values()))
    case .grey16:
      return .grey16(bytes.withUnsafeBytes { [UInt16]($0.bindMemory(to: UInt16.self)) })
    case .rgb: return .rgb(triples { red, green, blue, _ in (red, green, blue) })
    case .cmyk:
      return .rgb(
        triples { cyan, magenta, yellow, black in
          let light = 255 - black
          return (TIFFRaster.inked(cyan, light), TIFFRaster.inked(magenta, light), TIFFRaster.inked(yellow, light))
        })
    case .multipliedRGB:
      return .rgb(
        triples { red, green, blue, alpha in
          (TIFFRaster.divided(red, alpha), TIFFRaster.divided(green, alpha), TIFFRaster.divided(blue, alpha))
        })
    }
  }

  /// The first channel, a byte a pixel, of up to 8 bits.
  private func values() -> [UInt8] {
    let (width, row, bits) = (Int(header.width), header.row_bytes, Int(header.bits))
    let (start, step) = bits == 8 ? channel(0) : (0, 0)
    if bits == 8 && step == 1 && start == 0 && bytes.count == count { return bytes }
    let mask = UInt8(truncatingIfNeeded: (1 << bits) - 1)
    return [UInt8](unsafeUninitializedCapacity: count) { to, filled in
      bytes.withUnsafeBufferPointer { from in
        if bits == 8 {
          for index in 0..<count { to[index] = from[start + index * step] }
        } else {
          for y in 0..<Int(header.height) {
            for x in 0..<width {
              let bit = x * bits
              to[y * width + x] = (from[y * row + (bit >> 3)] >> UInt8(8 - bits - (bit & 7))) & mask
            }
          }
        }
      }
      filled = count
    }
  }

  /// The picture in RGB from the first three or four channels (the fourth is 0 where there is none).
  @inline(__always)
  private func triples(_ color: (UInt8, UInt8, UInt8, UInt8) -> (UInt8, UInt8, UInt8)) -> [UInt8] {
    let (first, second, third) = (channel(0), channel(1), channel(2))
    let fourth = header.samples > 3 || isRGBA ? channel(3) : nil
    return [UInt8](unsafeUninitializedCapacity: count * 3) { to, filled in
      bytes.withUnsafeBufferPointer { from in
        for index in 0..<count {
          let extra = fourth.map { from[$0.start + index * $0.step] } ?? 0
          (to[3 * index], to[3 * index + 1], to[3 * index + 2]) = color(
            from[first.start + index * first.step], from[second.start + index * second.step],
            from[third.start + index * third.step], extra)
        }
      }
      filled = count * 3
    }
  }

  /// Light left by an ink, with Pillow's rounding division by 255.
  private static func inked(_ ink: UInt8, _ light: UInt8) -> UInt8 {
    let product = Int(ink) * Int(light) + 128
    return UInt8(max(0, Int(light) - (((product >> 8) + product) >> 8)))
  }

  private static func divided(_ color: UInt8, _ alpha: UInt8) -> UInt8 {
    alpha == 0 ? 0 : UInt8(min(255, 255 * Int(color) / Int(alpha)))
  }
}
