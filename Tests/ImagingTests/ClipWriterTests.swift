import Foundation
import Imaging
import Testing

struct ClipWriterTests {
  private static func frame(_ seed: Int, width: Int = 37, height: Int = 23) -> RGBImage {
    var state = UInt64(seed + 1)
    return RGBImage(
      width: width, height: height,
      pixels: (0..<width * height * 3).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
      })
  }

  private func file() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "writer-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.appending(path: "a.mov")
  }

  private func write(_ frames: [RGBImage], _ times: [Int64], to file: URL) throws {
    let writer = try ClipWriter(file, width: 37, height: 23)
    for (frame, time) in zip(frames, times) { try writer.add(frame, microseconds: time) }
    try writer.finish()
  }

  @Test func framesAndTimesComeBackAsTheyWere() throws {
    let file = try file()
    defer { try? FileManager.default.removeItem(at: file.deletingLastPathComponent()) }
    let frames = (0..<9).map { Self.frame($0) }
    let times: [Int64] = [0, 1, 40_000, 80_001, 33_333_333, 33_366_666, 60_000_000, 179_999_999, 180_000_000]
    try write(frames, times, to: file)
    let reader = try ClipReader(file)
    #expect(reader.info.codec == "png" && reader.info.declaredFrames == 9)
    for (frame, time) in zip(frames, times) {
      let read = try #require(try reader.next())
      #expect(read.image == frame && read.nanoseconds == time * 1000)
    }
    #expect(try reader.next() == nil)
    // The same frames give the same bytes, now and at any time.
    let first = try Data(contentsOf: file)
    try write(frames, times, to: file)
    #expect(try Data(contentsOf: file) == first)
  }

  @Test func oneFrameIsAClip() throws {
    let file = try file()
    defer { try? FileManager.default.removeItem(at: file.deletingLastPathComponent()) }
    try write([Self.frame(1)], [0], to: file)
    #expect(try ClipReader(file).next()?.image == Self.frame(1))
  }

  @Test func whatCannotBeWrittenIsSaid() throws {
    let file = try file()
    defer { try? FileManager.default.removeItem(at: file.deletingLastPathComponent()) }
    func expect(_ words: String, _ body: () throws -> Void) {
      #expect(performing: body, throws: { "\($0)".contains(words) })
    }
    let writer = try ClipWriter(file, width: 37, height: 23)
    expect("expected 37 x 23") { try writer.add(Self.frame(1, width: 38), microseconds: 0) }
    expect("without a frame") { try writer.finish() }
    try writer.add(Self.frame(1), microseconds: 5)
    expect("do not rise") { try writer.add(Self.frame(2), microseconds: 5) }
    expect("frames of this size") { _ = try ClipWriter(file, width: 0, height: 4) }
    expect("frames of this size") { _ = try ClipWriter(file, width: 1 << 40, height: 1 << 40) }
    expect("No such file") { _ = try ClipWriter(URL(fileURLWithPath: "/nowhere/a.mov"), width: 4, height: 4) }
    // A clip whose writing broke off is no clip.
    let broken = file.deletingLastPathComponent().appending(path: "b.mov")
    do {
      let writer = try ClipWriter(broken, width: 37, height: 23)
      try writer.add(Self.frame(1), microseconds: 0)
      try writer.add(Self.frame(2), microseconds: 9)
    }
    #expect(throws: ImagingError.self) { try ClipReader(broken) }
  }
}
