internal import CDCMTK
public import Foundation

/// Writes data sets as files of DICOM (PS3.10): preamble of zeros, group 2, the data set. What group 2 says comes from the
/// data set and from this program; the source's own, with its application's names, is not taken over.
public struct DICOMFileWriter: Sendable {
  /// Encapsulated pixels stay as they are, so their data set can be written in no other syntax than its own.
  public let transferSyntax: TransferSyntax
  public let lengths: SequenceLengths

  /// Implementation Class UID: of this program's writer.
  public static let implementationClass = "2.25.145462766804342572176249246327396596241"
  /// Implementation Version Name.
  public static let implementationVersion = "INSONATE_1"

  public init(_ transferSyntax: TransferSyntax = .explicitLittle, lengths: SequenceLengths = .undefined) {
    (self.transferSyntax, self.lengths) = (transferSyntax, lengths)
  }

  /// The file in memory.
  public func bytes(of set: EditableDataSet, name: String = "data set") throws(DICOMError) -> [UInt8] {
    let sink = ByteSink()
    try write(set, to: sink, name: name)
    return sink.bytes
  }

  /// Puts the file in its place whole: written beside, flushed, renamed. What was there is replaced.
  public func write(_ set: EditableDataSet, to file: URL) throws(DICOMError) {
    let beside = file.deletingLastPathComponent()
      .appending(path: ".\(file.lastPathComponent).\(getpid())-\(UInt32.random(in: 0...UInt32.max)).partial")
    try write(set, toNew: beside)
    guard rename(beside.path, file.path) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(beside.path)
      throw .cannotCreate(file: file.path, reason: reason)
    }
  }

  /// Makes a file that is not there yet, for who wants to look at it before it gets its name. Nothing is left on failure.
  public func write(_ set: EditableDataSet, toNew file: URL) throws(DICOMError) {
    let sink = try ByteSink(file: file.path)
    do throws(DICOMError) {
      try write(set, to: sink, name: file.path)
      try sink.finish()
    } catch {
      unlink(file.path)
      throw error
    }
  }

  private func write(_ set: EditableDataSet, to sink: ByteSink, name: String) throws(DICOMError) {
    try sink.append([UInt8](repeating: 0, count: 128) + Array("DICM".utf8))
    let meta = ByteSink()
    try DataSetWriter(coding: .explicitLittle, lengths: lengths, name: name, sink: meta).write(try self.meta(of: set))
    // The group's length, which the writer leaves out elsewhere.
    let count = (0..<4).map { UInt8(truncatingIfNeeded: meta.count >> (8 * $0)) }
    try sink.append([2, 0, 0, 0] + Array("UL".utf8) + [4, 0] + count + meta.bytes)
    if transferSyntax.coding == .deflated {
      try sink.append(try deflated(set, name: name))
    } else {
      let coding = transferSyntax.elements
      try DataSetWriter(coding: coding, lengths: lengths, name: name, sink: sink).write(set)
    }
  }

  private func meta(of set: EditableDataSet) throws(DICOMError) -> EditableDataSet {
    var meta = EditableDataSet()
    meta.set(EditableElement(Tag(0x0002, 0x0001), .ob, .bytes([0, 1])))
    let copied = [(Tag.sopClass, Tag.mediaStorageClass), (.sopInstance, Tag(0x0002, 0x0003))]
    for (from, to) in copied {
      if let element = set[from] { meta.set(EditableElement(to, .ui, element.value)) }
    }
    meta.set(.transferSyntax, .ui, text: transferSyntax.uid)
    meta.set(Tag(0x0002, 0x0012), .ui, text: Self.implementationClass)
    meta.set(Tag(0x0002, 0x0013), .sh, text: Self.implementationVersion)
    return meta
  }

  /// A deflated data set lies in memory, as when it is read.
  private func deflated(_ set: EditableDataSet, name: String) throws(DICOMError) -> [UInt8] {
    let plain = ByteSink()
    try DataSetWriter(coding: .explicitLittle, lengths: lengths, name: name, sink: plain).write(set)
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    let data = plain.bytes
    try CodecCall.run(on: name, "the data set") { cd_deflate(data, data.count, &bytes, &count, $0) }
    guard let bytes else { throw .outOfMemory(file: name) }
    defer { cd_free(bytes) }
    let deflated = Array(UnsafeBufferPointer(start: bytes, count: count))
    return count % 2 == 0 ? deflated : deflated + [0]
  }
}
