import DICOM

/// Makes the new header of one file from the old one, attribute by attribute, in sequences too. Nothing comes into the new
/// data set that was not decided on here.
struct HeaderCleaner {
  let options: DeidentificationOptions
  let key: DeidentificationKey
  let identity: PatientIdentity
  let isUltrasound: Bool
  private let shift: DateShift
  private(set) var counts = ActionCounts()
  /// Old UIDs and what they became.
  private(set) var uids: [String: String] = [:]

  init(_ file: DICOMFile, _ identity: PatientIdentity, _ options: DeidentificationOptions, _ key: DeidentificationKey) {
    (self.options, self.key, self.identity) = (options, key, identity)
    isUltrasound = Treatment.isUltrasound((try? file.dataSet.string(.sopClass)) ?? nil)
    shift = key.shift(for: identity.key)
  }

  /// Where an element stands; in a sequence that is replaced or cleaned, so is everything.
  private enum Context {
    case main, item, replaced, cleaned
  }

  /// The whole data set but its pixels, which are another's to decide on.
  mutating func cleaned(_ set: DataSet) throws(DICOMError) -> EditableDataSet {
    try cleaned(set, in: .main)
  }

  private mutating func cleaned(_ set: DataSet, in context: Context) throws(DICOMError) -> EditableDataSet {
    var result = EditableDataSet()
    let privates = try PrivateElements(set)
    for element in set.elements where element.tag.element != 0 && element.tag != .characterSet {
      let tag = element.tag
      if tag.group % 2 == 1 {
        try addPrivate(element, of: set, privates, to: &result)
      } else if context == .main, [Tag.pixels, .floatPixels, .doublePixels].contains(tag) {
        continue
      } else if let made = try standard(element, of: set, context) {
        result.set(made)
      }
    }
    result.nameCharacterSet()
    return result
  }

  // MARK: Private attributes

  private mutating func addPrivate(
    _ element: Element, of set: DataSet, _ privates: PrivateElements, to result: inout EditableDataSet
  ) throws(DICOMError) {
    let tag = element.tag
    // A creator is kept with the first element of its block.
    guard !(0x10...0xff).contains(tag.element) else { return }
    guard options.keepsSafePrivate, privates.isSafe(tag), let made = try kept(element, element.vr, of: set, .item)
    else {
      counts.add("private (\(tag.groupText),xx)", .remove)
      return
    }
    let creator = PrivateElements.creatorTag(of: tag)
    if result[creator] == nil { result.set(creator, .lo, text: try set.text(creator)) }
    result.set(made)
    counts.add("private (\(tag.groupText),xx)", .keep)
  }

  // MARK: Standard attributes

  private mutating func standard(
    _ element: Element, of set: DataSet, _ context: Context
  ) throws(DICOMError) -> EditableElement? {
    let tag = element.tag
    // Curves and overlays are removed whole: without their data the rest of their group means nothing. Signatures would no
    // longer be true.
    guard !tag.isRepeatingGraphics, tag.group != 0xfffa, tag.group != 0xfffc, let standard = tag.standardRepresentation,
      tag.group > 2, tag != Tag(0x0008, 0x0001)
    else {
      counts.add(tag.isRepeatingGraphics ? "(\(tag.groupText),xxxx)" : tag.code, .remove)
      return nil
    }
    let vr = element.vr == .un ? standard : element.vr
    if context == .replaced {
      if vr == .ui { return try uid(element, of: set) }
      return vr == .sq ? try sequence(element, of: set, .replaced) : DummyValue.element(tag, vr)
    }
    if tag == Tag(0x0008, 0x0300), !options.keepsSafePrivate { return nil }
    guard let rule = ConfidentialityTable.rules[tag] else {
      let isTyped = options.cleansDescriptors && ([.lt, .st, .uc, .ut].contains(vr) || Self.typed.contains(tag))
      if isTyped || (context == .cleaned && Self.freeText.contains(vr)) {
        return try descriptor(element, vr, of: set, otherwise: context == .main ? .empty : .dummy)
      }
      return try kept(element, vr, of: set, context)
    }
    let treatment = Treatment.of(tag, rule, options, isUltrasound: isUltrasound && context == .main)
    return try treated(element, vr, of: set, rule, treatment, context)
  }

