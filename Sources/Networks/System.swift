public import Foundation
public import NN
public import Torch

/// The published systems by name, with their ablations and rivals.
public enum System: String, Codable, Sendable, CaseIterable {
  case mufNet = "muf-net"

  func check(settings: Data?) throws(TorchError) {
    switch self {
    case .mufNet: _ = try NoSettings.decoded(settings, of: rawValue)
    }
  }

  func network(classes: Int, settings: Data?, _ options: Parameters.Options) throws(TorchError) -> any Network {
    throw .argument("\(rawValue): being built")
  }

  public var citation: String {
    switch self {
    case .mufNet: "Zhu et al. 2022, MUF-Net (S1)"
    }
  }
}
