// Networks: one file a backbone, one file a published system, and a typed registry. A file reads as its paper's figure:
// citation, table, blocks, forward. Built on NN; knows no images on disk, no patients, no training.

public import NN
public import Torch

/// A network over named tensors: a backbone has one input, a published system one for each part of an examination.
///
/// A forward pass has two halves, so that an explanation can ask what each place of a feature map contributes.
public protocol Network {
  var parameters: Parameters { get }
  /// What a sample consists of, in the order of the paper.
  var inputs: [NetworkInput] { get }
  /// The backbones inside, for weights that were trained elsewhere.
  var backbones: [BackbonePart] { get }
  /// Each still's or clip's last feature map ([N, C, h, w] or [N, C, t, h, w]) under its input's name; what is no image
  /// (clinical values, `present`) passes through. In training there may be more, for auxiliary classifiers.
  func features(_ inputs: [String: Tensor], _ pass: Pass) throws(TorchError) -> [String: Tensor]
  /// From `features` to the output.
  func classify(_ features: [String: Tensor], _ pass: Pass) throws(TorchError) -> Output
}

extension Network {
  /// - inputs: one tensor an input name, normalised as the weights expect, N samples each; beside them, for networks that
  ///   take several, optionally `present` [N, number of inputs]: 1 where a sample has the input, 0 where the tensor's
  ///   content is to be ignored. An input that is left out is absent from every sample.
  public func callAsFunction(_ inputs: [String: Tensor], _ pass: Pass) throws(TorchError) -> Output {
    try check(inputs)
    return try classify(features(inputs, pass), pass)
  }
}

/// One part of a sample.
public struct NetworkInput: Sendable, Hashable {
  public enum Content: String, Sendable, Codable {
    /// [channels, rows, columns], normalised by ``ImageNet``.
    case still
    /// [channels, frames, rows, columns], normalised by ``ImageNet``.
    case clip
    /// [values]: what a clinical schema encodes.
    case clinical

    /// The order in memory that the networks' weights have and libtorch's convolutions prefer: channels innermost.
    public var memoryFormat: MemoryFormat {
      switch self {
      case .still: .channelsLast
      case .clip: .channelsLast3D
      case .clinical: .contiguous
      }
    }
  }
  /// `input` where there is one, else the modality or part: `b-mode`, `ceus`, `lesion`, `background`, `clinical`.
  public let name: String
  public let content: Content
  /// Of one sample, at the size the network was designed for; other rows, columns and frames work too.
  public let shape: [Int]
  /// The smallest rows, columns and frames the network can take; frames 1 for stills.
  public let smallest: (size: Int, frames: Int)

  public init(_ name: String, _ content: Content, _ shape: [Int], smallest: (size: Int, frames: Int) = (32, 1)) {
    (self.name, self.content, self.shape, self.smallest) = (name, content, shape, smallest)
  }

  public static func == (left: NetworkInput, right: NetworkInput) -> Bool {
    left.name == right.name && left.content == right.content && left.shape == right.shape
  }
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(shape)
  }
}

/// What a network gives for a batch of N samples.
public struct Output {
  /// [N, classes]; one logit of malignancy where `classes` is 1.
  public var logits: Tensor
  /// Further classifiers that are supervised in training; empty in evaluation.
  public var heads: [Head]
  /// [N, D], for losses over distances between samples.
  public var embedding: Tensor?
  /// What explains the output, by name: `modality_weights` [N, modalities], `attention` [N, 1, t, h, w].
  public var extras: [String: Tensor]

  public init(logits: Tensor, heads: [Head] = [], embedding: Tensor? = nil, extras: [String: Tensor] = [:]) {
    (self.logits, self.heads, self.embedding, self.extras) = (logits, heads, embedding, extras)
  }

  /// A classifier beside the main one.
  public struct Head {
    public enum Target: Sendable {
      /// The sample's class, as the main logits.
      case malignancy
      /// State of the organ around the lesion (S2-07): classes of ``Background``'s order, one against the rest.
      case background
    }
    public let name: String
    /// [N, classes of the target].
    public let logits: Tensor
    public let target: Target
    /// Factor of its loss beside the main loss's 1.
    public let weight: Double

    public init(_ name: String, _ logits: Tensor, _ target: Target, weight: Double) {
      (self.name, self.logits, self.target, self.weight) = (name, logits, target, weight)
    }
  }
}

/// A backbone inside a network: its parameters' names are the reference's behind `prefix`.
public struct BackbonePart: Sendable {
  /// Empty for a backbone by itself, else with a dot at its end.
  public let prefix: String
  public let backbone: Backbone
  /// Channels of its input; a multiple of 3.
  public let channels: Int

  public init(prefix: String, _ backbone: Backbone, channels: Int = 3) {
    (self.prefix, self.backbone, self.channels) = (prefix, backbone, channels)
  }
}

extension Network {
  /// Names what is wrong with a batch: unknown names, other ranks, channels or numbers of samples, images too small.
  func check(_ given: [String: Tensor]) throws(TorchError) {
    let known = inputs.map(\.name)
    for name in given.keys.sorted() where name != "present" && !known.contains(name) {
      throw .argument("input \(name): unknown; expected \(known.joined(separator: ", "))")
    }
    guard inputs.contains(where: { given[$0.name] != nil }) else {
      throw .argument("no input; expected \(known.joined(separator: ", "))")
    }
    var samples: Int?
    for input in inputs {
      guard let tensor = given[input.name] else {
        guard inputs.count > 1 else { throw .argument("input \(input.name): missing") }
        continue
      }
      let shape = try tensor.shape
      try input.check(shape)
      if let samples, samples != shape[0] {
        throw .argument("input \(input.name): \(shape[0]) samples, others have \(samples)")
      }
      samples = shape[0]
    }
    if let present = given["present"] {
      let (found, expected) = (try present.shape, [samples ?? 0, inputs.count])
      guard found == expected else { throw .argument("present: expected \(expected), found \(found)") }
    }
  }
}

extension NetworkInput {
  fileprivate func check(_ found: [Int]) throws(TorchError) {
    let form: String =
      switch content {
      case .still: "[N, \(shape[0]), rows, columns]"
      case .clip: "[N, \(shape[0]), frames, rows, columns]"
      case .clinical: "[N, \(shape[0])]"
      }
    guard found.count == shape.count + 1, found[1] == shape[0], found[0] > 0 else {
      throw .argument("input \(name): expected \(form), found \(found)")
    }
    guard content != .clinical else { return }
    let (rows, columns) = (found[found.count - 2], found[found.count - 1])
    guard min(rows, columns) >= smallest.size else {
      throw .argument("input \(name): at least \(smallest.size) x \(smallest.size) pixels, found \(rows) x \(columns)")
    }
    guard content != .clip || found[2] >= smallest.frames else {
      throw .argument("input \(name): a clip of at least \(smallest.frames) frames, found \(found[2])")
    }
  }
}

/// Mean and deviation per channel of ImageNet, which the reference weights expect of images in 0...1.
public enum ImageNet {
  public static let mean = [0.485, 0.456, 0.406]
  public static let deviation = [0.229, 0.224, 0.225]
}
