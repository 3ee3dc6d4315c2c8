internal import CDCMTK
internal import CStills
import Imaging

/// Decodes one encapsulated frame with the codec of the transfer syntax.
struct FrameDecoder: Sendable {
  let name: String
  let transferSyntax: TransferSyntax
  let layout: PixelLayout

  /// - Parameter what: names the frame in messages.
  func decode(_ data: [UInt8], _ what: String) throws(DICOMError) -> StoredFrame {
    switch transferSyntax.coding {
    case .runLength: return try runLength(data, what)
    case .jpeg: return try jpeg(data, what)
    case .jpegLS: return try jpegLS(data, what)
    case .jpeg2000: return try jpeg2000(data, what)
    case .implicitLittle, .explicitLittle, .explicitBig, .deflated, .video, .unread:
      throw .unsupported(file: name, detail: "\(transferSyntax.name) (\(transferSyntax.uid))")
    }
  }

  private func frame(
    _ bytes: [UInt8], bytesPerSample: Int, photometric: Photometric? = nil
  ) -> StoredFrame {
    StoredFrame(
      layout, bytesPerSample: bytesPerSample, arrangement: .interleaved,
      photometric: photometric ?? layout.photometric, bytes: bytes)
  }

  private func runLength(_ data: [UInt8], _ what: String) throws(DICOMError) -> StoredFrame {
    guard layout.bitsAllocated != 1 else {
      throw .unsupported(file: name, detail: "\(transferSyntax.name) of single bits")
    }
    let decoded = RunLength.decode(
      data, pixels: layout.rows * layout.columns, samples: layout.samplesPerPixel,
      bytesPerSample: layout.bytesPerSample)
    guard let decoded else { throw .corrupt(file: name, detail: "\(what): its run lengths do not make up the frame") }
    return StoredFrame(
      layout, bytesPerSample: layout.bytesPerSample, arrangement: layout.samplesPerPixel == 1 ? .interleaved : .planar,
      photometric: layout.photometric, bytes: decoded)
  }

  // MARK: JPEG

  private func header(_ data: [UInt8], _ what: String) throws(DICOMError) -> JPEGHeader {
    guard let header = JPEGHeader(data) else { throw .corrupt(file: name, detail: "\(what): no JPEG frame header") }
    return header
  }

  private func check(_ header: JPEGHeader, _ what: String) throws(DICOMError) {
    try check(
      what, columns: header.columns, rows: header.rows, components: header.components.count, precision: header.precision
    )
  }

  private func check(
    _ what: String, columns: Int, rows: Int, components: Int, precision: Int
  ) throws(DICOMError) {
    guard columns == layout.columns, rows == layout.rows else {
      throw .corrupt(
        file: name,
        detail: "\(what) is \(columns) x \(rows), the data set says \(layout.columns) x \(layout.rows)")
    }
    guard components == layout.samplesPerPixel else {
      throw .corrupt(
        file: name, detail: "\(what) has \(components) components, the data set says \(layout.samplesPerPixel)")
    }
    guard (1...max(8, layout.bitsAllocated)).contains(precision) else {
      throw .corrupt(
        file: name, detail: "\(what) has \(precision) bits a sample, the data set allots \(layout.bitsAllocated)")
    }
  }

  private func picture(precision: Int, bytesPerSample: Int) -> cd_picture {
    cd_picture(
      width: UInt32(layout.columns), height: UInt32(layout.rows), components: Int32(layout.samplesPerPixel),
      precision: Int32(precision), bytes_per_sample: Int32(bytesPerSample), is_signed: layout.isSigned ? 1 : 0)
  }

  /// Bytes of a sample that a codec unpacks to: the smallest that holds the precision.
  private func container(_ precision: Int) -> Int { precision <= 8 ? 1 : precision <= 16 ? 2 : 4 }

  private func jpeg(_ data: [UInt8], _ what: String) throws(DICOMError) -> StoredFrame {
    let header = try header(data, what)
    if header.precision == 8, [0xc0, 0xc1, 0xc2].contains(header.process) { return try jpeg8(data, header, what) }
    try check(header, what)
    let size = container(header.precision)
    var picture = picture(precision: header.precision, bytesPerSample: size)
    let count = layout.rows * layout.columns * layout.samplesPerPixel * size
    let bytes: [UInt8] = try .filled(count: count) { (to) throws(DICOMError) in
      try CodecCall.run(on: name, what) { cd_jpeg_decode(data, data.count, &picture, to.baseAddress, to.count, $0) }
    }
    return frame(bytes, bytesPerSample: size, photometric: header.photometric(declared: layout.photometric))
  }

