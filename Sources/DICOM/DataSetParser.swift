import Foundation

/// Finds the elements of a data set and of all its sequences. As lenient as viewers are with what does no harm (a missing
/// delimiter, bytes behind the end); the rest is an error. `notes` says what was let pass.
struct DataSetParser {
  private var cursor: ByteCursor
  private(set) var notes: [String] = []
  private var count = 0
  private let source: ByteSource

  /// Of the data set or item that is being read.
  private var characterSets: [String] = []

  /// How elements are written.
  struct Coding {
    var isExplicit: Bool
    var isBigEndian: Bool

    static let explicitLittle = Coding(isExplicit: true, isBigEndian: false)
    static let implicitLittle = Coding(isExplicit: false, isBigEndian: false)
  }

  private struct Header {
    let tag: Tag
    let vr: ValueRepresentation
    /// nil where it is undefined.
    let length: Int?
  }

  init(_ source: ByteSource, at position: Int) {
    self.source = source
    cursor = ByteCursor(source, at: position)
  }

  var position: Int { cursor.position }

  /// The elements of group 2; they are explicit little endian, whatever follows them.
  mutating func fileMeta() throws(DICOMError) -> DataSet {
    var elements: [Element] = []
    while cursor.remaining >= 8, try cursor.peekUInt16(0, bigEndian: false) == 2 {
      let header = try header(.explicitLittle)
      elements.append(try element(header, .explicitLittle, within: cursor.end, depth: 0))
    }
    return DataSet(elements: elements, source: source, isBigEndian: false, characterSets: [])
  }

  /// The coding that the next element is written in, where the transfer syntax is missing or belied by the bytes.
  mutating func guessedCoding(_ declared: Coding?) throws(DICOMError) -> Coding {
    guard cursor.remaining >= 8 else { return declared ?? .implicitLittle }
    let (first, second) = (try cursor.peek(4), try cursor.peek(5))
    let looksExplicit = ValueRepresentation(first: first, second: second) != nil
    guard let declared else {
      let group = try cursor.peekUInt16(0, bigEndian: false)
      return Coding(isExplicit: looksExplicit, isBigEndian: group >= 0x0100 && group & 0xff == 0)
    }
    if declared.isExplicit != looksExplicit {
      notes.append("the data set is not written as its transfer syntax says")
    }
    return Coding(isExplicit: looksExplicit, isBigEndian: declared.isBigEndian && looksExplicit)
  }

  /// The data set to the end of the source. What is damaged behind the pixels is noted only.
  mutating func dataSet(_ coding: Coding) throws(DICOMError) -> DataSet {
    var elements: [Element] = []
    var hasPixels = false
    while cursor.remaining >= 8 {
      do throws(DICOMError) {
        let tag = try cursor.peekTag(bigEndian: coding.isBigEndian)
        if tag == Tag(0, 0), hasPixels || !elements.isEmpty {
          notes.append("\(cursor.remaining) bytes behind the last element")
          return DataSet(
            elements: elements, source: source, isBigEndian: coding.isBigEndian, characterSets: characterSets)
        }
        if tag == .itemEnd || tag == .sequenceEnd {
          notes.append("a delimiter without a sequence")
          cursor.move(to: cursor.position + 8)
          continue
        }
        let header = try header(coding)
        let found = try element(header, coding, within: cursor.end, depth: 0)
        hasPixels = hasPixels || [Tag.pixels, .floatPixels, .doublePixels].contains(tag)
        if found.tag != Tag(0xfffc, 0xfffc) { elements.append(found) }
      } catch {
        guard hasPixels else { throw error }
        notes.append("behind the pixels: \(error.reason)")
        return DataSet(
          elements: elements, source: source, isBigEndian: coding.isBigEndian, characterSets: characterSets)
      }
    }
    if cursor.remaining > 0 { notes.append("\(cursor.remaining) bytes behind the last element") }
    return DataSet(elements: elements, source: source, isBigEndian: coding.isBigEndian, characterSets: characterSets)
  }

  private func corrupt(_ detail: String) -> DICOMError { .corrupt(file: source.name, detail: detail) }

  private mutating func header(_ coding: Coding) throws(DICOMError) -> Header {
    count += 1
    guard count <= source.limits.maximumElements else {
      throw .tooLarge(file: source.name, detail: "more than \(source.limits.maximumElements) elements")
    }
    let tag = try cursor.peekTag(bigEndian: coding.isBigEndian)
    var vr = ValueRepresentation.un
    var length: UInt32
    if tag.group == 0xfffe || !coding.isExplicit {
      vr = tag.group == 0xfffe ? .un : tag.dictionaryRepresentation
      length = try cursor.peekUInt32(4, bigEndian: coding.isBigEndian)
      cursor.move(to: cursor.position + 8)
    } else {
      let (first, second) = (try cursor.peek(4), try cursor.peek(5))
      guard let found = ValueRepresentation(first: first, second: second) else {
        throw corrupt("\(tag) at \(cursor.position): expected a value representation, found bytes \(first), \(second)")
      }
      vr = found
      if vr.hasLongLength {
        length = try cursor.peekUInt32(8, bigEndian: coding.isBigEndian)
        cursor.move(to: cursor.position + 12)
      } else {
        length = UInt32(try cursor.peekUInt16(6, bigEndian: coding.isBigEndian))
        cursor.move(to: cursor.position + 8)
      }
    }
    return Header(tag: tag, vr: vr, length: length == 0xffff_ffff ? nil : Int(length))
  }

