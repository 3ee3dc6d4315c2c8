import Foundation
import Networks
public import Protocols
public import Torch

/// Random changes of a whole batch at once, in libtorch.
public struct Augmenter: Sendable {
  private let amount: Augmentation

  public init(_ amount: Augmentation) { self.amount = amount }

  /// - images: [N, 3, rows, columns] in 0...1. The result has the same shape and range.
  public func callAsFunction(_ images: Tensor, _ generator: Generator) throws(TorchError) -> Tensor {
    var x = try moved(images, generator)
    if amount.gain > 0 { x = try x * factor(images, generator, amount.gain) }
    if amount.speckle > 0 { x = try speckled(x, generator) }
    if amount.gain > 0 || amount.speckle > 0 { x = try x.clamped(0...1) }
    if amount.gamma > 0 {
      let count = try x.shape[0]
      let exponent = try (generator.normal([count, 1, 1, 1]) * amount.gamma).exp().to(x.device)
      // The power's gradient is not needed, but 0 to a power near 0 is: keep off the edge.
      x = try x.clamped(1e-6...1).power(exponent)
    }
    return x
  }

  /// 1 plus a normal number per image.
  private func factor(_ images: Tensor, _ generator: Generator, _ deviation: Double) throws(TorchError) -> Tensor {
    try (generator.normal([images.shape[0], 1, 1, 1]) * deviation + 1).to(images.device)
  }

  /// Deviation that bilinear enlargement to twice the size leaves of independent normal numbers: a pixel mixes four of them
  /// with weights 9, 3, 3 and 1 sixteenths.
  private static let enlarged = 0.625

  /// Noise whose grains span about two pixels and whose size follows the brightness.
  private func speckled(_ x: Tensor, _ generator: Generator) throws(TorchError) -> Tensor {
    let shape = try x.shape
    let grains = try generator.normal([shape[0], 1, (shape[2] + 1) / 2, (shape[3] + 1) / 2]).to(x.device)
    let field = try grains.resized(rows: shape[2], columns: shape[3])
    return try x * (field * (amount.speckle / Self.enlarged) + 1)
  }

  // MARK: Space

  /// Mirror, rotation, scale, shift and elastic displacement as one resampling.
  private func moved(_ images: Tensor, _ generator: Generator) throws(TorchError) -> Tensor {
    let rigid = amount.flip > 0 || amount.rotation > 0 || amount.scale > 0 || amount.translation > 0
    guard rigid || amount.elastic > 0 else { return images }
    let shape = try images.shape
    let maps = try Tensor(affineMaps(shape[0], generator), shape: [shape[0], 2, 3])
    var grid = try Tensor.affineGrid(maps, size: shape)
    if amount.elastic > 0 {
      let nodes = amount.elasticNodes
      let coarse = try generator.normal([shape[0], 2, nodes, nodes]) * amount.elastic
      let fine = try coarse.resized(rows: shape[2], columns: shape[3], cubic: true)
      grid = try grid + fine.permuted([0, 2, 3, 1])
    }
    return try images.sampled(at: grid.to(images.device))
  }

  /// [N, 2, 3] maps from output to input coordinates in -1...1.
  private func affineMaps(_ count: Int, _ generator: Generator) throws(TorchError) -> [Float] {
    let normal: [Float] = try generator.normal([count, 4]).scalars()
    let uniform: [Float] = try generator.uniform([count]).scalars()
    var maps: [Float] = []
    for index in 0..<count {
      let draws = normal[(index * 4)..<(index * 4 + 4)].map(Double.init)
      let angle = draws[0] * amount.rotation * .pi / 180
      let scale = 1 + draws[1] * amount.scale
      let mirror = Double(uniform[index]) < amount.flip ? -1.0 : 1.0
      let (cosine, sine) = (scale * cos(angle), scale * sin(angle))
      let map = [
        mirror * cosine, mirror * -sine, mirror * draws[2] * amount.translation, sine, cosine,
        draws[3] * amount.translation,
      ]
      maps += map.map(Float.init)
    }
    return maps
  }
}

/// From bytes to what the networks take.
enum NetworkInput {
  /// Batch of `size` x `size` RGB bytes to [N, 3, size, size] in 0...1. Interleaved RGB is channels-last already.
  static func images(_ pixels: [[UInt8]], size: Int) throws(TorchError) -> Tensor {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(pixels.count * size * size * 3)
    for image in pixels { bytes += image }
    let tensor = try Tensor(bytes, shape: [pixels.count, size, size, 3])
    return try tensor.permuted([0, 3, 1, 2]).to(.float32) / 255
  }

  /// Subtracts ImageNet's mean and divides by its deviation, channel by channel.
  static func normalised(_ images: Tensor) throws(TorchError) -> Tensor {
    let device = try images.device
    let mean = try Tensor(ImageNet.mean.map(Float.init), shape: [1, 3, 1, 1]).to(device)
    let deviation = try Tensor(ImageNet.deviation.map(Float.init), shape: [1, 3, 1, 1]).to(device)
    return try ((images - mean) / deviation).contiguous(.channelsLast)
  }
}
