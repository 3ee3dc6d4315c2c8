import DICOM

/// What happens to one attribute of a file, once the options are known.
enum Treatment: String, Sendable, Hashable {
  case keep = "kept"
  case remove = "removed"
  case empty = "emptied"
  case dummy = "replaced"
  case uid = "UID replaced"
  case shift = "shifted"
  case descriptor = "cleaned"

  /// For an attribute of the table. Where two options speak, cleaning goes before keeping.
  static func of(
    _ tag: Tag, _ rule: ConfidentialityTable.Rule, _ options: DeidentificationOptions, isUltrasound: Bool
  ) -> Treatment {
    func says(_ option: ConfidentialityTable.Option, _ letter: Character) -> Bool { rule.options[option] == letter }
    if options.dates == .shift, says(.modifiedDates, "C") { return .shift }
    if options.keepsPatientCharacteristics, says(.retainPatient, "C") { return .descriptor }
    if options.cleansDescriptors, says(.cleanDescriptors, "C") { return .descriptor }
    let keeps =
      options.dates == .keep && says(.fullDates, "K") || options.keepsDevice && says(.retainDevice, "K")
      || options.keepsInstitution && says(.retainInstitution, "K")
      || options.keepsPatientCharacteristics && says(.retainPatient, "K")
      || options.keepsUIDs && says(.retainUIDs, "K")
    return keeps ? .keep : basic(tag, rule.action, isUltrasound: isUltrasound)
  }

  /// The Basic Profile's own action.
  static func basic(_ tag: Tag, _ action: ConfidentialityTable.Action, isUltrasound: Bool) -> Treatment {
    switch action {
    case .remove: return .remove
    case .empty: return .empty
    case .dummy: return .dummy
    case .uid: return .uid
    case .removeOrEmptyOrUID: return .keep
    case .removeOrEmpty, .removeOrDummy, .removeOrEmptyOrDummy, .emptyOrDummy:
      if isUltrasound, let type = ultrasoundTypes[tag] { return type == 3 ? .remove : .empty }
      // A dummy satisfies every Type; where the table offers none, Type 1 does not occur.
      return action == .removeOrEmpty ? .empty : .dummy
    }
  }

  /// Types of the table's combined attributes in the main data set of Ultrasound Image and Ultrasound Multi-frame Image (PS3.3
  /// A.6 and A.7: General Study, General Series, General Equipment, General Image, Contrast/Bolus, SOP Common). 2C as 2.
  private static let ultrasoundTypes: [Tag: Int] = [
    Tag(0x0008, 0x0012): 3, Tag(0x0008, 0x0013): 3, Tag(0x0008, 0x0021): 3, Tag(0x0008, 0x0022): 3,
    Tag(0x0008, 0x0023): 2, Tag(0x0008, 0x002a): 3, Tag(0x0008, 0x0031): 3, Tag(0x0008, 0x0032): 3,
    Tag(0x0008, 0x0033): 2, Tag(0x0008, 0x0080): 3, Tag(0x0008, 0x0082): 3, Tag(0x0008, 0x1010): 3,
    Tag(0x0008, 0x1070): 3, Tag(0x0008, 0x1072): 3, Tag(0x0008, 0x1110): 3, Tag(0x0008, 0x1111): 3,
    Tag(0x0010, 0x2203): 2, Tag(0x0018, 0x0010): 2, Tag(0x0018, 0x1000): 3, Tag(0x0018, 0x1030): 3,
    Tag(0x0032, 0x1060): 3, Tag(0x0040, 0x0555): 2,
  ]

  /// Ultrasound Image and Ultrasound Multi-frame Image, and their retired forms.
  static func isUltrasound(_ sopClass: String?) -> Bool {
    ["3", "3.1", "6", "6.1"].contains { sopClass == "1.2.840.10008.5.1.4.1.1." + $0 }
  }
}
