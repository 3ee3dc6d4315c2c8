/// From a grey sample to what is shown: modality rescale or table, then a window or a range, then MONOCHROME1's inversion.
struct GreyTransform: Sendable {
  private let modality: Modality
  private let display: Display
  private let isInverted: Bool

  private enum Modality: Sendable {
    case identity
    case linear(slope: Double, intercept: Double)
    case table(first: Int, values: [UInt16])
  }

  private enum Display: Sendable {
    case asStored
    case bits
    case window(center: Double, width: Double)
    case range(lowest: Double, highest: Double)
  }

  init(_ file: DICOMFile, _ layout: PixelLayout, frames: FrameReader) throws(DICOMError) {
    isInverted = layout.photometric == .monochrome1
    modality = try Self.modality(file)
    let (center, width) = (try file.dataSet.number(.windowCenter), try file.dataSet.number(.windowWidth))
    if layout.bitsAllocated == 1 {
      display = .bits
    } else if let center, let width, center.isFinite, width.isFinite {
      display = .window(center: center, width: width)
    } else if case .identity = modality, layout.bitsAllocated == 8, !layout.isSigned {
      display = .asStored
    } else {
      display = try Self.range(modality, layout, frames)
    }
  }

  func rgb(_ frame: StoredFrame) -> [UInt8] {
    let count = frame.rows * frame.columns
    guard frame.bytes.count == count * frame.bytesPerSample else { return [] }
    guard frame.bytesPerSample <= 2, !frame.isFloat else {
      return [UInt8](unsafeUninitializedCapacity: count * 3) { to, filled in
        Self.forEachValue(frame) { index, value in
          let grey = shown(Self.applied(modality, value))
          (to[3 * index], to[3 * index + 1], to[3 * index + 2]) = (grey, grey, grey)
        }
        filled = count * 3
      }
    }
    let table = table(frame)
    return [UInt8](unsafeUninitializedCapacity: count * 3) { to, filled in
      frame.bytes.withUnsafeBytes { raw in
        table.withUnsafeBufferPointer { table in
          for index in 0..<count {
            let stored =
              frame.bytesPerSample == 1
              ? Int(raw[index]) : Int(raw.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
            let grey = table[stored]
            to[3 * index] = grey
            to[3 * index + 1] = grey
            to[3 * index + 2] = grey
          }
        }
      }
      filled = count * 3
    }
  }

  /// What is shown for each value that a sample of one or two bytes can have, by its bits.
  private func table(_ frame: StoredFrame) -> [UInt8] {
    if frame.bytesPerSample == 1 {
      return (0..<256).map { bits in
        shown(Self.applied(modality, frame.isSigned ? Double(Int8(truncatingIfNeeded: bits)) : Double(bits)))
      }
    }
    return (0..<65536).map { bits in
      shown(Self.applied(modality, frame.isSigned ? Double(Int16(truncatingIfNeeded: bits)) : Double(bits)))
    }
  }

  private func shown(_ value: Double) -> UInt8 {
    let grey: Double =
      switch display {
      case .asStored: value
      case .bits: value * 255
      case .window(let center, let width): Self.windowed(value, center, width)
      case .range(let lowest, let highest): highest > lowest ? (value - lowest) / (highest - lowest) * 255 : 0
      }
    guard !grey.isNaN else { return isInverted ? 255 : 0 }
    let rounded = UInt8(min(max((grey + 0.5).rounded(.down), 0), 255))
    return isInverted ? 255 - rounded : rounded
  }

  /// PS3.3 C.11.2.1.2.1, to 0...255.
  private static func windowed(_ value: Double, _ center: Double, _ width: Double) -> Double {
    if value <= center - 0.5 - (width - 1) / 2 { return 0 }
    if value > center - 0.5 + (width - 1) / 2 { return 255 }
    return ((value - (center - 0.5)) / (width - 1) + 0.5) * 255
  }

  private static func applied(_ modality: Modality, _ value: Double) -> Double {
    guard value.isFinite else { return value }
    return switch modality {
    case .identity: value
    case .linear(let slope, let intercept): value * slope + intercept
    case .table(let first, let values):
      Double(values[Int(min(max(value - Double(first), 0), Double(values.count - 1)))])
    }
  }

  private static func modality(_ file: DICOMFile) throws(DICOMError) -> Modality {
    let item = file.dataSet.items(.modalityLUTs).first
    let descriptor = try item?.integers(.lutDescriptor) ?? []
    // Sequences are met whose item is there and holds nothing.
    if let item, !descriptor.isEmpty {
      guard descriptor.count == 3 else {
        throw .attribute(
          file: file.name, attribute: "\(Tag.lutDescriptor)", expected: "entries, first value, bits",
          found: "\(descriptor)")
      }
      let entries = descriptor[0] & 0xffff == 0 ? 65536 : descriptor[0] & 0xffff
      let values = try LookupData.words(item, .lutData, entries: entries, bits: descriptor[2])
      guard values.count >= entries else {
        throw .attribute(
          file: file.name, attribute: "\(Tag.lutData)", expected: "\(entries) entries", found: "\(values.count)")
      }
      return .table(first: descriptor[1], values: Array(values[..<entries]))
    }
    let (slope, intercept) = (
      try file.dataSet.number(.rescaleSlope) ?? 1, try file.dataSet.number(.rescaleIntercept) ?? 0
    )
    guard slope.isFinite, intercept.isFinite else { return .identity }
    return slope == 1 && intercept == 0 ? .identity : .linear(slope: slope, intercept: intercept)
  }

  /// The smallest and the largest finite value of all frames.
  private static func range(
    _ modality: Modality, _ layout: PixelLayout, _ frames: FrameReader
  ) throws(DICOMError) -> Display {
    var (lowest, highest) = (Double.infinity, -Double.infinity)
    for index in 0..<layout.frames {
      forEachValue(try frames.storedFrame(index)) { _, stored in
        let value = applied(modality, stored)
        guard value.isFinite else { return }
        lowest = min(lowest, value)
        highest = max(highest, value)
      }
    }
    return .range(lowest: lowest, highest: highest)
  }

  @inline(__always)
  private static func forEachValue(_ frame: StoredFrame, _ body: (Int, Double) -> Void) {
    frame.bytes.withUnsafeBytes { raw in
      func walk<Word>(_ type: Word.Type, _ number: (Word) -> Double) {
        for index in 0..<raw.count / MemoryLayout<Word>.size {
          body(index, number(raw.loadUnaligned(fromByteOffset: index * MemoryLayout<Word>.size, as: type)))
        }
      }
      switch (frame.bytesPerSample, frame.isFloat, frame.isSigned) {
      case (1, _, false): walk(UInt8.self) { Double($0) }
      case (1, _, true): walk(Int8.self) { Double($0) }
      case (2, _, false): walk(UInt16.self) { Double($0) }
      case (2, _, true): walk(Int16.self) { Double($0) }
      case (4, true, _): walk(Float.self) { Double($0) }
      case (4, false, false): walk(UInt32.self) { Double($0) }
      case (4, false, true): walk(Int32.self) { Double($0) }
      default: walk(Double.self) { $0 }
      }
    }
  }
}
