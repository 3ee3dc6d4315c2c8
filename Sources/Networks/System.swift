import Foundation
import NN
import Torch

/// The published systems by name, with their ablations and rivals.
public enum System: String, Codable, Sendable, CaseIterable {
  case mufNet = "muf-net"
  case mufNetBMode = "muf-net-b-mode"
  case mufNetCEUS = "muf-net-ceus"
  case dcnnUSL = "dcnn-us-l"
  case dcnnUSLB = "dcnn-us-lb"
  case thyroidBench = "thyroid-bench"
  case ucSTTNet = "uc-sttnet"
  case calcificationAttention = "calcification-attention"
  case calcificationAttention2D = "calcification-attention-2d"

  /// The system with the choices of a JSON object. Throws for a key it does not have and a value it cannot take.
  func configured(_ settings: Data?) throws(TorchError) -> any ConfiguredNetwork {
    switch self {
    case .mufNet: try MUFNetDesign(settings: .decoded(settings, of: rawValue))
    case .mufNetBMode: try MUFNetBranchDesign(input: "b-mode", settings: .decoded(settings, of: rawValue))
    case .mufNetCEUS: try MUFNetBranchDesign(input: "ceus", settings: .decoded(settings, of: rawValue))
    case .dcnnUSL: try LesionModelDesign(settings: .decoded(settings, of: rawValue))
    case .dcnnUSLB: try LesionBackgroundModelDesign(settings: .decoded(settings, of: rawValue))
    case .thyroidBench: try ThyroidBenchDesign(settings: .decoded(settings, of: rawValue))
    case .ucSTTNet: try UCSTTNetDesign(settings: .decoded(settings, of: rawValue))
    case .calcificationAttention:
      try CalcificationAttentionDesign(CalcificationAttentionSettings.decoded(settings, of: rawValue))
    case .calcificationAttention2D:
      try CalcificationAttentionDesign(StillCalcificationAttentionSettings.decoded(settings, of: rawValue))
    }
  }

  public var citation: String {
    switch self {
    case .mufNet: "Zhu et al. 2022, MUF-Net: B-mode and CEUS of solid renal tumours (S1)"
    case .mufNetBMode: "Zhu et al. 2022, the B-mode branch of MUF-Net by itself (S1-19)"
    case .mufNetCEUS: "Zhu et al. 2022, the CEUS branch of MUF-Net by itself (S1-19)"
    case .dcnnUSL: "Yang et al. 2020, DCNN-US Model L: focal liver lesions (S2-11)"
    case .dcnnUSLB: "Yang et al. 2020, DCNN-US Model LB: focal liver lesions and the liver around them (S2-12)"
    case .thyroidBench: "Ding et al. 2026, multimodal thyroid bench: B-mode, SMI and SWE (S4)"
    case .ucSTTNet:
      "Xie et al. 2024, UC-STTNet: grey scale, colour Doppler and clinical variables of soft tissue tumours (S0)"
    case .calcificationAttention:
      "Calcification-attention 3D InceptionResNetV2 2025: clips of calcified thyroid nodules (S3)"
    case .calcificationAttention2D: "The calcification-attention network over stills, its counterpart (S3-04)"
    }
  }
}

/// A network whose settings are chosen; only the number of classes is open.
protocol ConfiguredNetwork: Sendable {
  /// The settings it was made with.
  var choices: any SystemSettings { get }
  /// A new network with `classes` logits, 1 or more.
  func network(classes: Int, at root: Path) throws(TorchError) -> any Network
  /// The name of a bias with one element a class: by its length a weight file tells its number of classes.
  var classifierBias: String { get }
  /// Whether another number of classes replaces the parameter.
  func isClassifier(_ name: String) -> Bool
}

extension SystemSettings {
  /// Throws, naming the key, for a number outside `range`.
  func require(_ key: String, _ value: Double, in range: Range<Double>) throws(TorchError) {
    guard range.contains(value) else {
      throw .argument(
        "setting \(key): expected \(range.lowerBound) or more and below \(range.upperBound), found \(value)")
    }
  }

  /// Throws, naming the key, for a loss's factor below 0.
  func requireFactor(_ key: String, _ value: Double) throws(TorchError) {
    guard value >= 0, value.isFinite else { throw .argument("setting \(key): expected 0 or more, found \(value)") }
  }

  /// Throws, naming the key, for a backbone over clips.
  func requireStills(_ key: String, _ backbone: Backbone) throws(TorchError) {
    guard !backbone.isVideo else {
      throw .argument("setting \(key): expected a network over stills, found \(backbone.rawValue)")
    }
  }
}
