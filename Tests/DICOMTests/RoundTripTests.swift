import DICOM
import Foundation
import Imaging
import Testing

/// What is read and written again says the same: every element, every value, every frame.
@Suite struct RoundTripTests {
  private func rewritten(
    _ file: DICOMFile, _ syntax: TransferSyntax, _ lengths: SequenceLengths = .undefined
  ) throws -> DICOMFile {
    try DICOMFileWriter(syntax, lengths: lengths).bytes(of: EditableDataSet(file.dataSet)).opened()
  }

  /// The syntax a data set can be written in: its own where its pixels are encapsulated.
  private func syntax(of file: DICOMFile) -> TransferSyntax {
    file.transferSyntax.isEncapsulated ? file.transferSyntax : .explicitLittle
  }

  private func expectEqual(_ one: DataSet, _ other: DataSet, _ name: String, depth: Int = 0) throws {
    let tags = Set(one.elements.map(\.tag).filter { $0.element != 0 })
    #expect(tags == Set(other.elements.map(\.tag)), "\(name)")
    for tag in tags where tag != .pixels {
      let (items, others) = (one.items(tag), other.items(tag))
      #expect(items.count == others.count, "\(name): \(tag)")
      for (item, other) in zip(items, others) { try expectEqual(item, other, name, depth: depth + 1) }
      guard items.isEmpty else { continue }
      #expect(try value(of: tag, in: one) == value(of: tag, in: other), "\(name): \(tag)")
    }
  }

  /// Little endian, and without what makes its length even.
  private func value(of tag: DICOM.Tag, in set: DataSet) throws -> [UInt8] {
    guard let element = set.element(tag) else { return [] }
    guard case .stored(let stored) = EditableElement(element, of: set).value else { return [] }
    var bytes = try stored.bytes()
    while bytes.count % 2 == 0, let last = bytes.last, last == 0 || last == 0x20 { bytes.removeLast() }
    while let last = bytes.last, last == 0 || last == 0x20 { bytes.removeLast() }
    return bytes
  }

  private func expectEqualFrames(_ one: DICOMFile, _ other: DICOMFile) throws {
    guard let reader = try? FrameReader(one) else { return }
    let second = try FrameReader(other)
    #expect(second.frameCount == reader.frameCount)
    for index in Set([0, reader.frameCount / 2, reader.frameCount - 1]) {
      #expect(try reader.storedFrame(index).bytes == second.storedFrame(index).bytes, "\(one.name), frame \(index + 1)")
    }
  }

