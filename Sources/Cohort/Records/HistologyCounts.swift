import Foundation
public import Ultrasound

/// How many patients, lesions and images there are of each kind of tumour (S1-03's Table 2).
public struct HistologyCounts: Sendable, Hashable, Codable {
  public struct Row: Sendable, Hashable, Codable {
    public var term: String
    /// 0 at a root.
    public var depth: Int
    /// Nil where the kinds below differ.
    public var label: Label?
    public var patients: Int
    public var lesions: Int
    public var images: Int
  }

  /// Kinds that have lesions, themselves or below them, each after the kind above it.
  public var rows: [Row]
  /// Texts of the records that the tree does not have, with the lesions that bear them.
  public var unknown: [String: Int]
  /// Lesions without any text.
  public var withoutHistology: Int
  /// Lesions whose kind says another label than their own.
  public var contradictions: [CohortProblem]

  public init(of images: [ImageRecord], in tree: HistologyTree) {
    var (patients, lesions, counts): ([String: Set<String>], [String: Set<String>], [String: Int]) = ([:], [:], [:])
    var unknown: [String: Set<String>] = [:]
    var without: Set<String> = []
    var contradictions: [String: CohortProblem] = [:]
    for image in images {
      guard let text = image.histology, !text.isEmpty else {
        without.insert(image.lesion)
        continue
      }
      guard let kind = tree.kind(named: text) else {
        unknown[text, default: []].insert(image.lesion)
        continue
      }
      for above in tree.path(to: kind) {
        patients[above.term, default: []].insert(image.patient)
        lesions[above.term, default: []].insert(image.lesion)
        counts[above.term, default: 0] += 1
      }
      if let expected = tree.label(of: kind), let label = image.label, expected != label {
        contradictions[image.lesion] = CohortProblem(
          place: "lesion \"\(image.lesion)\"",
          message: "is \(label.rawValue), its histology \"\(text)\" \(expected.rawValue)")
      }
    }
    rows = tree.inOrder.filter { lesions[$0.kind.term] != nil }.map { kind, depth in
      Row(
        term: kind.term, depth: depth, label: tree.label(of: kind), patients: patients[kind.term]?.count ?? 0,
        lesions: lesions[kind.term]?.count ?? 0, images: counts[kind.term] ?? 0)
    }
    self.unknown = unknown.mapValues(\.count)
    withoutHistology = without.count
    self.contradictions = contradictions.values.sorted { $0.place < $1.place }
  }
}
