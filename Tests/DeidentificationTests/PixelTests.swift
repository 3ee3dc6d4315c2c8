import DICOM
import Foundation
import Imaging
import Testing

@testable import Deidentification

@Suite struct PixelTests {
  /// Rows 0 and 1 of the first two columns.
  private func mask(_ width: Int, _ height: Int) -> GreyImage {
    GreyImage(
      width: width, height: height,
      pixels: (0..<width * height).map { $0 / width < max(2, height / 8) && $0 % width < max(1, width / 4) ? 255 : 0 })
  }

  private func made(_ file: DICOMFile, _ finder: (any PixelCleaning)?) throws -> (DeidentifiedFile, DICOMFile) {
    let made = try Deidentifier(key: .test).deidentify(file, pixels: finder)
    return (made, try DICOMFile(name: "made", bytes: made.bytes()))
  }

  @Test func aGreyCineIsBlankedInPlace() throws {
    let source = try Planted(frames: 3).file()
    let (_, file) = try made(source, GivenMask(mask: mask(6, 4)))
    let (before, after) = (try FrameReader(source), try FrameReader(file))
    for index in 0..<3 {
      let (old, new) = (try before.storedFrame(index).bytes, try after.storedFrame(index).bytes)
      for place in 0..<24 {
        #expect(new[place] == (mask(6, 4).pixels[place] == 255 ? 0 : old[place]))
      }
    }
    #expect(try file.dataSet.string(.burnedInAnnotation) == "NO")
    let codes = try file.dataSet.items(DICOM.Tag(0x12, 0x64)).map { try $0.string(DICOM.Tag(8, 0x100)) }
    #expect(codes.contains("113101"))
  }

  @Test func aPictureThatIsNotSignedOffSaysSo() throws {
    let (file, set) = try made(Planted().file(), GivenMask(mask: mask(6, 4), needsReview: true))
    #expect(try file.needsReview && set.dataSet.string(.burnedInAnnotation) == "YES")
    let (clean, cleanSet) = try made(Planted().file(), GivenMask(mask: nil))
    #expect(try !clean.needsReview && cleanSet.dataSet.string(.burnedInAnnotation) == "NO")
    let (unseen, _) = try made(Planted().file(), nil)
    #expect(unseen.needsReview)
  }

  @Test(arguments: ["MONOCHROME1", "PALETTE COLOR", "RGB", "YBR_FULL", "YBR_FULL_422"], [0, 1])
  func blackOf(_ photometric: String, _ planar: Int) throws {
    let samples = ["RGB", "YBR_FULL", "YBR_FULL_422"].contains(photometric) ? 3 : 1
    // Halves have no planes.
    if samples == 1 || photometric.hasSuffix("422"), planar == 1 { return }
    var planted = Planted(frames: 2)
    planted.text(0x0028, 0x0004, .cs, photometric)
    planted.set.set(.samplesPerPixel, .us, numbers: [samples])
    if samples == 3 { planted.set.set(.planarConfiguration, .us, numbers: [planar]) }
    if samples == 1, photometric.hasPrefix("PALETTE") {
      for (place, tag) in DICOM.Tag.paletteDescriptors.enumerated() {
        planted.set.set(tag, .us, numbers: [256, 0, 16])
        // Dark at 77 only.
        let table = (0..<256).flatMap { [UInt8(0), UInt8($0 == 77 ? 0 : 200)] }
        planted.set.set(EditableElement(DICOM.Tag.paletteData[place], .ow, .bytes(table)))
      }
    }
    let bytesPerFrame = photometric.hasSuffix("422") ? 48 : 24 * samples
    planted.set.set(EditableElement(.pixels, .ob, .bytes((0..<2 * bytesPerFrame).map { UInt8(60 + $0 % 150) })))
    let source = try planted.file()
    let (file, set) = try made(source, GivenMask(mask: mask(6, 4)))
    let (before, after) = (try FrameReader(source), try FrameReader(set))
    var wide = mask(6, 4).pixels
    if photometric.hasSuffix("422") {
      for place in wide.indices where place % 6 == 1 && wide[place - 1] == 255 { wide[place] = 255 }
      #expect(file.notes.contains { $0.contains("pairs") })
    }
    for index in 0..<2 {
      let (old, new) = (try before.rgb(index).pixels, try after.rgb(index).pixels)
      for place in 0..<24 {
        let pixel = Array(new[3 * place..<3 * place + 3])
        #expect(pixel == (wide[place] == 255 ? [0, 0, 0] : Array(old[3 * place..<3 * place + 3])), "\(place)")
      }
    }
  }

