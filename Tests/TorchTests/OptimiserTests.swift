import Testing
import Torch

@Suite struct OptimiserTests {
  /// Minimises sum(w * p^2) for five steps, as the golden script does.
  private func trace(_ make: ([NamedTensor]) throws -> any Optimiser, rate: Double) throws -> [[Double]] {
    let parameter = try Tensor([1, -2, 3] as [Float], shape: [3])
    try parameter.setRequiresGradient(true)
    let weight = try Tensor([1, 0.5, 2] as [Float], shape: [3])
    let optimiser = try make([NamedTensor(name: "p", tensor: parameter)])
    return try (0..<5).map { _ in
      try parameter.clearGradient()
      try (parameter * parameter * weight).sum().backward()
      try optimiser.step(learningRate: rate)
      return try parameter.to(.float64).scalars()
    }
  }

  private func expectClose(_ found: [[Double]], _ expected: [[Double]]) {
    #expect(found.count == expected.count)
    for (a, b) in zip(found.joined(), expected.joined()) { #expect(abs(a - b) < 1e-6, "\(a) and \(b)") }
  }

  @Test func stepsEqualPyTorchs() throws {
    let golden = try Golden.load()
    expectClose(try trace({ try AdamW($0, weightDecay: 0.05) }, rate: 0.1), golden.adamw)
    expectClose(try trace({ try SGD($0, momentum: 0.9, weightDecay: 0.01) }, rate: 0.05), golden.sgd)
    expectClose(try trace({ try SGD($0, momentum: 0.9, nesterov: true) }, rate: 0.05), golden.nesterov)
    #expect(throws: TorchError.self) { _ = try SGD([], momentum: 0, nesterov: true) }
  }

  @Test func oneCycleEqualsPyTorchs() throws {
    let golden = try Golden.load().oneCycle
    for (step, expected) in golden.enumerated() {
      let rates = Schedule.oneCycle().rates(peak: 1e-3, step: step, totalSteps: golden.count, stepsPerEpoch: 5)
      #expect(abs(rates.learningRate - expected[0]) < 1e-12)
      #expect(abs((rates.momentum ?? 0) - expected[1]) < 1e-12)
    }
  }

  @Test func otherSchedules() {
    func rate(_ schedule: Schedule, _ step: Int, warmUp: Int = 0) -> Double {
      schedule.rates(peak: 1, step: step, totalSteps: 100, stepsPerEpoch: 10, warmUpSteps: warmUp).learningRate
    }
    #expect(rate(.constant, 99) == 1)
    #expect(rate(.step(epochs: 2, factor: 0.5), 19) == 1)
    #expect(rate(.step(epochs: 2, factor: 0.5), 20) == 0.5)
    #expect(rate(.step(epochs: 2, factor: 0.5), 99) == 0.0625)
    #expect(rate(.cosine(final: 0), 0) == 1)
    #expect(abs(rate(.cosine(final: 0), 50) - 0.5) < 1e-12)
    #expect(rate(.cosine(final: 0.1), 99) > 0.1)
    #expect(rate(.constant, 0, warmUp: 10) == 0.1)
    #expect(rate(.constant, 9, warmUp: 10) == 1)
  }

  @Test func stateIsRestoredToTheBit() throws {
    func run(interrupted: Bool) throws -> [Float] {
      let parameter = try Tensor([1, -2, 3] as [Float], shape: [3])
      try parameter.setRequiresGradient(true)
      let named = [NamedTensor(name: "p", tensor: parameter)]
      var optimiser = try AdamW(named)
      for step in 0..<6 {
        if interrupted, step == 3 {
          let saved = optimiser.state
          optimiser = try AdamW(named)
          try optimiser.restore(saved)
        }
        try parameter.clearGradient()
        try (parameter * parameter).sum().backward()
        try optimiser.step(learningRate: 0.1)
      }
      return try parameter.scalars()
    }
    #expect(try run(interrupted: true) == run(interrupted: false))
    let other = try AdamW([NamedTensor(name: "q", tensor: Tensor(scalar: 1))])
    let error = #expect(throws: TorchError.self) { try other.restore(["p.first": try Tensor(scalar: 1)]) }
    if case .keys(_, let missing, let unexpected, _)? = error {
      #expect(missing == ["q.first", "q.second", "q.steps"])
      #expect(unexpected == ["p.first"])
    } else {
      Issue.record("expected a key error")
    }
  }

  @Test func gradientsAreClipped() throws {
    let parameter = try Tensor([3, 4] as [Float], shape: [2])
    try parameter.setRequiresGradient(true)
    try (parameter * parameter).sum().backward()  // gradient (6, 8), norm 10
    let named = [NamedTensor(name: "p", tensor: parameter)]
    #expect(abs(try clipGradients(named, to: 5) - 10) < 1e-5)
    let clipped = try #require(try parameter.gradient).scalars(Float.self)
    #expect(abs(clipped[0] - 3) < 1e-4 && abs(clipped[1] - 4) < 1e-4)
    #expect(abs(try clipGradients(named, to: 50) - 5) < 1e-4)
  }
}
