import NN
import Torch

/// A backbone inside a system, and the inputs whose pictures it is run over: one, or several that share its weights.
struct Branch {
  let backbone: any BackboneNetwork
  let inputs: [String]

  init(_ backbone: any BackboneNetwork, _ inputs: [String]) { (self.backbone, self.inputs) = (backbone, inputs) }

  /// The name among a system's features of what the backbone's own features call `key`: the input's name for its
  /// feature map, `<input>.<key>` for what auxiliary classifiers need.
  static func name(_ key: String, of input: String) -> String {
    key == "input" ? input : input + "." + key
  }

  /// The feature maps of a batch under the branch's input names; none for an input that no sample has.
  func features(_ given: [String: Tensor], _ presence: Presence, _ pass: Pass) throws(TorchError) -> [String: Tensor] {
    var selections: [(input: String, part: Presence.Selection)] = []
    for input in inputs {
      guard let part = try presence.selection(of: input, in: given, pass) else { continue }
      selections.append((input, part))
    }
    guard let first = selections.first else { return [:] }
    if selections.count == 1 {
      return try Self.placed(backbone.features(["input": first.part.images], pass), of: first.input, first.part)
    }
    try requireEqualSizes(selections.map(\.input), of: given)
    // In one run, so that in training the batch statistics are those of all pictures.
    let images = try Tensor.concatenated(selections.map(\.part.images))
    let together = try backbone.features(["input": images], pass)
    var features: [String: Tensor] = [:]
    var start = 0
    for (input, part) in selections {
      let count = try part.images.shape[0]
      var own: [String: Tensor] = [:]
      for (key, map) in together { own[key] = try map.narrowed(0, from: start, length: count) }
      features.merge(try Self.placed(own, of: input, part)) { $1 }
      start += count
    }
    return features
  }

  private static func placed(_ own: [String: Tensor], of input: String, _ part: Presence.Selection) throws(TorchError)
    -> [String: Tensor]
  {
    var features: [String: Tensor] = [:]
    for (key, map) in own { features[name(key, of: input)] = try part.placed(map) }
    return features
  }

  /// What the backbone's own classifier makes of one input's features; nil where no sample has the input.
  func classify(_ input: String, in features: [String: Tensor], _ pass: Pass) throws(TorchError) -> Output? {
    guard let map = features[input] else { return nil }
    var own = ["input": map]
    for (name, tensor) in features where name.hasPrefix(input + ".") {
      own[String(name.dropFirst(input.count + 1))] = tensor
    }
    return try backbone.classify(own, pass)
  }
}

/// Pictures that go through one network together need the same rows and columns.
func requireEqualSizes(_ names: [String], of given: [String: Tensor]) throws(TorchError) {
  var first: (name: String, size: [Int])?
  for name in names {
    guard let size = try given[name]?.shape.suffix(2) else { continue }
    if let first, first.size != Array(size) {
      throw .argument("input \(name): expected \(first.size) rows and columns as \(first.name), found \(Array(size))")
    }
    first = first ?? (name, Array(size))
  }
}

extension Network {
  /// Features of a batch whose inputs belong to `branches`: each branch's, and `present` where samples differ.
  /// - dropout: the probability of modality dropout.
  func features(_ given: [String: Tensor], by branches: [Branch], dropout: Double = 0, _ pass: Pass) throws(TorchError)
    -> [String: Tensor]
  {
    let presence = try Presence(given, inputs, dropout: dropout, pass)
    var features: [String: Tensor] = [:]
    features["present"] = presence.tensor
    for branch in branches { features.merge(try branch.features(given, presence, pass)) { $1 } }
    return features
  }
}
