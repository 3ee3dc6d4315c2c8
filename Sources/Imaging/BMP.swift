/// Windows and OS/2 bitmaps, read as Pillow reads them: 1, 4, 8 bits with a palette, 16, 24, 32 bits, bit fields of the usual
/// layouts, RLE4 and RLE8, rows from either end. No library for it is small enough to depend on; every access is checked.
enum BMP {
  static func header(_ source: StillSource) throws(ImagingError) -> StillHeader {
    let header = try BMPHeader(source)
    return StillHeader(width: header.width, height: header.height, orientation: .upright)
  }

  static func decode(_ source: StillSource) throws(ImagingError) -> StoredStill {
    let header = try BMPHeader(source)
    var still = StoredStill(
      width: header.width, height: header.height, bitsPerSample: header.bits == 16 ? 5 : min(header.bits, 8),
      isColor: true, orientation: .upright, samples: .grey([]))
    if header.isRunLength {
      let indices = try BMPRuns.decode(source, header)
      (still.samples, still.isColor) = header.colored(BMPRuns.fromTop(indices, header))
    } else if header.bits <= 8 {
      (still.samples, still.isColor) = header.colored(try unpackIndices(source, header))
    } else {
      still.samples = .rgb(try unpackColors(source, header))
    }
    return still
  }

  /// The bytes of each row, from the top of the picture, after checking that the file holds them all.
  private static func withRows(
    _ source: StillSource, _ header: BMPHeader, _ body: (_ row: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Void
  ) throws(ImagingError) {
    let stride = header.rowBytes
    let needed = header.pixelOffset + stride * header.height
    guard source.data.count >= needed else {
      throw .truncated(file: source.name, detail: "expected \(needed) bytes, found \(source.data.count)")
    }
    source.data.withUnsafeBufferPointer { data in
      for y in 0..<header.height {
        let stored = header.topDown ? y : header.height - 1 - y
        let start = header.pixelOffset + stored * stride
        body(y, UnsafeBufferPointer(rebasing: data[start..<start + stride]))
      }
    }
  }

  private static func unpackIndices(_ source: StillSource, _ header: BMPHeader) throws(ImagingError) -> [UInt8] {
    let (width, bits) = (header.width, header.bits)
    let mask = UInt8((1 << bits) - 1)
    return try .filled(count: width * header.height) { (to) throws(ImagingError) in
      try withRows(source, header) { y, row in
        for x in 0..<width {
          let bit = x * bits
          to[y * width + x] = (row[bit >> 3] >> UInt8(8 - bits - (bit & 7))) & mask
        }
      }
    }
  }

  private static func unpackColors(_ source: StillSource, _ header: BMPHeader) throws(ImagingError) -> [UInt8] {
    let (width, layout) = (header.width, header.layout)
    return try .filled(count: width * header.height * 3) { (to) throws(ImagingError) in
      try withRows(source, header) { y, row in
        var target = y * width * 3
        for x in 0..<width {
          switch layout {
          case .bytes(let step, let red, let green, let blue):
            to[target] = row[x * step + red]
            to[target + 1] = row[x * step + green]
            to[target + 2] = row[x * step + blue]
          case .words(let greenBits):
            let word = Int(row[2 * x]) | Int(row[2 * x + 1]) << 8
            let greenMask = (1 << greenBits) - 1
            to[target] = UInt8((word >> (5 + greenBits) & 31) * 255 / 31)
            to[target + 1] = UInt8((word >> 5 & greenMask) * 255 / greenMask)
            to[target + 2] = UInt8((word & 31) * 255 / 31)
          }
          target += 3
        }
      }
    }
  }
}

/// The file header, the information header, the bit fields and the palette.
struct BMPHeader {
  /// Where the colours lie in a pixel of 16, 24 or 32 bits.
  enum Layout {
    case bytes(step: Int, red: Int, green: Int, blue: Int)
    case words(greenBits: Int)
  }

  let width: Int
  let height: Int
  let topDown: Bool
  let bits: Int
  let compression: Int
  let layout: Layout
  let pixelOffset: Int
  let palette: Palette
  /// Entry i is grey i (0 and 255 where there are two), so that Pillow drops the palette.
  let isGreyRamp: Bool
  let colors: Int

  var isRunLength: Bool { compression == 1 || compression == 2 }
  /// A row of the file, padded to four bytes.
  var rowBytes: Int { ((width * bits + 31) >> 5) * 4 }

