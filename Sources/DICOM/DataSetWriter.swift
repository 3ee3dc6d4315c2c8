/// How the lengths of sequences and items are written (PS3.5 7.5).
public enum SequenceLengths: Sendable, Hashable {
  case undefined
  /// In bytes, for readers that want them.
  case defined
}

/// Writes the elements of a data set in one coding.
struct DataSetWriter {
  let coding: DataSetParser.Coding
  let lengths: SequenceLengths
  /// Of what is written, for messages.
  let name: String
  let sink: ByteSink

  private static let undefined = 0xffff_ffff

  func write(_ set: EditableDataSet) throws(DICOMError) {
    for element in set.elements where element.tag.element != 0 { try write(element) }
  }

  private func write(_ element: EditableElement) throws(DICOMError) {
    switch element.value {
    case .bytes(let bytes):
      let vr = try header(element, count: bytes.count)
      try sink.append(turned(bytes + (bytes.count % 2 == 0 ? [] : [vr.padding]), element))
    case .stored(let stored):
      let vr = try header(element, count: stored.count)
      try copy(stored, element)
      if stored.count % 2 == 1 { try sink.append([vr.padding]) }
    case .items(let items): try write(items, of: element.tag)
    case .fragments(let table, let fragments): try write(table, fragments, of: element.tag)
    case .frames(let stream): try write(stream, of: element)
    }
  }

  // MARK: Headers

  private func word(_ value: Int, _ size: Int) -> [UInt8] {
    let little = (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    return coding.isBigEndian ? little.reversed() : little
  }

  private func bytes(of tag: Tag) -> [UInt8] { word(Int(tag.group), 2) + word(Int(tag.element), 2) }

  /// What a value is written as: one that is too long for its representation becomes UN (PS3.5 6.2.2).
  private func written(_ vr: ValueRepresentation, count: Int) -> ValueRepresentation {
    coding.isExplicit && !vr.hasLongLength && count > 0xfffe ? .un : vr
  }

  @discardableResult
  private func header(_ element: EditableElement, count: Int) throws(DICOMError) -> ValueRepresentation {
    let even = count + count % 2
    guard even < Self.undefined else {
      throw .tooLarge(file: name, detail: "\(element.tag) of \(count) bytes; a DICOM value has at most 4,294,967,294")
    }
    let vr = written(element.vr, count: even)
    try header(element.tag, vr, length: even)
    return element.vr
  }

  private func header(_ tag: Tag, _ vr: ValueRepresentation, length: Int) throws(DICOMError) {
    if !coding.isExplicit {
      try sink.append(bytes(of: tag) + word(length, 4))
    } else if vr.hasLongLength {
      try sink.append(bytes(of: tag) + Array(vr.rawValue.utf8) + [0, 0] + word(length, 4))
    } else {
      try sink.append(bytes(of: tag) + Array(vr.rawValue.utf8) + word(length, 2))
    }
  }

  private func delimiter(_ tag: Tag, length: Int = 0) throws(DICOMError) {
    try sink.append(bytes(of: tag) + word(length, 4))
  }

  // MARK: Values

  private func turned(_ bytes: [UInt8], _ element: EditableElement) -> [UInt8] {
    guard coding.isBigEndian else { return bytes }
    var turned = bytes
    NativeFrame.swapBytes(&turned, wordSize: element.vr.wordSize)
    return turned
  }

  private func copy(_ stored: StoredValue, _ element: EditableElement) throws(DICOMError) {
    // Of pixels the size of a word is known only to who read them.
    let wordSize = stored.swapped > 1 ? stored.swapped : element.vr.wordSize
    var done = 0
    while done < stored.count {
      let count = min(1 << 20, stored.count - done)
      var part = try stored.bytes(from: done, count: count)
      if coding.isBigEndian { NativeFrame.swapBytes(&part, wordSize: wordSize) }
      try sink.append(part)
      done += count
    }
  }

  private func write(_ items: [EditableDataSet], of tag: Tag) throws(DICOMError) {
    let all = lengths == .defined ? items.reduce(0) { $0 + 8 + size(of: $1) } : Self.undefined
    try header(tag, .sq, length: all)
    for item in items {
      try delimiter(.item, length: lengths == .defined ? size(of: item) : Self.undefined)
      try write(item)
      if lengths == .undefined { try delimiter(.itemEnd) }
    }
    if lengths == .undefined { try delimiter(.sequenceEnd) }
  }

  private func write(
    _ table: StoredValue, _ fragments: [StoredValue], of tag: Tag
  ) throws(DICOMError) {
    try header(tag, .ob, length: Self.undefined)
    for part in [table] + fragments {
      try delimiter(.item, length: part.count + part.count % 2)
      var done = 0
      while done < part.count {
        let count = min(1 << 20, part.count - done)
        try sink.append(try part.bytes(from: done, count: count))
        done += count
      }
      if part.count % 2 == 1 { try sink.append([0]) }
    }
    try delimiter(.sequenceEnd)
  }

  private func write(_ stream: FrameStream, of element: EditableElement) throws(DICOMError) {
    let (count, overflows) = stream.frames.multipliedReportingOverflow(by: stream.bytesPerFrame)
    guard !overflows else { throw .tooLarge(file: name, detail: "\(stream.frames) frames") }
    try header(element, count: count)
    for index in 0..<stream.frames {
      let bytes = try stream.frame(index)
      guard bytes.count == stream.bytesPerFrame else {
        throw .corrupt(
          file: name,
          detail: "frame \(index + 1): expected \(stream.bytesPerFrame) bytes, found \(bytes.count)")
      }
      try sink.append(turned(bytes, element))
    }
    if count % 2 == 1 { try sink.append([0]) }
  }

  // MARK: Sizes

  private func size(of set: EditableDataSet) -> Int {
    set.elements.reduce(0) { $1.tag.element == 0 ? $0 : $0 + size(of: $1) }
  }

  private func size(of element: EditableElement) -> Int {
    var vr = element.vr
    let value: Int
    switch element.value {
    case .bytes(let bytes): value = bytes.count + bytes.count % 2
    case .stored(let stored): value = stored.count + stored.count % 2
    case .items(let items): (vr, value) = (.sq, items.reduce(0) { $0 + 8 + size(of: $1) })
    case .fragments(let table, let fragments):
      value = ([table] + fragments).reduce(8) { $0 + 8 + $1.count + $1.count % 2 }
    case .frames(let stream): value = stream.frames * stream.bytesPerFrame + stream.frames * stream.bytesPerFrame % 2
    }
    return (coding.isExplicit && written(vr, count: value).hasLongLength ? 12 : 8) + value
  }
}

extension ValueRepresentation {
  /// What makes a value's length even.
  fileprivate var padding: UInt8 {
    switch self {
    case .ob, .un, .ui, .ow: 0
    default: 0x20
    }
  }
}
