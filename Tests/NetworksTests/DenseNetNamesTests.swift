import NN
import Networks
import Testing
import Torch

struct DenseNetNamesTests {
  /// torchvision's own files of DenseNet write `norm.1` where the network has `norm1`.
  @Test func formerNamesLoad() throws {
    let network = try Backbone.densenet121.network(classes: 2, .init(trainable: false, seed: 1)).parameters
    var former: [String: Tensor] = [:]
    for (name, tensor) in network.stateDictionary {
      let parts = name.split(separator: ".").map { part in
        ["norm1", "norm2", "conv1", "conv2"].contains(part) ? "\(part.dropLast()).\(part.suffix(1))" : String(part)
      }
      former[parts.joined(separator: ".")] = tensor
    }
    let name = "features.denseblock3.denselayer20.norm.2.weight"
    #expect(former[name] != nil)
    let other = try Backbone.densenet121.network(classes: 2, .init(trainable: false, seed: 2)).parameters
    try other.load(former, source: "former")
    let (found, expected) = (other["features.conv0.weight"], network["features.conv0.weight"])
    #expect(try #require(found).equals(#require(expected)).to(.float32).mean().item() == 1)
    former[name] = nil
    let error = #expect(throws: TorchError.self) { try other.load(former, source: "former") }
    #expect(error?.description.contains("denselayer20.norm2.weight") == true)
  }
}
