import NN
import Torch

/// How channel and spatio-temporal attention follow each other; Woo et al. 2018 compare the three and keep the first.
enum AttentionOrder: String, Codable, Sendable {
  case channelFirst = "channel-first"
  case placeFirst = "place-first"
  case parallel
}

/// Woo et al. 2018, CBAM: convolutional block attention module, over stills or clips.
///
/// | part | names | gives |
/// |---|---|---|
/// | two layers over the channels' means, and over their maxima | `channel.fc1`, `channel.fc2` | a factor a channel |
/// | convolution over each place's mean and maximum of channels | `place` | a factor a place: the attention map |
/// | residual form | `scale` | x + scale * attended x |
///
/// In the residual form `scale` starts at 0, so that an untrained module leaves trained features as they are.
struct AttentionModule {
  struct Form {
    /// Channels for each unit of the hidden layer over channels.
    let reduction: Int
    /// Odd extents of the convolution: [rows, columns] or [frames, rows, columns].
    let kernel: [Int]
    let order: AttentionOrder
    let isResidual: Bool
  }

  private let form: Form
  private let channel: (Linear, Linear)
  private let place: Convolution
  private let scale: Tensor?

  init(_ path: Path, _ channels: Int, _ form: Form) throws(TorchError) {
    self.form = form
    let hidden = max(1, channels / form.reduction)
    channel = (
      try Linear(path / "channel" / "fc1", channels, hidden), try Linear(path / "channel" / "fc2", hidden, channels)
    )
    place = try Convolution(
      path / "place", 2, 1, kernel: form.kernel, padding: form.kernel.map { $0 / 2 }, bias: true,
      initialiser: .uniformFanIn)
    scale = form.isResidual ? try path.parameter("scale", [1], .zeros) : nil
  }

  /// - x: [N, C, (t,) h, w].
  /// - Returns: the features after attention, as x, and the attention map [N, 1, (t,) h, w] in 0...1, float32.
  func callAsFunction(_ x: Tensor) throws(TorchError) -> (features: Tensor, map: Tensor) {
    var attended = form.order == .placeFirst ? x : try x * ofChannels(x)
    let map = try ofPlaces(form.order == .parallel ? x : attended)
    attended = try attended * map.to(x.scalarType)
    if form.order == .placeFirst { attended = try attended * ofChannels(attended) }
    guard let scale else { return (attended, map) }
    return (try x + attended * scale.to(x.scalarType), map)
  }

  /// [N, C, 1...].
  private func ofChannels(_ x: Tensor) throws(TorchError) -> Tensor {
    let shape = try x.shape
    let extents = Array(2..<shape.count)
    func scores(_ channels: Tensor) throws(TorchError) -> Tensor { try channel.1(channel.0(channels).relu()) }
    let both = try scores(x.mean(over: extents)) + scores(x.maximum(over: extents))
    return try both.sigmoid().reshaped([-1, shape[1]] + extents.map { _ in 1 })
  }

  private func ofPlaces(_ x: Tensor) throws(TorchError) -> Tensor {
    let summary = try Tensor.concatenated([x.mean(over: [1], keep: true), x.maximum(over: [1], keep: true)], along: 1)
    // In float32, where half precision would round to 0 and 1, at which a supervised map has no gradient.
    return try place(summary).to(.float32).sigmoid()
  }
}
