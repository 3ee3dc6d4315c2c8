import NN
public import Networks
public import Torch

/// Selvaraju et al. 2017, Grad-CAM: the last feature map, each channel weighted by the mean gradient of the logit over
/// it, summed over the channels (S1-24, S2-25, S4-04).
public enum GradCAM {
  /// Evidence of each still for malignancy, signed: above 0 speaks for it, below 0 against it; by input name, one map a
  /// sample.
  ///
  /// The paper's rectifier is left to ``EvidenceMap/heat(for:rows:columns:)``: the gradient of the negated logit is the
  /// negated gradient, so the same numbers with the other sign are the map of the other call.
  ///
  /// - inputs: as the network takes them, N samples each.
  /// - logit: column of the network's output; by default the logit of malignancy, of two the second less the first.
  ///
  /// Leaves no gradient on the network's parameters. Errors: libtorch's; not to be called within `withInference`, whose
  /// tensors can have no gradient.
  public static func evidence(of inputs: [String: Tensor], in network: some Network, logit: Int? = nil)
    throws(TorchError) -> [String: [EvidenceMap]]
  {
    var features = try withoutGradients { () throws(TorchError) in try network.features(inputs, .evaluation) }
    var leaves: [(name: String, map: Tensor)] = []
    for input in network.inputs where input.content == .still {
      guard let map = features[input.name] else { continue }
      let leaf = try map.detached().to(.float32)
      try leaf.setRequiresGradient(true)
      features[input.name] = leaf
      leaves.append((input.name, leaf))
    }
    let given = features
    try withFrozenParameters(of: network) { () throws(TorchError) in
      try withGradients { () throws(TorchError) in
        // In evaluation a sample's logit depends on its own features only: the sum's gradient is each one's own.
        try column(logit, of: network.classify(given, .evaluation).logits).sum().backward()
      }
    }
    var maps: [String: [EvidenceMap]] = [:]
    for (name, leaf) in leaves { maps[name] = try evidence(leaf) }
    return maps
  }

  private static func column(_ logit: Int?, of logits: Tensor) throws(TorchError) -> Tensor {
    if let logit { return try logits.narrowed(1, from: logit, length: 1) }
    guard try logits.shape[1] == 2 else { return try logits.narrowed(1, from: 0, length: 1) }
    return try logits.narrowed(1, from: 1, length: 1) - logits.narrowed(1, from: 0, length: 1)
  }

  /// The maps of features [N, C, h, w] that have their gradient.
  private static func evidence(_ leaf: Tensor) throws(TorchError) -> [EvidenceMap] {
    guard let gradient = try leaf.gradient else {
      throw .operation("Grad-CAM: the logit does not depend on the feature map")
    }
    return try withoutGradients { () throws(TorchError) in
      let weights = try gradient.mean(over: [2, 3], keep: true)  // [N, C, 1, 1]
      return try EvidenceMap.maps((weights * leaf.detached()).sum(over: [1]))
    }
  }

  /// A network that is still in training keeps its own gradients untouched.
  private static func withFrozenParameters(of network: some Network, _ body: () throws(TorchError) -> Void)
    throws(TorchError)
  {
    var frozen: [Tensor] = []
    defer { for tensor in frozen { try? tensor.setRequiresGradient(true) } }
    for parameter in network.parameters.trained where try parameter.tensor.requiresGradient {
      try parameter.tensor.setRequiresGradient(false)
      frozen.append(parameter.tensor)
    }
    try body()
  }
}

/// Zhou et al. 2016, class activation mapping, for networks that end in global mean pooling and one linear layer.
public enum ClassActivation {
  /// The feature map's channels weighted by the linear layer's weights. Equals Grad-CAM times the number of cells,
  /// since pooling spreads each weight over them.
  ///
  /// - features: [N, C, h, w].
  /// - weight: [classes, C], the linear layer's; `logit` its row.
  public static func evidence(features: Tensor, weight: Tensor, logit: Int = 0) throws(TorchError) -> [EvidenceMap] {
    try withoutGradients { () throws(TorchError) in
      let (channels, found) = (try features.shape, try weight.shape)
      guard channels.count == 4, found.count == 2, found[1] == channels[1], (0..<found[0]).contains(logit) else {
        throw .argument("class activation: features \(channels), weight \(found), logit \(logit) do not go together")
      }
      let row = try weight.narrowed(0, from: logit, length: 1).reshaped([1, channels[1], 1, 1])
      return try EvidenceMap.maps((features * row).sum(over: [1]))
    }
  }
}
