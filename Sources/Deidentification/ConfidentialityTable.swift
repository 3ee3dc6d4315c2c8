import DICOM

/// PS3.15 Table E.1-1 by tag.
enum ConfidentialityTable {
  /// What the Basic Profile demands. Combinations leave the choice to the attribute's Type in the object (PS3.15 E.1.1).
  enum Action: String, Sendable {
    /// X, Z, D: remove, empty, replace by a dummy.
    case remove = "X"
    case empty = "Z"
    case dummy = "D"
    /// U: another UID.
    case uid = "U"
    case removeOrEmpty = "X/Z"
    case removeOrDummy = "X/D"
    case removeOrEmptyOrDummy = "X/Z/D"
    case emptyOrDummy = "Z/D"
    /// A sequence whose references are kept, with other UIDs.
    case removeOrEmptyOrUID = "X/Z/U*"
  }

  /// The columns of the table, in its order. Of Clean Pixel Data, Clean Recognizable Visual Features and Retain Safe Private
  /// the table has no column that names single attributes.
  enum Option: Int, CaseIterable, Sendable {
    case retainUIDs, retainDevice, retainInstitution, retainPatient, fullDates, modifiedDates, cleanDescriptors,
      cleanStructuredContent, cleanGraphics
  }

  struct Rule: Sendable {
    let action: Action
    let name: String
    /// K (keep) or C (clean) of each option; absent where the option says nothing.
    let options: [Option: Character]
  }

  static let rules: [Tag: Rule] = {
    var rules: [Tag: Rule] = [:]
    for row in confidentialityRows.split(separator: "\n") {
      let parts = row.split(separator: " ", maxSplits: 3)
      guard parts.count == 4, let number = UInt32(parts[0], radix: 16), let action = Action(rawValue: String(parts[1]))
      else { continue }
      var options: [Option: Character] = [:]
      for (option, letter) in zip(Option.allCases, parts[2]) where letter != "-" { options[option] = letter }
      rules[Tag(UInt16(number >> 16), UInt16(number & 0xffff))] = Rule(
        action: action, name: String(parts[3]), options: options)
    }
    return rules
  }()
}