  /// Attributes that the table does not name and people type into: Stage Name, View Name, names of presets, Window Center & Width
  /// Explanation, Image ID, Content Label and Description.
  private static let typed: Set<Tag> = [
    Tag(0x0008, 0x2120), Tag(0x0008, 0x2127), Tag(0x0018, 0x5020), Tag(0x0018, 0x5021), Tag(0x0028, 0x1055),
    Tag(0x0054, 0x0400), Tag(0x0070, 0x0081),
  ]

  private static let freeText: Set<ValueRepresentation> = [.lo, .lt, .sh, .st, .uc, .ut]

  private mutating func treated(
    _ element: Element, _ vr: ValueRepresentation, of set: DataSet, _ rule: ConfidentialityTable.Rule,
    _ treatment: Treatment, _ context: Context
  ) throws(DICOMError) -> EditableElement? {
    let tag = element.tag
    switch treatment {
    case .keep: return try kept(element, vr, of: set, context)
    case .uid: return try uid(element, of: set)
    case .shift:
      if let moved = try shifted(element, vr, of: set) { return moved }
      let basic = Treatment.basic(tag, rule.action, isUltrasound: isUltrasound && context == .main)
      return try plain(element, vr, of: set, basic)
    case .descriptor:
      let basic = Treatment.basic(tag, rule.action, isUltrasound: isUltrasound && context == .main)
      return try descriptor(element, vr, of: set, otherwise: basic)
    case .remove, .empty, .dummy: return try plain(element, vr, of: set, treatment)
    }
  }

  private mutating func plain(
    _ element: Element, _ vr: ValueRepresentation, of set: DataSet, _ treatment: Treatment
  ) throws(DICOMError) -> EditableElement? {
    counts.add(element.tag.code, treatment)
    switch treatment {
    case .empty: return DummyValue.empty(element.tag, vr)
    case .dummy where vr == .ui: return try uid(element, of: set)
    case .dummy where vr == .sq: return try sequence(element, of: set, .replaced)
    case .dummy: return DummyValue.element(element.tag, vr)
    case .keep, .remove, .uid, .shift, .descriptor: return nil
    }
  }

  private mutating func sequence(
    _ element: Element, of set: DataSet, _ context: Context
  ) throws(DICOMError) -> EditableElement {
    var items: [EditableDataSet] = []
    for item in set.items(element.tag) {
      // A code of a scheme that is not everyone's may be a name, and the scheme's name that of an institution.
      if try CodingScheme.isLocal(item) {
        counts.add(element.tag.code, .remove)
        continue
      }
      items.append(try cleaned(item, in: context))
    }
    return EditableElement(element.tag, .sq, .items(items))
  }

  /// Kept, but for UIDs of instances and for text that names someone.
  private mutating func kept(
    _ element: Element, _ vr: ValueRepresentation, of set: DataSet, _ context: Context
  ) throws(DICOMError) -> EditableElement? {
    let tag = element.tag
    if vr == .sq { return try sequence(element, of: set, context == .cleaned ? .cleaned : .item) }
    if vr == .ui { return options.keepsUIDs ? EditableElement(element, of: set) : try uid(element, of: set) }
    if vr == .as {
      guard let age = AgeText.cut(try set.text(tag).trimmed) else { return nil }
      return EditableElement(tag, .as, text: age)
    }
    guard vr.isText else {
      guard case .stored(let stored) = EditableElement(element, of: set).value else { return nil }
      return EditableElement(tag, vr, .stored(stored))
    }
    let text = try set.text(tag)
    if TextGuard.isSearched(tag, vr, options), TextGuard.find(text, tag, vr, identity.tokens) != nil {
      counts.add(tag.code, .dummy)
      return DummyValue.element(tag, vr)
    }
    return EditableElement(tag, vr, text: text)
  }

