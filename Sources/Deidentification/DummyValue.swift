import DICOM

/// Values that say nothing and are valid for their representation.
enum DummyValue {
  /// For text, and for numbers in text.
  static func text(_ vr: ValueRepresentation) -> String {
    switch vr {
    case .da: "19000101"
    case .dt: "19000101000000"
    case .tm: "000000"
    case .as: "000Y"
    case .ds, .is: "0"
    case .pn: "Removed"
    case .ur: "urn:removed"
    default: "REMOVED"
    }
  }

  static func element(_ tag: Tag, _ vr: ValueRepresentation) -> EditableElement {
    switch vr {
    case .sq: EditableElement(tag, .sq, .items([]))
    case _ where vr.isText: EditableElement(tag, vr, text: text(vr))
    case .us, .ss, .ow, .ob, .un: EditableElement(tag, vr, .bytes([0, 0]))
    case .fd, .od, .sv, .uv, .ov: EditableElement(tag, vr, .bytes([UInt8](repeating: 0, count: 8)))
    default: EditableElement(tag, vr, .bytes([0, 0, 0, 0]))
    }
  }

  static func empty(_ tag: Tag, _ vr: ValueRepresentation) -> EditableElement {
    EditableElement(tag, vr, vr == .sq ? .items([]) : .bytes([]))
  }
}
