import Foundation
import Protocols
import Testing
import Torch

@testable import Training

extension TrainingTests {
  struct Augmenting {
    private static let still: Augmentation = {
      var still = StudyProtocol().augmentation
      (still.flip, still.rotation, still.scale, still.translation, still.gain) = (0, 0, 0, 0, 0)
      return still
    }()

    private func augmented(_ images: Tensor, seed: UInt64 = 1, _ change: (inout Augmentation) -> Void) throws -> Tensor
    {
      var amount = Self.still
      change(&amount)
      return try Augmenter(amount)(images, Generator(seed: seed))
    }

    private func noise(_ shape: [Int], seed: UInt64 = 7) throws -> Tensor { try Generator(seed: seed).uniform(shape) }

    private func numbers(_ tensor: Tensor) throws -> [Double] {
      let floats: [Float] = try tensor.contiguous().scalars()
      return floats.map(Double.init)
    }

    private func deviation(_ values: [Double]) -> Double {
      let mean = values.reduce(0, +) / Double(values.count)
      return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
    }

    private func farthest(_ one: Tensor, _ other: Tensor) throws -> Double {
      try (one - other).absolute().maximum().item()
    }

    @Test func nothingAskedChangesNothing() throws {
      let images = try noise([3, 3, 16, 16])
      #expect(try augmented(images) { _ in }.bytes() == images.bytes())
    }

    @Test func aFlipMirrorsLeftAndRight() throws {
      let images = try noise([4, 3, 16, 16])
      #expect(try farthest(augmented(images) { $0.flip = 1 }, images.flipped([3])) < 1e-5)
      // One in two: each image is itself or its mirror image, and both occur.
      let many = try noise([40, 1, 8, 8])
      let result = try augmented(many) { $0.flip = 0.5 }
      var mirrored = 0
      for index in 0..<40 {
        let (own, changed) = (
          try many.narrowed(0, from: index, length: 1), try result.narrowed(0, from: index, length: 1)
        )
        if try farthest(own, changed) < 1e-5 { continue }
        #expect(try farthest(own.flipped([3]), changed) < 1e-5)
        mirrored += 1
      }
      #expect((8...32).contains(mirrored))
    }

    @Test(arguments: 0..<4) func shapeAndRangeAreKeptHoweverMuchIsAsked(seed: Int) throws {
      let images = try noise([6, 3, 24, 24])
      let result = try augmented(images, seed: UInt64(seed)) {
        ($0.flip, $0.rotation, $0.scale, $0.translation) = (0.5, 90, 0.5, 0.8)
        ($0.elastic, $0.gain, $0.gamma, $0.speckle) = (0.3, 0.8, 1, 1)
      }
      #expect(try result.shape == [6, 3, 24, 24])
      #expect(try result.isFinite())
      #expect(try result.minimum().item() >= 0)
      #expect(try result.maximum().item() <= 1)
    }

    @Test func aSeedFixesTheChange() throws {
      let images = try noise([4, 3, 24, 24])
      func full(_ seed: UInt64) throws -> [UInt8] {
        try augmented(images, seed: seed) {
          $0 = StudyProtocol().augmentation
          ($0.elastic, $0.gamma, $0.speckle) = (0.05, 0.2, 0.2)
        }.contiguous().bytes()
      }
      #expect(try full(1) == full(1))
      #expect(try full(1) != full(2))
    }

    @Test func gainIsOneFactorAnImage() throws {
      let images = try noise([400, 3, 2, 2]) * 0.3 + 0.1
      let ratio = try numbers(augmented(images) { $0.gain = 0.1 } / images)
      let factors = stride(from: 0, to: ratio.count, by: 12).map { start in
        let own = ratio[start..<start + 12]
        #expect((own.max() ?? 0) - (own.min() ?? 1) < 1e-5)
        return ratio[start]
      }
      #expect(abs(deviation(factors) - 0.1) < 0.015)
    }

