import DICOM

/// Which text values are searched for identity, in cleaning and in the check of what was written.
enum TextGuard {
  /// What describes pixels, regions, codes and times by defined terms and numbers is not searched: a patient called Long or
  /// with the id 1024 would cost the image its geometry.
  static func isSearched(_ tag: Tag, _ vr: ValueRepresentation, _ options: DeidentificationOptions) -> Bool {
    switch vr {
    case .da, .dt, .tm, .as, .sq: return false
    case .ui: return !options.keepsUIDs
    default: break
    }
    if tag.group == 0x0028 || unsearched.contains(tag) { return false }
    return true
  }

  /// Numbers in text are only compared with long identifiers, as a whole.
  static func find(
    _ text: String, _ tag: Tag, _ vr: ValueRepresentation, _ tokens: IdentityTokens
  ) -> IdentityTokens.Kind? {
    let kind = find(text, vr, tokens)
    // Stations are often called by their maker and model.
    return kind == .place && makers.contains(tag) ? nil : kind
  }

  /// Manufacturer, Manufacturer's Model Name, Software Versions.
  private static let makers: Set<Tag> = [.manufacturer, .manufacturerModel, Tag(0x0018, 0x1020)]

  private static func find(
    _ text: String, _ vr: ValueRepresentation, _ tokens: IdentityTokens
  ) -> IdentityTokens.Kind? {
    switch vr {
    case .ds, .is:
      return text.split(separator: "\\").lazy.map { String($0).trimmed }
        .compactMap { $0.count >= 6 ? tokens.words[$0] : nil }.first
    case .ui:
      return text.split(separator: "\\").filter { !$0.hasPrefix("1.2.840.10008.") && !$0.hasPrefix("2.25.") }.lazy
        .compactMap { tokens.find(in: String($0)) }.first
    default: return tokens.find(in: text)
    }
  }

  /// Modality, Image Type, Laterality, and what this program writes.
  private static let unsearched: Set<Tag> = [
    .characterSet, .modality, Tag(0x0008, 0x0008), Tag(0x0020, 0x0060), Tag(0x0020, 0x0062),
    Tag(0x0012, 0x0062), Tag(0x0012, 0x0063), Tag(0x0010, 0x0040),
  ]
}

/// What was done to which attribute, how often.
struct ActionCounts: Sendable, Hashable {
  private(set) var counts: [String: [String: Int]] = [:]

  mutating func add(_ tag: String, _ treatment: Treatment) {
    counts[tag, default: [:]][treatment.rawValue, default: 0] += 1
  }

  mutating func add(_ other: ActionCounts) {
    for (tag, actions) in other.counts {
      for (action, count) in actions { counts[tag, default: [:]][action, default: 0] += count }
    }
  }
}
