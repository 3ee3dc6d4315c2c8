import DICOM

/// Searches a written file for the identity of the one it was made from: all text, kept private bytes, and the comments of
/// JPEG frames that were passed through. Values longer than a MiB are pixels and tables.
struct LeakCheck {
  let identity: PatientIdentity
  let options: DeidentificationOptions

  private static let longestSearched = 1 << 20

  /// Where something was found, in words that do not say what.
  func places(in file: DICOMFile) throws(DICOMError) -> [String] {
    var places: [String] = []
    try search(file.meta, &places)
    try search(file.dataSet, &places)
    return places
  }

  private func search(_ set: DataSet, _ places: inout [String]) throws(DICOMError) {
    for element in set.elements {
      for item in set.items(element.tag) { try search(item, &places) }
      if let kind = try kind(in: element, of: set) { places.append("\(kind.rawValue) in \(element.tag.code)") }
    }
  }

  private func kind(in element: Element, of set: DataSet) throws(DICOMError) -> IdentityTokens.Kind? {
    let (tag, vr) = (element.tag, element.vr)
    switch EditableElement(element, of: set).value {
    case .stored(let stored):
      if vr.isText {
        guard TextGuard.isSearched(tag, vr, options) else { return nil }
        return TextGuard.find(try set.text(tag), tag, vr, identity.tokens)
      }
      guard [.un, .ob].contains(vr), stored.count <= Self.longestSearched, tag != .pixels else { return nil }
      return identity.tokens.find(in: try stored.bytes(), encoders: identity.encoders)
    case .fragments(_, let fragments):
      for fragment in fragments {
        guard let head = fragment.prefix(min(fragment.count, 1 << 16)) else { continue }
        let comments = JPEGComments.bytes(in: try head.bytes())
        if let kind = identity.tokens.find(in: comments, encoders: identity.encoders) { return kind }
      }
      return nil
    case .bytes, .items, .frames: return nil
    }
  }
}

/// What a JPEG, JPEG-LS or JPEG 2000 frame says beside its picture: comments and application data.
enum JPEGComments {
  static func bytes(in frame: [UInt8]) -> [UInt8] {
    guard frame.count > 4, frame[0] == 0xff, frame[1] == 0xd8 || frame[1] == 0x4f else { return [] }
    let isJPEG2000 = frame[1] == 0x4f
    var found: [UInt8] = []
    var place = 2
    while place + 4 <= frame.count, frame[place] == 0xff {
      let mark = frame[place + 1]
      // Fill bytes before a mark.
      if mark == 0xff {
        place += 1
        continue
      }
      // Start of scan, of tile, end.
      if mark == 0xda || mark == 0xd9 || (isJPEG2000 && mark == 0x90) { break }
      let length = Int(frame[place + 2]) << 8 | Int(frame[place + 3])
      guard length >= 2 else { break }
      let isComment = mark == 0xfe || (0xe0...0xef).contains(mark) || (isJPEG2000 && mark == 0x64)
      if isComment { found += frame[(place + 4)..<min(frame.count, place + 2 + length)] + [0] }
      place += 2 + length
    }
    return found
  }
}
