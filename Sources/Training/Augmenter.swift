import Foundation
public import Protocols
public import Torch

/// Random changes of a whole batch at once, in libtorch.
public struct Augmenter: Sendable {
  private let amount: Augmentation

  public init(_ amount: Augmentation) { self.amount = amount }

  /// - images: [N, 3, rows, columns] in 0...1. The result has the same shape and range.
  public func callAsFunction(_ images: Tensor, _ generator: Generator) throws(TorchError) -> Tensor {
    let shape = try images.shape
    let motion = try motion(shape[0], rows: shape[2], columns: shape[3], generator)
    return try shaded(moved(images, by: motion, frames: 1), frames: 1, generator)
  }

  // MARK: Brightness

  /// Gain, speckle and gamma: gain and gamma are one of a sample, as a machine's knobs are, speckle is each frame's own.
  ///
  /// - images: [N * frames, 3, rows, columns] in 0...1, the frames of a sample together.
  func shaded(_ images: Tensor, frames: Int, _ generator: Generator) throws(TorchError) -> Tensor {
    var x = images
    if amount.gain > 0 { x = try x * each(images, frames, generator, amount.gain, plus: 1) }
    if amount.speckle > 0 { x = try speckled(x, generator) }
    if amount.gain > 0 || amount.speckle > 0 { x = try x.clamped(0...1) }
    if amount.gamma > 0 {
      let exponent = try each(images, frames, generator, amount.gamma, plus: 0).exp()
      // The power's gradient is not needed, but 0 to a power near 0 is: keep off the edge.
      x = try x.clamped(1e-6...1).power(exponent)
    }
    return x
  }

  /// `constant` plus a normal number a sample, the same for its frames: [N * frames, 1, 1, 1].
  private func each(
    _ images: Tensor, _ frames: Int, _ generator: Generator, _ deviation: Double, plus constant: Double
  ) throws(TorchError) -> Tensor {
    let count = try images.shape[0] / frames
    let drawn = try (generator.normal([count, 1, 1, 1]) * deviation + constant).to(images.device)
    return try frames == 1 ? drawn : Self.repeated(drawn, frames)
  }

  /// Each row `frames` times: [N, ...] to [N * frames, ...].
  private static func repeated(_ rows: Tensor, _ frames: Int) throws(TorchError) -> Tensor {
    let shape = try rows.shape
    let wide = [shape[0], frames] + shape[1...]
    return try rows.unsqueezed(1).expanded(wide).reshaped([shape[0] * frames] + shape[1...])
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

  /// Mirror, rotation, scale, shift and elastic displacement of `count` samples as one resampling: where each pixel comes
  /// from, [count, rows, columns, 2] in -1...1. nil where nothing moves.
  func motion(_ count: Int, rows: Int, columns: Int, _ generator: Generator) throws(TorchError) -> Tensor? {
    let rigid = amount.flip > 0 || amount.rotation > 0 || amount.scale > 0 || amount.translation > 0
    guard rigid || amount.elastic > 0 else { return nil }
    let maps = try Tensor(affineMaps(count, generator), shape: [count, 2, 3])
    let grid = try Tensor.affineGrid(maps, size: [count, 1, rows, columns])
    guard amount.elastic > 0 else { return grid }
    let nodes = amount.elasticNodes
    let coarse = try generator.normal([count, 2, nodes, nodes]) * amount.elastic
    let fine = try coarse.resized(rows: rows, columns: columns, cubic: true)
    return try grid + fine.permuted([0, 2, 3, 1])
  }

  /// - images: [N * frames, channels, rows, columns], the frames of a sample together, which all move alike.
  func moved(_ images: Tensor, by motion: Tensor?, frames: Int) throws(TorchError) -> Tensor {
    guard let motion else { return images }
    let grid = try motion.to(images.device)
    return try images.sampled(at: frames == 1 ? grid : Self.repeated(grid, frames))
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
