import Foundation

/// The windows of a picture in which the middle of another is looked for.
public enum TextureWindows {
  public struct Window: Sendable, Hashable {
    public var across: Stretch
    public var down: Stretch
  }

  /// Where the middle of a picture lies that was cut to 1, 0.95, 0.9, 0.85 or 0.8 of the width.
  static let cropped: [Stretch] = (0...4).flatMap { cut in
    (0...cut).map { place in
      let kept = 1 - Float(cut) * 0.05
      return Stretch(start: Float(place) * 0.05 + 0.1 * kept, length: 0.8 * kept)
    }
  }
  /// Where the middle of one of two panels lies.
  static let panels = [Stretch(start: 0.05, length: 0.4), Stretch(start: 0.55, length: 0.4)]

  /// Where the middle of one of two crops of equal size lies in the other.
  static let shifted: [Stretch] = [0, 0.05, 0.15, 0.2].map { Stretch(start: $0, length: 0.8) }

  private static let stretches = cropped + panels + shifted

  /// Pairs of places in `stretches`.
  fileprivate static let places: [(across: Int, down: Int)] = {
    let crops = cropped.indices.flatMap { across in cropped.indices.map { (across: across, down: $0) } }
    let halves = panels.indices.map { cropped.count + $0 }
    let shifts = [0] + shifted.indices.map { cropped.count + panels.count + $0 }
    let moved = shifts.flatMap { across in shifts.map { (across: across, down: $0) } }.dropFirst()
    return crops + halves.map { (across: $0, down: 0) } + halves.map { (across: 0, down: $0) } + moved
  }()

  /// The first is ``Stretch/middle`` both ways.
  public static let all: [Window] = places.map { Window(across: stretches[$0.across], down: stretches[$0.down]) }

  /// What others are looked for by: the spectrum of the first window.
  public static func middle(of texture: LocalContrast) -> TextureSpectrum {
    TextureScan(texture, middleWaves).spectrum(across: 0, down: 0)
  }

  fileprivate static let allWaves = stretches.map(Waves.init)
  private static let middleWaves = [Waves(.middle)]

  /// The eight waves over a stretch, sampled at the pixels; a pixel at the stretch's end counts by the part of it that lies inside.
  fileprivate struct Waves: Sendable {
    /// The pixels that lie inside, at least in part.
    var pixels: Range<Int>
    var samples: [SIMD8<Float>]

    init(_ stretch: Stretch) {
      let side = Float(LocalContrast.side)
      let end = stretch.start + stretch.length
      pixels = Int(stretch.start * side)..<min(LocalContrast.side, Int((end * side).rounded(.up)))
      samples = pixels.map { pixel in
        let (first, last) = (Float(pixel) / side, Float(pixel + 1) / side)
        let inside = max(0, min(last, end) - max(first, stretch.start)) * side
        let place = ((first + last) / 2 - stretch.start) / stretch.length
        return SIMD8((1...8).map { inside * cos(Float.pi * Float($0) * place) })
      }
    }
  }
}

/// A picture made ready for its spectra in many windows.
public struct TextureScan: Sendable {
  private let waves: [TextureWindows.Waves]
  /// rows[k * side + y]: row y of the picture times the waves of stretch k.
  private let rows: [SIMD8<Float>]

  public init(_ texture: LocalContrast) { self.init(texture, TextureWindows.allWaves) }

  fileprivate init(_ texture: LocalContrast, _ waves: [TextureWindows.Waves]) {
    self.waves = waves
    let side = LocalContrast.side
    rows = texture.values.withUnsafeBufferPointer { pixels in
      [SIMD8<Float>](unsafeUninitializedCapacity: waves.count * side) { rows, count in
        for (k, wave) in waves.enumerated() {
          wave.samples.withUnsafeBufferPointer { samples in
            for y in 0..<side {
              var sum = SIMD8<Float>.zero
              for x in wave.pixels { sum += samples[x &- wave.pixels.lowerBound] * pixels[y &* side &+ x] }
              rows[k * side + y] = sum
            }
          }
        }
        count = waves.count * side
      }
    }
  }

  /// - window: a place in ``TextureWindows/all``.
  public func spectrum(inWindow window: Int) -> TextureSpectrum {
    let place = TextureWindows.places[window]
    return spectrum(across: place.across, down: place.down)
  }

  fileprivate func spectrum(across: Int, down: Int) -> TextureSpectrum {
    let (first, pixels) = (across * LocalContrast.side, waves[down].pixels)
    var spectrum = TextureSpectrum()
    rows.withUnsafeBufferPointer { rows in
      waves[down].samples.withUnsafeBufferPointer { samples in
        for y in pixels {
          let (row, weights) = (rows[first &+ y], samples[y &- pixels.lowerBound])
          spectrum.rows.0 += row * weights[0]
          spectrum.rows.1 += row * weights[1]
          spectrum.rows.2 += row * weights[2]
          spectrum.rows.3 += row * weights[3]
          spectrum.rows.4 += row * weights[4]
          spectrum.rows.5 += row * weights[5]
          spectrum.rows.6 += row * weights[6]
          spectrum.rows.7 += row * weights[7]
        }
      }
    }
    return spectrum
  }
}