  @Test(.enabled(if: Conformance.isThere, "needs ../shared/conformance/dicom"), arguments: Conformance.files)
  func file(_ vector: Conformance.Vector) throws {
    let file = try DICOMFile(vector.url)
    let again = try rewritten(file, syntax(of: file))
    #expect(again.notes.isEmpty, "\(again.notes)")
    try expectEqual(file.dataSet, again.dataSet, vector.file)
    try expectEqualFrames(file, again)
    let set = EditableDataSet(file.dataSet)
    #expect(
      try DICOMFileWriter(syntax(of: file)).bytes(of: set)
        == DICOMFileWriter(syntax(of: file)).bytes(of: EditableDataSet(again.dataSet)), "written twice")
  }

  /// Every coding to every other.
  @Test(arguments: [DICOMWriter.Coding.explicitLittle, .explicitBig, .implicitLittle])
  func codings(_ coding: DICOMWriter.Coding) throws {
    var writer = DICOMWriter(coding)
    writer.text(.patientName, "PN", "A^B")
    writer.sequence(
      .ultrasoundRegions,
      [
        { item in
          item.number(.regionDataType, "US", 1)
          item.number(.regionMinX0, "UL", 70_000)
          item.raw(.physicalDeltaX, "FD", item.double(0.0125))
        }, { _ in },
      ])
    writer.image(rows: 2, columns: 3, photometric: "MONOCHROME2", bits: 16, frames: 2)
    writer.raw(.pixels, "OW", (0..<12).flatMap { writer.word(1000 + $0, 2) })
    let file = try writer.file().opened()
    for syntax in [TransferSyntax.explicitLittle, .explicitBig, .implicitLittle] {
      for lengths in [SequenceLengths.undefined, .defined] {
        let again = try rewritten(file, syntax, lengths)
        #expect(again.transferSyntax == syntax && again.notes.isEmpty)
        try expectEqual(file.dataSet, again.dataSet, syntax.name)
        let region = try #require(again.dataSet.items(.ultrasoundRegions).first)
        #expect(try region.integer(.regionMinX0) == 70_000)
        #expect(try region.number(.physicalDeltaX) == 0.0125)
        try expectEqualFrames(file, again)
      }
    }
  }

  @Test func deflated() throws {
    var writer = DICOMWriter()
    writer.text(.patientName, "PN", "A^B")
    writer.image(rows: 64, columns: 64, photometric: "MONOCHROME2")
    writer.raw(.pixels, "OB", [UInt8](repeating: 7, count: 4096))
    let file = try writer.file().opened()
    let syntax = try #require(TransferSyntax.standard("1.2.840.10008.1.2.1.99"))
    let bytes = try DICOMFileWriter(syntax).bytes(of: EditableDataSet(file.dataSet))
    #expect(bytes.count < 1000 && bytes.count % 2 == 0)
    try expectEqual(file.dataSet, bytes.opened().dataSet, "deflated")
    try expectEqualFrames(file, bytes.opened())
  }

  /// Big endian words of 16 bits that hold bytes, and samples of 32 bits.
  @Test(arguments: [8, 32])
  func pixelsOfBigEndianFiles(_ bits: Int) throws {
    var writer = DICOMWriter(.explicitBig)
    writer.image(rows: 2, columns: 2, photometric: "MONOCHROME2", bits: bits)
    writer.raw(.pixels, "OW", Array(1...UInt8(4 * bits / 8)))
    let file = try writer.file().opened()
    for syntax in [TransferSyntax.explicitLittle, .explicitBig, .implicitLittle] {
      try expectEqualFrames(file, rewritten(file, syntax))
    }
  }

  @Test func aValueTooLongForItsHeaderBecomesUN() throws {
    var writer = DICOMWriter(.implicitLittle)
    writer.image(rows: 1, columns: 1, photometric: "MONOCHROME2")
    writer.raw(.lutDescriptor, "US", [UInt8](repeating: 1, count: 70_000))
    writer.raw(.pixels, "OW", [1, 0])
    let file = try writer.file().opened()
    let again = try rewritten(file, .explicitLittle)
    #expect(again.dataSet.element(.lutDescriptor)?.vr == .un)
    try expectEqual(file.dataSet, again.dataSet, "long")
  }

  @Test func groupTwoIsOurs() throws {
    var writer = DICOMWriter()
    writer.text(.sopClass, "UI", "1.2.840.10008.5.1.4.1.1.6.1")
    writer.text(.sopInstance, "UI", "1.2.3.4")
    let bytes = try DICOMFileWriter().bytes(of: EditableDataSet(writer.file().opened().dataSet))
    let file = try bytes.opened()
    #expect(bytes.prefix(128).allSatisfy { $0 == 0 })
    #expect(try file.meta.string(DICOM.Tag(2, 3)) == "1.2.3.4")
    #expect(try file.meta.string(DICOM.Tag(2, 2)) == "1.2.840.10008.5.1.4.1.1.6.1")
    #expect(try file.meta.string(DICOM.Tag(2, 0x12)) == DICOMFileWriter.implementationClass)
    #expect(try file.meta.string(.transferSyntax) == "1.2.840.10008.1.2.1")
    let length = try #require(try file.meta.integer(DICOM.Tag(2, 0)))
    // Preamble and mark, the length's own element, the group.
    #expect(Array(bytes[(144 + length)..<(148 + length)]) == [8, 0, 0x16, 0])
  }

  @Test func framesAreStreamed() throws {
    var set = EditableDataSet()
    set.set(.photometric, .cs, text: "MONOCHROME2")
    set.set(.numberOfFrames, .is, text: "3")
    for (tag, value) in [(DICOM.Tag.rows, 1), (.columns, 3), (.bitsAllocated, 8), (.samplesPerPixel, 1)] {
      set.set(tag, .us, numbers: [value])
    }
    let stream = FrameStream(frames: 3, bytesPerFrame: 3) { index in [UInt8](repeating: UInt8(index), count: 3) }
    set.set(EditableElement(.pixels, .ob, .frames(stream)))
    let file = FileManager.default.temporaryDirectory.appending(
      path: "streamed-\(UInt64.random(in: 0...UInt64.max)).dcm")
    defer { try? FileManager.default.removeItem(at: file) }
    try DICOMFileWriter().write(set, to: file)
    let reader = try FrameReader(DICOMFile(file))
    #expect(try reader.storedFrame(2).bytes == [2, 2, 2])
    set.set(EditableElement(.pixels, .ob, .frames(FrameStream(frames: 3, bytesPerFrame: 3) { _ in [1] })))
    #expect(throws: DICOMError.self) { try DICOMFileWriter().write(set, to: file) }
    #expect(try FrameReader(DICOMFile(file)).storedFrame(1).bytes == [1, 1, 1], "what was there stays")
    let names = try FileManager.default.contentsOfDirectory(atPath: file.deletingLastPathComponent().path)
    #expect(!names.contains { $0.hasPrefix(".\(file.lastPathComponent)") })
  }

  @Test func aFolderThatIsNotThereIsNamed() {
    #expect(throws: DICOMError.cannotCreate(file: "/nowhere/at/all.dcm", reason: "No such file or directory")) {
      try DICOMFileWriter().write(EditableDataSet(), toNew: URL(fileURLWithPath: "/nowhere/at/all.dcm"))
    }
  }

  // MARK: Text

  @Test func chineseTextBecomesUTF8() throws {
    var writer = DICOMWriter()
    writer.text(.characterSet, "CS", "GB18030")
    // 王^小东 in GB18030.
    writer.raw(.patientName, "PN", [0xcd, 0xf5, 0x5e, 0xd0, 0xa1, 0xb6, 0xab])
    writer.sequence(
      DICOM.Tag(0x0008, 0x1140),
      [
        { item in
          item.text(.characterSet, "CS", "ISO_IR 100")
          item.raw(DICOM.Tag(0x0008, 0x103e), "LO", [0x4d, 0xfc, 0x6c, 0x6c])
        }
      ])
    let file = try writer.file().opened()
    let kept = try rewritten(file, .explicitLittle).dataSet
    #expect(try kept.string(.patientName) == "王^小东" && kept.string(.characterSet) == "GB18030")
    let set = try DICOMFileWriter().bytes(of: EditableDataSet(inUTF8: file.dataSet)).opened().dataSet
    #expect(try set.string(.patientName) == "王^小东" && set.string(.characterSet) == "ISO_IR 192")
    let item = try #require(set.items(DICOM.Tag(0x0008, 0x1140)).first)
    #expect(try item.string(DICOM.Tag(0x0008, 0x103e)) == "Müll" && item.string(.characterSet) == "ISO_IR 192")
  }

  @Test func asciiNeedsNoCharacterSet() throws {
    var writer = DICOMWriter()
    writer.text(.characterSet, "CS", "ISO_IR 100")
    writer.text(.patientName, "PN", "A^B")
    let set = try EditableDataSet(inUTF8: writer.file().opened().dataSet)
    #expect(set[.characterSet] == nil && set[.patientName] != nil)
  }
}