  /// The element whose header was just read; the cursor ends behind its value.
  private mutating func element(
    _ header: Header, _ coding: Coding, within end: Int, depth: Int
  ) throws(DICOMError) -> Element {
    let start = cursor.position
    guard let length = header.length else {
      if header.vr == .ob || header.vr == .ow || header.tag == .pixels {
        return Element(tag: header.tag, vr: .ob, content: try fragments(header.tag, coding))
      }
      guard [.sq, .un].contains(header.vr) else {
        throw corrupt("\(header.tag): a \(header.vr.rawValue) without length")
      }
      let inner = header.vr == .un ? Coding.implicitLittle : coding
      let items = try items(of: header.tag, inner, end: nil, within: end, depth: depth)
      return Element(tag: header.tag, vr: .sq, content: .items(items))
    }
    let isPicture = depth == 0 && [Tag.pixels, .floatPixels, .doublePixels].contains(header.tag)
    guard length <= end - start else {
      guard isPicture else {
        throw .truncated(file: source.name, detail: "\(header.tag) has \(length) bytes, \(end - start) are left")
      }
      notes.append("\(header.tag) has \(length) bytes, \(end - start) are left")
      cursor.move(to: end)
      return Element(tag: header.tag, vr: header.vr, content: .value(ByteRange(start: start, count: end - start)))
    }
    let isSequence = header.vr == .sq || (header.vr == .un && Tag.known[header.tag]?.vr == .sq)
    if isSequence {
      let inner = header.vr == .un ? Coding.implicitLittle : coding
      let items = try items(of: header.tag, inner, end: start + length, within: start + length, depth: depth)
      cursor.move(to: start + length)
      return Element(tag: header.tag, vr: .sq, content: .items(items))
    }
    if header.tag == .characterSet, length <= 1024 {
      let names = String(decoding: try source.bytes(at: start, count: length), as: UTF8.self)
      characterSets = names.split(separator: "\\", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: CharacterSet(charactersIn: " \0"))
      }
    }
    cursor.move(to: start + length)
    return Element(tag: header.tag, vr: header.vr, content: .value(ByteRange(start: start, count: length)))
  }

  /// The items of a sequence that ends at `end`, or at its delimiter where that is nil.
  private mutating func items(
    of tag: Tag, _ coding: Coding, end: Int?, within: Int, depth: Int
  ) throws(DICOMError) -> [DataSet] {
    guard depth < source.limits.maximumDepth else {
      throw .tooLarge(file: source.name, detail: "\(tag): sequences more than \(source.limits.maximumDepth) deep")
    }
    var items: [DataSet] = []
    while end.map({ cursor.position + 8 <= $0 }) ?? true {
      let header = try header(coding)
      if header.tag == .sequenceEnd { break }
      if header.tag == .itemEnd {
        notes.append("\(tag): an item's delimiter without an item")
        continue
      }
      guard header.tag == .item else { throw corrupt("\(tag): expected an item, found \(header.tag)") }
      let itemEnd: Int?
      if let length = header.length {
        guard length <= within - cursor.position else {
          throw .truncated(file: source.name, detail: "\(tag): an item of \(length) bytes does not fit")
        }
        itemEnd = cursor.position + length
      } else {
        itemEnd = nil
      }
      items.append(try item(of: tag, coding, end: itemEnd, within: within, depth: depth + 1))
    }
    return items
  }

  private mutating func item(
    of tag: Tag, _ coding: Coding, end: Int?, within: Int, depth: Int
  ) throws(DICOMError) -> DataSet {
    let outer = characterSets
    defer { characterSets = outer }
    var elements: [Element] = []
    while end.map({ cursor.position + 8 <= $0 }) ?? true {
      let next = try cursor.peekTag(bigEndian: coding.isBigEndian)
      if next == .itemEnd {
        cursor.move(to: cursor.position + 8)
        break
      }
      if next == .sequenceEnd {
        // The item's own delimiter is missing; the sequence's ends both.
        notes.append("\(tag): an item without its delimiter")
        break
      }
      let header = try header(coding)
      elements.append(try element(header, coding, within: end ?? within, depth: depth))
    }
    if let end { cursor.move(to: end) }
    return DataSet(elements: elements, source: source, isBigEndian: coding.isBigEndian, characterSets: characterSets)
  }

  /// Encapsulated pixels (PS3.5 A.4).
  private mutating func fragments(_ tag: Tag, _ coding: Coding) throws(DICOMError) -> Element.Content {
    var ranges: [ByteRange] = []
    while true {
      guard cursor.remaining >= 8 else {
        notes.append("\(tag): the fragments have no delimiter")
        break
      }
      let header = try header(coding)
      if header.tag == .sequenceEnd { break }
      if header.tag == .itemEnd, !ranges.isEmpty {
        notes.append("\(tag): an item's delimiter among the fragments")
        continue
      }
      guard header.tag == .item, let length = header.length else {
        throw corrupt("\(tag): expected a fragment of known length, found \(header.tag)")
      }
      let start = cursor.position
      guard length <= cursor.remaining else {
        throw .truncated(
          file: source.name, detail: "\(tag): a fragment has \(length) bytes, \(cursor.remaining) are left")
      }
      ranges.append(ByteRange(start: start, count: length))
      cursor.move(to: start + length)
    }
    guard let table = ranges.first else { throw corrupt("\(tag): no offset table and no fragments") }
    return .fragments(table: table, Array(ranges.dropFirst()))
  }
}
