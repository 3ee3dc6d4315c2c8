import NN
import Testing
import Torch

@Suite struct ConvolutionTests {
  /// Kernels of 3 over clips of 1 to 4 frames: in bfloat16 the gradients are those of float32, whatever lay in memory before.
  @Test(arguments: [1, 2, 3, 4], [[3, 3, 3], [3, 1, 1]])
  func gradientsOfShortClips(frames: Int, kernel: [Int]) throws {
    let layer = try Convolution(
      Parameters(.init(seed: 3)).root / "c", 32, 32, kernel: kernel, padding: kernel.map { $0 / 2 })
    func run(_ type: ScalarType) throws -> [[Float]] {
      let generator = try Generator(seed: 4)
      let x = try generator.normal([2, 32, frames, 7, 7]).to(type).contiguous(.channelsLast3D)
      let direction = try generator.normal([2, 32, frames, 7, 7]).contiguous(.channelsLast3D)
      try x.setRequiresGradient(true)
      try layer.weight.clearGradient()
      let y =
        type == .bfloat16
        ? try withAutocast(to: .bfloat16, on: .cpu) { () throws(TorchError) in try layer(x) } : try layer(x)
      try (y.to(.float32) * direction).sum().backward()
      let (input, weight) = (try #require(try x.gradient), try #require(try layer.weight.gradient))
      return [try y.to(.float32).scalars(), try input.to(.float32).scalars(), try weight.scalars()]
    }
    let exact = try run(.float32)
    for _ in 0..<3 {
      // Freed memory full of what is not a number, for the next to be given.
      do { _ = try (1...64).map { try Tensor.ones([$0 * 512]) * .nan } }
      for (found, expected) in zip(try run(.bfloat16), exact) {
        let size = expected.map { abs($0) }.max() ?? 0
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 0.03 * size })
      }
    }
  }
}
