extension DataSet {
  /// The whole text of an attribute in the data set's character set: with its backslashes, without its padding at the end.
  /// Undecodable bytes become U+FFFD. Empty where the attribute is absent.
  public func text(_ tag: Tag) throws(DICOMError) -> String {
    guard let vr = element(tag)?.vr else { return "" }
    var bytes = try self.bytes(tag)
    while let last = bytes.last, last == 0 || last == 0x20 { bytes.removeLast() }
    return CharacterSets.decode(bytes, declared: vr.isOfCharacterSet ? characterSets : [])
  }
}

extension EditableDataSet {
  /// As ``init(_:)``, with all text in UTF-8. Specific Character Set says ISO_IR 192 where a text needs it, in sequences too,
  /// and is absent elsewhere. UN stays as it is: nobody knows that it is text.
  public init(inUTF8 set: DataSet) throws(DICOMError) {
    self.init()
    for element in set.elements where element.tag.element != 0 && element.tag != .characterSet {
      switch element.content {
      case .items(let items):
        var converted: [EditableDataSet] = []
        for item in items { converted.append(try EditableDataSet(inUTF8: item)) }
        self.set(EditableElement(element.tag, element.vr, .items(converted)))
      case .value where element.vr.isOfCharacterSet && element.vr != .un:
        self.set(element.tag, element.vr, text: try set.text(element.tag))
      default: self.set(EditableElement(element, of: set))
      }
    }
    nameCharacterSet()
  }

  /// Says in this data set that its text is UTF-8 where it holds other than ASCII, here or in its items; otherwise removes the
  /// attribute. For data sets whose text was set as ``set(_:_:text:)`` does.
  public mutating func nameCharacterSet() {
    if holdsOtherThanASCII { set(.characterSet, .cs, text: "ISO_IR 192") } else { remove(.characterSet) }
  }

  private var holdsOtherThanASCII: Bool {
    elements.contains { element in
      switch element.value {
      case .bytes(let bytes): element.vr.isOfCharacterSet && element.vr != .un && bytes.contains { $0 >= 0x80 }
      case .items(let items): items.contains { $0.holdsOtherThanASCII }
      default: false
      }
    }
  }
}

extension ValueRepresentation {
  /// Whether a value is text that a person could read, in whatever character set.
  public var isText: Bool {
    switch self {
    case .ae, .as, .cs, .da, .ds, .dt, .is, .lo, .lt, .pn, .sh, .st, .tm, .uc, .ui, .ur, .ut: true
    default: false
    }
  }
}
