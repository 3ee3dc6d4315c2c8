import DICOM
import Foundation
import Imaging
import Testing

/// Seeds of the fuzz targets (Tools/fuzz), changed at fixed places: any bytes give a picture or an error that names them, within
/// 5 s each. `make fuzz` goes further.
@Suite struct SeedTests {
  private struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "ImagingTests/Fixtures")

  private static func seeds(_ folder: URL, smallerThan limit: Int) throws -> [[UInt8]] {
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    return files.sorted { $0.path < $1.path }.filter { !$0.hasDirectoryPath && $0.pathExtension != "json" }
      .compactMap { try? [UInt8](Data(contentsOf: $0)) }.filter { $0.count < limit }
  }

  /// Bytes changed, a part doubled, a part left out, the end cut off.
  private static func changed(_ seed: [UInt8], _ random: inout Generator) -> [UInt8] {
    var bytes = seed
    let place = Int.random(in: 0..<bytes.count, using: &random)
    let end = min(bytes.count, place + Int.random(in: 1...64, using: &random))
    switch Int.random(in: 0..<5, using: &random) {
    case 0: bytes.removeSubrange(place..<end)
    case 1: bytes.insert(contentsOf: bytes[place..<end], at: place)
    case 2: bytes.removeSubrange(place...)
    default:
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
    }
    return bytes
  }

  private func each(_ seeds: [[UInt8]], rounds: Int, _ read: ([UInt8]) -> Void) {
    var random = Generator(state: 7)
    for _ in 0..<rounds {
      for seed in seeds where !seed.isEmpty {
        let bytes = Self.changed(seed, &random)
        let began = ContinuousClock.now
        read(bytes)
        #expect(ContinuousClock.now - began < .seconds(5))
      }
    }
  }

  @Test func dicom() {
    let frames = CodecTests.Case.all.map { $0.file($0.frame) } + JPEG2000Golden.all.map { $0.file($0.frame) }
    each(frames, rounds: 40) { bytes in
      do throws(DICOMError) {
        let reader = try FrameReader(try bytes.opened())
        for index in 0..<min(reader.frameCount, 3) { _ = try reader.rgb(index) }
      } catch {
        #expect(error.file == "test.dcm")
      }
    }
  }

  @Test func clips() throws {
    let limits = ClipLimits(maximumPixels: 1 << 18, maximumFrames: 20, maximumErrors: 10, maximumStepSeconds: 4)
    let seeds = try Self.seeds(Self.fixtures.appending(path: "clips"), smallerThan: 20_000)
    #expect(!seeds.isEmpty)
    each(seeds, rounds: 6) { bytes in
      do {
        let reader = try ClipReader(data: bytes, name: "clip", limits: limits)
        while try reader.next() != nil {}
      } catch {
        #expect("\(error)".contains("clip"))
      }
    }
  }

  @Test func stills() throws {
    let seeds = try Self.seeds(Self.fixtures, smallerThan: 20_000)
    #expect(!seeds.isEmpty)
    each(seeds, rounds: 12) { bytes in
      do {
        _ = try Stills.decode(
          data: bytes, name: "still", limits: DecodeLimits(maximumPixels: 1 << 18, maximumFileBytes: 1 << 20))
      } catch {
        #expect("\(error)".contains("still"))
      }
    }
  }
}
