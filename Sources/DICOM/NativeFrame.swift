/// Turns the bytes of a frame that is not encapsulated into samples of the machine's byte order.
enum NativeFrame {
  /// Reads `count` bits from bit `first` on (the lowest bit of a byte comes first), a byte each.
  static func bits(_ bytes: [UInt8], first: Int, count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { to, filled in
      bytes.withUnsafeBufferPointer { from in
        for index in 0..<count {
          let bit = first + index
          to[index] = from[bit / 8] >> UInt8(bit % 8) & 1
        }
      }
      filled = count
    }
  }

  static func swapBytes(_ bytes: inout [UInt8], wordSize: Int) {
    bytes.withUnsafeMutableBytes { raw in
      switch wordSize {
      case 2: swap(raw.bindMemory(to: UInt16.self))
      case 4: swap(raw.bindMemory(to: UInt32.self))
      case 8: swap(raw.bindMemory(to: UInt64.self))
      default: break
      }
    }
  }

  private static func swap<Word: FixedWidthInteger>(_ words: UnsafeMutableBufferPointer<Word>) {
    for index in words.indices { words[index] = words[index].byteSwapped }
  }
}
