import Networks
import Torch

/// From bytes to what the networks take.
enum Pixels {
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

  /// Frames [N * frames, 3, rows, columns] in order of samples to clips [N, 3, frames, rows, columns].
  static func clips(_ images: Tensor, frames: Int) throws(TorchError) -> Tensor {
    let shape = try images.shape
    return try images.reshaped([shape[0] / frames, frames] + shape[1...]).permuted([0, 2, 1, 3, 4])
  }
}
