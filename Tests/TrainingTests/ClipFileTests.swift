import Cohort
import Foundation
import Imaging
import Networks
import Protocols
import Testing
import Ultrasound

@testable import Training

extension TrainingTests {
  /// Clips that are one file each, as an import leaves them.
  struct ClipFiles {
    private static let clips = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "ImagingTests/Fixtures/clips")

    private func frames(_ name: String) throws -> [RGBImage] {
      let reader = try ClipReader(Self.clips.appending(path: name))
      var frames: [RGBImage] = []
      while let frame = try reader.next() { frames.append(frame.image) }
      return frames
    }

    private func record(_ name: String, _ frames: [RGBImage], label: Label = .benign) throws -> ImageRecord {
      let first = try #require(frames.first)
      return ImageRecord(
        id: 0, name: name, patient: name, lesion: "L", label: label, file: Self.clips.appending(path: name),
        width: first.width, height: first.height, extent: .clip(frames: frames.count))
    }

    private func input(_ sample: InputChoice.Sample) -> InputChoice {
      var input = StudyProtocol().input
      (input.sample, input.region, input.size, input.clip.frames) = (sample, .image, 32, 4)
      return input
    }

    @Test func everyFrameIsItsOwnPicture() throws {
      let frames = try frames("h264.avi")
      let source = try RegionSource([try record("h264.avi", frames)], input(.clip))
      let expected = frames.map { image in
        image.cropped(PixelBox(x: 0, y: 0, width: Double(image.width), height: Double(image.height)))
          .resized(width: 32, height: 32).pixels
      }
      #expect(frames.count > 4 && Set(expected).count > 1)
      let pictures = source.frames(of: 0)
      #expect(try source.pixels(pictures) == expected)
      // In any order, and one by one without the cache.
      var choice = input(.clip)
      choice.cacheMegabytes = 0
      let uncached = try RegionSource(source.images, choice)
      let order = [3, 0, frames.count - 1, 0]
      #expect(try uncached.pixels(order.map { pictures[$0] }) == order.map { expected[$0] })
      #expect(try uncached.pixels(pictures[2]) == expected[2])
    }

    /// Two clips of one lesion are two samples; a network over stills is given the middle frame of each.
    @Test func aClipIsASampleByItself() throws {
      let names = ["h264.avi", "mpeg4.avi"]
      let images = try names.map { try record($0, frames($0)) }
      for sample in [InputChoice.Sample.clip, .image] {
        let groups = try sample.groups(of: images)
        #expect(groups.map(\.image) == [0, 1])
      }
      var study = smallStudy()
      study.input = input(.image)
      let source = try SampleSource(images, study, inputs: try study.inputs())
      let still = try #require(source.inputs.first)
      let pictures = try #require(source.samples[0].pictures[still.name])
      #expect(pictures.count == images[0].extent.frames && source.hasClips)
      #expect(source.shown(pictures, still, phase: nil).map(\.frame) == [pictures.count / 2])
      #expect(source.shown(pictures, still, phase: 0).map(\.frame) == [0])
      #expect(source.shown(pictures, still, phase: 0.999).map(\.frame) == [pictures.count - 1])
    }
  }
}