    @Test func gammaIsOneExponentAnImage() throws {
      let images = try noise([400, 3, 2, 2]) * 0.6 + 0.2
      let exponents = try numbers(augmented(images) { $0.gamma = 0.3 }.log() / images.log())
      let logs = stride(from: 0, to: exponents.count, by: 12).map { start in
        let own = exponents[start..<start + 12]
        #expect((own.max() ?? 0) - (own.min() ?? 1) < 1e-3)
        return log(exponents[start])
      }
      #expect(abs(deviation(logs) - 0.3) < 0.04)
    }

    @Test func speckleHasTheDeviationAskedForAndGrains() throws {
      let images = try Tensor.ones([8, 3, 64, 64]) * 0.4
      let noise = try numbers(augmented(images) { $0.speckle = 0.2 } / 0.4 - 1)
      #expect(abs(deviation(noise) - 0.2) < 0.01)
      // Multiplicative: twice as bright, twice the noise. The same in the three channels; neighbours alike.
      let bright = try numbers(augmented(Tensor.ones([8, 3, 64, 64]) * 0.2) { $0.speckle = 0.2 } / 0.2 - 1)
      #expect(zip(noise, bright).allSatisfy { abs($0 - $1) < 1e-4 })
      let plane = 64 * 64
      #expect((0..<plane).allSatisfy { abs(noise[$0] - noise[$0 + plane]) < 1e-6 })
      let pairs = (0..<plane - 1).filter { $0 % 64 != 63 }
      let products = pairs.map { noise[$0] * noise[$0 + 1] }
      let correlation = products.reduce(0, +) / Double(pairs.count) / 0.04
      #expect(correlation > 0.4)
    }

    /// Images whose brightness is the place of the pixel from left to right, -1...1 as 0.25...0.75.
    private func ramp(_ count: Int, _ side: Int) throws -> Tensor {
      let row = (0..<side).map { column -> Float in
        let place = 2 * (Double(column) + 0.5) / Double(side) - 1
        return Float(0.5 + 0.25 * place)
      }
      let one = try Tensor(Array(repeating: row, count: side).flatMap(\.self), shape: [1, 1, side, side])
      return try one.expanded([count, 3, side, side]).contiguous()
    }

    @Test func shiftAndElasticMoveAsFarAsAsked() throws {
      let images = try ramp(300, 24)
      func moves(_ change: (inout Augmentation) -> Void) throws -> [Double] {
        let moved = try (augmented(images, change) - images).narrowed(1, from: 0, length: 1)
        return try numbers(moved.narrowed(2, from: 8, length: 8).narrowed(3, from: 8, length: 8) / 0.25)
      }
      let shifts = try moves { $0.translation = 0.08 }
      let perImage = stride(from: 0, to: shifts.count, by: 64).map { shifts[$0] }
      #expect(abs(deviation(perImage) - 0.08) < 0.012)
      #expect((0..<64).allSatisfy { abs(shifts[$0] - shifts[0]) < 1e-4 }, "a shift is the same everywhere")

      let elastic = try moves { $0.elastic = 0.05 }
      // Between its nodes the field is smaller.
      #expect((0.03...0.055).contains(deviation(elastic)))
      #expect((0..<7).allSatisfy { abs(elastic[$0 + 1] - elastic[$0]) < 0.05 }, "the field is smooth")
      #expect(abs(elastic[0] - elastic[63]) > 1e-4, "the field differs from place to place")
    }

    @Test func rotationIsInDegreesAboutTheMiddle() throws {
      let images = try ramp(400, 24)
      let turned = try augmented(images) { $0.rotation = 10 }
      // Left to right brightness read down a column beside the middle gives the angle's sine.
      let column = try numbers(turned.narrowed(1, from: 0, length: 1).narrowed(3, from: 12, length: 1))
      let angles = (0..<400).map { image -> Double in
        let rise = column[image * 24 + 16] - column[image * 24 + 7]
        return asin(rise / 0.25 / (9 * 2 / 24.0)) * 180 / .pi
      }
      #expect(abs(deviation(angles) - 10) < 1.2)
    }
  }
}