  init(_ source: StillSource) throws(ImagingError) {
    let data = source.data
    func byte(_ at: Int) throws(ImagingError) -> Int {
      guard at < data.count else { throw .truncated(file: source.name, detail: "the header is incomplete") }
      return Int(data[at])
    }
    func word(_ at: Int) throws(ImagingError) -> Int { try byte(at) | byte(at + 1) << 8 }
    func long(_ at: Int) throws(ImagingError) -> Int { try word(at) | word(at + 2) << 16 }

    let size = try long(14)
    let isCore = size == 12
    guard isCore || [40, 52, 56, 64, 108, 124].contains(size) else {
      throw .unsupported(file: source.name, detail: "a BMP header of \(size) bytes")
    }
    // A negative height means rows from the top.
    topDown = isCore ? false : try byte(25) == 0xff
    width = try isCore ? word(18) : long(18)
    let storedHeight = try isCore ? word(20) : long(22)
    height = topDown ? (1 << 32) - storedHeight : storedHeight
    bits = try word(isCore ? 24 : 28)
    compression = try isCore ? 0 : long(30)
    try source.check(width: width, height: height)
    guard [1, 4, 8, 16, 24, 32].contains(bits) else {
      throw .unsupported(file: source.name, detail: "a BMP of \(bits) bits a pixel")
    }
    guard (0...3).contains(compression), bits <= 8 || compression == 0 || compression == 3 else {
      throw .unsupported(file: source.name, detail: "BMP compression \(compression)")
    }

    var end = 14 + size
    if compression == 3 {
      let masks = [try long(54), try long(58), try long(62)]
      let alpha = size >= 56 ? try long(66) : 0
      if size == 40 { end += 12 }
      guard let found = BMPHeader.layout(bits: bits, masks: masks, alpha: alpha) else {
        throw .unsupported(file: source.name, detail: "BMP bit fields of an unusual layout")
      }
      layout = found
    } else {
      layout = bits == 16 ? .words(greenBits: 5) : .bytes(step: bits / 8, red: 2, green: 1, blue: 0)
    }

    let entry = isCore ? 3 : 4
    let declared = try isCore ? 0 : long(46)
    colors = declared == 0 ? 1 << min(bits, 8) : declared
    var offset = try long(10)
    var palette = Palette()
    var isGreyRamp = false
    if bits <= 8 {
      guard colors <= 65_536 else { throw .unsupported(file: source.name, detail: "a palette of \(colors) colours") }
      if offset == 14 + size { offset += entry * colors }
      isGreyRamp = true
      for index in 0..<min(colors, 256) {
        let at = end + index * entry
        let color = [try byte(at + 2), try byte(at + 1), try byte(at)].map { UInt8($0) }
        palette.triples.replaceSubrange(3 * index..<3 * index + 3, with: color)
        let grey = colors == 2 ? UInt8(index * 255) : UInt8(index)
        isGreyRamp = isGreyRamp && color == [grey, grey, grey]
      }
      isGreyRamp = isGreyRamp && colors <= 256
      end += colors * entry
    }
    pixelOffset = offset == 0 ? end : offset
    self.palette = palette
    self.isGreyRamp = isGreyRamp
  }

  /// The layouts Pillow reads; masks of red, green, blue.
  private static func layout(bits: Int, masks: [Int], alpha: Int) -> Layout? {
    switch (bits, masks, alpha) {
    case (32, [0xff0000, 0xff00, 0xff], 0), (32, [0xff0000, 0xff00, 0xff], 0xff00_0000), (32, [0, 0, 0], 0):
      .bytes(step: 4, red: 2, green: 1, blue: 0)
    case (32, [0xff00_0000, 0xff0000, 0xff00], 0), (32, [0xff00_0000, 0xff0000, 0xff00], 0xff):
      .bytes(step: 4, red: 3, green: 2, blue: 1)
    case (32, [0xff00_0000, 0xff00, 0xff], 0), (32, [0xff00_0000, 0xff00, 0xff], 0xff0000):
      .bytes(step: 4, red: 3, green: 1, blue: 0)
    case (32, [0xff, 0xff00, 0xff0000], 0xff00_0000): .bytes(step: 4, red: 0, green: 1, blue: 2)
    case (24, [0xff0000, 0xff00, 0xff], _): .bytes(step: 3, red: 2, green: 1, blue: 0)
    case (16, [0xf800, 0x7e0, 0x1f], _): .words(greenBits: 6)
    case (16, [0x7c00, 0x3e0, 0x1f], _): .words(greenBits: 5)
    default: nil
    }
  }

  /// The samples of a picture of indices: grey where the palette is the plain ramp, else the palette's colours.
  func colored(_ indices: [UInt8]) -> (Still.Samples, isColor: Bool) {
    guard isGreyRamp else { return (.rgb(palette.applied(to: indices)), palette.isColor) }
    return (.grey(colors == 2 ? indices.map { $0 == 0 ? 0 : 255 } : indices), false)
  }
}
