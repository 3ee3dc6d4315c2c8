public import ArgumentParser
import Foundation
public import Networks
import Torch

extension Backbone: ExpressibleByArgument {}

/// What is run and how.
struct WorkOptions: ParsableArguments {
  enum Precision: String, ExpressibleByArgument, CaseIterable {
    case float32, bfloat16

    var scalarType: ScalarType { self == .float32 ? .float32 : .bfloat16 }
  }

  @Option(help: "The network.") var network: Backbone
  @Option(help: "Images or clips a batch.") var batch = 8
  @Option(help: "Rows and columns of an image; the network's own by default.") var size: Int?
  @Option(help: "Frames of a clip, for networks over clips; the network's own by default.") var frames: Int?
  @Option(help: "bfloat16 leaves to libtorch which operators run in it (autocast).") var precision = Precision.float32
  @Option(help: "Threads of one operator.") var threads = ProcessInfo.processInfo.activeProcessorCount
  @Option(help: "cpu, auto, cuda or cuda:N.") var device = "cpu"
  @Option(help: "Untimed turns before the first.") var warmUp = 2
  @Option(help: "Of weights, images and dropout.") var seed: UInt64 = 0
  @Flag(help: "Compute activations again for the gradient instead of keeping them (networks over clips).")
  var checkpointing = false

  var rows: Int { size ?? network.inputSize }
  var clipFrames: Int { frames ?? network.inputFrames }

  func validate() throws {
    if !(1...4096).contains(batch) { throw ValidationError("--batch: expected 1 to 4096, found \(batch)") }
    if !(32...4096).contains(rows) { throw ValidationError("--size: expected 32 to 4096, found \(rows)") }
    if !(1...4096).contains(clipFrames) {
      throw ValidationError("--frames: expected 1 to 4096, found \(clipFrames)")
    }
    if frames != nil, !network.isVideo { throw ValidationError("--frames: \(network.rawValue) takes no clips") }
    if checkpointing, !network.isVideo { throw ValidationError("--checkpointing: \(network.rawValue) takes no clips") }
    if !(0...1000).contains(warmUp) { throw ValidationError("--warm-up: expected 0 to 1000, found \(warmUp)") }
  }

  /// Threads, memory and device as a training run sets them; with checkpointing freed memory goes back to the system.
  func preparedDevice() throws(TorchError) -> Device {
    let device = try Device(named: device)
    try Machine.setThreads(threads)
    // Kept blocks of many sizes leave gaps, which cost more memory than checkpointing saves.
    if !checkpointing { try Machine.keepMemory() }
    return device
  }

  /// Standard normal images [batch, 3, rows, rows] or clips [batch, 3, frames, rows, rows] in the order the network prefers.
  func images(on device: Device) throws(TorchError) -> Tensor {
    let shape = [batch, 3] + (network.isVideo ? [clipFrames] : []) + [rows, rows]
    let content: NetworkInput.Content = network.isVideo ? .clip : .still
    return try Generator(seed: Generator.seed(seed, 1)).normal(shape).to(device).contiguous(content.memoryFormat)
  }

  func autocast<Result>(on device: Device, _ body: () throws(TorchError) -> Result) throws(TorchError) -> Result {
    precision == .float32 ? try body() : try withAutocast(to: precision.scalarType, on: device, body)
  }
}
