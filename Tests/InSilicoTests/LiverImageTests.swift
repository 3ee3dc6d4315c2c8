import Foundation
import Testing
import Ultrasound

@testable import InSilico

/// Pictures at 128 pixels a side: the same physics on a coarser grid, quick enough without optimisation.
@Suite struct LiverImageTests {
  private static let settings = LiverSettings(
    patients: 36, lesionsPerPatient: 1, idealAUC: 0.9, seed: 2, imageSize: 128)

  @Test func visibleContrastFollowsItsFactor() throws {
    let cohort = try Simulator.liver(Self.settings)
    let measured = cohort.lesions.indices.map { Self.contrast(cohort.render(lesion: $0, image: 0)) }
    let found = correlation(measured, cohort.lesions.map { $0.bmode[0] })
    #expect(found < -0.8, "r = \(found)")
    // And no shortcut beside it: within a class, the contrast still follows the factor.
    let benign = cohort.lesions.indices.filter { cohort.lesions[$0].label == .benign }
    #expect(correlation(benign.map { measured[$0] }, benign.map { cohort.lesions[$0].bmode[0] }) < -0.7)
  }

  @Test func outlineFollowsItsFactor() throws {
    let cohort = try Simulator.liver(LiverSettings(patients: 80, lesionsPerPatient: 1, seed: 3))
    let roughness = cohort.lesions.map { lesion -> Double in
      let shape = Self.shape(of: lesion)
      return Self.roughness(of: shape)
    }
    let found = correlation(roughness.map { log($0) }, cohort.lesions.map { $0.bmode[1] })
    #expect(found > 0.8, "r = \(found)")
  }

  /// S2-10: the lesion's mask and a region of background.
  @Test func regionsAreWhereTheyShouldBe() throws {
    let cohort = try Simulator.liver(Self.settings)
    for lesion in 0..<6 {
      let image = cohort.render(lesion: lesion, image: 1)
      let area = image.mask.filter { $0 == 255 }.count
      #expect(area > 40 && area < 128 * 128 / 4)
      #expect(Set(image.mask).isSubset(of: [0, 255]))
      let box = image.backgroundBox
      #expect(box.x >= 0 && box.y >= 0 && box.maxX <= 128 && box.maxY <= 128 && box.width >= 6)
      for row in Int(box.y)..<Int(box.maxY) {
        for column in Int(box.x)..<Int(box.maxX) {
          #expect(image.mask[row * 128 + column] == 0)
        }
      }
    }
  }

  @Test func pictureLooksLikeASector() throws {
    let image = try Simulator.liver(Self.settings).render(lesion: 0, image: 0)
    #expect(image.pixels.count == 128 * 128)
    // Corners lie outside, the middle within, and log compression clips neither end.
    for corner in [127 * 128 + 1, 127 * 128 + 120] { #expect(image.pixels[corner] <= 12) }
    let middle = (50..<80).flatMap { row in (30..<98).map { Double(image.pixels[row * 128 + $0]) } }
    #expect(mean(middle) > 50 && mean(middle) < 190)
    #expect(deviation(middle) > 10)
  }

  @Test func sameSeedSamePictureOtherSeedAnother() throws {
    let first = try Simulator.liver(Self.settings).render(lesion: 1, image: 0)
    let again = try Simulator.liver(Self.settings).render(lesion: 1, image: 0)
    #expect(first.pixels == again.pixels && first.mask == again.mask && first.backgroundBox == again.backgroundBox)
    var other = Self.settings
    other.seed = 3
    #expect(first.pixels != (try Simulator.liver(other).render(lesion: 1, image: 0)).pixels)
    #expect(first.pixels != (try Simulator.liver(Self.settings).render(lesion: 1, image: 1)).pixels)
  }

  /// The bytes do not hang on the machine or the build. Change the number with the physics, and say so in the changelog.
  @Test func bytesAreTheSameOnEveryMachine() throws {
    let image = try Simulator.liver(LiverSettings(patients: 4, seed: 1, imageSize: 96)).render(lesion: 0, image: 0)
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in image.pixels + image.mask { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    #expect(hash == 16_564_064_451_133_497_671, "FNV-1a \(hash)")
  }

  /// Mean grey of the lesion's core less that of the background box.
  private static func contrast(_ image: RenderedImage) -> Double {
    let size = image.size
    let within = image.mask.indices.filter { index in
      let (row, column) = (index / size, index % size)
      guard row > 1, column > 1, row < size - 2, column < size - 2 else { return false }
      return [0, -2, 2, -2 * size, 2 * size].allSatisfy { image.mask[index + $0] == 255 }
    }
    let box = image.backgroundBox
    let around = (Int(box.y)..<Int(box.maxY)).flatMap { row in
      (Int(box.x)..<Int(box.maxX)).map { Double(image.pixels[row * size + $0]) }
    }
    return mean(within.map { Double(image.pixels[$0]) }) - mean(around)
  }

  private static func shape(of lesion: LiverLesion) -> LesionShape {
    var stream = RandomStream(seed: 1, purpose: "test", lesion.number)
    return LesionShape(
      look: LesionLook(factors: lesion.bmode), x: 0, z: 60, radius: lesion.radius, aspect: lesion.aspect,
      outline: lesion.outline, turn: 0, frequencyMHz: 3.5, stream: &stream)
  }

  /// Outline pixels squared over area, of the shape drawn on a fine raster: 4 pi for a circle, more when rough.
  private static func roughness(of shape: LesionShape) -> Double {
    let cells = 120
    let step = 3 * shape.radius / Double(cells)
    let inside = (0..<cells * cells).map { index -> Bool in
      let x = (Double(index % cells) - Double(cells) / 2) * step
      let z = 60 + (Double(index / cells) - Double(cells) / 2) * step
      guard let distance = shape.distance(x: x, z: z, within: 1) else { return false }
      return distance < 0
    }
    var (area, edge) = (0.0, 0.0)
    for row in 1..<cells - 1 {
      for column in 1..<cells - 1 where inside[row * cells + column] {
        area += 1
        for other in [-1, 1, -cells, cells] where !inside[row * cells + column + other] { edge += 1 }
      }
    }
    return edge * edge / area - 12
  }
}
