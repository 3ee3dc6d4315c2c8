/// Frames of three samples a pixel.
enum ColourFrame {
  static func rgb(_ frame: StoredFrame, bitsStored: Int) -> [UInt8] {
    var bytes = narrowed(frame, bitsStored: bitsStored)
    switch frame.arrangement {
    case .interleaved: break
    case .planar: bytes = interleaved(bytes)
    case .halvedChroma: bytes = doubledChroma(bytes, rows: frame.rows, columns: frame.columns)
    }
    switch frame.photometric {
    case .ybrFull, .ybrFull422: LumaChroma.full.turnIntoRGB(&bytes)
    case .ybrPartial422, .ybrPartial420: LumaChroma.partial.turnIntoRGB(&bytes)
    default: break
    }
    return bytes
  }

  /// The upper 8 of the bits stored.
  private static func narrowed(_ frame: StoredFrame, bitsStored: Int) -> [UInt8] {
    guard frame.bytesPerSample > 1 else { return frame.bytes }
    let size = frame.bytesPerSample
    let shift = max(0, min(bitsStored, size * 8) - 8)
    return frame.bytes.withUnsafeBytes { raw in
      (0..<raw.count / size).map { index in
        let value =
          size == 2
          ? UInt32(raw.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
          : raw.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
        return UInt8(truncatingIfNeeded: value >> UInt32(shift))
      }
    }
  }

  private static func interleaved(_ planes: [UInt8]) -> [UInt8] {
    let count = planes.count / 3
    return [UInt8](unsafeUninitializedCapacity: count * 3) { to, filled in
      planes.withUnsafeBufferPointer { from in
        for index in 0..<count {
          to[3 * index] = from[index]
          to[3 * index + 1] = from[count + index]
          to[3 * index + 2] = from[2 * count + index]
        }
      }
      filled = count * 3
    }
  }

  /// Y Y Cb Cr for every two pixels of a row, to Y Cb Cr for each.
  private static func doubledChroma(_ bytes: [UInt8], rows: Int, columns: Int) -> [UInt8] {
    let rowBytes = (columns + 1) / 2 * 4
    guard bytes.count >= rows * rowBytes else { return [] }
    return [UInt8](unsafeUninitializedCapacity: rows * columns * 3) { to, filled in
      bytes.withUnsafeBufferPointer { from in
        for row in 0..<rows {
          for column in 0..<columns {
            let pair = row * rowBytes + column / 2 * 4
            let target = (row * columns + column) * 3
            to[target] = from[pair + column % 2]
            to[target + 1] = from[pair + 2]
            to[target + 2] = from[pair + 3]
          }
        }
      }
      filled = rows * columns * 3
    }
  }
}
