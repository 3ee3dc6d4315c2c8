import Foundation
import NN
import Networks
import Testing
import Torch

/// One battery over all published systems.
@Suite(.serialized) struct SystemTests {
  @Test(arguments: System.allCases, [1, 2, 4])
  func takesWhatItDescribesAndGivesLogits(system: System, classes: Int) throws {
    let network = try SystemFixture.network(system, classes: classes)
    let names = network.inputs.map(\.name)
    #expect(!names.isEmpty && Set(names).count == names.count)
    let batch = try SystemFixture.noise(network, samples: 3, seed: 2)

    let output = try network(batch, .evaluation)
    #expect(try output.logits.shape == [3, classes])
    #expect(try output.logits.isFinite())
    #expect(output.heads.isEmpty)

    let trained = try network(batch, .training(Generator(seed: 3)))
    #expect(try trained.logits.shape == [3, classes])
    for head in trained.heads {
      #expect(try head.logits.shape == [3, head.target == .malignancy ? classes : 3], "\(head.name)")
      #expect(head.weight >= 0)
    }
    if let embedding = trained.embedding {
      let shape = try embedding.shape
      #expect(shape.count == 2 && shape[0] == 3)
    }
  }

  @Test(arguments: System.allCases)
  func tellsTheNumberOfClassesFromItsWeights(system: System) throws {
    let design = try SystemFixture.design(system)
    let two = try design.network(classes: 2, .init(seed: nil)).parameters
    let four = try design.network(classes: 4, .init(seed: nil)).parameters
    #expect(try two[design.classifierBias]?.shape == [2])
    #expect(try four[design.classifierBias]?.shape == [4])
    #expect(two.names == four.names)
    for name in two.names {
      let shapes = (try two[name]?.shape, try four[name]?.shape)
      #expect((shapes.0 != shapes.1) == design.isClassifier(name), "\(name)")
    }
    #expect(throws: TorchError.self) { _ = try design.network(classes: 0, .init()) }
  }

  @Test(arguments: System.allCases)
  func namesEveryBackboneInside(system: System) throws {
    let network = try SystemFixture.network(system, seed: nil)
    #expect(!network.backbones.isEmpty)
    for part in network.backbones {
      #expect(network.parameters.names.contains { $0.hasPrefix(part.prefix) }, "\(part.prefix)")
    }
  }

  @Test(arguments: System.allCases)
  func refusesInputsItDoesNotDescribe(system: System) throws {
    let network = try SystemFixture.network(system)
    let batch = try SystemFixture.noise(network, samples: 2, seed: 4)
    func refusal(_ changes: [String: Tensor]) throws -> String {
      let changed = batch.merging(changes) { $1 }
      let error = #expect(throws: TorchError.self) { _ = try network(changed, .evaluation) }
      return error?.description ?? ""
    }
    let first = network.inputs[0]
    #expect(try refusal(["ultraviolet": Tensor.zeros([2, 3, 64, 64])]).contains("ultraviolet"))
    var shape = [2] + SystemFixture.shape(first)
    shape[1] += 1
    #expect(try refusal([first.name: Tensor.zeros(shape)]).contains(first.name))
    let count = network.inputs.count
    #expect(try refusal(["present": Tensor.ones([3, count])]).contains("present"))
    #expect(try refusal(["present": Tensor.ones([2, count]) * 0.5]).contains("found 0.5"))
    #expect(try refusal(["present": Tensor.zeros([2, count])]).contains("sample 0 has no input"))
    #expect(throws: TorchError.self) { _ = try network([:], .evaluation) }
    guard count > 1 else { return }
    let others = batch.filter { $0.key != first.name }.merging(["present": try Tensor.ones([2, count])]) { $1 }
    let error = #expect(throws: TorchError.self) { _ = try network(others, .evaluation) }
    #expect(error?.description.contains(first.name) == true)
  }

