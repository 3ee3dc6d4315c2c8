/// Why a contrast clip cannot be measured.
public enum ContrastError: Error, CustomStringConvertible, Sendable, Equatable {
  /// A frame that does not fit those before it; `index` as the caller counts.
  case frame(index: Int, what: String, expected: String, found: String)
  /// A region or panel that does not lie where it must.
  case region(name: String, expected: String, found: String)
  case setting(name: String, expected: String, found: String)
  case tooFew(what: String, needed: Int, found: Int)
  /// Phases that overlap, are out of order or cannot be read.
  case phases(name: String, reason: String)

  public var description: String {
    switch self {
    case .frame(let index, let what, let expected, let found):
      "frame \(index): \(what): expected \(expected), found \(found)"
    case .region(let name, let expected, let found): "\(name): expected \(expected), found \(found)"
    case .setting(let name, let expected, let found): "\(name): expected \(expected), found \(found)"
    case .tooFew(let what, let needed, let found): "\(what): expected at least \(needed), found \(found)"
    case .phases(let name, let reason): "phases \(name): \(reason)"
    }
  }
}
