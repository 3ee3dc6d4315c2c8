extension FrameReader {
  /// The samples of a black pixel of a decoded frame, one for each sample a pixel has, as bit patterns of the container.
  /// - Deep or signed grey: the smallest value of all frames (the largest of MONOCHROME1), so that the range that the values
  ///   are shown with stays; every frame is looked at.
  /// - A palette: the value whose colour is the darkest.
  public func blackPixel(_ photometric: Photometric) throws(DICOMError) -> [UInt32] {
    let chroma = UInt32(1) << UInt32(min(31, layout.bitsStored - 1))
    switch photometric {
    case .rgb, .ybrRCT, .ybrICT: return [0, 0, 0]
    case .ybrFull, .ybrFull422: return [0, chroma, chroma]
    case .ybrPartial422, .ybrPartial420: return [chroma >> 3, chroma, chroma]
    case .palette: return [UInt32(try paletteTable().darkest(below: 1 << min(16, layout.bitsStored)))]
    case .monochrome1, .monochrome2: return [try blackGrey(isInverted: photometric == .monochrome1)]
    }
  }

  private func blackGrey(isInverted: Bool) throws(DICOMError) -> UInt32 {
    guard layout.isSigned || layout.bitsStored > 8 else { return isInverted ? (1 << UInt32(layout.bitsStored)) - 1 : 0 }
    var extreme: Int64?
    for index in 0..<frameCount {
      let found = try storedFrame(index).extremes
      guard let value = isInverted ? found?.largest : found?.smallest else { continue }
      extreme = extreme.map { isInverted ? max($0, value) : min($0, value) } ?? value
    }
    return UInt32(truncatingIfNeeded: extreme ?? 0)
  }
}

extension StoredFrame {
  /// The smallest and largest whole number in it; nil of floating point.
  fileprivate var extremes: (smallest: Int64, largest: Int64)? {
    guard !isFloat else { return nil }
    return bytes.withUnsafeBytes { raw in
      switch (bytesPerSample, isSigned) {
      case (1, false): Self.extremes(of: raw.bindMemory(to: UInt8.self))
      case (1, true): Self.extremes(of: raw.bindMemory(to: Int8.self))
      case (2, false): Self.extremes(of: raw.bindMemory(to: UInt16.self))
      case (2, true): Self.extremes(of: raw.bindMemory(to: Int16.self))
      case (_, false): Self.extremes(of: raw.bindMemory(to: UInt32.self))
      case (_, true): Self.extremes(of: raw.bindMemory(to: Int32.self))
      }
    }
  }

  private static func extremes<Word: FixedWidthInteger>(
    of words: UnsafeBufferPointer<Word>
  ) -> (smallest: Int64, largest: Int64)? {
    guard let first = words.first else { return nil }
    var (smallest, largest) = (first, first)
    for word in words {
      if word < smallest { smallest = word }
      if word > largest { largest = word }
    }
    return (Int64(smallest), Int64(largest))
  }
}
