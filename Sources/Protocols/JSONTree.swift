import Foundation

/// A JSON object that can be laid over another whose keys are the only ones allowed.
struct JSONTree {
  private var object: [String: Any]

  /// The defaults, with every key there is.
  static func defaults() throws(ProtocolError) -> JSONTree {
    try JSONTree(data: StudyProtocol().json(), name: "defaults")
  }

  init(contentsOf file: URL) throws(ProtocolError) {
    let data: Data
    do { data = try Data(contentsOf: file) } catch {
      let exists = FileManager.default.fileExists(atPath: file.path)
      throw .unreadable(file: file.path, reason: exists ? "cannot be read" : "no such protocol file")
    }
    try self.init(data: data, name: file.path)
  }

  private init(data: Data, name: String) throws(ProtocolError) {
    do {
      guard let object = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
        throw ProtocolError.unreadable(file: name, reason: "expected a JSON object")
      }
      self.object = object
    } catch let error as ProtocolError {
      throw error
    } catch {
      let detail = (error as NSError).userInfo["NSDebugDescription"] as? String
      throw .unreadable(file: name, reason: "not JSON. \(detail ?? "")")
    }
  }

  /// Removes and gives a text value at the top.
  mutating func take(text key: String, source: String) throws(ProtocolError) -> String? {
    guard let value = object.removeValue(forKey: key) else { return nil }
    guard let text = value as? String else { throw .wrongValue(source: source, key: key, reason: "expected text") }
    return text
  }

  /// Lays `changes` over this tree.
  mutating func merge(_ changes: JSONTree, source: String) throws(ProtocolError) {
    object = try Self.merged(object, changes.object, source: source, path: "")
  }

  /// The object whose keys another layer knows.
  private static let free = "network.settings"

  private static func merged(_ base: [String: Any], _ changes: [String: Any], source: String, path: String)
    throws(ProtocolError) -> [String: Any]
  {
    var result = base
    if path == "network", let name = changes["name"] as? String, name != base["name"] as? String {
      result["settings"] = [String: Any]()
    }
    for (key, value) in changes.sorted(by: { $0.key < $1.key }) {
      let name = path.isEmpty ? key : path + "." + key
      if path == free {
        result[key] = value
        continue
      }
      guard let old = result[key] else { throw .unknownKey(source: source, key: name, known: base.keys.sorted()) }
      if let old = old as? [String: Any] {
        guard let value = value as? [String: Any] else {
          throw .wrongValue(source: source, key: name, reason: "expected an object with \(old.keys.sorted())")
        }
        result[key] = try merged(old, value, source: source, path: name)
      } else {
        result[key] = value
      }
    }
    return result
  }

  /// Applies `a.b=value`; the value is JSON, or text where it is not.
  mutating func set(_ text: String) throws(ProtocolError) {
    guard let equals = text.firstIndex(of: "="), equals > text.startIndex else { throw .override(text) }
    let keys = text[..<equals].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let written = String(text[text.index(after: equals)...])
    let parsed = try? JSONSerialization.jsonObject(with: Data(written.utf8), options: .fragmentsAllowed)
    var value: Any = parsed ?? written
    for key in keys.reversed() { value = [key: value] }
    guard let changes = value as? [String: Any] else { throw .override(text) }
    object = try Self.merged(object, changes, source: "--set \(text)", path: "")
  }

  func decoded(source: String) throws(ProtocolError) -> StudyProtocol {
    do {
      return try JSONDecoder().decode(StudyProtocol.self, from: JSONSerialization.data(withJSONObject: object))
    } catch let error as DecodingError {
      var (path, reason) = Self.explain(error)
      if path.isEmpty, let found = unreadable() { (path, reason) = found }
      throw .wrongValue(source: source, key: path, reason: reason)
    } catch {
      throw .unreadable(file: source, reason: "\(error)")
    }
  }

  /// The value that keeps the tree from being read, where the decoder names none: it refuses a number that its type cannot
  /// hold as if the whole text were no JSON. Each value in turn is laid over the defaults.
  private func unreadable() -> (path: String, reason: String)? {
    guard let defaults = try? Self.defaults() else { return nil }
    for (path, value) in Self.leaves(object, path: "").sorted(by: { $0.path < $1.path }) {
      var change: Any = value
      for key in path.split(separator: ".").reversed() { change = [String(key): change] }
      guard let change = change as? [String: Any],
        let tree = try? Self.merged(defaults.object, change, source: "", path: ""),
        let data = try? JSONSerialization.data(withJSONObject: tree)
      else { continue }
      if (try? JSONDecoder().decode(StudyProtocol.self, from: data)) == nil {
        return (path, "\(value) is not a value it can have")
      }
    }
    return nil
  }

  private static func leaves(_ object: [String: Any], path: String) -> [(path: String, value: Any)] {
    object.flatMap { key, value in
      let name = path.isEmpty ? key : path + "." + key
      return (value as? [String: Any]).map { leaves($0, path: name) } ?? [(name, value)]
    }
  }

  private static func explain(_ error: DecodingError) -> (String, String) {
    func name(_ context: DecodingError.Context) -> String {
      context.codingPath.map(\.stringValue).joined(separator: ".")
    }
    return switch error {
    case .typeMismatch(let type, let context): (name(context), "expected a value of type \(type)")
    case .valueNotFound(let type, let context): (name(context), "expected a value of type \(type), found null")
    case .keyNotFound(let key, let context): (name(context) + "." + key.stringValue, "is missing")
    case .dataCorrupted(let context):
      (name(context), context.codingPath.isEmpty ? "expected a value of another kind" : context.debugDescription)
    @unknown default: ("", "\(error)")
    }
  }
}
