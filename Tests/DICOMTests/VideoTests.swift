import DICOM
import Foundation
import Imaging
import Testing

/// Videos: the fixtures of the clips inside DICOM files.
@Suite struct VideoTests {
  private static let clips = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "ImagingTests/Fixtures/clips")

  private struct Clip {
    let bytes: [UInt8]
    let width: Int
    let height: Int
    let frames: [[UInt8]]

    init(_ name: String) throws {
      bytes = [UInt8](try Data(contentsOf: VideoTests.clips.appending(path: name)))
      let reader = try ClipReader(data: bytes, name: name)
      (width, height) = (reader.info.width, reader.info.height)
      var frames: [[UInt8]] = []
      while let frame = try reader.next() { frames.append(frame.image.pixels) }
      self.frames = frames
    }

    /// - Parameter parts: the lengths of the fragments before the last.
    func file(
      _ syntax: String, frames count: Int? = nil, width: Int? = nil, parts: [Int] = [],
      _ fill: (inout DICOMWriter) -> Void = { _ in }
    ) -> [UInt8] {
      var writer = DICOMWriter()
      fill(&writer)
      writer.image(
        rows: height, columns: width ?? self.width, photometric: "YBR_PARTIAL_420", samples: 3, planar: 0,
        frames: count ?? frames.count)
      var rest = bytes[...]
      var fragments: [[UInt8]] = []
      for part in parts {
        fragments.append(Array(rest.prefix(part)))
        rest = rest.dropFirst(part)
      }
      writer.fragments(fragments + [Array(rest)])
      return writer.file("1.2.840.10008.1.2." + syntax)
    }
  }

  @Test(arguments: [
    ("mpeg2.m2v", "4.100"), ("mpeg2.ts", "4.101"), ("h264.h264", "4.102"), ("h264-bt709.mp4", "4.104"),
    ("hevc.hevc", "4.107"),
  ])
  func framesInOrder(_ name: String, _ syntax: String) throws {
    let clip = try Clip(name)
    #expect(clip.frames.count > 2)
    #expect(try clip.file(syntax).shown() == clip.frames)
    // HEVC has no fragmentable variant of its own.
    let fragmentable = syntax == "4.107" ? syntax : syntax + ".1"
    #expect(try clip.file(fragmentable, parts: [100, 2, 1000]).shown() == clip.frames, "in fragments")
  }

  @Test func framesOutOfOrder() throws {
    let clip = try Clip("h264.h264")
    let reader = try FrameReader(clip.file("4.102").opened())
    let last = clip.frames.count - 1
    for index in [last, 0, last / 2, 1, last, last - 1, 0] {
      #expect(try reader.rgb(index).pixels == clip.frames[index], "frame \(index)")
    }
    #expect(throws: DICOMError.self) { try reader.rgb(last + 1) }
    #expect(throws: DICOMError.self) { try reader.encodedFrame(0) }
  }

  @Test func severalThreads() throws {
    let clip = try Clip("h264.h264")
    let reader = try FrameReader(clip.file("4.102").opened())
    try reader.forEachFrame(upTo: 4) { index, frame in
      let pixels = try reader.rgb(frame).pixels
      #expect(pixels == clip.frames[index])
    }
  }

  /// A Number of Frames that lies is an error that names it and what the stream holds.
  @Test(arguments: [-1, 1]) func numberOfFrames(_ more: Int) throws {
    let clip = try Clip("mpeg2.m2v")
    let (said, held) = (clip.frames.count + more, clip.frames.count)
    let reader = try FrameReader(clip.file("4.100", frames: said).opened())
    #expect(try reader.rgb(0).pixels == clip.frames[0])
    for _ in 0..<2 {
      do {
        _ = try reader.rgb(said - 1)
        Issue.record("the last frame of a lying file was given")
      } catch {
        #expect("\(error)".contains("says \(said)") && "\(error)".contains("holds \(held)"), "\(error)")
      }
    }
  }

  @Test func badStreams() throws {
    let clip = try Clip("h264.h264")
    #expect(throws: DICOMError.self) { try clip.file("4.102", width: clip.width + 2).shown() }
    var writer = DICOMWriter()
    writer.image(rows: 16, columns: 16, photometric: "YBR_PARTIAL_420", samples: 3, planar: 0, frames: 2)
    writer.fragments([Array("no video at all".utf8)])
    #expect(throws: DICOMError.self) { try writer.file("1.2.840.10008.1.2.4.102").shown() }
    var empty = DICOMWriter()
    empty.image(rows: 16, columns: 16, photometric: "YBR_PARTIAL_420", samples: 3, planar: 0, frames: 2)
    empty.fragments([])
    #expect(throws: DICOMError.self) { try empty.file("1.2.840.10008.1.2.4.102").shown() }
    var grey = DICOMWriter()
    grey.image(rows: clip.height, columns: clip.width, photometric: "MONOCHROME2", frames: 2)
    grey.fragments([clip.bytes])
    #expect(throws: DICOMError.self) { try grey.file("1.2.840.10008.1.2.4.102").shown() }
  }

  /// The data set's times go before the stream's; a bare stream has none.
  @Test func times() throws {
    let clip = try Clip("mpeg2.ts")
    let timed = try FrameReader(clip.file("4.100") { $0.text(.frameTime, "DS", "20") }.opened()).timing()
    #expect(timed.source == .frameTime && timed.milliseconds?[1] == 20)
    let own = try FrameReader(clip.file("4.100").opened()).timing()
    let times = try #require(own.milliseconds)
    #expect(own.source == .stream && times.count == clip.frames.count && times[0] == 0 && times[1] > 0)
    let bare = try Clip("h264.h264")
    #expect(try FrameReader(bare.file("4.102").opened()).timing().source == .none)
  }
}
