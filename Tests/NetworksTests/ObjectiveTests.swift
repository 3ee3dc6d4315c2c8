import Foundation
import NN
import Networks
import Testing
import Torch

@Suite struct ObjectiveTests {
  private let labels = [1, 0, 1]
  private let plain = Loss.binaryCrossEntropy(positiveWeight: 1)

  private func logits(_ columns: Int, seed: UInt64 = 1) throws -> Tensor {
    let logits = try Generator(seed: seed).normal([3, columns])
    try logits.setRequiresGradient(true)
    return logits
  }

  @Test func mainLossByItselfIsTheTotal() throws {
    let logits = try logits(1)
    let (total, parts) = try Objective(plain)(Output(logits: logits), Targets(labels: labels))
    #expect(try total.item() == plain(logits, labels: labels).item())
    #expect(Array(parts.keys) == ["main"])
  }

  @Test func headsAreJudgedByTargetAndWeight() throws {
    let (main, lesion, background) = (try logits(1), try logits(1, seed: 2), try logits(3, seed: 3))
    let output = Output(
      logits: main,
      heads: [
        .init("lesion", lesion, .malignancy, weight: 0.5), .init("background", background, .background, weight: 2),
      ])
    let targets = Targets(labels: labels, backgrounds: [2, nil, 0])
    let (total, parts) = try Objective(plain)(output, targets)
    let known = try Loss.oneAgainstRest(background.selected(0, rows: [0, 2]), labels: [2, 0]).item()
    #expect(abs(try #require(try parts["background"]?.item()) - known) < 1e-6)
    let expected = try plain(main, labels: labels).item() + 0.5 * plain(lesion, labels: labels).item() + 2 * known
    #expect(abs(try total.item() - expected) < 1e-6)
    try total.backward()
    let slopes: [Float] = try #require(try background.gradient).scalars()
    #expect(slopes[3...5].allSatisfy { $0 == 0 } && slopes[0] != 0 && slopes[6] != 0)

    let without = try Objective(plain)(output, Targets(labels: labels))
    #expect(without.parts.keys.sorted() == ["lesion", "main"])
    let wrong = #expect(throws: TorchError.self) {
      _ = try Objective(plain)(output, Targets(labels: labels, backgrounds: [0, 3, nil]))
    }
    #expect(wrong?.description.contains("label 3, expected 0 to 2") == true)
  }

  @Test func tripletIsOverTheEmbedding() throws {
    let (main, embedding) = (try logits(1), try logits(4, seed: 5))
    let objective = Objective(plain, triplet: BatchHardTriplet(.hinge(0.2)), tripletWeight: 0.25)
    let (total, parts) = try objective(Output(logits: main, embedding: embedding), Targets(labels: labels))
    let triplet = try BatchHardTriplet(.hinge(0.2))(embedding, labels: labels).item()
    #expect(abs(try #require(try parts["triplet"]?.item()) - triplet) < 1e-6)
    #expect(abs(try total.item() - (try plain(main, labels: labels).item() + 0.25 * triplet)) < 1e-6)
    let missing = #expect(throws: TorchError.self) {
      _ = try objective(Output(logits: main), Targets(labels: labels))
    }
    #expect(missing?.description.contains("embedding") == true)
  }

  @Test func attentionSupervisionEqualsItsFormula() throws {
    let values = [0.1, 0.9, 0.3, 0.6]
    let map = try Tensor(values.map(Float.init), shape: [1, 1, 1, 2, 2])
    // 4 x 4 pixels: one pixel of calcification in the second cell.
    var mask = [Float](repeating: 0, count: 16)
    mask[3] = 1
    let loss = try AttentionSupervision.loss(map, masks: Tensor(mask, shape: [1, 1, 4, 4])).item()
    let target = [0.0, 1, 0, 0]
    let entropy = -zip(values, target).map { $1 == 1 ? log($0) : log(1 - $0) }.reduce(0, +) / 4
    let dice = (2 * 0.9 + 1) / (values.reduce(0, +) + 1 + 1)
    #expect(abs(loss - (entropy + 1 - dice)) < 1e-5)
    // An empty map meets an empty mask, and certainty in the wrong place stays finite.
    let empty = try AttentionSupervision.loss(Tensor.zeros([1, 1, 1, 2, 2]), masks: Tensor.zeros([1, 1, 4, 4])).item()
    #expect(abs(empty) < 1e-5)
    #expect(try AttentionSupervision.loss(Tensor.ones([1, 1, 1, 2, 2]), masks: Tensor.zeros([1, 1, 4, 4])).isFinite())
  }

  @Test func onlyKnownMasksSuperviseTheAttention() throws {
    let map = try (logits(2 * 2 * 2) * 0.5).sigmoid().reshaped([3, 1, 2, 2, 2])
    let output = Output(logits: try logits(1), extras: ["attention": map])
    let masks = try Generator(seed: 4).uniform([3, 1, 4, 8, 8]).greater(than: 0.9).to(.float32)
    let objective = Objective(plain, attentionWeight: 3)
    let known = Targets(labels: labels, calcification: masks, calcificationKnown: [false, true, false])
    let (total, parts) = try objective(output, known)
    let expected = try AttentionSupervision.loss(
      map.selected(0, rows: [1]), masks: masks.selected(0, rows: [1])
    ).item()
    #expect(abs(try #require(try parts["attention"]?.item()) - expected) < 1e-6)
    #expect(abs(try total.item() - (try #require(try parts["main"]?.item()) + 3 * expected)) < 1e-5)
    #expect(try objective(output, Targets(labels: labels)).parts["attention"] == nil)
    #expect(throws: TorchError.self) { _ = try objective(Output(logits: logits(1)), known) }
  }

  @Test func targetsOfOtherLengthsAreErrors() throws {
    let output = Output(logits: try logits(1), extras: ["attention": try Tensor.ones([3, 1, 1, 2, 2])])
    let objective = Objective(plain, attentionWeight: 1)
    func message(_ targets: Targets) -> String {
      let error = #expect(throws: TorchError.self) { _ = try objective(output, targets) }
      return error?.description ?? ""
    }
    #expect(message(Targets(labels: labels, backgrounds: [0])).contains("1 backgrounds for 3 labels"))
    #expect(message(Targets(labels: labels, calcificationKnown: [true])).contains("calcificationKnown of 1"))
    #expect(
      message(Targets(labels: labels, calcification: try Tensor.ones([3, 2, 4, 4]))).contains("[3, 1, (frames,)"))
    #expect(message(Targets(labels: [0, 1, 7])).contains("label 7, expected 0 to 1"))
  }

  /// Half-precision outputs are judged in float32.
  @Test func lossesAreInFloat32() throws {
    let output = Output(
      logits: try logits(1).to(.bfloat16), embedding: try logits(4).to(.bfloat16),
      extras: ["attention": try Tensor.ones([3, 1, 1, 2, 2]).to(.bfloat16)])
    let objective = Objective(plain, triplet: BatchHardTriplet(), attentionWeight: 1)
    let (total, parts) = try objective(output, Targets(labels: labels, calcification: Tensor.ones([3, 1, 8, 8])))
    #expect(try total.scalarType == .float32)
    for part in parts.values { #expect(try part.scalarType == .float32) }
  }
}
