/// What the frame header (SOF) of a JPEG or JPEG-LS says, and the marks before it.
struct JPEGHeader {
  /// The mark's second byte: 0xc0 baseline, 0xc1 extended, 0xc2 progressive, 0xc3 lossless, 0xf7 JPEG-LS.
  let process: UInt8
  let precision: Int
  let rows: Int
  let columns: Int
  let components: [UInt8]
  let hasJFIF: Bool

  /// nil where the bytes do not come to a frame header.
  init?(_ data: [UInt8]) {
    guard data.starts(with: [0xff, 0xd8]) else { return nil }
    var position = 2
    var jfif = false
    while position + 4 <= data.count {
      guard data[position] == 0xff else { return nil }
      let mark = data[position + 1]
      if mark == 0xff {
        position += 1
        continue
      }
      let length = Int(data[position + 2]) << 8 | Int(data[position + 3])
      guard length >= 2, position + 2 + length <= data.count else { return nil }
      let body = data[(position + 4)..<(position + 2 + length)]
      if mark == 0xe0, body.starts(with: Array("JFIF".utf8)) { jfif = true }
      let isFrame = (0xc0...0xcf).contains(mark) && ![0xc4, 0xc8, 0xcc].contains(mark)
      if isFrame || mark == 0xf7 {
        let fields = Array(body)
        guard fields.count >= 6, fields.count >= 6 + 3 * Int(fields[5]) else { return nil }
        (process, precision) = (mark, Int(fields[0]))
        rows = Int(fields[1]) << 8 | Int(fields[2])
        columns = Int(fields[3]) << 8 | Int(fields[4])
        components = (0..<Int(fields[5])).map { fields[6 + 3 * $0] }
        hasJFIF = jfif
        return
      }
      guard mark != 0xd9, mark != 0xda else { return nil }
      position += 2 + length
    }
    return nil
  }

  /// The colours that a three-component frame holds: its own marks know better than the data set (RGB as component
  /// names, or JFIF, which is always luma and chroma); else the data set is right, as it must be (PS3.5 8.2.1).
  func photometric(declared: Photometric) -> Photometric {
    guard components.count == 3 else { return declared }
    if components == Array("RGB".utf8) || components == Array("rgb".utf8) { return .rgb }
    if hasJFIF, !declared.isLumaChroma { return .ybrFull }
    return declared
  }
}
