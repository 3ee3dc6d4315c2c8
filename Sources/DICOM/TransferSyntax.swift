/// How a data set and its pixels are written (PS3.5 clause 10, PS3.6 annex A).
public struct TransferSyntax: Sendable, Hashable {
  public let uid: String
  public let name: String
  let coding: Kind

  enum Kind: Sendable, Hashable {
    case implicitLittle, explicitLittle, explicitBig, deflated
    case runLength
    /// Anything that JPEG (ISO 10918) holds; the frame's own header says which process.
    case jpeg
    case jpegLS
    /// JPEG 2000 and high-throughput JPEG 2000.
    case jpeg2000
    /// MPEG-2, H.264 or HEVC: all frames in one stream.
    case video
    /// Well known, but not read.
    case unread
  }

  public var isEncapsulated: Bool {
    switch coding {
    case .implicitLittle, .explicitLittle, .explicitBig, .deflated: false
    case .runLength, .jpeg, .jpegLS, .jpeg2000, .video, .unread: true
    }
  }

  /// Whether frames of it are decoded.
  public var isRead: Bool { coding != .unread }

  public static let implicitLittle = TransferSyntax(
    uid: "1.2.840.10008.1.2", name: "Implicit VR Little Endian", coding: .implicitLittle)
  public static let explicitLittle = TransferSyntax(
    uid: "1.2.840.10008.1.2.1", name: "Explicit VR Little Endian", coding: .explicitLittle)
  public static let explicitBig = TransferSyntax(
    uid: "1.2.840.10008.1.2.2", name: "Explicit VR Big Endian", coding: .explicitBig)

  private static let known: [String: TransferSyntax] = {
    var all = [implicitLittle, explicitLittle, explicitBig]
    func add(_ suffix: String, _ name: String, _ coding: Kind) {
      all.append(TransferSyntax(uid: "1.2.840.10008.1.2." + suffix, name: name, coding: coding))
    }
    add("1.98", "Encapsulated Uncompressed Explicit VR Little Endian", .unread)
    add("1.99", "Deflated Explicit VR Little Endian", .deflated)
    add("4.50", "JPEG Baseline (Process 1)", .jpeg)
    add("4.51", "JPEG Extended (Processes 2 and 4)", .jpeg)
    add("4.53", "JPEG Spectral Selection, Non-Hierarchical (Processes 6 and 8)", .jpeg)
    add("4.55", "JPEG Full Progression, Non-Hierarchical (Processes 10 and 12)", .jpeg)
    add("4.57", "JPEG Lossless, Non-Hierarchical (Process 14)", .jpeg)
    add("4.70", "JPEG Lossless, Non-Hierarchical, First-Order Prediction (Process 14, Selection Value 1)", .jpeg)
    add("4.80", "JPEG-LS Lossless", .jpegLS)
    add("4.81", "JPEG-LS Lossy (Near-Lossless)", .jpegLS)
    add("4.90", "JPEG 2000 (Lossless Only)", .jpeg2000)
    add("4.91", "JPEG 2000", .jpeg2000)
    add("4.92", "JPEG 2000 Part 2 Multi-component (Lossless Only)", .unread)
    add("4.93", "JPEG 2000 Part 2 Multi-component", .unread)
    add("4.94", "JPIP Referenced", .unread)
    add("4.95", "JPIP Referenced Deflate", .unread)
    add("4.100", "MPEG2 Main Profile / Main Level", .video)
    add("4.100.1", "Fragmentable MPEG2 Main Profile / Main Level", .video)
    add("4.101", "MPEG2 Main Profile / High Level", .video)
    add("4.101.1", "Fragmentable MPEG2 Main Profile / High Level", .video)
    add("4.102", "MPEG-4 AVC/H.264 High Profile / Level 4.1", .video)
    add("4.102.1", "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.1", .video)
    add("4.103", "MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1", .video)
    add("4.103.1", "Fragmentable MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1", .video)
    add("4.104", "MPEG-4 AVC/H.264 High Profile / Level 4.2 for 2D Video", .video)
    add("4.105", "MPEG-4 AVC/H.264 High Profile / Level 4.2 for 3D Video", .video)
    add("4.106", "MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2", .video)
    add("4.104.1", "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 for 2D Video", .video)
    add("4.105.1", "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 for 3D Video", .video)
    add("4.106.1", "Fragmentable MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2", .video)
    add("4.107", "HEVC/H.265 Main Profile / Level 5.1", .video)
    add("4.108", "HEVC/H.265 Main 10 Profile / Level 5.1", .video)
    add("4.110", "JPEG XL Lossless", .unread)
    add("4.111", "JPEG XL JPEG Recompression", .unread)
    add("4.112", "JPEG XL", .unread)
    add("4.201", "High-Throughput JPEG 2000 (Lossless Only)", .jpeg2000)
    add("4.202", "High-Throughput JPEG 2000 with RPCL Options (Lossless Only)", .jpeg2000)
    add("4.203", "High-Throughput JPEG 2000", .jpeg2000)
    add("5", "RLE Lossless", .runLength)
    return Dictionary(uniqueKeysWithValues: all.map { ($0.uid, $0) })
  }()

  private init(uid: String, name: String, coding: Kind) {
    (self.uid, self.name, self.coding) = (uid, name, coding)
  }

  /// A transfer syntax of the standard; nil where the UID is none.
  public static func standard(_ uid: String) -> TransferSyntax? { known[uid] }

  /// A syntax that is not of the standard is taken as encapsulated and not read.
  init(uid: String) {
    self = Self.known[uid] ?? TransferSyntax(uid: uid, name: "unknown transfer syntax", coding: .unread)
  }

  var elements: DataSetParser.Coding {
    switch coding {
    case .implicitLittle: .implicitLittle
    case .explicitBig: DataSetParser.Coding(isExplicit: true, isBigEndian: true)
    default: .explicitLittle
    }
  }
}