  @Test func whatHidesBehindThePicturesGoes() throws {
    var planted = Planted(frames: 2)
    planted.set.set(
      EditableElement(.pixels, .ob, .bytes([UInt8](repeating: 9, count: 48) + Array("WANG XIAODONG ".utf8))))
    let (made, file) = try made(planted.file(), nil)
    #expect(try file.dataSet.bytes(.pixels).count == 48 && made.notes.contains { $0.contains("behind the last frame") })
    // An overlay in the upper bits.
    var overlay = Planted(frames: 1)
    overlay.set.set(.bitsAllocated, .us, numbers: [16])
    overlay.set.set(.bitsStored, .us, numbers: [12])
    overlay.set.set(.highBit, .us, numbers: [11])
    overlay.set.set(DICOM.Tag(0x6000, 0x0102), .us, numbers: [12])
    overlay.set.set(EditableElement(.pixels, .ow, .bytes((0..<24).flatMap { [UInt8($0), 0x13] })))
    let (_, cleared) = try self.made(overlay.file(), nil)
    #expect(try cleared.dataSet.bytes(.pixels).prefix(4) == [0, 3, 1, 3])
  }

  @Test func aMaskThatDoesNotFitIsAnError() throws {
    #expect(throws: DeidentificationError.self) { try made(Planted().file(), GivenMask(mask: mask(5, 4))) }
  }

  /// Images of ../shared: passed through byte for byte, and blanked with all else the same.
  @Test(.enabled(if: SharedFiles.areThere, "needs ../shared/conformance/dicom"), arguments: SharedFiles.images)
  func sharedFile(_ url: URL) throws {
    let source = try DICOMFile(url)
    guard let before = try? FrameReader(source), (try? before.decodedFrame(0)) != nil else { return }
    let (_, passed) = try made(source, nil)
    let through = try FrameReader(passed)
    let checked = Set([0, before.frameCount / 2, before.frameCount - 1])
    for index in checked {
      if source.transferSyntax.isEncapsulated {
        #expect(try through.encodedFrame(index) == before.encodedFrame(index))
      } else {
        #expect(try through.decodedFrame(index).bytes == before.decodedFrame(index).bytes)
      }
    }
    let layout = before.layout
    guard layout.bitsAllocated > 1, !layout.isFloat, layout.rows * layout.columns * layout.frames < 400_000 else {
      return
    }
    let mask = mask(layout.columns, layout.rows)
    let (_, blanked) = try made(source, GivenMask(mask: mask))
    let after = try FrameReader(blanked)
    var covered = mask.pixels
    if try after.storedFrame(0).arrangement == .halvedChroma {
      for place in covered.indices where mask.pixels[place] == 255 {
        let mate = (place % layout.columns) ^ 1
        if mate < layout.columns { covered[place / layout.columns * layout.columns + mate] = 255 }
      }
    }
    for index in checked {
      let (old, new) = (try before.storedFrame(index), try after.storedFrame(index))
      guard !source.transferSyntax.isEncapsulated || old.bytesPerSample == new.bytesPerSample else { continue }
      guard old.arrangement == new.arrangement, old.bytes.count == new.bytes.count else {
        Issue.record("\(url.lastPathComponent): the frames have another form")
        return
      }
      #expect(differingPlaces(old, new, outside: covered) == 0, "\(url.lastPathComponent), frame \(index + 1)")
    }
    // Deep grey without a window is shown from its smallest to its largest value, which may lie under the mask.
    let isWindowed =
      try layout.samplesPerPixel > 1 || layout.bitsStored <= 8 || source.dataSet.contains(.windowCenter)
      || source.dataSet.string(.photometric) == "PALETTE COLOR"
    guard isWindowed else { return }
    let (old, new) = (try before.rgb(0).pixels, try after.rgb(0).pixels)
    #expect(covered.indices.allSatisfy { covered[$0] == 255 || old[3 * $0..<3 * $0 + 3] == new[3 * $0..<3 * $0 + 3] })
  }

  /// Bytes that differ and belong to no covered pixel.
  private func differingPlaces(_ old: StoredFrame, _ new: StoredFrame, outside covered: [UInt8]) -> Int {
    let (pixels, size, samples) = (old.rows * old.columns, old.bytesPerSample, old.samplesPerPixel)
    var count = 0
    for byte in old.bytes.indices where old.bytes[byte] != new.bytes[byte] {
      let pixel: Int
      switch old.arrangement {
      case .interleaved: pixel = byte / (size * samples)
      case .planar: pixel = byte / size % pixels
      case .halvedChroma:
        let rowBytes = (old.columns + 1) / 2 * 4
        pixel = byte / rowBytes * old.columns + min(byte % rowBytes / 4 * 2 + (byte % 4 == 1 ? 1 : 0), old.columns - 1)
      }
      if covered[pixel] != 255 { count += 1 }
    }
    return count
  }
}

enum SharedFiles {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/conformance/dicom/files")
  static let areThere = FileManager.default.fileExists(atPath: folder.path)

  /// Those of at most 150 kB, so that the tests stay quick: every coding and kind of colour is among them.
  static let images: [URL] = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    .map { folder.appending(path: $0) }
    .filter { url in
      guard let size = try? url.resourceValues(forKeys: [.fileSizeKey]).fileSize, size <= 150_000,
        let file = try? DICOMFile(url)
      else { return false }
      return file.dataSet.contains(.pixels) && file.transferSyntax.isRead
    }
}
