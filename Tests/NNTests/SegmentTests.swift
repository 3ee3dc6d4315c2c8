import NN
import Testing
import Torch

@Suite struct SegmentTests {
  /// Convolution, batch normalisation, dropout and a shortcut; in a segment, its latter half in a segment of its own.
  private struct Part {
    let convolution: Convolution
    let normalisation: BatchNormalisation
    let last: Convolution

    init(_ path: Path) throws {
      convolution = try Convolution(path / "conv1", 3, 3, kernel: [3, 3, 3], padding: [1, 1, 1])
      normalisation = try BatchNormalisation(path / "bn", 3)
      last = try Convolution(path / "conv2", 3, 3, kernel: [1, 3, 3], padding: [0, 1, 1], bias: true)
    }

    func callAsFunction(_ x: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
      try pass.segment(x) { (x, pass) throws(TorchError) in
        let y = try pass.dropout(normalisation(convolution(x), pass).relu(), 0.3)
        let z = try pass.segment([y, x]) { (inputs, pass) throws(TorchError) in
          [try pass.dropDepth(last(inputs[0]), 0.5), inputs[1]]
        }
        return try z[0] + z[1]
      }
    }
  }

  private struct Outcome: Equatable {
    var loss: [Float] = []
    var gradients: [String: [Float]] = [:]
    var buffers: [String: [Double]] = [:]
  }

  /// Two parts, one after the other, of which the first is used twice.
  private func outcome(checkpointing: Bool, bfloat16: Bool = false, inputGradient: Bool = false) throws -> Outcome {
    let parameters = try Parameters(.init(seed: 1))
    let (first, second) = (try Part(parameters.root / "a"), try Part(parameters.root / "b"))
    let generator = try Generator(seed: 2)
    let x = try generator.normal([4, 3, 4, 8, 8]).contiguous(.channelsLast3D)
    if inputGradient { try x.setRequiresGradient(true) }
    let pass = Pass.training(generator, checkpointing: checkpointing)
    func run() throws(TorchError) -> Tensor {
      let y = try first(second(first(x, pass), pass), pass)
      return try pass.dropout(y, 0.2).to(.float32).power(2).mean()
    }
    let loss = bfloat16 ? try withAutocast(to: .bfloat16, on: .cpu) { () throws(TorchError) in try run() } : try run()
    try loss.backward()
    var outcome = Outcome(loss: try loss.scalars())
    for name in parameters.names {
      guard let tensor = parameters[name] else { continue }
      if try tensor.requiresGradient {
        outcome.gradients[name] = try #require(try tensor.gradient, "\(name)").scalars()
      } else {
        outcome.buffers[name] = try tensor.to(.float64).scalars()
      }
    }
    if inputGradient { outcome.gradients["x"] = try #require(try x.gradient).scalars() }
    return outcome
  }

  @Test(arguments: [false, true])
  func givesTheSameToTheBit(inputGradient: Bool) throws {
    let plain = try outcome(checkpointing: false, inputGradient: inputGradient)
    let again = try outcome(checkpointing: true, inputGradient: inputGradient)
    #expect(plain == again)
    #expect(plain.buffers["a.bn.num_batches_tracked"] == [2])
    #expect(plain.gradients.count == (inputGradient ? 11 : 10))
  }

  /// `backward` is called outside the autocast scope: the second run must enter it again.
  @Test func keepsTheAutocastMode() throws {
    let plain = try outcome(checkpointing: false, bfloat16: true)
    let again = try outcome(checkpointing: true, bfloat16: true)
    #expect(plain.loss == again.loss)
    #expect(plain.buffers == again.buffers)
    for (name, expected) in plain.gradients {
      let size = expected.map { abs($0) }.max() ?? 0
      let found = try #require(again.gradients[name])
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 0.02 * size }, "\(name)")
    }
  }

  /// Weights that were cast without recording must not be reused where gradients are recorded.
  @Test func sharesWeightsWithWhatIsOutside() throws {
    func gradient(checkpointing: Bool) throws -> [Float] {
      let layer = try Linear(Parameters(.init(seed: 1)).root / "fc", 8, 8)
      let generator = try Generator(seed: 2)
      let x = try generator.normal([4, 8])
      let pass = Pass.training(generator, checkpointing: checkpointing)
      try withAutocast(to: .bfloat16, on: .cpu) { () throws(TorchError) in
        let y = try pass.segment(x) { (x, _) throws(TorchError) in try layer(x) }
        try layer(y).to(.float32).power(2).mean().backward()
      }
      return try #require(try layer.weight.gradient).scalars()
    }
    let (plain, again) = (try gradient(checkpointing: false), try gradient(checkpointing: true))
    #expect(zip(plain, again).allSatisfy { abs($0 - $1) < 1e-3 })
    #expect(plain.contains { abs($0) > 0.01 })
  }

  @Test func evaluationRunsTheBodyOnce() throws {
    var runs = 0
    let y = try Pass.evaluation.segment(Tensor.ones([2])) { (x, pass) throws(TorchError) in
      runs += 1
      return try x * 2
    }
    #expect(try y.scalars() == [2, 2] as [Float])
    #expect(runs == 1)
  }

  @Test func errorsComeBackFromBothRuns() throws {
    let x = try Tensor.ones([2])
    try x.setRequiresGradient(true)
    let now = #expect(throws: TorchError.self) {
      _ = try checkpointed([x]) { (_, _) throws(TorchError) in throw .argument("at once") }
    }
    #expect(now == .argument("at once"))

    // The failing segment lies inside another, so that the error passes through two gradients.
    let y = try checkpointed([x]) { (inputs, _) throws(TorchError) in
      try checkpointed(inputs) { (inputs, again) throws(TorchError) in
        if again { throw .argument("later") }
        return [try inputs[0] * 3]
      }
    }
    let later = #expect(throws: TorchError.self) { try y[0].sum().backward() }
    #expect(later == .argument("later"))
    // An error of libtorch's own afterwards is not mistaken for the segment's.
    let other = #expect(throws: TorchError.self) { _ = try x.reshaped([3]) }
    #expect(other != later)

    let changing = try checkpointed([x]) { (inputs, again) throws(TorchError) in again ? [] : [try inputs[0] * 3] }
    #expect(throws: TorchError.self) { try changing[0].sum().backward() }
  }

  /// The closure lives as long as the graph, no longer; also where it fails.
  @Test func freesWhatItCaptured() throws {
    final class Captured {}
    weak var seen: Captured?
    func result(failing: Bool) throws -> Tensor {
      let captured = Captured()
      seen = captured
      let x = try Tensor.ones([2])
      try x.setRequiresGradient(true)
      return try checkpointed([x]) { (inputs, _) throws(TorchError) in
        try withExtendedLifetime(captured) { () throws(TorchError) in
          if failing { throw .argument("failed") }
          return [try inputs[0] * 2]
        }
      }[0]
    }
    do {
      let y = try result(failing: false)
      #expect(seen != nil)
      try y.sum().backward()
    }
    #expect(seen == nil)
    #expect(throws: TorchError.self) { _ = try result(failing: true) }
    #expect(seen == nil)
  }
}
