// Torch: tensors, gradients, optimisers and weight files over libtorch. Knows nothing of networks, images or patients.
// Only this target imports CTorch; whoever imports Torch sees Swift values and Swift errors.

/// What can go wrong between Swift and libtorch.
public enum TorchError: Error, Sendable, Equatable, CustomStringConvertible {
  /// libtorch is absent or of another version.
  case unavailable(String)
  /// libtorch refused a call; the message is its own.
  case operation(String)
  /// A weight file is absent, cut short or not what its name says.
  case file(path: String, reason: String)
  /// A file could not be made: no such folder, no permission.
  case cannotCreate(path: String, reason: String)
  /// A file could not be written whole; what lay there is untouched.
  case output(path: String, reason: String)
  /// A state dictionary does not fit a network. Names are sorted.
  case keys(source: String, missing: [String], unexpected: [String], mismatched: [String])
  /// A value outside what the callee takes.
  case argument(String)

  public var description: String {
    switch self {
    case .unavailable(let reason): reason
    case .operation(let message): message
    case .file(let path, let reason), .cannotCreate(let path, let reason), .output(let path, let reason):
      "\(path): \(reason)"
    case .argument(let reason): reason
    case .keys(let source, let missing, let unexpected, let mismatched):
      "\(source): weights do not fit the network."
        + Self.listed(" Missing: ", missing) + Self.listed(" Not expected: ", unexpected)
        + Self.listed(" Of another shape: ", mismatched)
    }
  }

  private static func listed(_ title: String, _ names: [String]) -> String {
    guard !names.isEmpty else { return "" }
    let rest = names.count > 12 ? " and \(names.count - 12) more" : ""
    return title + names.prefix(12).joined(separator: ", ") + rest + "."
  }
}
