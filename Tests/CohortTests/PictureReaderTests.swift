import Foundation
import Imaging
import Testing
import Ultrasound

@testable import Cohort

struct PictureReaderTests {
  let folder: TemporaryFolder
  let images: [String: ImageRecord]

  init() throws {
    folder = try TemporaryFolder()
    try folder.picture("s/still.png", seed: 1)
    try folder.write(DICOMBytes(frames: 6, seed: 4).bytes, to: "s/cine.dcm")
    try folder.write(ClipBytes.avi(seed: 2, frames: 7), to: "s/clip.avi")
    _ = try Importer.run(source: folder("s"), into: folder("a.cohort"))
    images = Dictionary(
      uniqueKeysWithValues: try Catalogue.open(folder("a.cohort")).images().map { ($0.name, $0) })
  }

  private func expected(_ name: String, _ index: Int) throws -> [UInt8] {
    switch name {
    case "cine.dcm": DICOMBytes(frames: 6, seed: 4).pixels(frame: index)
    case "clip.avi": ClipBytes.frame(index, seed: 2).pixels
    default: try Stills.decode(folder("s/still.png")).grey().pixels
    }
  }

  @Test(arguments: ["cine.dcm", "clip.avi"]) func framesInAnyOrder(name: String) throws {
    let image = try #require(images[name])
    let reader = PictureReader()
    for indices in [[0, 1, 2, 3, 4, 5], [1, 4], [5, 0, 0, 3]] {
      let frames = try reader.frames(indices, of: image)
      #expect(frames.count == indices.count)
      for (index, frame) in zip(indices, frames) {
        #expect(frame.width == image.width && frame.height == image.height)
        #expect(try frame.grey().pixels == expected(name, index), "frame \(index)")
      }
    }
    #expect(try reader.frames([], of: image).isEmpty)
  }

  @Test func aStillHasOneFrame() throws {
    let image = try #require(images["still.png"])
    #expect(try PictureReader().frame(0, of: image).grey().pixels == expected("still.png", 0))
  }

  @Test func aSingleFrameIsReadByItsOwnNumber() throws {
    var image = try #require(images["clip.avi"])
    image.extent = .frame(5)
    let reader = PictureReader()
    #expect(try reader.frame(0, of: image).grey().pixels == expected("clip.avi", 5))
    #expect(throws: CohortError.self) { try reader.frame(1, of: image) }
  }

  @Test(arguments: ["still.png", "cine.dcm", "clip.avi"]) func aCropIsOfTheFilesPixels(name: String) throws {
    var image = try #require(images[name])
    image.crop = PixelBox(x: 4, y: 2, width: 10, height: 8)
    let frame = try PictureReader().frame(0, of: image)
    #expect(frame.width == 10 && frame.height == 8)
    let whole = try expected(name, 0)
    #expect(frame.grey().pixels.first == whole[2 * image.width + 4])
    #expect(frame.grey().pixels.last == whole[9 * image.width + 13])
  }

  @Test func severalThreadsMayUseOneReader() throws {
    let (image, reader) = (try #require(images["clip.avi"]), PictureReader())
    let frames = parallelMap(Array(0..<28)) { try? reader.frame($0 % 7, of: image).grey().pixels }
    for (place, pixels) in frames.enumerated() { #expect(try pixels == expected("clip.avi", place % 7)) }
  }

  @Test func whatCannotBeReadIsNamed() throws {
    var image = try #require(images["cine.dcm"])
    let reader = PictureReader()
    #expect { try reader.frame(6, of: image) } throws: {
      "\($0)" == "image \"cine.dcm\": frame 6, counted from 0, was asked for; it has 6"
    }
    #expect(throws: CohortError.self) { try reader.frame(-1, of: image) }
    image.file = folder("a.cohort/images/none.dcm")
    #expect { try reader.frame(0, of: image) } throws: { "\($0)".hasPrefix("image \"cine.dcm\": ") }
    // A clip that has fewer frames than the catalogue says.
    var clip = try #require(images["clip.avi"])
    clip.extent = .clip(frames: 9)
    #expect { try reader.frame(8, of: clip) } throws: { "\($0)".hasPrefix("image \"clip.avi\": ") }
  }
}

/// Clips among what looks alike.
struct ClipLikenessTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A still taken from the start, the middle or the end of a clip, and the clip saved again, are in its group.
  @Test func aStillOfAClipAndAClipSavedAgainAreInItsGroup() throws {
    let frames = (0..<9).map { ClipBytes.frame($0, seed: 1) }
    try folder.write(ClipBytes.avi(frames), to: "s/clip.avi")
    let darker = frames.map { frame in
      GreyImage(width: frame.width, height: frame.height, pixels: frame.pixels.map { $0 / 2 + 20 })
    }
    try folder.write(ClipBytes.avi(darker), to: "s/again.avi")
    for index in [0, 4, 8] { try folder.write(PNG.encode(frames[index]), to: "s/still\(index).png") }
    try folder.write(ClipBytes.avi(seed: 2, frames: 9), to: "s/other.avi")
    try folder.picture("s/other.png", seed: 77)
    let report = try Importer.run(source: folder("s"), into: folder("a.cohort"))
    let catalogue = try Catalogue.open(folder("a.cohort"))
    #expect(report.nearDuplicateGroups == 1)
    let group = ["again.avi", "clip.avi", "still0.png", "still4.png", "still8.png"]
    #expect(try catalogue.check().duplicates == [group])
    #expect(try catalogue.refreshLikeness().images == 7)
  }

  @Test func theEncodingsOfOneClipAreAlike() throws {
    let clips = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("ImagingTests/Fixtures/clips")
    for name in ["h264.avi", "mjpeg.avi", "vp8.webm", "mpeg4.avi", "palette.gif", "h264-uneven.mp4"] {
      try folder.write([UInt8](try Data(contentsOf: clips.appendingPathComponent(name))), to: "s/\(name)")
    }
    try folder.write(ClipBytes.avi(seed: 2, frames: 9), to: "s/other.avi")
    _ = try Importer.run(source: folder("s"), into: folder("a.cohort"))
    let catalogue = try Catalogue.open(folder("a.cohort"))
    #expect(try catalogue.check().duplicates.map(\.count) == [6])
    let images = try catalogue.images()
    #expect(images.filter { $0.name != "other.avi" }.allSatisfy { $0.extent == .clip(frames: 12) })
    let uneven = try #require(images.first { $0.name == "h264-uneven.mp4" })
    let times = try #require(try catalogue.frameTimes(of: uneven))
    #expect(
      times.count == 12 && times[0] == 0 && Set(zip(times, times.dropFirst()).map { ($1 - $0).rounded() }).count > 1)
  }
}
