import Foundation
import Testing
import Torch

@Suite struct TensorTests {
  @Test func arithmeticAndShapes() throws {
    let a = try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
    let b = try Tensor([10, 20, 30] as [Float], shape: [3])
    #expect(try (a + b).scalars() == [11, 22, 33, 14, 25, 36] as [Float])
    #expect(try a.transposed(0, 1).shape == [3, 2])
    #expect(try a.transposed(0, 1).scalars() == [1, 4, 2, 5, 3, 6] as [Float])
    #expect(try a.sum(over: [1]).scalars() == [6, 15] as [Float])
    #expect(try a.selected(1, rows: [2, 0]).scalars() == [3, 1, 6, 4] as [Float])
    #expect(try Tensor(scalar: 2.5).item() == 2.5)
  }

  @Test func failuresAreSwiftErrorsWithLibtorchsMessage() throws {
    let a = try Tensor([1, 2] as [Float], shape: [2])
    let b = try Tensor([1, 2, 3] as [Float], shape: [3])
    let error = #expect(throws: TorchError.self) { _ = try a + b }
    #expect(error?.description.contains("must match the size") == true)
    #expect(throws: TorchError.self) { _ = try Tensor([1, 2, 3] as [Float], shape: [2, 2]) }
    #expect(throws: TorchError.self) { _ = try a.item() }
    #expect(throws: TorchError.self) { let _: [Double] = try a.scalars() }
    // The thread is usable afterwards.
    #expect(try (a + a).scalars() == [2, 4] as [Float])
  }

  @Test func gradientsFlowAndScopesHold() throws {
    let x = try Tensor([1, 2, 3] as [Float], shape: [3])
    try x.setRequiresGradient(true)
    try (x * x).sum().backward()
    #expect(try x.gradient?.scalars() == [2, 4, 6] as [Float])
    try x.clearGradient()
    #expect(try x.gradient == nil)
    try withoutGradients { () throws(TorchError) in
      let y = try (x * x).sum()
      #expect(try !y.requiresGradient)
    }
    let after = try (x * x).requiresGradient
    #expect(after)
    // A scope is left when its body throws, too.
    #expect(throws: TorchError.self) {
      try withoutGradients { () throws(TorchError) in _ = try x.reshaped([7]) }
    }
    #expect(try (x * x).requiresGradient)
  }

  @Test func autocastRunsMatrixProductsInItsType() throws {
    let a = try Tensor.ones([4, 4])
    let type = try withAutocast(to: .bfloat16, on: .cpu) { () throws(TorchError) in try a.linear(a).scalarType }
    #expect(type == .bfloat16)
    #expect(try a.linear(a).scalarType == .float32)
  }

  @Test func generatorsRepeat() throws {
    let first = try Generator(seed: 7).normal([100]).scalars(Float.self)
    let generator = try Generator(seed: 8)
    let other = try generator.normal([100]).scalars(Float.self)
    try generator.reseed(7)
    #expect(try generator.normal([100]).scalars() == first)
    #expect(first != other)
    #expect(Generator.seed(1, 2, 3) != Generator.seed(1, 3, 2))
    #expect(Generator.seed(1, 2, 3) == Generator.seed(1, 2, 3))
  }

  @Test func devices() throws {
    #expect(try Device(named: "cpu") == .cpu)
    #expect(throws: TorchError.self) { _ = try Device(named: "tpu") }
    #expect(throws: TorchError.self) { _ = try Device(named: "cuda:99") }
  }

  @Test func bytesAndTypes() throws {
    let bytes = try Tensor([0, 128, 255] as [UInt8], shape: [3])
    #expect(try bytes.to(.float32).scalars() == [0, 128, 255] as [Float])
    #expect(try bytes.scalarType == .uint8)
    #expect(try bytes.to(.bfloat16).bytes().count == 6)
    let infinite = try Tensor([1, .infinity] as [Float], shape: [2])
    let undefined = try Tensor([1, .nan] as [Float], shape: [2])
    #expect(try !infinite.isFinite())
    #expect(try !undefined.isFinite())
    #expect(try bytes.to(.float32).isFinite())
  }

  /// Thousands of training steps on a small network must not grow the process.
  @Test func leaksNothing() throws {
    let weight = try Tensor.zeros([64, 64])
    try weight.setRequiresGradient(true)
    let input = try Tensor.ones([32, 64])
    let optimiser = try AdamW([NamedTensor(name: "weight", tensor: weight)])
    func step() throws {
      let loss = try withAutocast(to: .bfloat16, on: .cpu) { () throws(TorchError) in
        try input.linear(weight).relu().mean()
      }
      try loss.backward()
      try optimiser.step(learningRate: 1e-3)
      try weight.clearGradient()
      _ = try? input.reshaped([5])  // failures free what they made, too
    }
    for _ in 0..<500 { try step() }
    // Other tests of this process allocate meanwhile; a leak of ours would show in every window: one lost 64 x 64 tensor a
    // step is 32 MB.
    var smallest = Int.max
    for _ in 0..<8 where smallest > 2_000_000 {
      let before = try residentBytes()
      for _ in 0..<2000 { try step() }
      smallest = min(smallest, try residentBytes() - before)
    }
    #expect(smallest <= 2_000_000, "grew by \(smallest) bytes in 2000 steps")
  }

  private func residentBytes() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    let pages = status.split(separator: " ").compactMap { Int($0) }
    return try #require(pages.count > 1 ? pages[1] : nil) * 4096
  }
}
