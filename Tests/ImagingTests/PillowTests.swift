import Foundation
import Imaging
import Testing
import Ultrasound

/// Every kind of still against Pillow's pixels, to the bit.
struct PillowTests {
  @Test func fixturesDecodeAsPillowDoes() throws {
    let files = try Fixtures.golden().files
    #expect(files.count > 120)
    for (name, picture) in files.sorted(by: { $0.key < $1.key }) {
      guard let picture else {
        #expect(throws: ImagingError.self, "\(name)") { try Stills.decode(Fixtures.file(name)) }
        continue
      }
      do {
        let still = try Stills.decode(Fixtures.file(name))
        #expect(still.width == picture.width && still.height == picture.height, "\(name)")
        #expect(fnv(still.rgb().pixels) == picture.rgb, "RGB of \(name)")
        #expect(fnv(still.grey().pixels) == picture.grey, "L of \(name)")
        let deep = still.samples16?.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        #expect(deep.map(fnv) == picture.samples16, "16-bit samples of \(name)")
        let size = try Stills.size(Fixtures.file(name))
        #expect(size.width == picture.width && size.height == picture.height, "header size of \(name)")
      } catch {
        Issue.record("\(name): \(error)")
      }
    }
  }

  @Test func cropsAndResizesAreThoseOfPillow() throws {
    let golden = try Fixtures.golden()
    #expect(!golden.resizes.isEmpty)
    let image = try Stills.decode(Fixtures.file("rgb8.png")).rgb()
    for expected in golden.resizes {
      let box = PixelBox(
        x: expected.box[0], y: expected.box[1], width: expected.box[2], height: expected.box[3])
      let (width, height) = (expected.size[0], expected.size[1])
      let crop = image.cropped(box)
      #expect(fnv(crop.pixels) == expected.crop, "\(expected)")
      #expect(fnv(crop.resized(width: width, height: height).pixels) == expected.rgb, "\(expected)")
      #expect(fnv(crop.grey().resized(width: width, height: height).pixels) == expected.grey, "\(expected)")
      #expect(fnv(crop.grey().resizedNearest(width: width, height: height).pixels) == expected.nearest, "\(expected)")
      #expect(image.grey().cropped(box) == crop.grey())
    }
  }

  @Test func bitDepthAndColorAreTold() throws {
    let expected: [(String, Int, Bool, StillFormat)] = [
      ("grey1.png", 1, false, .png), ("grey16.png", 16, false, .png), ("palette4.png", 4, true, .png),
      ("palette8-grey.png", 8, false, .png), ("rgb16.png", 16, true, .png), ("grey.jpg", 8, false, .jpeg),
      ("cmyk.jpg", 8, true, .jpeg), ("grey8.bmp", 8, false, .bmp), ("bits16-565.bmp", 5, true, .bmp),
      ("grey16.tif", 16, false, .tiff), ("palette8.tif", 8, true, .tiff),
    ]
    for (name, bits, color, format) in expected {
      let still = try Stills.decode(Fixtures.file(name))
      #expect(still.bitsPerSample == bits && still.isColor == color && still.format == format, "\(name)")
    }
  }
}
