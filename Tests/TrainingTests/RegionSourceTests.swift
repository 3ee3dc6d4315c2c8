import Cohort
import Foundation
import Imaging
import Protocols
import Testing
import Ultrasound

@testable import Training

extension TrainingTests {
  struct Regions {
    private func input(_ change: (inout InputChoice) -> Void = { _ in }) -> InputChoice {
      var input = StudyProtocol().input
      input.size = 32
      change(&input)
      return input
    }

    @Test func pixelsAreTheCropAndTheResizedImage() throws {
      let images = try TinyCohort.get().images
      let source = try RegionSource(images, input { $0.margin = 0.3 })
      for index in [0, 5] {
        let record = images[index]
        let region = try #require(record.region)
        let still = try Stills.decode(record.file).rgb()
        let box = region.expanded(by: 0.3, inWidth: still.width, height: still.height)
        #expect(try source.pixels(Picture(index)) == still.cropped(box).resized(width: 32, height: 32).pixels)
      }
      let whole = try RegionSource(images, input { $0.region = .image })
      let still = try Stills.decode(images[0].file).rgb()
      #expect(try whole.pixels(Picture(0)) == still.resized(width: 32, height: 32).pixels)
      #expect(
        try source.pixels([3, 1, 2].map { Picture($0) }) == [
          source.pixels(Picture(3)), source.pixels(Picture(1)), source.pixels(Picture(2)),
        ])
    }

    @Test func beyondTheLimitImagesAreDecodedAgain() throws {
      let folder = try TemporaryFolder()
      var records = Array(try TinyCohort.get().images.prefix(2))
      for index in records.indices {
        let copy = folder("\(index).png")
        try FileManager.default.copyItem(at: records[index].file, to: copy)
        records[index].file = copy
      }
      let (kept, not) = (try RegionSource(records, input()), try RegionSource(records, input { $0.cacheMegabytes = 0 }))
      #expect(try kept.pixels(Picture(0)) == not.pixels(Picture(0)))
      try FileManager.default.removeItem(at: records[0].file)
      _ = try kept.pixels(Picture(0))
      #expect(throws: TrainingError.self) { try not.pixels(Picture(0)) }
      // The image whose file is gone is named.
      do { _ = try not.pixels([Picture(1), Picture(0)]) } catch { #expect(error.description.contains(records[0].name)) }
    }

    @Test func aRegionThatIsMissingOrEmptyIsNamed() throws {
      var images = try TinyCohort.get().images
      images[2].region = nil
      #expect { try RegionSource(images, input()) } throws: {
        "\($0)".contains(images[2].name) && "\($0)".contains("1 of 16")
      }
      _ = try RegionSource(images, input { $0.region = .image })
      images[2].region = PixelBox(x: 10, y: 10, width: 0, height: 20)
      #expect { try RegionSource(images, input()) } throws: {
        "\($0)".contains(images[2].name) && "\($0)".contains("no pixel")
      }
      // Half to even rounds both ends to 2.
      images[2].region = PixelBox(x: 1.5, y: 10, width: 1, height: 20)
      #expect(throws: TrainingError.self) { try RegionSource(images, input { $0.margin = 0 }) }
    }

    @Test func anImageOfAnotherSizeThanTheCataloguesIsNamed() throws {
      var images = try TinyCohort.get().images
      images[1].width = 80
      let source = try RegionSource(images, input())
      #expect { try source.pixels(Picture(1)) } throws: { "\($0)".contains("catalogue says 80") }
    }
  }
}
