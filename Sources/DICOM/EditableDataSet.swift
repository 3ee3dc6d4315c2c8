/// A data set that can be changed and written. Values that were not changed stay in the file they came from, so that a cine
/// costs no memory; that file must not change before the data set is written.
public struct EditableDataSet: Sendable {
  /// In the order of their tags, each tag once.
  public private(set) var elements: [EditableElement] = []

  public init() {}

  /// All elements but group lengths, which are retired and would be wrong; of a repeated tag the last, which is the one that
  /// is read. Text stays in its character set.
  public init(_ set: DataSet) {
    var byTag: [Tag: EditableElement] = [:]
    for element in set.elements where element.tag.element != 0 {
      byTag[element.tag] = EditableElement(element, of: set)
    }
    elements = byTag.values.sorted { $0.tag < $1.tag }
  }

  public subscript(tag: Tag) -> EditableElement? { place(of: tag).map { elements[$0] } }

  public mutating func set(_ element: EditableElement) {
    let index = elements.firstIndex { $0.tag >= element.tag } ?? elements.endIndex
    if index < elements.endIndex, elements[index].tag == element.tag {
      elements[index] = element
    } else {
      elements.insert(element, at: index)
    }
  }

  /// Text as UTF-8, padded to an even length; the values of an attribute are separated by backslashes.
  public mutating func set(_ tag: Tag, _ vr: ValueRepresentation, text: String) {
    set(EditableElement(tag, vr, text: text))
  }

  /// Whole numbers of US, SS, UL or SL; higher bits than the representation has are cut off.
  public mutating func set(_ tag: Tag, _ vr: ValueRepresentation, numbers: [Int]) {
    let bytes = numbers.flatMap { number in
      (0..<max(1, vr.wordSize)).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    set(EditableElement(tag, vr, .bytes(bytes)))
  }

  public mutating func remove(_ tag: Tag) {
    if let index = place(of: tag) { elements.remove(at: index) }
  }

  private func place(of tag: Tag) -> Int? { elements.firstIndex { $0.tag == tag } }
}

/// An element to be written.
public struct EditableElement: Sendable {
  public let tag: Tag
  public let vr: ValueRepresentation
  public let value: EditableValue

  public init(_ tag: Tag, _ vr: ValueRepresentation, _ value: EditableValue) {
    (self.tag, self.vr, self.value) = (tag, vr, value)
  }

  /// Text as UTF-8, padded to an even length.
  public init(_ tag: Tag, _ vr: ValueRepresentation, text: String) {
    var bytes = Array(text.utf8)
    if bytes.count % 2 == 1 { bytes.append(vr == .ui ? 0 : 0x20) }
    self.init(tag, vr, .bytes(bytes))
  }

  /// As it lies in `set`.
  public init(_ element: Element, of set: DataSet) {
    (tag, vr) = (element.tag, element.vr)
    switch element.content {
    case .items(let items): value = .items(items.map { EditableDataSet($0) })
    case .value(let range):
      let bits = element.tag == .pixels ? (try? set.integer(.bitsAllocated)) : nil
      value = .stored(
        StoredValue(
          source: set.source, range: range,
          swapped: set.isBigEndian ? element.vr.wordSize(ofPixels: bits ?? nil) : 1))
    case .fragments(let table, let fragments):
      func stored(_ range: ByteRange) -> StoredValue { StoredValue(source: set.source, range: range, swapped: 1) }
      value = .fragments(table: stored(table), fragments.map(stored))
    }
  }
}

public enum EditableValue: Sendable {
  /// Words of more than one byte are little endian, whatever the transfer syntax.
  case bytes([UInt8])
  case stored(StoredValue)
  case items([EditableDataSet])
  /// Encapsulated pixels: the basic offset table, which is the caller's to keep right, and the fragments.
  case fragments(table: StoredValue, [StoredValue])
  /// Pixels that are made while they are written, one frame in memory at a time.
  case frames(FrameStream)
}

/// A value that lies in the file it was read from.
public struct StoredValue: Sendable {
  let source: ByteSource
  let range: ByteRange
  /// Bytes of its words where they are big endian, else 1.
  let swapped: Int

  public var count: Int { range.count }

  /// The value, its words little endian.
  public func bytes() throws(DICOMError) -> [UInt8] { try bytes(from: 0, count: range.count) }

  /// - Parameters: both are multiples of the word, or reach the end.
  func bytes(from offset: Int, count: Int) throws(DICOMError) -> [UInt8] {
    var bytes = try source.bytes(at: range.start + offset, count: count)
    NativeFrame.swapBytes(&bytes, wordSize: swapped)
    return bytes
  }

  /// The first bytes only, of pixels for example; nil where there are fewer. A word is not divided.
  public func prefix(_ count: Int) -> StoredValue? {
    guard count >= 0, count <= range.count else { return nil }
    let whole = min(range.count, (count + swapped - 1) / swapped * swapped)
    return StoredValue(source: source, range: ByteRange(start: range.start, count: whole), swapped: swapped)
  }
}

/// Frames without compression, one after another without gaps.
public struct FrameStream: Sendable {
  public let frames: Int
  public let bytesPerFrame: Int
  let frame: @Sendable (Int) throws(DICOMError) -> [UInt8]

  /// - Parameter frame: the bytes of a frame by its index from 0, `bytesPerFrame` of them, words little endian.
  public init(
    frames: Int, bytesPerFrame: Int, frame: @escaping @Sendable (Int) throws(DICOMError) -> [UInt8]
  ) {
    (self.frames, self.bytesPerFrame, self.frame) = (frames, bytesPerFrame, frame)
  }
}

extension ValueRepresentation {
  /// Bytes of the words that a byte order turns; 1 for text and for bytes.
  var wordSize: Int {
    switch self {
    case .us, .ss, .ow, .at: 2
    case .ul, .sl, .fl, .of, .ol: 4
    case .fd, .od, .sv, .uv, .ov: 8
    default: 1
    }
  }

  /// Pixels are read by the size of their samples: words of 16 bits that hold bytes are turned, single bits are not.
  func wordSize(ofPixels bitsAllocated: Int?) -> Int {
    switch bitsAllocated {
    case nil: wordSize
    case 8: self == .ow ? 2 : 1
    case 16, 32, 64: (bitsAllocated ?? 8) / 8
    default: 1
    }
  }
}
