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
  /// A JSON object of the settings that differ from the system's defaults.
  private let settings: Data?

  /// - name: of a backbone or a system; case, `-`, `_` and brackets do not matter.
  /// - settings: a JSON object. Throws for a key the system does not have, and for any key of a backbone.
  public init(named name: String, settings: Data? = nil) throws(TorchError) {
    guard let kind = Self.all.first(where: { Self.plain($0.name) == Self.plain(name) }) else {
      throw .argument("no network is called \(name); there are \(Self.all.map(\.name).joined(separator: ", "))")
    }
    self.kind = kind
    self.settings = settings
    switch kind {
    case .backbone: _ = try NoSettings.decoded(settings, of: kind.name)
    case .system(let system): try system.check(settings: settings)
    }
  }

  public init(_ backbone: Backbone) { (kind, settings) = (.backbone(backbone), nil) }

  /// Every network there is, backbones first.
  public static var all: [Kind] { Backbone.allCases.map(Kind.backbone) + System.allCases.map(Kind.system) }

  public var name: String { kind.name }

  /// A new network with `classes` logits.
  public func network(classes: Int, _ options: Parameters.Options) throws(TorchError) -> any Network {
    switch kind {
    case .backbone(let backbone): try backbone.network(classes: classes, options)
    case .system(let system): try system.network(classes: classes, settings: settings, options)
    }
  }

  private static func plain(_ name: String) -> String {
    name.lowercased().replacing("(2+1)", with: "2plus1").filter { $0.isLetter || $0.isNumber }
  }
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
