import Foundation
import Imaging

/// Writers of two uncompressed kinds of clip, so that every byte of what should be read is known without an encoder.
enum ClipFiles {
  /// A picture of noise with some structure; grey where asked.
  static func picture(_ seed: UInt64, width: Int, height: Int, isGrey: Bool = false) -> RGBImage {
    var generator = SplitMix(state: seed &* 977 &+ 11)
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        let base = UInt8((x * 3 + y * 5 + Int(seed) * 7) % 200)
        let grey = base &+ UInt8(generator.next() % 50)
        for _ in 0..<3 { pixels.append(isGrey ? grey : base &+ UInt8(generator.next() % 50)) }
      }
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }

  private static func four(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
  private static func two(_ value: Int) -> [UInt8] { (0..<2).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
  private static func words(_ values: [Int]) -> [UInt8] { values.flatMap { four($0) } }
  private static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
    Array(name.utf8) + four(body.count) + body + (body.count % 2 == 1 ? [0] : [])
  }
  private static func list(_ name: String, _ body: [UInt8]) -> [UInt8] { chunk("LIST", Array(name.utf8) + body) }

  /// An AVI of 24-bit DIBs, rows from the bottom, blue first, padded to four bytes. `rate` over `scale` frames a second.
  static func avi(_ frames: [RGBImage], rate: Int, scale: Int) -> [UInt8] {
    let (width, height) = (frames.first?.width ?? 0, frames.first?.height ?? 0)
    let bitmap = words([40, width, height]) + two(1) + two(24) + words([0, 0, 0, 0, 0, 0])
    let stream =
      Array("vidsDIB ".utf8) + words([0, 0, 0, scale, rate, 0, frames.count, 0, -1, 0, 0, 0])
    let main = words([1_000_000 * scale / rate, 0, 0, 0x10, frames.count, 0, 1, 0, width, height, 0, 0, 0, 0])
    let headers = list("hdrl", chunk("avih", main) + list("strl", chunk("strh", stream) + chunk("strf", bitmap)))
    var (movie, index): ([UInt8], [UInt8]) = ([], [])
    for frame in frames {
      index += Array("00db".utf8)
      index += words([0x10, 4 + movie.count])
      let padding = [UInt8](repeating: 0, count: (4 - width * 3 % 4) % 4)
      var rows: [UInt8] = []
      for y in stride(from: height - 1, through: 0, by: -1) {
        for x in 0..<width {
          let at = 3 * (y * width + x)
          rows += [frame.pixels[at + 2], frame.pixels[at + 1], frame.pixels[at]]
        }
        rows += padding
      }
      index += four(rows.count)
      movie += chunk("00db", rows)
    }
    let body = [Array("AVI ".utf8), headers, list("movi", movie), chunk("idx1", index)]
    return chunk("RIFF", body.flatMap { $0 })
  }

  /// One picture of a GIF: palette indices of a part of the screen.
  struct GIFPart {
    var left = 0
    var top = 0
    var width: Int
    var height: Int
    /// Hundredths of a second.
    var delay: Int
    /// 1 leaves the picture, 2 clears its place.
    var disposal = 1
    var transparent: UInt8?
    var indices: [UInt8]
  }

  /// An animated GIF whose pixels stand in 9-bit codes, cleared before the codes would grow.
  static func gif(width: Int, height: Int, palette: [UInt8], parts: [GIFPart]) -> [UInt8] {
    var bytes = Array("GIF89a".utf8)
    bytes += two(width) + two(height)
    bytes += [0xf7, 0, 0]
    bytes += palette
    bytes += [UInt8](repeating: 0, count: 768 - palette.count)
    bytes += [0x21, 0xff, 11]
    bytes += Array("NETSCAPE2.0".utf8)
    bytes += [3, 1, 0, 0, 0]
    for part in parts {
      let flags = UInt8(part.disposal << 2) | (part.transparent == nil ? 0 : 1)
      bytes += [0x21, 0xf9, 4, flags]
      bytes += two(part.delay)
      bytes += [part.transparent ?? 0, 0, 0x2c]
      bytes += [part.left, part.top, part.width, part.height].flatMap { two($0) }
      bytes += [0, 8]
      let codes = coded(part.indices)
      for start in stride(from: 0, to: codes.count, by: 255) {
        let block = codes[start..<min(start + 255, codes.count)]
        bytes.append(UInt8(block.count))
        bytes += block
      }
      bytes.append(0)
    }
    return bytes + [0x3b]
  }

  private static func coded(_ indices: [UInt8]) -> [UInt8] {
    var codes: [Int] = []
    for (at, index) in indices.enumerated() {
      if at % 200 == 0 { codes.append(256) }
      codes.append(Int(index))
    }
    codes.append(257)
    var (bytes, bits, count): ([UInt8], Int, Int) = ([], 0, 0)
    for code in codes {
      bits |= code << count
      count += 9
      while count >= 8 {
        bytes.append(UInt8(bits & 255))
        (bits, count) = (bits >> 8, count - 8)
      }
    }
    return count > 0 ? bytes + [UInt8(bits & 255)] : bytes
  }
}

extension ClipReader {
  /// All frames that are left.
  func frames() throws(ImagingError) -> [ClipFrame] {
    var frames: [ClipFrame] = []
    while let frame = try next() { frames.append(frame) }
    return frames
  }
}
