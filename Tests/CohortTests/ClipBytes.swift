import Imaging

@testable import Cohort

/// Uncompressed clips for the tests.
enum ClipBytes {
  /// Frame `index` of the clip of a seed: a picture of noise.
  static func frame(_ index: Int, seed: UInt64, width: Int = 64, height: Int = 48) -> GreyImage {
    var random = SplitMix64(seed: seed &* 1000 &+ UInt64(index))
    return GreyImage(
      width: width, height: height, pixels: (0..<width * height).map { _ in UInt8(random.next(below: 256)) })
  }

  private static func four(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
  private static func two(_ value: Int) -> [UInt8] { (0..<2).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
  private static func words(_ values: [Int]) -> [UInt8] { values.flatMap { four($0) } }
  private static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
    Array(name.utf8) + four(body.count) + body + (body.count % 2 == 1 ? [0] : [])
  }
  private static func list(_ name: String, _ body: [UInt8]) -> [UInt8] { chunk("LIST", Array(name.utf8) + body) }

  /// An AVI of 24-bit DIBs at 10 frames a second; the width is a multiple of 4.
  static func avi(_ frames: [GreyImage]) -> [UInt8] {
    let (width, height) = (frames.first?.width ?? 0, frames.first?.height ?? 0)
    let bitmap = words([40, width, height]) + two(1) + two(24) + words([0, 0, 0, 0, 0, 0])
    let stream = Array("vidsDIB ".utf8) + words([0, 0, 0, 1, 10, 0, frames.count, 0, -1, 0, 0, 0])
    let main = words([100_000, 0, 0, 0x10, frames.count, 0, 1, 0, width, height, 0, 0, 0, 0])
    let headers = list("hdrl", chunk("avih", main) + list("strl", chunk("strh", stream) + chunk("strf", bitmap)))
    var (movie, index): ([UInt8], [UInt8]) = ([], [])
    for frame in frames {
      index += Array("00db".utf8)
      index += words([0x10, 4 + movie.count])
      var rows: [UInt8] = []
      for y in stride(from: height - 1, through: 0, by: -1) {
        for x in 0..<width { rows += [UInt8](repeating: frame.pixels[y * width + x], count: 3) }
      }
      index += four(rows.count)
      movie += chunk("00db", rows)
    }
    let body = [Array("AVI ".utf8), headers, list("movi", movie), chunk("idx1", index)]
    return chunk("RIFF", body.flatMap { $0 })
  }

  static func avi(seed: UInt64, frames: Int) -> [UInt8] { avi((0..<frames).map { frame($0, seed: seed) }) }
}
