import Foundation
import Imaging
import Testing
import Ultrasound

struct ImageTests {
  private static func picture() throws -> RGBImage { try Stills.decode(Fixtures.file("rgb8.png")).rgb() }

  @Test func pngKeepsEveryPixel() throws {
    let image = try Self.picture()
    let color = try Stills.decode(data: PNG.encode(image), name: "color")
    #expect(color.isColor && color.rgb() == image)
    let grey = try Stills.decode(data: PNG.encode(image.grey()), name: "grey")
    #expect(!grey.isColor && grey.grey() == image.grey())
  }

  @Test func jpegComesNearAndBetterWithQuality() throws {
    let image = try Self.picture().resized(width: 120, height: 80)
    func error(_ quality: Int) throws -> Int {
      let again = try Stills.decode(data: JPEG.encode(image, quality: quality), name: "again").rgb()
      #expect(again.width == 120 && again.height == 80)
      return zip(again.pixels, image.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    }
    #expect(try error(95) < error(30))
    #expect(try error(95) < 4 * image.pixels.count)
    #expect(try error(1000) <= error(100))
  }

  @Test func boxSpansTheMarkedPixels() {
    var pixels = [UInt8](repeating: 0, count: 60)
    for index in [2 * 10 + 3, 4 * 10 + 7, 3 * 10 + 5] { pixels[index] = 255 }
    pixels[0] = 127
    let mask = GreyImage(width: 10, height: 6, pixels: pixels)
    #expect(MaskBox.boundingBox(ofMask: mask) == PixelBox(x: 3, y: 2, width: 4, height: 2))
    #expect(MaskBox.boundingBox(ofMask: mask, threshold: 126) == PixelBox(x: 0, y: 0, width: 7, height: 4))
    #expect(MaskBox.boundingBox(ofMask: mask, threshold: 255) == nil)
    let other = GreyImage(width: 10, height: 6, pixels: [UInt8](repeating: 0, count: 59) + [200])
    #expect(MaskBox.boundingBox(ofMasks: [mask, other]) == PixelBox(x: 3, y: 2, width: 6, height: 3))
    #expect(MaskBox.boundingBox(ofMasks: []) == nil)
  }

  @Test func hashOutlivesCompressionBrightnessAndScale() throws {
    let image = try Self.picture().resized(width: 200, height: 120)
    let grey = image.grey()
    let hash = PerceptualHash(grey)
    let compressed = try Stills.decode(data: JPEG.encode(image, quality: 40), name: "again").grey()
    let brighter = GreyImage(
      width: 200, height: 120, pixels: grey.pixels.map { UInt8(255 * pow(Double($0) / 255, 0.85)) })
    for changed in [compressed, brighter, grey.resized(width: 150, height: 90)] {
      #expect(hash.distance(to: PerceptualHash(changed)) <= PerceptualHash.nearDuplicateDistance)
      #expect(grey.similarity(to: changed) >= GreyImage.nearDuplicateSimilarity)
    }
    let mirrored = GreyImage(width: 200, height: 120, pixels: grey.pixels.reversed())
    #expect(hash.distance(to: PerceptualHash(mirrored)) > PerceptualHash.nearDuplicateDistance)
    #expect(hash.distance(to: hash) == 0)
    let flat = GreyImage(width: 9, height: 9, pixels: [UInt8](repeating: 90, count: 81))
    #expect(PerceptualHash(flat).words == [0, 0, 0, 0])
    #expect(flat.similarity(to: grey) == 0)
  }
}