  @Test(arguments: System.allCases)
  func refusesSettingsByTheirKey(system: System) throws {
    func refusal(_ settings: String) -> String {
      let error = #expect(throws: TorchError.self) {
        _ = try NetworkDesign(named: system.rawValue, settings: Data(settings.utf8))
      }
      return error?.description ?? ""
    }
    #expect(refusal(#"{"colour": 1}"#).contains("colour"))
    #expect(refusal("[1]").contains("object"))
    #expect(refusal("{").contains(system.rawValue))
  }

  @Test(arguments: [
    (System.mufNet, #"{"backbone": "resnet19"}"#, "backbone"), (.mufNet, #"{"attentionWidth": 0}"#, "attentionWidth"),
    (.mufNet, #"{"attentionWidth": "wide"}"#, "attentionWidth"), (.mufNet, #"{"dropout": 1}"#, "dropout"),
    (.mufNet, #"{"attentionNormalisation": "max"}"#, "attentionNormalisation"),
    (.mufNet, #"{"ceusLoss": -1}"#, "ceusLoss"),
    (.mufNet, #"{"modalityDropout": 2}"#, "modalityDropout"), (.mufNetCEUS, #"{"dropout": -0.1}"#, "dropout"),
    (.dcnnUSL, #"{"dropout": true}"#, "dropout"), (.dcnnUSLB, #"{"backgroundLoss": -1}"#, "backgroundLoss"),
    (.dcnnUSLB, #"{"modalityDropout": 1}"#, "modalityDropout"), (.thyroidBench, #"{"fusion": "early"}"#, "fusion"),
    (.thyroidBench, #"{"modalities": []}"#, "modalities"),
    (.thyroidBench, #"{"modalities": ["smi", "smi"]}"#, "modalities"),
    (.thyroidBench, #"{"modalities": ["ceus"]}"#, "modalities"), (.thyroidBench, #"{"imageLoss": -2}"#, "imageLoss"),
  ])
  func refusesValuesOutsideTheirRange(system: System, settings: String, key: String) throws {
    let error = #expect(throws: TorchError.self) {
      _ = try NetworkDesign(named: system.rawValue, settings: Data(settings.utf8))
    }
    #expect(error?.description.contains(key) == true, "\(String(describing: error))")
  }

  @Test(arguments: System.allCases)
  func samplesDoNotTouchEachOther(system: System) throws {
    let network = try SystemFixture.network(system, classes: 2)
    let batch = try SystemFixture.noise(network, samples: 3, seed: 5)
    let together = try network(batch, .evaluation).logits
    // The same shapes with other samples beside: to the bit.
    var others: [String: Tensor] = [:]
    for (name, tensor) in batch {
      let rest = try tensor.narrowed(0, from: 1, length: 2) * -3
      others[name] = try Tensor.concatenated([tensor.narrowed(0, from: 0, length: 1), rest])
    }
    let beside = try network(others, .evaluation).logits
    #expect(try together.floats.prefix(2) == beside.floats.prefix(2))
    #expect(try together.floats.suffix(4) != beside.floats.suffix(4))
    // Alone: as near as kernels of another batch size round.
    let alone = try network(batch.mapValues { try $0.narrowed(0, from: 0, length: 1) }, .evaluation).logits
    let scale = try together.absolute().maximum().item()
    #expect(try alone.distance(to: together.narrowed(0, from: 0, length: 1)) < 1e-5 * max(1, scale))
  }

  @Test(arguments: System.allCases)
  func comesBackFromItsFile(system: System) throws {
    let network = try SystemFixture.network(system, classes: 2)
    let batch = try SystemFixture.noise(network, samples: 2, seed: 6)
    // Moves the running statistics away from their start.
    _ = try network(batch, .training(Generator(seed: 7)))
    let file = FileManager.default.temporaryDirectory.appending(path: "insonate-\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: file) }
    try SafeTensors(tensors: network.parameters.stateDictionary).write(to: file)
    let again = try SystemFixture.network(system, classes: 2, seed: nil)
    try again.parameters.load(loadWeights(file), source: file.path)
    #expect(try network(batch, .evaluation).logits.floats == again(batch, .evaluation).logits.floats)
    let other = try SystemFixture.network(system, classes: 3, seed: nil)
    #expect(throws: TorchError.self) { try other.parameters.load(loadWeights(file), source: file.path) }
  }
}
