/// From a grey sample to what is shown: modality rescale or table, then a window, a VOI table or a range, then the inversion of
/// MONOCHROME1 or of a Presentation LUT Shape that asks for it.
struct GreyTransform: Sendable {
  private let modality: Modality
  private let display: Display
  private let isInverted: Bool

  private enum Modality: Sendable {
    case identity
    case linear(slope: Double, intercept: Double)
    case table(ValueTable)
  }

  private enum Display: Sendable {
    case asStored
    case bits
    case window(Window)
    case table(ValueTable)
    case range(lowest: Double, highest: Double)
  }

  init(_ file: DICOMFile, _ layout: PixelLayout, frames: FrameReader) throws(DICOMError) {
    let shape = try file.dataSet.string(.presentationLUTShape)
    isInverted = layout.photometric == .monochrome1 || shape == "INVERSE"
    modality = try Self.modality(file, layout)
    if layout.bitsAllocated == 1 {
      display = .bits
    } else if let window = try Window(file.dataSet) {
      display = .window(window)
    } else if let table = try ValueTable(file, .voiLUTs, isSigned: Self.canBeNegative(modality, layout)) {
      display = .table(table)
    } else if case .identity = modality, layout.bitsAllocated == 8, !layout.isSigned {
      display = .asStored
    } else {
      display = try Self.range(modality, layout, frames)
    }
  }

  /// Whether values behind the modality transform may lie below 0.
  private static func canBeNegative(_ modality: Modality, _ layout: PixelLayout) -> Bool {
    switch modality {
    case .identity: layout.isSigned
    case .linear(let slope, let intercept): layout.isSigned || intercept < 0 || slope < 0
    case .table: false
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
      case .window(let window): window.grey(value)
      case .table(let table): Double(table.entry(value)) * 255 / Double((1 << table.bits) - 1)
      case .range(let lowest, let highest): highest > lowest ? (value - lowest) / (highest - lowest) * 255 : 0
      }
    guard !grey.isNaN else { return isInverted ? 255 : 0 }
    let rounded = UInt8(min(max((grey + 0.5).rounded(.down), 0), 255))
    return isInverted ? 255 - rounded : rounded
  }

  private static func applied(_ modality: Modality, _ value: Double) -> Double {
    guard value.isFinite else { return value }
    return switch modality {
    case .identity: value
    case .linear(let slope, let intercept): value * slope + intercept
    case .table(let table): Double(table.entry(value))
    }
  }

  private static func modality(_ file: DICOMFile, _ layout: PixelLayout) throws(DICOMError) -> Modality {
    if let table = try ValueTable(file, .modalityLUTs, isSigned: layout.isSigned) { return .table(table) }
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