  /// 8 bits through libjpeg-turbo, which also turns luma and chroma into RGB. Cines are met with single frames that are
  /// smaller than the others; such a frame lies at the upper left.
  private func jpeg8(_ data: [UInt8], _ header: JPEGHeader, _ what: String) throws(DICOMError) -> StoredFrame {
    let (rows, columns) = (min(header.rows, layout.rows), min(header.columns, layout.columns))
    let isSmaller = rows > 0 && columns > 0 && rows == header.rows && columns == header.columns
    try check(
      what, columns: isSmaller ? layout.columns : header.columns, rows: isSmaller ? layout.rows : header.rows,
      components: header.components.count, precision: header.precision)
    let stored = header.photometric(declared: layout.photometric)
    let isLumaChroma = stored.isLumaChroma
    let count = rows * columns * layout.samplesPerPixel
    let bytes: [UInt8] = try .filled(count: count) { (to) throws(DICOMError) in
      var handle: OpaquePointer?
      var found = cs_header()
      try CodecCall.stills(on: name, what) { cs_jpeg_open(data, data.count, &handle, &found, $0) }
      defer { cs_jpeg_close(handle) }
      guard found.bytes == count else { throw .corrupt(file: name, detail: "\(what): two frame headers that differ") }
      cs_jpeg_take_colors(handle, isLumaChroma ? CS_JPEG_LUMA_CHROMA : CS_JPEG_AS_STORED)
      try CodecCall.stills(on: name, what) { cs_jpeg_read(handle, to.baseAddress, to.count, $0) }
    }
    let placed = rows == layout.rows && columns == layout.columns ? bytes : placed(bytes, rows: rows, columns: columns)
    var decoded = frame(placed, bytesPerSample: 1, photometric: isLumaChroma ? .rgb : stored)
    decoded.filled = (rows, columns)
    return decoded
  }

  private func placed(_ bytes: [UInt8], rows: Int, columns: Int) -> [UInt8] {
    let (from, to) = (columns * layout.samplesPerPixel, layout.columns * layout.samplesPerPixel)
    var whole = [UInt8](repeating: 0, count: layout.rows * to)
    for row in 0..<rows {
      whole.replaceSubrange(row * to..<row * to + from, with: bytes[row * from..<(row + 1) * from])
    }
    return whole
  }

  private func jpegLS(_ data: [UInt8], _ what: String) throws(DICOMError) -> StoredFrame {
    let header = try header(data, what)
    try check(header, what)
    guard header.process == 0xf7 else { throw .corrupt(file: name, detail: "\(what): not a JPEG-LS frame") }
    let size = container(header.precision)
    var picture = picture(precision: header.precision, bytesPerSample: size)
    let count = layout.rows * layout.columns * layout.samplesPerPixel * size
    let bytes: [UInt8] = try .filled(count: count) { (to) throws(DICOMError) in
      try CodecCall.run(on: name, what) { cd_jpegls_decode(data, data.count, &picture, to.baseAddress, to.count, $0) }
    }
    var decoded = frame(bytes, bytesPerSample: size, photometric: header.photometric(declared: layout.photometric))
    // JPEG-LS knows no sign.
    if layout.samplesPerPixel == 1 { decoded.keepLowest(header.precision) }
    return decoded
  }

  // MARK: JPEG 2000

  private func jpeg2000(_ data: [UInt8], _ what: String) throws(DICOMError) -> StoredFrame {
    guard let header = JPEG2000Header(data) else {
      throw .corrupt(file: name, detail: "\(what): no JPEG 2000 codestream")
    }
    let precision = header.precision
    try check(what, columns: header.columns, rows: header.rows, components: header.components, precision: precision)
    guard precision <= 32 else { throw .unsupported(file: name, detail: "\(what): \(precision) bits a sample") }
    let size = container(precision)
    var picture = picture(precision: precision, bytesPerSample: size)
    let count = layout.rows * layout.columns * layout.samplesPerPixel * size
    let bytes: [UInt8] = try .filled(count: count) { (to) throws(DICOMError) in
      try CodecCall.run(on: name, what) { cd_jpeg2000_decode(data, data.count, &picture, to.baseAddress, to.count, $0) }
    }
    // The codec has turned YBR_RCT and YBR_ICT back into RGB itself.
    let turned: Photometric = [.ybrRCT, .ybrICT].contains(layout.photometric) ? .rgb : layout.photometric
    var decoded = frame(bytes, bytesPerSample: size, photometric: turned)
    // Codestreams are met whose sign is not that of the data set; the data set is right.
    if layout.samplesPerPixel == 1, header.isSigned != layout.isSigned { decoded.keepLowest(precision) }
    return decoded
  }
}
