import Crypto
public import Foundation

/// Why a protocol cannot be used. Each message names the file or the key.
public enum ProtocolError: Error, Sendable, Equatable, CustomStringConvertible {
  case unreadable(file: String, reason: String)
  case unknownKey(source: String, key: String, known: [String])
  case wrongValue(source: String, key: String, reason: String)
  case circularInheritance(file: String)
  case override(String)

  public var description: String {
    switch self {
    case .unreadable(let file, let reason): "\(file): \(reason)"
    case .unknownKey(let source, let key, let known):
      "\(source): unknown key \(key); known there: \(known.joined(separator: ", "))"
    case .wrongValue(let source, let key, let reason): "\(source): \(key): \(reason)"
    case .circularInheritance(let file): "\(file): inherits from itself"
    case .override(let text): "--set \(text): expected key=value, such as training.epochs=3"
    }
  }
}

extension StudyProtocol {
  /// Reads a protocol file: JSON that names what differs from the defaults, or, with `"inherits": "other.json"`, from another
  /// protocol file (relative to this one).
  ///
  /// - overrides: `key=value` pairs such as `training.epochs=3`, applied last.
  public init(contentsOf file: URL, overrides: [String] = []) throws(ProtocolError) {
    var tree = try JSONTree.defaults()
    for (source, changes) in try Self.chain(file, seen: []) {
      try tree.merge(changes, source: source)
    }
    for text in overrides { try tree.set(text) }
    do {
      try self.init(tree, file: file)
    } catch .wrongValue(let source, let key, let reason) {
      let override = overrides.last { Self.touches(key, override: $0) }
      throw .wrongValue(source: override.map { "--set \($0)" } ?? source, key: key, reason: reason)
    }
  }

  /// Whether `--set TEXT` gave the value of `key`, a part of it, or the object it is in.
  private static func touches(_ key: String, override text: String) -> Bool {
    let path = String(text.prefix { $0 != "=" })
    return key == path || key.hasPrefix(path + ".") || path.hasPrefix(key + ".")
  }

  private init(_ tree: JSONTree, file: URL) throws(ProtocolError) {
    self = try tree.decoded(source: file.lastPathComponent)
    if network.weights != "imagenet", network.weights != "none", !network.weights.hasPrefix("/") {
      network.weights = file.deletingLastPathComponent().appending(path: network.weights).standardizedFileURL.path
    }
    try validate(source: file.lastPathComponent)
  }

  /// The file and what it inherits from, ancestors first.
  private static func chain(_ file: URL, seen: [String]) throws(ProtocolError) -> [(String, JSONTree)] {
    let path = file.standardizedFileURL.path
    guard !seen.contains(path) else { throw .circularInheritance(file: file.path) }
    var tree = try JSONTree(contentsOf: file)
    guard let parent = try tree.take(text: "inherits", source: file.lastPathComponent) else {
      return [(file.lastPathComponent, tree)]
    }
    let parentFile = URL(fileURLWithPath: parent, relativeTo: file.deletingLastPathComponent())
    return try chain(parentFile, seen: seen + [path]) + [(file.lastPathComponent, tree)]
  }

  /// Every key, sorted, as it is kept in the run folder.
  public func json() throws(ProtocolError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do { return try encoder.encode(self) } catch {
      throw .wrongValue(source: "protocol", key: "", reason: "cannot be written: \(error)")
    }
  }

  /// SHA-256 in hexadecimal of the resolved protocol less its `combination`, which trains nothing: two runs of one hash
  /// trained the same networks.
  public func hash() throws(ProtocolError) -> String {
    var training = self
    training.combination = Combination()
    let digest = SHA256.hash(data: try training.json())
    return digest.map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
  }
}
