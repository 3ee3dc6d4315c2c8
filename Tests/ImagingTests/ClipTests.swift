import Foundation
import Imaging
import Testing

/// Clips against what was written into them, and against the ffmpeg program.
struct ClipTests {
  static let folder = Fixtures.folder.appending(path: "clips")
  static let shared = Fixtures.shared.appending(path: "lung-pocus/pocus_videos")

  @Test func anUncompressedAVIComesBackToTheByte() throws {
    for (width, height) in [(16, 12), (19, 7), (33, 10)] {
      let pictures = (0..<5).map { ClipFiles.picture(UInt64($0), width: width, height: height) }
      let reader = try ClipReader(data: ClipFiles.avi(pictures, rate: 30_000, scale: 1001), name: "raw.avi")
      #expect(reader.info.container == "avi" && reader.info.codec == "rawvideo" && reader.info.pixelFormat == "bgr24")
      #expect(reader.info.width == width && reader.info.height == height && reader.info.declaredFrames == 5)
      #expect(reader.info.nominalFrameRate == ClipRatio(numerator: 30_000, denominator: 1001))
      let frames = try reader.frames()
      #expect(frames.map(\.image) == pictures)
      #expect(frames.map(\.index) == Array(0..<5) && frames.allSatisfy { $0.timing == .stated })
      #expect(frames.map(\.time) == (0..<5).map { Double($0 * 1001) / 30_000 })
      #expect(frames.map(\.nanoseconds) == [0, 33_366_667, 66_733_333, 100_100_000, 133_466_667])
      #expect(try reader.next() == nil && reader.position == 5 && reader.damage == nil)
    }
  }

  @Test func anAnimatedGIFKeepsItsDelaysAndParts() throws {
    let palette: [UInt8] = (0..<256).flatMap { (index: Int) -> [UInt8] in
      [UInt8(index), UInt8(255 - index), UInt8(index * 7 % 256)]
    }
    func color(_ index: Int) -> [UInt8] { Array(palette[3 * index..<3 * index + 3]) }
    let first = (0..<80).map { UInt8($0 + 10) }
    let parts: [ClipFiles.GIFPart] = [
      .init(width: 10, height: 8, delay: 5, indices: first),
      .init(left: 2, top: 3, width: 3, height: 2, delay: 12, indices: [200, 201, 202, 203, 204, 205]),
      .init(left: 0, top: 0, width: 2, height: 1, delay: 40, transparent: 7, indices: [7, 99]),
    ]
    let reader = try ClipReader(
      data: ClipFiles.gif(width: 10, height: 8, palette: palette, parts: parts), name: "parts.gif")
    let frames = try reader.frames()
    // Bytes behind the end mark do no harm.
    let file = ClipFiles.gif(width: 10, height: 8, palette: palette, parts: parts) + [0x0d, 0x0a]
    #expect(try ClipReader(data: file, name: "parts.gif").frames().count == 3)
    var screen = first.map { color(Int($0)) }
    #expect(frames.count == 3 && frames.map(\.time) == [0, 0.05, 0.17])
    #expect(frames[0].image.pixels == screen.flatMap { $0 })
    for (at, index) in [(32, 200), (33, 201), (34, 202), (42, 203), (43, 204), (44, 205)] { screen[at] = color(index) }
    #expect(frames[1].image.pixels == screen.flatMap { $0 })
    screen[1] = color(99)
    #expect(frames[2].image.pixels == screen.flatMap { $0 })
  }

