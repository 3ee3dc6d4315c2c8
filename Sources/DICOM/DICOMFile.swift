internal import CDCMTK
public import Foundation

/// An open DICOM file: its data set, whose values are read when they are asked for.
public struct DICOMFile: Sendable {
  /// As messages name it.
  public let name: String
  /// Group 2; empty where the file has none.
  public let meta: DataSet
  public let dataSet: DataSet
  public let transferSyntax: TransferSyntax
  /// Whether the file itself names its transfer syntax; where it does not, it was told from the bytes.
  public let declaresTransferSyntax: Bool
  /// Departures from the standard that did not keep the file from being read.
  public let notes: [String]

  /// Opens and walks over the whole data set once; no value and no pixel is loaded.
  public init(_ file: URL, limits: DICOMLimits = .standard) throws(DICOMError) {
    try self.init(ByteSource(file: file, limits: limits))
  }

  /// A file that lies in memory; `name` is for messages.
  public init(name: String, bytes: [UInt8], limits: DICOMLimits = .standard) throws(DICOMError) {
    try self.init(ByteSource(name: name, bytes: Data(bytes), limits: limits))
  }

  private init(_ source: ByteSource) throws(DICOMError) {
    name = source.name
    var parser = DataSetParser(source, at: try Self.start(of: source))
    meta = try parser.fileMeta()
    let declared = try meta.string(.transferSyntax).map { TransferSyntax(uid: $0) }
    declaresTransferSyntax = declared != nil
    guard source.count - parser.position >= 8 else {
      throw .notDICOM(file: name, detail: "found no data set behind the file's header")
    }
    if declared?.coding == .deflated {
      let inflated = try Self.inflated(source, from: parser.position)
      parser = DataSetParser(inflated, at: 0)
    }
    let coding = try parser.guessedCoding(declared?.elements)
    dataSet = try parser.dataSet(coding)
    transferSyntax =
      declared ?? (coding.isBigEndian ? .explicitBig : coding.isExplicit ? .explicitLittle : .implicitLittle)
    var notes = parser.notes
    if declared == nil { notes.insert("no transfer syntax; it was told from the bytes", at: 0) }
    self.notes = notes
    guard !dataSet.elements.isEmpty else { throw .notDICOM(file: name, detail: "found no elements") }
  }

  /// Where the elements begin: behind the preamble, or at once in old files that have none.
  private static func start(of source: ByteSource) throws(DICOMError) -> Int {
    guard source.count > 0 else { throw .empty(file: source.name) }
    if source.count >= 132, try source.bytes(at: 128, count: 4) == Array("DICM".utf8) { return 132 }
    guard source.count >= 8 else { throw .notDICOM(file: source.name, detail: "found \(source.count) bytes") }
    let head = try source.bytes(at: 0, count: 8)
    let little = UInt16(head[0]) | UInt16(head[1]) << 8
    let big = UInt16(head[0]) << 8 | UInt16(head[1])
    // A data set begins with group 2 or 8; what follows must look like a header.
    let isExplicit = ValueRepresentation(first: head[4], second: head[5]) != nil
    let length = (0..<4).reduce(0) { $0 | Int(head[4 + $1]) << (8 * $1) }
    let fits = isExplicit || length <= source.count
    guard [2, 8].contains(little) || (isExplicit && big == 8), fits else {
      throw .notDICOM(file: source.name, detail: "found neither the mark DICM nor a data set")
    }
    return 0
  }

  private static func inflated(_ source: ByteSource, from position: Int) throws(DICOMError) -> ByteSource {
    let limit = source.limits.maximumInflatedBytes
    guard source.count - position <= limit else {
      throw .tooLarge(
        file: source.name, detail: "a deflated data set of \(source.count - position) bytes, limit \(limit)")
    }
    let data = try source.bytes(at: position, count: source.count - position)
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    try CodecCall.run(on: source.name, "the deflated data set") {
      cd_inflate(data, data.count, limit, &bytes, &count, $0)
    }
    guard let bytes else { throw .outOfMemory(file: source.name) }
    let inflated = Data(bytesNoCopy: bytes, count: count, deallocator: .custom { start, _ in cd_free(start) })
    return ByteSource(name: source.name, bytes: inflated, limits: source.limits)
  }
}
