// Networks: one file a backbone, one file a published system, and a typed registry. A file reads as its paper's figure:
// citation, table, blocks, forward. Built on NN; knows no images on disk, no patients, no training.

public import NN
public import Torch

/// A network over still images.
public protocol ImageNetwork {
  var parameters: Parameters { get }
  /// Channels of `features`.
  var featureChannels: Int { get }
  /// The last feature map: [N, 3, rows, columns] to [N, featureChannels, rows / 32, columns / 32].
  func features(_ images: Tensor, _ pass: Pass) throws(TorchError) -> Tensor
  /// [N, featureChannels, h, w] to logits [N, classes].
  func classify(_ features: Tensor, _ pass: Pass) throws(TorchError) -> Tensor
}

extension ImageNetwork {
  /// Images [N, 3, rows, columns], normalised as the weights expect, to logits [N, classes].
  public func callAsFunction(_ images: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    let shape = try images.shape
    guard shape.count == 4, shape[1] == 3 else {
      throw .argument("input: expected [N, 3, rows, columns], found \(shape)")
    }
    return try classify(features(images, pass), pass)
  }
}

/// The networks by name.
public enum Backbone: String, Codable, Sendable, CaseIterable {
  case resnet18, resnet34, resnet50
  case efficientNetLite0 = "efficientnet-lite0"
  case efficientNetB0 = "efficientnet-b0"
  case efficientNetB3 = "efficientnet-b3"

  /// A new network with `classes` logits.
  public func network(classes: Int, _ options: Parameters.Options) throws(TorchError) -> any ImageNetwork {
    guard classes >= 1 else { throw .argument("classes: expected at least 1, found \(classes)") }
    let parameters = try Parameters(options)
    switch self {
    case .resnet18: return try ResNet(.resnet18, classes: classes, parameters)
    case .resnet34: return try ResNet(.resnet34, classes: classes, parameters)
    case .resnet50: return try ResNet(.resnet50, classes: classes, parameters)
    case .efficientNetLite0: return try EfficientNetLite(classes: classes, parameters)
    case .efficientNetB0: return try EfficientNet(.b0, classes: classes, parameters)
    case .efficientNetB3: return try EfficientNet(.b3, classes: classes, parameters)
    }
  }

  /// Prefix of the classifier's parameter names, the part that another class count replaces.
  public var classifierPrefix: String {
    switch self {
    case .resnet18, .resnet34, .resnet50: "fc."
    case .efficientNetLite0: "_fc."
    case .efficientNetB0, .efficientNetB3: "classifier."
    }
  }

  /// Rows and columns of the images the reference weights were trained on.
  public var inputSize: Int {
    switch self {
    case .efficientNetB3: 300
    default: 224
    }
  }

  /// Where the network is described.
  public var citation: String {
    switch self {
    case .resnet18, .resnet34, .resnet50: "He et al. 2016, Deep residual learning for image recognition"
    case .efficientNetLite0: "Liu 2020, Higher accuracy on vision models with EfficientNet-Lite"
    case .efficientNetB0, .efficientNetB3:
      "Tan & Le 2019, EfficientNet: rethinking model scaling for convolutional neural networks"
    }
  }
}

/// Mean and deviation per channel of ImageNet, which the reference weights expect of images in 0...1.
public enum ImageNet {
  public static let mean = [0.485, 0.456, 0.406]
  public static let deviation = [0.229, 0.224, 0.225]
}