  @Test func smallClipsOfEveryKindAreAsTheFFmpegProgramMakesThem() throws {
    #expect(ClipGolden.fixtures.count > 20)
    for golden in ClipGolden.fixtures { try Self.check(golden, in: Self.folder) }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: shared.path), "needs ../shared"))
  func realClipsAreAsTheFFmpegProgramMakesThem() throws {
    #expect(ClipGolden.shared.count == 30)
    for golden in ClipGolden.shared { try Self.check(golden, in: Self.shared) }
  }

  private static func check(_ golden: ClipGolden, in folder: URL) throws {
    let reader = try ClipReader(folder.appending(path: golden.name))
    let base = reader.info.timeBase
    #expect(base == ClipRatio(numerator: golden.base.0, denominator: golden.base.1), "\(golden.name)")
    for (index, ticks, hash) in golden.pictures {
      try reader.skip(index - reader.position)
      let frame = try #require(try reader.next(), "\(golden.name): frame \(index)")
      #expect(frame.index == index && fnv(frame.image.pixels) == hash, "\(golden.name): frame \(index)")
      guard let ticks, reader.info.hasTimes else {
        #expect(frame.timing == .estimated, "\(golden.name): frame \(index)")
        continue
      }
      #expect(frame.ticks == ticks && frame.timing == .stated, "\(golden.name): frame \(index)")
      #expect(frame.time == Double(ticks) * Double(base.numerator) / Double(base.denominator))
      #expect(abs(Double(frame.nanoseconds) - frame.time * 1e9) <= 1)
    }
    #expect(try reader.next() == nil, "\(golden.name)")
    let survey = try #require(try ClipSurvey(of: ClipReader(folder.appending(path: golden.name))))
    #expect(survey.frames == golden.frames && survey.interlacedFrames == golden.fields, "\(golden.name)")
    #expect(survey.disorderedTimes == 0 && survey.damagedFrames == 0, "\(golden.name)")
  }

  @Test func whatAClipSaysOfItself() throws {
    func info(_ name: String) throws -> ClipInfo { try ClipReader(Self.folder.appending(path: name)).info }
    let wide = try info("h264-wide-pixels.mp4")
    #expect(wide.pixelAspect == ClipRatio(numerator: 4, denominator: 3) && wide.colorRange == nil)
    #expect(wide.codec == "h264" && wide.declaredFrames == 12 && wide.duration == 1.2 && wide.startTime == 0)
    #expect(wide.averageFrameRate?.value == 10 && wide.colorMatrix == nil && !wide.isInterlaced)
    let full = try info("h264-full.mp4")
    #expect(full.colorRange == .full && full.colorMatrix == "bt709" && full.orientation == 1)
    #expect(try info("h264-bt709.mp4").colorRange == .limited && info("h264-fields.mp4").isInterlaced)
    #expect(try info("mpeg2.m2v").hasTimes == false && info("mpeg1.mpeg").startTime == 0.54)
    let turned = try info("turned-right.mp4")
    #expect(turned.width == 48 && turned.height == 64 && turned.orientation == 6)
    let back = try JSONDecoder().decode(ClipInfo.self, from: JSONEncoder().encode(turned))
    #expect(back == turned)
  }

  @Test func unevenTimesAreKept() throws {
    let reader = try ClipReader(Self.folder.appending(path: "h264-uneven.mp4"))
    let times = try reader.frames().map(\.time)
    let expected = (0..<12).map { Double($0 + $0 * $0 / 7) / 10 }
    #expect(times.count == 12 && zip(times, expected).allSatisfy { abs($0 - $1) < 1e-9 }, "\(times)")
    let survey = try #require(try ClipSurvey(of: ClipReader(Self.folder.appending(path: "h264-uneven.mp4"))))
    #expect(survey.hasVariableRate && survey.shortestInterval == 0.1 && (survey.longestInterval ?? 0) > 0.3)
  }

  @Test func turnedClipsAreUpright() throws {
    let plain = try ClipReader(Self.folder.appending(path: "h264-bt709.mp4")).frames().map(\.image)
    let half = try ClipReader(Self.folder.appending(path: "turned-half.mp4")).frames().map(\.image)
    let right = try ClipReader(Self.folder.appending(path: "turned-right.mp4")).frames().map(\.image)
    #expect(plain.count == 12 && half.count == 12 && right.count == 12)
    for (index, image) in plain.enumerated() {
      for y in stride(from: 0, to: 48, by: 5) {
        for x in stride(from: 0, to: 64, by: 7) {
          let pixel = image.pixels[3 * (y * 64 + x)]
          #expect(half[index].pixels[3 * ((47 - y) * 64 + 63 - x)] == pixel)
          #expect(right[index].pixels[3 * (x * 48 + 47 - y)] == pixel)
        }
      }
    }
  }

  @Test func greyStaysGrey() throws {
    func isGrey(_ image: RGBImage) -> Bool { image.grey().rgb() == image }
    let grey = try ClipReader(Self.folder.appending(path: "h264-grey.mp4")).frames()
    #expect(grey.count == 12 && grey.allSatisfy { isGrey($0.image) })
    let pictures = (0..<3).map { ClipFiles.picture($0, width: 24, height: 16, isGrey: true) }
    let avi = try ClipReader(data: ClipFiles.avi(pictures, rate: 10, scale: 1), name: "grey.avi").frames()
    #expect(avi.map(\.image) == pictures)
  }

  @Test func bytesAndFileGiveTheSame() throws {
    let file = Self.folder.appending(path: "vp9-odd.webm")
    let (one, other) = (
      try ClipReader(file), try ClipReader(data: [UInt8](Data(contentsOf: file)), name: "vp9-odd.webm")
    )
    #expect(one.info == other.info && one.info.width == 37 && one.info.height == 21)
    let (ones, others) = (try one.frames(), try other.frames())
    #expect(ones.map(\.image) == others.map(\.image) && ones.map(\.ticks) == others.map(\.ticks))
  }

  @Test func clipsReadAtOnceGiveTheSame() async throws {
    let file = Self.folder.appending(path: "h264-uneven.mp4")
    let alone = try ClipReader(file).frames().map { fnv($0.image.pixels) }
    try await withThrowingTaskGroup(of: [String].self) { group in
      for _ in 0..<8 { group.addTask { try ClipReader(file).frames().map { fnv($0.image.pixels) } } }
      for try await hashes in group { #expect(hashes == alone) }
    }
  }
}
