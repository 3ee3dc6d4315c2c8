import Foundation
import NN
import Testing
import Torch

@Suite struct TransformerTests {
  /// What Tools/golden/transformer.py wrote.
  private struct Golden: Decodable {
    struct Weight: Decodable {
      let shape: [Int]
      let values: [Float]
    }
    let state: [String: Weight]
    let input: [Float]
    let output: [Float]
    let gradient: [Float]
  }

  @Test func blockEqualsTheReference() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/transformer.json")
    let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
    let parameters = try Parameters()
    let block = try TransformerBlock(parameters.root, width: 8, heads: 2, hidden: 12)
    try parameters.load(golden.state.mapValues { try Tensor($0.values, shape: $0.shape) }, source: "golden")
    let x = try Tensor(golden.input, shape: [2, 3, 8])
    try x.setRequiresGradient(true)
    let y = try block(x, .evaluation)
    for (found, expected) in zip(try y.scalars(Float.self), golden.output) { #expect(abs(found - expected) < 1e-5) }
    try y.power(2).sum().backward()
    let gradient: [Float] = try #require(try x.gradient).scalars()
    let largest = golden.gradient.map { abs($0) }.max() ?? 0
    for (found, expected) in zip(gradient, golden.gradient) { #expect(abs(found - expected) < 1e-5 * largest) }
  }

  @Test func dropsInTrainingOnly() throws {
    let block = try TransformerBlock(Parameters().root, width: 4, heads: 2, hidden: 8, dropout: 0.5)
    let x = try Generator(seed: 1).normal([2, 3, 4])
    let plain: [Float] = try block(x, .evaluation).scalars()
    #expect(try block(x, .evaluation).scalars() == plain)
    #expect(try block(x, .training(Generator(seed: 1))).scalars() != plain)
  }

  @Test func refusesHeadsThatDoNotDivideTheWidth() throws {
    #expect(throws: TorchError.self) { _ = try TransformerBlock(Parameters().root, width: 8, heads: 3, hidden: 8) }
  }
}
