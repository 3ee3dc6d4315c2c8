import Foundation
import Imaging
import Testing
import Ultrasound

/// Cut, damaged, fake and absurd files: an error that names the file, never a trap.
struct BadFileTests {
  private static func names() throws -> [String] { try Fixtures.golden().files.keys.sorted() }

  @Test func aCutFileIsAnErrorOrWholePixels() throws {
    for name in try Self.names() {
      let bytes = try Fixtures.bytes(name)
      let whole = try Stills.decode(data: bytes, name: name)
      let step = max(1, bytes.count / 60)
      for count in Array(stride(from: 0, to: bytes.count, by: step)) + [bytes.count - 1] {
        do {
          let still = try Stills.decode(data: Array(bytes[..<count]), name: name)
          // What a cut may take away is what no pixel needs; a PNG or JPEG must have its end mark.
          #expect(still.format == .tiff || still.format == .bmp, "\(name) cut to \(count) bytes passed")
          #expect(still.rgb() == whole.rgb(), "\(name) cut to \(count) bytes decodes to other pixels")
        } catch {
          #expect(error.description.hasPrefix(name), "\(error)")
        }
      }
    }
  }

  @Test func flippedBytesNeverTrap() throws {
    var generator = SplitMix(state: 20_260_101)
    var refused = 0
    let limits = DecodeLimits(maximumPixels: 1 << 20, maximumFileBytes: 1 << 20)
    for name in try Self.names() {
      let bytes = try Fixtures.bytes(name)
      for round in 0..<40 {
        var damaged = bytes
        // Half of the rounds aim at the header, where the sizes and offsets stand.
        let reach = round % 2 == 0 ? min(bytes.count, 120) : bytes.count
        for _ in 0...(round % 4) { damaged[Int(generator.next() % UInt64(reach))] = UInt8(generator.next() & 255) }
        do {
          let still = try Stills.decode(data: damaged, name: name, limits: limits)
          #expect(still.rgb().pixels.count == still.width * still.height * 3)
          #expect(still.grey().pixels.count == still.width * still.height)
        } catch {
          refused += 1
        }
      }
    }
    #expect(refused > 500)
  }

  @Test func fakesAreToldByTheirContent() throws {
    let text = [UInt8]("patient,lesion,label\n1,1,benign\n".utf8)
    #expect(throws: ImagingError.unknownFormat(file: "a.png")) { try Stills.decode(data: text, name: "a.png") }
    #expect(throws: ImagingError.empty(file: "b.png")) { try Stills.decode(data: [], name: "b.png") }
    // A JPEG under a PNG's name is a JPEG.
    let still = try Fixtures.withFile(try Fixtures.bytes("grey.jpg")) { try Stills.decode($0) }
    #expect(still.format == .jpeg)
  }

  @Test func foldersAndMissingAndEmptyFilesAreErrors() throws {
    let folder = FileManager.default.temporaryDirectory
    #expect(throws: ImagingError.notAFile(file: folder.path)) { try Stills.decode(folder) }
    #expect(throws: ImagingError.notAFile(file: "/dev/zero")) { try Stills.decode(URL(fileURLWithPath: "/dev/zero")) }
    let missing = folder.appending(path: "no-such-still.png")
    #expect(throws: ImagingError.unreadable(file: missing.path, reason: "No such file or directory")) {
      try Stills.decode(missing)
    }
    try Fixtures.withFile([]) { file in
      #expect(throws: ImagingError.empty(file: file.path)) { try Stills.decode(file) }
      #expect(throws: ImagingError.empty(file: file.path)) { try Stills.size(file) }
    }
  }

  @Test(.enabled(if: getuid() != 0, "the superuser reads every file")) func aFileWithoutPermissionIsAnError() throws {
    try Fixtures.withFile(try Fixtures.bytes("rgb8.png")) { file in
      try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: file.path)
      #expect(throws: ImagingError.unreadable(file: file.path, reason: "Permission denied")) { try Stills.decode(file) }
    }
  }

  /// Sizes that would need terabytes, declared by a few bytes.
  @Test func absurdSizesAreRefusedBeforeAnythingIsAllocated() throws {
    var png = try Fixtures.bytes("rgb8.png")
    png.replaceSubrange(16..<24, with: [0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff])
    png.replaceSubrange(29..<33, with: crc(Array(png[12..<29])))
    var bmp = try Fixtures.bytes("rgb24.bmp")
    bmp.replaceSubrange(18..<26, with: [0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 0x7f])
    var jpeg = try Fixtures.bytes("grey.jpg")
    let frame = try #require((0..<jpeg.count - 1).first { jpeg[$0] == 0xff && jpeg[$0 + 1] == 0xc0 })
    jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0xff, 0xdc, 0xff, 0xdc])
    let limit = DecodeLimits.standard.maximumPixels
    for (name, bytes, side) in [
      ("huge.png", png, 0x7fff_ffff), ("huge.bmp", bmp, 0x7fff_ffff), ("huge.jpg", jpeg, 65_500),
    ] {
      #expect(throws: ImagingError.tooManyPixels(file: name, width: side, height: side, limit: limit)) {
        try Stills.decode(data: bytes, name: name)
      }
    }
    let small = DecodeLimits(maximumPixels: 776, maximumFileBytes: 1 << 20)
    #expect(throws: ImagingError.tooManyPixels(file: "x", width: 37, height: 21, limit: 776)) {
      try Stills.decode(data: Fixtures.bytes("rgb8.png"), name: "x", limits: small)
    }
  }

  @Test func oddBoxesAndSizesGiveImagesWithoutTraps() throws {
    let image = GreyImage(width: 2, height: 2, pixels: [1, 2, 3, 4])
    for value in [Double.nan, .infinity, -.infinity, 1e300, -1e300, 0, -5] {
      let crop = image.cropped(PixelBox(x: 0, y: value, width: value, height: 2))
      #expect(crop.pixels.count == crop.width * crop.height)
    }
    #expect(image.cropped(PixelBox(x: -1e9, y: -1e9, width: 2e9, height: 2e9)) == image)
    #expect(
      image.cropped(PixelBox(x: 1, y: 1, width: 0, height: 1)).resized(width: 3, height: 2).pixels == [
        0, 0, 0, 0, 0, 0,
      ])
    #expect(image.resized(width: 0, height: -4).pixels.isEmpty)
    #expect(throws: ImagingError.self) { try PNG.encode(GreyImage(width: 0, height: 0, pixels: [])) }
    #expect(throws: ImagingError.self) { try JPEG.encode(RGBImage(width: 0, height: 0, pixels: []), quality: 90) }
  }
}

/// The sum at a PNG chunk's end (ISO 3309).
private func crc(_ bytes: [UInt8]) -> [UInt8] {
  var sum: UInt32 = 0xffff_ffff
  for byte in bytes {
    sum ^= UInt32(byte)
    for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xedb8_8320 : sum >> 1 }
  }
  sum ^= 0xffff_ffff
  return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> $0) }
}

/// A small seeded generator (Steele, Lea and Flood 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