  private mutating func descriptor(
    _ element: Element, _ vr: ValueRepresentation, of set: DataSet, otherwise basic: Treatment
  ) throws(DICOMError) -> EditableElement? {
    if vr == .sq { return try sequence(element, of: set, .cleaned) }
    guard vr.isText else { return try plain(element, vr, of: set, basic) }
    let values = try set.text(element.tag).split(separator: "\\").map { value in
      DescriptorVocabulary.cleaned(String(value)) { identity.tokens.find(in: $0) != nil }
    }
    let text = values.filter { !$0.isEmpty }.joined(separator: vr == .lt || vr == .st || vr == .ut ? " " : "\\")
    // Words that are allowed one by one may make up a name together.
    guard !text.isEmpty, identity.tokens.find(in: text) == nil else { return try plain(element, vr, of: set, basic) }
    counts.add(element.tag.code, .descriptor)
    return EditableElement(element.tag, vr, text: text)
  }

  private mutating func shifted(
    _ element: Element, _ vr: ValueRepresentation, of set: DataSet
  ) throws(DICOMError) -> EditableElement? {
    let values = try set.text(element.tag).split(separator: "\\", omittingEmptySubsequences: false)
      .map { String($0).trimmed }
    if values.allSatisfy(\.isEmpty) { return EditableElement(element.tag, vr, text: "") }
    var moved: [String] = []
    for value in values {
      let new: String?
      switch vr {
      case .da: new = shift.date(value)
      case .dt: new = shift.dateTime(value)
      case .tm: new = value.allSatisfy { $0.isASCII && ($0.isNumber || ".:-".contains($0)) } ? value : nil
      case .sh: new = value.wholeMatch(of: /[+\-]\d{4}/) != nil ? value : nil
      default: new = nil
      }
      guard let new else { return nil }
      moved.append(new)
    }
    // Times of day, and shifts from UTC, stay.
    counts.add(element.tag.code, [.tm, .sh].contains(vr) ? .keep : .shift)
    return EditableElement(element.tag, vr, text: moved.joined(separator: "\\"))
  }

  private mutating func uid(_ element: Element, of set: DataSet) throws(DICOMError) -> EditableElement {
    var new: [String] = []
    for old in try set.text(element.tag).split(separator: "\\").map({ String($0).trimmed }) {
      new.append(isKept(old, element.tag) ? old : replaced(old))
    }
    let text = new.joined(separator: "\\")
    if try set.text(element.tag) != text { counts.add(element.tag.code, .uid) }
    return EditableElement(element.tag, .ui, text: text)
  }

  private mutating func replaced(_ old: String) -> String {
    if let known = uids[old] { return known }
    let new = key.uid(for: old)
    uids[old] = new
    return new
  }

  /// Classes, transfer syntaxes, coding schemes: UIDs that name no instance.
  private func isKept(_ uid: String, _ tag: Tag) -> Bool {
    uid.isEmpty || uid.hasPrefix("1.2.840.10008.")
      || [Tag.sopClass, Tag(0x0008, 0x1150), Tag(0x0008, 0x010c)].contains(tag)
  }
}

extension Tag {
  /// Curves (50xx) and overlays (60xx).
  var isRepeatingGraphics: Bool { group & 0xff00 == 0x5000 || group & 0xff00 == 0x6000 }

  var groupText: String { String(code.dropFirst().prefix(4)) }
}

/// Coding schemes whose codes name no person: those of the standard's own list that ultrasound meets.
enum CodingScheme {
  static func isLocal(_ item: DataSet) throws(DICOMError) -> Bool {
    guard item.contains(Tag(0x0008, 0x0100)) || item.contains(Tag(0x0008, 0x0104)) else { return false }
    let scheme = try item.string(Tag(0x0008, 0x0102)) ?? ""
    return ![
      "DCM", "SCT", "SRT", "SNM3", "99SDM", "LN", "UCUM", "RADLEX", "I9", "I10", "I10P", "I11", "ICDO3", "C4", "C5",
      "FMA",
      "UMLS", "BI",
    ].contains(scheme)
  }
}
