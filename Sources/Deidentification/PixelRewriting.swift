import DICOM
import Imaging

/// Puts a file's pixels into its new data set: as they are where nothing is to be blanked; blanked in place where they are not
/// compressed; decoded, blanked and without compression where they are.
struct PixelRewriting {
  let file: DICOMFile
  let reader: FrameReader
  let source: Element

  /// What became of the pixels.
  struct Outcome: Sendable {
    var transferSyntax: TransferSyntax
    var blankedPixels = 0
    var notes: [String] = []
  }

  /// - Throws: where the mask is of another size than the frames, or the pixels are single bits.
  func apply(_ mask: GreyImage?, to set: inout EditableDataSet) throws(DeidentificationError) -> Outcome {
    let element = EditableElement(source, of: file.dataSet)
    guard let mask, mask.pixels.contains(where: { $0 >= 128 }) else { return try pass(element, to: &set) }
    let layout = reader.layout
    guard mask.width == layout.columns, mask.height == layout.rows else {
      throw .pixels(
        file: file.name,
        reason: "the mask is \(mask.width) x \(mask.height), the frames are \(layout.columns) x \(layout.rows)")
    }
    guard layout.bitsAllocated >= 8, !layout.isFloat else {
      throw .pixels(file: file.name, reason: "single bits and floating point are not blanked")
    }
    do throws(DICOMError) {
      return try blank(mask, to: &set)
    } catch {
      throw .dicom(error)
    }
  }

  // MARK: Nothing to blank

  private func pass(
    _ element: EditableElement, to set: inout EditableDataSet
  ) throws(DeidentificationError) -> Outcome {
    switch element.value {
    case .fragments:
      set.set(element)
      return Outcome(transferSyntax: file.transferSyntax)
    case .stored(let stored):
      var outcome = Outcome(transferSyntax: .explicitLittle)
      if hidesOverlays {
        try clearUnusedBits(in: &set)
        outcome.notes.append("overlays in the unused bits of the pixels were cleared")
        return outcome
      }
      // What lies behind the last frame is no picture.
      let layout = reader.layout
      let bits =
        layout.isHalvedChroma(in: stored.count)
        ? layout.rows * ((layout.columns + 1) / 2) * 32
        : layout.rows * layout.columns * layout.samplesPerPixel * layout.bitsAllocated
      let bytes = (bits * layout.frames + 7) / 8
      guard let frames = stored.prefix(bytes) else {
        throw .refused(file: file.name, reason: "the pixels are shorter than their frames")
      }
      if stored.count > bytes + bytes % 2 {
        outcome.notes.append("\(stored.count - bytes) bytes behind the last frame were left out")
      }
      set.set(EditableElement(element.tag, element.vr == .un ? .ow : element.vr, .stored(frames)))
      return outcome
    case .bytes, .items, .frames:
      throw .refused(file: file.name, reason: "\(element.tag) is a sequence")
    }
  }

  /// Overlays that lie in the pixels' own words (retired in 2004) say no Overlay Data.
  private var hidesOverlays: Bool {
    let groups = file.dataSet.elements.map(\.tag).filter { $0.group & 0xff00 == 0x6000 && $0.element == 0x0102 }.map(
      \.group)
    return reader.layout.samplesPerPixel == 1 && reader.layout.bitsStored < reader.layout.bitsAllocated
      && groups.contains { !file.dataSet.contains(Tag($0, 0x3000)) }
  }

  private func clearUnusedBits(in set: inout EditableDataSet) throws(DeidentificationError) {
    let (layout, reader) = (reader.layout, reader)
    let size = layout.bitsAllocated / 8
    guard size >= 1 else { return }
    let stream = FrameStream(frames: layout.frames, bytesPerFrame: layout.rows * layout.columns * size) {
      (index) throws(DICOMError) in try reader.storedFrame(index).bytes
    }
    set.set(EditableElement(.pixels, size == 1 ? .ob : .ow, .frames(stream)))
  }

  // MARK: Blanking

  private func blank(_ mask: GreyImage, to set: inout EditableDataSet) throws(DICOMError) -> Outcome {
    let isCompressed = file.transferSyntax.isEncapsulated
    // The first frame shows what the decoder gives; all frames must be alike.
    let first = try isCompressed ? reader.storedFrame(0) : reader.decodedFrame(0)
    let shown = UncompressedForm(first, reader.layout, isCompressed: isCompressed)
    var outcome = Outcome(transferSyntax: .explicitLittle)
    guard let blanking = PixelBlanking(mask, halvedChroma: shown.arrangement == .halvedChroma) else { return outcome }
    let black = try reader.blackPixel(shown.photometric)
    let (reader, name) = (reader, file.name)
    let stream = FrameStream(frames: reader.frameCount, bytesPerFrame: shown.bytesPerFrame) {
      (index) throws(DICOMError) in
      let frame = try isCompressed ? reader.storedFrame(index) : reader.decodedFrame(index)
      guard UncompressedForm(frame, reader.layout, isCompressed: isCompressed) == shown else {
        throw .unsupported(file: name, detail: "frame \(index + 1) has other colours or depth than the first")
      }
      var bytes = try shown.bytes(of: frame, index, reader)
      blanking.blank(&bytes, arrangement: shown.arrangement, bytesPerSample: shown.bytesPerSample, black: black)
      return bytes
    }
    set.set(EditableElement(.pixels, shown.bytesPerSample == 1 ? .ob : .ow, .frames(stream)))
    outcome.blankedPixels = blanking.pixels.count
    if blanking.widened > 0 {
      outcome.notes.append(
        "\(blanking.widened) pixels beside the mask were blanked too, since their colour is stored in pairs")
    }
    if isCompressed {
      try describe(shown, in: &set)
      outcome.notes.append("decoded from \(file.transferSyntax.name), written without compression")
    }
    return outcome
  }

