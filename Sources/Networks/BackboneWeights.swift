import NN
public import Torch

// Weights that were trained elsewhere, for the backbones inside a network.

extension Backbone {
  /// The classifier's bias: as many elements as the network has classes.
  public var classifierBias: String {
    switch self {
    case .efficientNetB0, .efficientNetB3, .s3d: "classifier.1.bias"
    default: classifierPrefix + "bias"
    }
  }

  /// The name of the first convolution's weight among `weights`: the only one over the three channels of a picture.
  public func stemWeight(in weights: [String: Tensor]) throws(TorchError) -> String {
    var found: [String] = []
    for (name, weight) in weights {
      let shape = try weight.shape
      if shape.count >= 4, shape[1] == 3 { found.append(name) }
    }
    guard found.count == 1, let name = found.first else {
      let names = found.isEmpty ? "none" : found.sorted().joined(separator: ", ")
      throw .argument("\(rawValue): expected one convolution over 3 channels, found \(names)")
    }
    return name
  }

  /// Weights over pictures of three channels, for `channels` of them: the first convolution repeated for each picture
  /// and divided by their number, so that the same picture in all places gives what it gave by itself.
  /// - channels: 3, or a multiple of 3.
  public func adapted(_ weights: [String: Tensor], channels: Int) throws(TorchError) -> [String: Tensor] {
    guard channels != 3 else { return weights }
    guard channels > 0, channels.isMultiple(of: 3) else {
      throw .argument("\(rawValue): channels: expected a multiple of 3, found \(channels)")
    }
    let (stem, pictures) = (try stemWeight(in: weights), channels / 3)
    guard let weight = weights[stem] else { return weights }
    var adapted = weights
    adapted[stem] = try withoutGradients { () throws(TorchError) in
      try Tensor.concatenated([Tensor](repeating: weight, count: pictures), along: 1) / Double(pictures)
    }
    return adapted
  }
}

extension Network {
  /// Fills every backbone inside from one state dictionary of that backbone, with the reference's names and three
  /// channels, and leaves all classifiers as they are: the start from ImageNet.
  /// - source: the file, for messages.
  ///
  /// Throws where the weights are of another backbone, naming the parameters.
  public func load(backboneWeights weights: [String: Tensor], source: String) throws(TorchError) {
    for part in backbones {
      try parameters.load(part.backbone.adapted(weights, channels: part.channels), under: part.prefix, source: source) {
        part.backbone.isOfClassifier($0)
      }
    }
  }
}
