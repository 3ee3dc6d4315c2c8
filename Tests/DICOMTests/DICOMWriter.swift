import DICOM
import Imaging

/// Writes small DICOM files for the tests: what is asked for, right or wrong.
struct DICOMWriter {
  enum Coding { case explicitLittle, explicitBig, implicitLittle }

  var coding = Coding.explicitLittle
  private(set) var bytes: [UInt8] = []

  init(_ coding: Coding = .explicitLittle) { self.coding = coding }

  func word(_ value: Int, _ size: Int) -> [UInt8] {
    let little = (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    return coding == .explicitBig ? little.reversed() : little
  }

  func double(_ value: Double) -> [UInt8] { word(Int(bitPattern: UInt(value.bitPattern)), 8) }

  mutating func append(_ more: [UInt8]) { bytes += more }

  mutating func tag(_ tag: Tag) { bytes += word(Int(tag.group), 2) + word(Int(tag.element), 2) }

  /// A header and, where it is given, the value. `length` nil is the undefined length.
  mutating func header(_ tag: Tag, _ vr: String, length: Int?) {
    self.tag(tag)
    let count = length ?? 0xffff_ffff
    if coding == .implicitLittle {
      bytes += word(count, 4)
    } else if ["OB", "OW", "OF", "OD", "OV", "SQ", "UN", "UT"].contains(vr) {
      bytes += Array(vr.utf8) + [0, 0] + word(count, 4)
    } else {
      bytes += Array(vr.utf8) + word(count, 2)
    }
  }

  mutating func raw(_ tag: Tag, _ vr: String, _ value: [UInt8]) {
    let padded = value.count % 2 == 0 ? value : value + [0]
    header(tag, vr, length: padded.count)
    bytes += padded
  }

  mutating func text(_ tag: Tag, _ vr: String, _ value: String) {
    raw(tag, vr, Array((value.utf8.count % 2 == 0 ? value : value + " ").utf8))
  }

  mutating func number(_ tag: Tag, _ vr: String, _ values: Int...) {
    let size = ["US", "SS"].contains(vr) ? 2 : 4
    raw(tag, vr, values.flatMap { word($0, size) })
  }

  /// A sequence of undefined length with items of undefined length.
  mutating func sequence(_ tag: Tag, _ items: [(inout DICOMWriter) -> Void]) {
    header(tag, "SQ", length: nil)
    for fill in items {
      var item = DICOMWriter(coding)
      fill(&item)
      self.tag(Tag(0xfffe, 0xe000))
      bytes += word(0xffff_ffff, 4) + item.bytes
      self.tag(Tag(0xfffe, 0xe00d))
      bytes += word(0, 4)
    }
    self.tag(Tag(0xfffe, 0xe0dd))
    bytes += word(0, 4)
  }

  /// Encapsulated pixels; `table` is the basic offset table.
  mutating func fragments(_ fragments: [[UInt8]], table: [Int] = []) {
    header(.pixels, "OB", length: nil)
    for part in [table.flatMap { word($0, 4) }] + fragments {
      let padded = part.count % 2 == 0 ? part : part + [0]
      tag(Tag(0xfffe, 0xe000))
      bytes += word(padded.count, 4) + padded
    }
    tag(Tag(0xfffe, 0xe0dd))
    bytes += word(0, 4)
  }

  /// The Image Pixel module.
  mutating func image(
    rows: Int, columns: Int, photometric: String, samples: Int = 1, bits: Int = 8, stored: Int? = nil,
    signed: Bool = false, planar: Int? = nil, frames: Int? = nil
  ) {
    number(.samplesPerPixel, "US", samples)
    text(.photometric, "CS", photometric)
    if let planar { number(.planarConfiguration, "US", planar) }
    if let frames { text(.numberOfFrames, "IS", "\(frames)") }
    number(.rows, "US", rows)
    number(.columns, "US", columns)
    number(.bitsAllocated, "US", bits)
    number(.bitsStored, "US", stored ?? bits)
    number(.highBit, "US", (stored ?? bits) - 1)
    number(.pixelRepresentation, "US", signed ? 1 : 0)
  }

  /// The file: preamble, group 2 with the transfer syntax, and what was written.
  func file(_ transferSyntax: String? = nil) -> [UInt8] {
    let standard: String
    switch coding {
    case .explicitLittle: standard = "1.2.840.10008.1.2.1"
    case .explicitBig: standard = "1.2.840.10008.1.2.2"
    case .implicitLittle: standard = "1.2.840.10008.1.2"
    }
    var meta = DICOMWriter()
    let uid = transferSyntax ?? standard
    meta.raw(.transferSyntax, "UI", Array(uid.utf8))
    return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + meta.bytes + bytes
  }
}

extension Array where Element == UInt8 {
  /// The file opened from memory.
  func opened(limits: DICOMLimits = .standard) throws(DICOMError) -> DICOMFile {
    try DICOMFile(name: "test.dcm", bytes: self, limits: limits)
  }

  /// The pixels of all frames, as they are shown.
  func shown() throws(DICOMError) -> [[UInt8]] {
    let reader = try FrameReader(try opened())
    var frames: [[UInt8]] = []
    for index in 0..<reader.frameCount { frames.append(try reader.rgb(index).pixels) }
    return frames
  }
}
