import Foundation
import Imaging
import Testing

/// What is no clip, cut clips, damaged clips and clips that claim too much: an error that names the file, or fewer frames with
/// a reason; never a trap, never a hang.
struct BadClipTests {
  private static func bytes(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: ClipTests.folder.appending(path: name)))
  }

  private static var names: [String] { ClipGolden.fixtures.map(\.name) }

  private static func problem(_ bytes: [UInt8], limits: ClipLimits = .standard) -> ImagingError? {
    do throws(ImagingError) {
      _ = try ClipReader(data: bytes, name: "clip", limits: limits).frames()
      return nil
    } catch {
      return error
    }
  }

  @Test func whatIsNoClipIsNamed() throws {
    #expect(Self.problem([]) == .clip(file: "clip", problem: .empty))
    #expect(Self.problem(Array("frame,time\n0,0.0\n1,0.1\n".utf8)) == .clip(file: "clip", problem: .unknownFormat))
    #expect(Self.problem(try Fixtures.bytes("expected.json")) == .clip(file: "clip", problem: .unknownFormat))
    #expect(Self.problem(try Self.bytes("sound.mp3")) == .clip(file: "clip", problem: .unknownFormat))
    guard case .clip("clip", .noVideo(let found)) = Self.problem(try Self.bytes("sound.mp4")) else {
      Issue.record("sound alone passed")
      return
    }
    #expect(found.contains("aac"))
    // A playlist, whose other files are not opened.
    #expect(
      Self.problem(Array("#EXTM3U\n#EXTINF:1,\n/etc/passwd\n".utf8)) == .clip(file: "clip", problem: .unknownFormat))
    #expect(throws: ImagingError.clip(file: "/tmp", problem: .notAFile)) {
      try ClipReader(URL(fileURLWithPath: "/tmp"))
    }
    #expect(throws: ImagingError.unreadable(file: "/nowhere/clip.mp4", reason: "No such file or directory")) {
      try ClipReader(URL(fileURLWithPath: "/nowhere/clip.mp4"))
    }
    #expect(ImagingError.clip(file: "a.txt", problem: .unknownFormat).description.hasPrefix("a.txt: expected a clip"))
  }

  @Test func aClipThatClaimsTooMuchIsRefused() throws {
    var gif = ClipFiles.gif(
      width: 4, height: 4, palette: [0, 0, 0, 255, 255, 255],
      parts: [.init(width: 4, height: 4, delay: 10, indices: [UInt8](repeating: 1, count: 16))])
    gif.replaceSubrange(6..<10, with: [255, 255, 255, 255])
    #expect(Self.problem(gif) == .clip(file: "clip", problem: .frameTooLarge(size: "65535 x 65535", limits: .standard)))
    for name in Self.names {
      let small = ClipLimits(maximumPixels: 600)
      guard case .clip("clip", .frameTooLarge) = Self.problem(try Self.bytes(name), limits: small) else {
        Issue.record("\(name): \(String(describing: Self.problem(try Self.bytes(name), limits: small)))")
        continue
      }
    }
    let mpeg = try Self.bytes("mpeg1.mpeg")
    #expect(
      Self.problem(mpeg, limits: ClipLimits(maximumFrames: 3)) == .clip(file: "clip", problem: .tooManyFrames(limit: 3))
    )
    #expect(
      Self.problem(mpeg, limits: ClipLimits(maximumSeconds: 0.1)) == .clip(file: "clip", problem: .tooLong(limit: 0.1)))
    #expect(
      Self.problem(mpeg, limits: ClipLimits(maximumFileBytes: 99))
        == .fileTooLarge(file: "clip", bytes: mpeg.count, limit: 99))
    guard case .clip("clip", .tooSlow) = Self.problem(mpeg, limits: ClipLimits(maximumStepSeconds: -1)) else {
      Issue.record("no time, and yet frames")
      return
    }
  }

  @Test func aCutClipIsAnErrorAndItsWholePartCanBeRead() throws {
    var salvaged = 0
    for golden in ClipGolden.fixtures {
      let bytes = try Self.bytes(golden.name)
      let hashes = Dictionary(uniqueKeysWithValues: golden.pictures.map { ($0.0, $0.2) })
      for part in 1..<12 {
        let cut = Array(bytes[..<(bytes.count * part / 12)])
        // MPEG and bare streams have no lengths: what is cut between pictures cannot be told from a shorter clip.
        let tells = ["mov", "mp4", "avi", "gif", "webm"].contains { golden.name.hasSuffix($0) }
        #expect(!tells || Self.problem(cut) != nil, "\(golden.name) cut to \(cut.count) bytes passed")
        do throws(ImagingError) {
          let reader = try ClipReader(data: cut, name: golden.name, limits: ClipLimits(maximumErrors: 1000))
          let frames = try reader.frames()
          #expect(frames.count <= golden.frames, "\(golden.name)")
          #expect(!tells || reader.damage != nil, "\(golden.name) cut to \(cut.count) bytes: no reason")
          // Frames given as whole, the last apart, are those of the whole clip.
          for frame in frames.dropLast(3) where !frame.isDamaged && reader.info.hasTimes {
            salvaged += 1
            #expect(
              fnv(frame.image.pixels) == hashes[frame.index],
              "\(golden.name), frame \(frame.index) of \(cut.count) bytes")
          }
        } catch {
          #expect(error.description.hasPrefix(golden.name))
        }
      }
    }
    #expect(salvaged > 100)
  }

  @Test func flippedBytesNeverTrap() throws {
    var generator = SplitMix(state: 20_261_122)
    var (refused, passed) = (0, 0)
    for name in Self.names + ["sound.mp4"] {
      let bytes = try Self.bytes(name)
      for round in 0..<24 {
        var damaged = bytes
        let reach = round % 2 == 0 ? min(bytes.count, 1200) : bytes.count
        for _ in 0...(round % 5) { damaged[Int(generator.next() % UInt64(reach))] = UInt8(generator.next() & 255) }
        let limits = ClipLimits(
          maximumPixels: 1 << 18, maximumFrames: 500, maximumErrors: round % 3 == 0 ? 100 : 0, maximumStepSeconds: 5)
        do throws(ImagingError) {
          let reader = try ClipReader(data: damaged, name: name, limits: limits)
          while let frame = try reader.next() {
            #expect(frame.image.pixels.count == reader.info.width * reader.info.height * 3 && frame.time.isFinite)
          }
          passed += 1
        } catch {
          #expect(error.description.hasPrefix(name), "\(error)")
          refused += 1
        }
      }
    }
    #expect(refused > 100 && passed > 20)
  }

  @Test func aReaderThatIsLeftClosesItsFile() throws {
    func open() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
    let file = ClipTests.folder.appending(path: "h264-bt709.mp4")
    var counts: [Int] = []
    for _ in 0..<200 {
      let reader = try ClipReader(file)
      #expect(try reader.next() != nil)
    }
    for _ in 0..<3 { counts.append(try open()) }
    // Other tests have files open too, though not two hundred.
    #expect((counts.min() ?? .max) < 150)
  }
}
