import Foundation
public import Tables
public import Ultrasound

/// The kinds of tumour under the binary label, each below the kind it is a kind of (S1-03, S2-01).
public struct HistologyTree: Sendable, Hashable {
  public struct Kind: Sendable, Hashable, Codable {
    public var term: String
    /// The term it is a kind of; nil at a root.
    public var parent: String?
    /// Nil where its kinds differ, or the parent's word holds.
    public var label: Label?
    /// Other names and abbreviations, in any language.
    public var synonyms: [String]

    public init(_ term: String, parent: String? = nil, label: Label? = nil, synonyms: [String] = []) {
      (self.term, self.parent, self.label, self.synonyms) = (term, parent, label, synonyms)
    }
  }

  /// Parents before their kinds.
  public let kinds: [Kind]
  private let places: [String: Int]
  private let parents: [Int?]

  /// Reads `term[, parent][, label][, synonyms]`, a row a kind in any order; synonyms are separated by `|`.
  ///
  /// Error: `problems` with file and line: a term or synonym twice, a parent that is no term, a circle, a label that is
  /// another than its parent's.
  public init(_ table: Table) throws(CohortError) {
    let known = ["term", "parent", "label", "synonyms"]
    if let unknown = table.columns.first(where: { !known.contains($0) }) {
      throw .source(
        path: table.source,
        reason: "column \"\(unknown)\" is none of a histology tree's: \(known.joined(separator: ", "))")
    }
    var cells: [String: [String]] = [:]
    do {
      for name in known where table.has(name) || name == "term" {
        cells[name] = try table.column(name).map { $0.trimmingCharacters(in: .whitespaces) }
      }
    } catch { throw .table(error) }
    var (kinds, problems): ([Kind], [CohortProblem]) = ([], [])
    for row in 0..<table.rowCount {
      func cell(_ name: String) -> String { cells[name]?[row] ?? "" }
      let place = "\(table.source):\(table.line(ofRow: row))"
      let label = Label(rawValue: cell("label").lowercased())
      if label == nil, !cell("label").isEmpty {
        problems.append(
          CohortProblem(
            place: place, message: "column \"label\": expected benign, malignant or nothing, found \"\(cell("label"))\""
          ))
      }
      if cell("term").isEmpty {
        problems.append(CohortProblem(place: place, message: "column \"term\": expected a name, found nothing"))
      }
      let synonyms = cell("synonyms").split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      kinds.append(
        Kind(
          cell("term"), parent: cell("parent").isEmpty ? nil : cell("parent"), label: label,
          synonyms: synonyms.filter { !$0.isEmpty }))
    }
    guard problems.isEmpty else { throw .problems(problems, source: table.source) }
    try self.init(kinds, source: table.source) { table.line(ofRow: $0) }
  }

  /// - line: of a kind in the source, for messages.
  init(_ given: [Kind], source: String, line: (Int) -> Int) throws(CohortError) {
    var problems: [CohortProblem] = []
    func problem(_ place: Int, _ message: String) {
      problems.append(CohortProblem(place: "\(source):\(line(place))", message: message))
    }
    var owners: [String: Int] = [:]
    for (place, kind) in given.enumerated() {
      for name in Set(([kind.term] + kind.synonyms).map(Self.key)).sorted() {
        if let first = owners.updateValue(place, forKey: name), first != place {
          problem(place, "\"\(name)\" names \"\(given[first].term)\" already, on line \(line(first))")
        }
      }
    }
    let parents = given.map { kind in kind.parent.flatMap { owners[Self.key($0)] } }
    for (place, kind) in given.enumerated() where kind.parent != nil && parents[place] == nil {
      problem(place, "parent \"\(kind.parent ?? "")\" is no term of the tree")
    }
    guard problems.isEmpty else { throw .problems(problems, source: source) }
    var depths: [Int] = []
    for place in given.indices {
      var (depth, above) = (0, parents[place])
      while let parent = above, depth <= given.count { (depth, above) = (depth + 1, parents[parent]) }
      if depth > given.count { problem(place, "\"\(given[place].term)\" is a kind of itself") }
      depths.append(depth)
    }
    guard problems.isEmpty else { throw .problems(problems, source: source) }
    func inherited(_ place: Int?) -> Label? {
      var above = place
      while let parent = above {
        if let label = given[parent].label { return label }
        above = parents[parent]
      }
      return nil
    }
    for (place, kind) in given.enumerated() {
      guard let label = kind.label, let above = inherited(parents[place]), above != label else { continue }
      problem(place, "\"\(kind.term)\" is \(label.rawValue), the kind above it \(above.rawValue)")
    }
    guard problems.isEmpty else { throw .problems(problems, source: source) }
    (kinds, self.parents, places) = (given, parents, owners)
  }

  /// The kind that a record's text names; nil where none does. Case, spaces and punctuation are not heeded.
  public func kind(named text: String) -> Kind? { places[Self.key(text)].map { kinds[$0] } }

  /// The kind and those above it, from the root.
  public func path(to kind: Kind) -> [Kind] {
    var (path, place): ([Kind], Int?) = ([], places[Self.key(kind.term)])
    while let here = place {
      path.append(kinds[here])
      place = parents[here]
    }
    return path.reversed()
  }

  /// The kind's label, or that of the nearest kind above it that has one.
  public func label(of kind: Kind) -> Label? { path(to: kind).reversed().lazy.compactMap(\.label).first }

  /// The kinds in order: each right after the one above it, siblings as given.
  var inOrder: [(kind: Kind, depth: Int)] {
    let below = Dictionary(grouping: kinds.indices) { parents[$0] ?? -1 }
    var order: [(Kind, Int)] = []
    func add(_ parent: Int, _ depth: Int) {
      for place in below[parent] ?? [] {
        order.append((kinds[place], depth))
        add(place, depth + 1)
      }
    }
    add(-1, 0)
    return order.map { (kind: $0.0, depth: $0.1) }
  }

  private static func key(_ text: String) -> String {
    text.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
  }
}
