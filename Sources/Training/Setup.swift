public import Foundation
import NN
public import Networks
public import Protocols
import Tables
import Torch

/// The machine's side of a protocol: device, precision and threads, decided once and kept with the run.
struct Compute: Sendable {
  let device: Device
  let precision: ScalarType
  let threads: Int

  /// - continuing: a run that was stopped. Where the protocol leaves threads and precision open, what that run decided is
  ///   taken again, so that the weights come out the same on a machine with another number of cores.
  init(_ choice: TrainingChoice, continuing earlier: Provenance? = nil) throws(TrainingError) {
    threads = choice.threads > 0 ? choice.threads : earlier?.threads ?? ProcessInfo.processInfo.activeProcessorCount
    device = try asTrainingError { try Device(named: choice.device) }
    precision =
      switch choice.precision {
      case .float32: .float32
      case .bfloat16: .bfloat16
      case .auto:
        [ScalarType.float32, .bfloat16].first { "\($0)" == earlier?.precision }
          ?? (device != .cpu || Processor.multipliesBFloat16 ? .bfloat16 : .float32)
      }
    let count = threads
    try asTrainingError {
      try Machine.setThreads(count)
      // Kept memory breaks into pieces and takes back what checkpointing saves.
      if !choice.checkpointing { try Machine.keepMemory() }
    }
  }
}

/// The processor, as the kernel describes it.
enum Processor {
  private static let description = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""

  static var multipliesBFloat16: Bool {
    description.contains(" avx512_bf16") || description.contains(" amx_bf16")
  }

  static var name: String {
    let line = description.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
  }
}

extension StudyProtocol {
  /// The network the protocol names, with its settings. Where the network has a setting `clinicalValues`, it is the width of
  /// the clinical schema.
  func design() throws(TrainingError) -> NetworkDesign {
    let plain: NetworkDesign
    do { plain = try NetworkDesign(named: network.name) } catch { throw SampleSource.wrong("network.name", "\(error)") }
    guard case .system = plain.kind, !clinical.isEmpty || !network.settings.isEmpty else {
      return network.settings.isEmpty ? plain : try design(network.settings)
    }
    guard !clinical.isEmpty, network.settings["clinicalValues"] == nil else { return try design(network.settings) }
    let width = Int64(clinical.reduce(0) { $0 + $1.width })
    var settings = network.settings
    settings["clinicalValues"] = .integer(width)
    let takesClinical = (try? design(["clinicalValues": .integer(width)])) != nil
    return try design(takesClinical ? settings : network.settings)
  }

  private func design(_ settings: [String: JSONValue]) throws(TrainingError) -> NetworkDesign {
    do {
      return try NetworkDesign(named: network.name, settings: JSONEncoder().encode(settings))
    } catch {
      throw SampleSource.wrong("network.settings", "\(error)")
    }
  }

  /// What the network takes.
  public func inputs() throws(TrainingError) -> [NetworkInput] {
    let design = try design()
    return try asTrainingError {
      try design.network(classes: network.classes, .init(trainable: false, seed: nil)).inputs
    }
  }

  /// A network with the protocol's number of logits, its weights started as the protocol says.
  func startedNetwork(fold: Int, _ compute: Compute) throws(TrainingError) -> any Network {
    let design = try design()
    let options = Parameters.Options(device: compute.device, seed: Generator.seed(seed, fold, 0x57A7))
    let started = try asTrainingError { try design.network(classes: network.classes, options) }
    let kinds = Set(started.backbones.map(\.backbone))
    for kind in kinds.sorted(by: { $0.rawValue < $1.rawValue }) {
      guard let file = try weightsFile(kind) else { continue }
      try asTrainingError {
        var weights = try loadWeights(file)
        if kind.isVideo, let part = started.backbones.first {
          // Weights over stills start a network over clips (S3: inflated).
          weights = try inflated(weights, for: started.parameters, under: part.prefix)
        }
        try started.load(backboneWeights: weights, source: file.path)
      }
    }
    return started
  }

  /// A network for the weights of a checkpoint or for comparison: not trained, drawn from `seed` where there is one.
  func fixedNetwork(_ device: Device, seed: UInt64? = nil) throws(TrainingError) -> any Network {
    let design = try design()
    return try asTrainingError {
      try design.network(classes: network.classes, .init(device: device, trainable: false, seed: seed))
    }
  }

  private func weightsFile(_ backbone: Backbone) throws(TrainingError) -> URL? {
    switch network.weights {
    case "none": return nil
    case "imagenet":
      guard let file = PretrainedWeights.imageNet(backbone) else {
        throw .cohort(
          "no ImageNet weights of \(backbone.rawValue) come with the platform (those of efficientnet-lite0 do, by make "
            + "setup); set network.weights to a file of them, or to none")
      }
      return file
    default: return URL(fileURLWithPath: network.weights)
    }
  }

  /// The loss of a training batch.
  ///
  /// - counts: benign and malignant samples of the fold's training part.
  func objective(counts: [Int]) -> Objective {
    let main: Loss =
      switch loss.kind {
      case .binaryCrossEntropy: .binaryCrossEntropy(positiveWeight: loss.positiveWeight)
      case .crossEntropy: .crossEntropy(smoothing: loss.smoothing)
      case .focal: .focal(gamma: loss.gamma, alpha: loss.alpha)
      case .classBalancedFocal: .classBalancedFocal(gamma: loss.gamma, beta: loss.beta, counts: counts)
      }
    let margin: BatchHardTriplet.Margin =
      switch loss.tripletMargin {
      case .soft: .soft
      case .hard(let margin): .hinge(margin)
      }
    return Objective(
      main, triplet: loss.tripletWeight > 0 ? BatchHardTriplet(margin) : nil, tripletWeight: loss.tripletWeight,
      attentionWeight: loss.attentionWeight)
  }

  func makeOptimiser(_ parameters: [NamedTensor]) throws(TorchError) -> any Optimiser {
    switch optimiser.kind {
    case .adamw: try AdamW(parameters, beta1: optimiser.momentum, weightDecay: optimiser.weightDecay)
    case .sgd: try SGD(parameters, momentum: optimiser.momentum, weightDecay: optimiser.weightDecay)
    }
  }

  func learningSchedule() -> Schedule {
    switch schedule.kind {
    case .constant: .constant
    case .step: .step(epochs: schedule.stepEpochs, factor: schedule.stepFactor)
    case .cosine: .cosine(final: 0)
    case .oneCycle: .oneCycle()
    }
  }
}

/// Weight files that `make setup` put where the program finds them.
public enum PretrainedWeights {
  private static let files: [Backbone: String] = [.efficientNetLite0: "efficientnet-lite0-57934424.pth"]

  /// The file of a backbone's ImageNet weights, or nil. Looked for in the folder `weights` beside the program, then in
  /// `.deps/weights` of the folders above it.
  public static func imageNet(_ backbone: Backbone) -> URL? {
    guard let name = files[backbone],
      let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    else { return nil }
    var folder = URL(fileURLWithPath: program).deletingLastPathComponent()
    var candidates = [folder.appending(path: "weights").appending(path: name)]
    while folder.pathComponents.count > 1 {
      candidates.append(folder.appending(path: ".deps/weights").appending(path: name))
      folder.deleteLastPathComponent()
    }
    return candidates.first { FileManager.default.fileExists(atPath: $0.path) }
  }
}
