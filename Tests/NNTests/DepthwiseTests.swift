import NN
import Testing
import Torch

@Suite struct DepthwiseTests {
  struct Kind: CustomTestStringConvertible {
    let kernel: Int, stride: Int, padding: DepthwiseConvolution2D.Padding
    var testDescription: String { "kernel \(kernel), stride \(stride), \(padding)" }
  }
  static let kinds = [3, 5].flatMap { kernel in
    [1, 2].flatMap { stride in
      [.even, .lowerRight].map { Kind(kernel: kernel, stride: stride, padding: $0) }
    }
  }

  /// The detours of bfloat16 training give what the plain convolution gives, and so do their gradients.
  @Test(arguments: kinds)
  func detoursEqualTheDirectWay(kind: Kind) throws {
    let parameters = try Parameters(.init(seed: 3))
    let layer = try DepthwiseConvolution2D(
      parameters.root / "c", 8, kernel: kind.kernel, stride: kind.stride, padding: kind.padding)
    let generator = try Generator(seed: 4)
    func run(_ pass: Pass, _ type: ScalarType) throws -> (output: Tensor, input: [Float], weight: [Float]) {
      try generator.reseed(5)
      let x = try generator.normal([2, 8, 12, 12]).to(type).contiguous(.channelsLast)
      try x.setRequiresGradient(true)
      try layer.weight.clearGradient()
      let y =
        type == .bfloat16
        ? try withAutocast(to: .bfloat16, on: .cpu) { () throws(TorchError) in try layer(x, pass) }
        : try layer(x, pass)
      try (y.to(.float32) * y.to(.float32)).sum().backward()
      let (input, weight) = (try #require(try x.gradient), try #require(try layer.weight.gradient))
      return (y, try input.to(.float32).scalars(), try weight.scalars())
    }
    let exact = try run(.evaluation, .float32)
    let detour = try run(.training(generator), .bfloat16)
    #expect(try detour.output.shape == exact.output.shape)
    #expect(try detour.output.shape == [2, 8, 12 / kind.stride, 12 / kind.stride])
    #expect(try detour.output.scalarType == .bfloat16)
    func near(_ a: [Float], _ b: [Float]) -> Bool {
      let size = b.map { abs($0) }.max() ?? 0
      return zip(a, b).allSatisfy { abs($0 - $1) < 0.03 * size }
    }
    #expect(near(try detour.output.to(.float32).scalars(), try exact.output.scalars()))
    #expect(near(detour.input, exact.input))
    #expect(near(detour.weight, exact.weight))
  }
}
