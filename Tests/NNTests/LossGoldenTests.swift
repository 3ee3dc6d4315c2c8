import Foundation
import NN
import Testing
import Torch

/// What Tools/golden/losses.py wrote, by loss.
private struct Golden: Decodable {
  struct Case: Decodable {
    let inputs: [[Double]]
    let labels: [Int]
    let value: Double
    let gradient: [[Double]]
    let counts: [Int]?
    let weights: [Double]?
  }
  let losses: [String: Case]

  static func load() throws -> Golden {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/losses.json")
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
  }
}

@Suite struct LossGoldenTests {
  private func compare(_ golden: Golden.Case, _ loss: (Tensor, [Int]) throws -> Tensor) throws {
    let shape = [golden.inputs.count, golden.inputs[0].count]
    let inputs = try Tensor(golden.inputs.joined().map(Float.init), shape: shape)
    try inputs.setRequiresGradient(true)
    let value = try loss(inputs, golden.labels)
    #expect(abs(try value.item() - golden.value) < 1e-5 * max(1, golden.value))
    try value.backward()
    let gradient: [Float] = try #require(try inputs.gradient).scalars()
    for (found, expected) in zip(gradient, golden.gradient.joined()) { #expect(abs(Double(found) - expected) < 1e-5) }
  }

  @Test(arguments: [1, 2, 4])
  func logitLossesEqualTheReference(width: Int) throws {
    let golden = try Golden.load().losses
    let balanced = try #require(golden["class-balanced focal, \(width)"])
    let losses: [String: Loss] = [
      "focal": .focal(gamma: 2, alpha: 0.25),
      "focal of gamma 0.5": .focal(gamma: 0.5, alpha: 0.25),
      "class-balanced focal": .classBalancedFocal(counts: try #require(balanced.counts)),
      "one against rest": .oneAgainstRest,
    ]
    for (name, loss) in losses {
      try compare(#require(golden["\(name), \(width)"])) { try loss($0, labels: $1) }
    }
  }

  @Test func tripletEqualsTheReference() throws {
    let golden = try Golden.load().losses
    try compare(#require(golden["triplet, margin 0.3"])) { try BatchHardTriplet(.hinge(0.3))($0, labels: $1) }
    try compare(#require(golden["triplet, soft margin"])) { try BatchHardTriplet()($0, labels: $1) }
  }

  @Test func classBalanceEqualsTheReference() throws {
    for (name, golden) in try Golden.load().losses {
      guard let counts = golden.counts, let expected = golden.weights else { continue }
      let weights = try ClassBalance.weights(counts: counts, beta: 0.9999)
      for (found, expected) in zip(weights, expected) { #expect(abs(found - expected) < 1e-9, "\(name)") }
    }
    #expect(try ClassBalance.weights(counts: [3, 9], beta: 0) == [1, 1])
    let inverse = try ClassBalance.weights(counts: [100, 300], beta: 1 - 1e-12)
    #expect(abs(inverse[0] - 1.5) < 1e-6 && abs(inverse[1] - 0.5) < 1e-6)
  }

  @Test func extremeLogitsKeepTheGradientFinite() throws {
    for width in [1, 2, 3] {
      for gamma in [0, 0.5, 2] {
        let logits = try Tensor([200, -300, 150, 0, 400, -500].prefix(2 * width).map(Float.init), shape: [2, width])
        try logits.setRequiresGradient(true)
        let loss = try Loss.focal(gamma: gamma, alpha: 0.5)(logits, labels: [0, 1])
        try loss.backward()
        #expect(try loss.isFinite() && #require(try logits.gradient).isFinite(), "\(width) logits, gamma \(gamma)")
      }
    }
  }

  @Test func wrongSettingsAndLabelsAreNamed() throws {
    func message(_ loss: Loss, _ shape: [Int], _ labels: [Int]) -> String {
      let error = #expect(throws: TorchError.self) { _ = try loss(Tensor.zeros(shape), labels: labels) }
      return error?.description ?? ""
    }
    #expect(message(.focal(gamma: 2, alpha: 0.5), [2, 3], [0, 3]).contains("label 3, expected 0 to 2"))
    #expect(message(.oneAgainstRest, [2, 3], [-1, 2]).contains("label -1, expected 0 to 2"))
    #expect(message(.focal(gamma: -1, alpha: 0.5), [1, 1], [0]).contains("gamma -1"))
    #expect(message(.classBalancedFocal(counts: [4, 5]), [1, 3], [0]).contains("2 class counts for 3 classes"))
    #expect(message(.classBalancedFocal(counts: [4, 0]), [1, 1], [0]).contains("class 1 has 0 samples"))
    #expect(message(.classBalancedFocal(beta: 1, counts: [4, 5]), [1, 1], [0]).contains("beta 1"))
  }
}