  /// What the data set must say of pixels that are no longer compressed.
  private func describe(_ shown: UncompressedForm, in set: inout EditableDataSet) throws(DICOMError) {
    set.set(.photometric, .cs, text: shown.photometric.rawValue)
    set.set(.bitsAllocated, .us, numbers: [shown.bytesPerSample * 8])
    if shown.bitsStored != reader.layout.bitsStored {
      set.set(.bitsStored, .us, numbers: [shown.bitsStored])
      set.set(.highBit, .us, numbers: [shown.bitsStored - 1])
    }
    if reader.layout.samplesPerPixel > 1 {
      set.set(.planarConfiguration, .us, numbers: [shown.arrangement == .planar ? 1 : 0])
    }
    set.remove(.extendedOffsets)
    set.remove(.extendedOffsetLengths)
    guard let method = file.transferSyntax.lossyMethod else { return }
    // What was lost stays lost (PS3.3 C.7.6.1.1.5). JPEG-LS and JPEG 2000 may have lost nothing; the source knows.
    let mayBeLossless = ["ISO_14495_1", "ISO_15444_1", "ISO_15444_15"].contains(method)
    if mayBeLossless, try file.dataSet.string(Tag(0x0028, 0x2110)) == "00" { return }
    set.set(Tag(0x0028, 0x2110), .cs, text: "01")
    if set[Tag(0x0028, 0x2112)] == nil {
      var encoded = 0
      for index in 0..<reader.frameCount { encoded += try reader.encodedFrame(index).count }
      let ratio = Double(shown.bytesPerFrame * reader.frameCount) / Double(max(1, encoded))
      set.set(Tag(0x0028, 0x2112), .ds, text: "\((ratio * 100).rounded() / 100)")
    }
    if set[Tag(0x0028, 0x2114)] == nil { set.set(Tag(0x0028, 0x2114), .cs, text: method) }
  }
}

/// How decoded frames are written without compression, so that they are read as they were before.
struct UncompressedForm: Sendable, Equatable {
  let photometric: Photometric
  let arrangement: StoredFrame.Arrangement
  let bytesPerSample: Int
  let bitsStored: Int
  let bytesPerFrame: Int
  private let widens: Bool
  private let becomesRGB: Bool

  init(_ frame: StoredFrame, _ layout: PixelLayout, isCompressed: Bool) {
    // Without compression there is no form of partial range with all chroma, and of the two other names one means halves.
    becomesRGB = isCompressed && [.ybrPartial422, .ybrPartial420].contains(frame.photometric)
    if becomesRGB {
      (photometric, arrangement, bytesPerSample, bitsStored, widens) = (.rgb, .interleaved, 1, 8, false)
    } else {
      photometric = isCompressed && frame.photometric == .ybrFull422 ? .ybrFull : frame.photometric
      arrangement = frame.arrangement
      // Codecs give the smallest container; the data set's stays.
      let size = max(1, layout.bitsAllocated / 8)
      widens = isCompressed && frame.bytesPerSample < size
      bytesPerSample = widens ? size : frame.bytesPerSample
      bitsStored = min(layout.bitsStored, bytesPerSample * 8)
    }
    let pixels = frame.rows * frame.columns
    bytesPerFrame =
      arrangement == .halvedChroma
      ? frame.rows * ((frame.columns + 1) / 2) * 4 : pixels * frame.samplesPerPixel * bytesPerSample
  }

  func bytes(of frame: StoredFrame, _ index: Int, _ reader: FrameReader) throws(DICOMError) -> [UInt8] {
    if becomesRGB { return try reader.rgb(frame).pixels }
    guard widens else { return frame.bytes }
    var wide: [UInt8] = []
    wide.reserveCapacity(bytesPerFrame)
    for start in stride(from: 0, to: frame.bytes.count, by: frame.bytesPerSample) {
      let sample = frame.bytes[start..<start + frame.bytesPerSample]
      wide += sample
      let isNegative = frame.isSigned && (sample.last ?? 0) & 0x80 != 0
      for _ in frame.bytesPerSample..<bytesPerSample { wide.append(isNegative ? 0xff : 0) }
    }
    return wide
  }
}

extension PixelLayout {
  /// Whether pixels of so many bytes without compression hold half the chroma.
  func isHalvedChroma(in count: Int) -> Bool {
    [.ybrFull422, .ybrPartial422].contains(photometric) && bitsAllocated == 8 && count < rows * columns * 3 * frames
  }
}

extension TransferSyntax {
  /// Lossy Image Compression Method (PS3.3 C.7.6.1.1.5.1) of a syntax that loses something; nil of the others.
  var lossyMethod: String? {
    switch uid.split(separator: ".").dropFirst(6).joined(separator: ".") {
    case "4.50", "4.51", "4.53", "4.55": "ISO_10918_1"
    case "4.81": "ISO_14495_1"
    case "4.91", "4.93": "ISO_15444_1"
    case "4.203": "ISO_15444_15"
    case "4.100", "4.100.1", "4.101", "4.101.1": "ISO_13818_2"
    case "4.102", "4.102.1", "4.103", "4.103.1", "4.104", "4.105", "4.106": "ISO_14496_10"
    case "4.107", "4.108": "ISO_23008_2"
    default: nil
    }
  }
}
