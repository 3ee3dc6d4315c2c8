import Foundation
import NN
import Testing
import Torch

@Suite struct LayerTests {
  @Test func pathsMakeReferenceNames() throws {
    let parameters = try Parameters()
    _ = try Convolution2D(parameters.root / "layer1" / 0 / "conv1", 3, 8, kernel: 3)
    _ = try BatchNormalisation(parameters.root / "bn1", 8)
    #expect(
      parameters.names == [
        "layer1.0.conv1.weight", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var",
        "bn1.num_batches_tracked",
      ])
    #expect(parameters.trained.map(\.name) == ["layer1.0.conv1.weight", "bn1.weight", "bn1.bias"])
    #expect(try parameters.count() == 3 * 8 * 9 + 16)
    #expect(throws: TorchError.self) { _ = try BatchNormalisation(parameters.root / "bn1", 8) }
  }

  @Test func loadingIsStrictAndNamesWhatDiffers() throws {
    let parameters = try Parameters()
    _ = try Linear(parameters.root / "fc", 4, 2)
    let wrong = [
      "fc.weight": try Tensor.zeros([3, 4]), "extra": try Tensor.zeros([1]),
    ]
    let error = #expect(throws: TorchError.self) { try parameters.load(wrong, source: "file.pth") }
    guard case .keys("file.pth", let missing, let unexpected, let mismatched)? = error else {
      Issue.record("expected a key error, found \(String(describing: error))")
      return
    }
    #expect(missing == ["fc.bias"])
    #expect(unexpected == ["extra"])
    #expect(mismatched == ["fc.weight [3, 4], expected [2, 4]"])
    let undefined = ["fc.weight": try Tensor.zeros([2, 4]), "fc.bias": try Tensor([1, .nan] as [Float], shape: [2])]
    let notFinite = #expect(throws: TorchError.self) { try parameters.load(undefined, source: "file.pth") }
    #expect(notFinite?.description.contains("fc.bias") == true)
  }

  @Test func memoryOrderDoesNotChangeInitialWeights() throws {
    func weight(channelsLast: Bool) throws -> [Float] {
      let parameters = try Parameters(.init(channelsLast: channelsLast, seed: 5))
      return try Convolution2D(parameters.root / "c", 3, 4, kernel: 3).weight.scalars()
    }
    #expect(try weight(channelsLast: true) == weight(channelsLast: false))
  }

  @Test func batchNormalisationTrainsAndEvaluates() throws {
    let layer = try BatchNormalisation(Parameters().root / "bn", 2)
    let x = try Generator(seed: 1).normal([8, 2, 4, 4]) * 3 + 5
    let y = try layer(x, .training(Generator(seed: 1)))
    #expect(abs(try y.mean().item()) < 1e-5)
    // Running mean moved a tenth of the way from 0 to about 5.
    let evaluated = try layer(x, .evaluation).mean().item()
    #expect(evaluated > 3)
  }

  @Test func dropoutIsSeededAndOnlyInTraining() throws {
    let x = try Tensor.ones([1000])
    #expect(try Pass.evaluation.dropout(x, 0.5).scalars() == [Float](repeating: 1, count: 1000))
    let first: [Float] = try Pass.training(Generator(seed: 3)).dropout(x, 0.25).scalars()
    let second: [Float] = try Pass.training(Generator(seed: 3)).dropout(x, 0.25).scalars()
    #expect(first == second)
    let zeros = first.filter { $0 == 0 }.count
    #expect((200...300).contains(zeros))
    #expect(first.allSatisfy { $0 == 0 || abs($0 - 4 / 3) < 1e-6 })
  }
}

@Suite struct LossTests {
  private func value(_ loss: Loss, _ logits: [Float], _ labels: [Int]) throws -> Double {
    try loss(Tensor(logits, shape: [labels.count, logits.count / labels.count]), labels: labels).item()
  }

  private func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  @Test func equalTheirFormulas() throws {
    let logits: [Float] = [0.3, -1.2, 2.5]
    let labels = [1, 0, 0]
    let p = logits.map { logistic(Double($0)) }
    let terms = zip(p, labels).map { -log($1 == 1 ? $0 : 1 - $0) }
    let plain = terms.reduce(0, +) / 3
    #expect(abs(try value(.binaryCrossEntropy(positiveWeight: 1), logits, labels) - plain) < 1e-6)
    #expect(abs(try value(.crossEntropy(smoothing: 0), logits, labels) - plain) < 1e-6)
    let weighted = (3 * terms[0] + terms[1] + terms[2]) / 3
    #expect(abs(try value(.binaryCrossEntropy(positiveWeight: 3), logits, labels) - weighted) < 1e-6)
    // Focal with gamma 0 and alpha 1/2 is half the cross entropy.
    #expect(abs(try value(.focal(gamma: 0, alpha: 0.5), logits, labels) - plain / 2) < 1e-6)
    let focal =
      zip(p, labels).map { p, y in
        y == 1 ? -0.25 * pow(1 - p, 2) * log(p) : -0.75 * pow(p, 2) * log(1 - p)
      }.reduce(0, +) / 3
    #expect(abs(try value(.focal(gamma: 2, alpha: 0.25), logits, labels) - focal) < 1e-6)
    // Two logits mean the same as their difference.
    let two: [Float] = logits.flatMap { [0, $0] as [Float] }
    #expect(abs(try value(.binaryCrossEntropy(positiveWeight: 1), two, labels) - plain) < 1e-6)
  }

  @Test func probabilities() throws {
    let one = try malignancyProbability(Tensor([0, 2] as [Float], shape: [2, 1]))
    #expect(one[0] == 0.5)
    #expect(abs(one[1] - logistic(2)) < 1e-6)
    let two = try malignancyProbability(Tensor([1, 1, 0, 2] as [Float], shape: [2, 2]))
    #expect(abs(two[0] - 0.5) < 1e-6 && abs(two[1] - logistic(2)) < 1e-6)
    #expect(throws: TorchError.self) { _ = try malignancyProbability(Tensor.zeros([2, 3])) }
  }

  @Test func wrongLabelsAreErrors() throws {
    let loss = Loss.binaryCrossEntropy(positiveWeight: 1)
    #expect(throws: TorchError.self) { _ = try loss(Tensor.zeros([2, 1]), labels: [0, 2]) }
    #expect(throws: TorchError.self) { _ = try loss(Tensor.zeros([2, 1]), labels: [0]) }
    #expect(throws: TorchError.self) { _ = try loss(Tensor.zeros([2, 3]), labels: [0, 1]) }
  }
}
