public import Foundation
public import NN
public import Torch

/// A network's name and settings: all that determines its shape besides the number of classes.
public struct NetworkDesign: Sendable {
  public enum Kind: Sendable {
    case backbone(Backbone)
    case system(System)
  }
  public let kind: Kind
  private let configured: any ConfiguredNetwork

  /// - name: of a backbone or a system; case, `-`, `_` and brackets do not matter.
  /// - settings: a JSON object. Throws for a key the system does not have, and for any key of a backbone.
  public init(named name: String, settings: Data? = nil) throws(TorchError) {
    guard let kind = Self.all.first(where: { Self.plain($0.name) == Self.plain(name) }) else {
      throw .argument("no network is called \(name); there are \(Self.all.map(\.name).joined(separator: ", "))")
    }
    self.kind = kind
    switch kind {
    case .backbone(let backbone):
      _ = try NoSettings.decoded(settings, of: kind.name)
      configured = ConfiguredBackbone(backbone: backbone)
    case .system(let system): configured = try system.configured(settings)
    }
  }

  public init(_ backbone: Backbone) {
    (kind, configured) = (.backbone(backbone), ConfiguredBackbone(backbone: backbone))
  }

  /// Every network there is, backbones first.
  public static var all: [Kind] { Backbone.allCases.map(Kind.backbone) + System.allCases.map(Kind.system) }

  public var name: String { kind.name }

  /// A new network with `classes` logits.
  public func network(classes: Int, _ options: Parameters.Options) throws(TorchError) -> any Network {
    guard classes >= 1 else { throw .argument("classes: expected at least 1, found \(classes)") }
    return try configured.network(classes: classes, at: Parameters(options).root)
  }

  /// Every setting with its value, as a JSON object; `{}` for a backbone.
  public var settings: Data {
    get throws(TorchError) {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      do { return try encoder.encode(configured.choices) } catch { throw .argument("\(name): settings: \(error)") }
    }
  }

  /// The name of a bias with one element a class: by its length a weight file tells its number of classes.
  public var classifierBias: String { configured.classifierBias }

  /// Whether another number of classes replaces the parameter.
  public func isClassifier(_ name: String) -> Bool { configured.isClassifier(name) }

  private static func plain(_ name: String) -> String {
    name.lowercased().replacing("(2+1)", with: "2plus1").filter { $0.isLetter || $0.isNumber }
  }
}

/// A backbone by itself, which has no settings.
private struct ConfiguredBackbone: ConfiguredNetwork {
  let backbone: Backbone
  var choices: any SystemSettings { NoSettings() }

  func network(classes: Int, at root: Path) throws(TorchError) -> any Network {
    try backbone.network(classes: classes, at: root)
  }
  var classifierBias: String { backbone.classifierBias }
  func isClassifier(_ name: String) -> Bool { backbone.isOfClassifier(name) }
}

extension NetworkDesign.Kind {
  public var name: String {
    switch self {
    case .backbone(let backbone): backbone.rawValue
    case .system(let system): system.rawValue
    }
  }

  public var citation: String {
    switch self {
    case .backbone(let backbone): backbone.citation
    case .system(let system): system.citation
    }
  }
}

/// The open choices of a published system, each with a documented default.
protocol SystemSettings: Codable, Sendable, Equatable {
  init()
  /// Throws for a value outside its range, naming the key.
  func check() throws(TorchError)
}

extension SystemSettings {
  func check() throws(TorchError) {}

  /// The defaults with the JSON object's values laid over them. An unknown key or a value of another kind throws, naming
  /// the key.
  static func decoded(_ json: Data?, of name: String) throws(TorchError) -> Self {
    guard let json, !json.isEmpty else { return Self() }
    do {
      let defaults = try JSONSerialization.jsonObject(with: JSONEncoder().encode(Self()))
      guard var tree = defaults as? [String: Any],
        let changes = try JSONSerialization.jsonObject(with: json) as? [String: Any]
      else { throw TorchError.argument("\(name): settings: expected a JSON object") }
      for (key, value) in changes.sorted(by: { $0.key < $1.key }) {
        guard tree[key] != nil else {
          let known = tree.keys.sorted().joined(separator: ", ")
          throw TorchError.argument("\(name): unknown setting \(key); known: \(known.isEmpty ? "none" : known)")
        }
        tree[key] = value
      }
      let settings = try JSONDecoder().decode(Self.self, from: JSONSerialization.data(withJSONObject: tree))
      try settings.check()
      return settings
    } catch let error as TorchError {
      throw error
    } catch DecodingError.typeMismatch(let type, let context), DecodingError.valueNotFound(let type, let context) {
      throw .argument("\(name): setting \(Self.path(context)): expected a value of type \(type)")
    } catch DecodingError.dataCorrupted(let context) {
      throw .argument("\(name): setting \(Self.path(context)): \(context.debugDescription)")
    } catch {
      throw .argument("\(name): settings: \(error)")
    }
  }

  private static func path(_ context: DecodingError.Context) -> String {
    context.codingPath.map(\.stringValue).joined(separator: ".")
  }
}

/// Backbones have none.
struct NoSettings: SystemSettings {}
