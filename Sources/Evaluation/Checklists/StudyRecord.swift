import Cohort
import Figures
import Foundation
import Tables
import Wording

/// What a report holds of its study, as evidence for a checklist: nothing is taken from anywhere else, and nothing is
/// evidence that cannot be looked up.
struct StudyRecord: Sendable {
  /// Where evidence is looked up. The first of several that the report holds is linked.
  enum Place {
    case part(ReportPart)
    /// The results of one model on one part.
    case results(SectionMetrics)
    case file(String)
    /// A key of protocol.json.
    case setting(String)
    /// A key of provenance.json.
    case provenance(String)
    /// A key of metrics.json.
    case metric(String)
  }

  let input: ReportInput
  let metrics: Metrics
  let counts: PartCounts
  /// The cohort's images by lesion, where they are at hand.
  let lesions: [[ImageRecord]]
  let words: Wording
  private let sectionIDs: Set<String>
  private let files: Set<String>
  private let studyProtocol: JSONValue?

  /// - files: the run folder's, by path within it; nil for those that follow from what was read.
  init(input: ReportInput, metrics: Metrics, sectionIDs: Set<String>, files: Set<String>?, words: Wording) {
    (self.input, self.metrics, self.sectionIDs, self.words) = (input, metrics, sectionIDs, words)
    self.files = files ?? StudyRecord.files(of: input)
    studyProtocol = input.protocolJSON.flatMap { try? JSONDecoder().decode(JSONValue.self, from: Data($0.utf8)) }
    lesions = Array(Dictionary(grouping: input.images) { [$0.patient, $0.lesion] }.values)
    counts = PartCounts(input.predictions, model: metrics.headline?.model)
  }

  /// The files that must stand in the run folder for the input to be what it is, and that which every report writes.
  static func files(of input: ReportInput) -> Set<String> {
    var files: Set = ["metrics.json"]
    if input.protocolJSON != nil { files.insert("protocol.json") }
    if !input.provenance.isEmpty { files.insert("provenance.json") }
    if input.history != nil { files.insert("history.csv") }
    if input.combination != nil { files.insert("combination.json") }
    // Training writes these with the hash of its protocol.
    if input.provenance["protocolHash"] != nil { files.formUnion(["split.csv", "predictions.csv"]) }
    return files
  }

  /// A value of the protocol by its path, "validation.split"; nil for null.
  subscript(setting path: String) -> JSONValue? {
    let value = path.split(separator: ".").reduce(studyProtocol) { $0?[String($1)] }
    return value == .null ? nil : value
  }

  var checkpoints: [String] {
    files.filter { $0.hasPrefix("checkpoints/") && $0.hasSuffix(".safetensors") && !$0.hasSuffix(".last.safetensors") }
      .sorted()
  }

  func holds(_ part: ReportPart) -> Bool { anchor(part.anchors) != nil }

  /// Evidence at the first of the places there is; nil without a text or without a place.
  func evidence(_ text: Phrase?, _ places: Place...) -> Evidence? {
    guard let text else { return nil }
    for place in places {
      if let (link, name) = find(place) { return Evidence(text: words(text), link: link, place: words(name)) }
    }
    return nil
  }

  private func find(_ place: Place) -> (link: String, name: Phrase)? {
    switch place {
    case .part(let part): return anchor(part.anchors).map { ($0, part.name) }
    case .results(let section):
      let (model, split) = (RunFigures.slug(section.model), RunFigures.slug(section.split))
      let own = ["results-\(model)-\(split)", "results-\(split)"]
      // Another part's results are no evidence of this one's.
      let whole = sectionIDs.contains("results") ? "#results" : nil
      return (anchor(own) ?? whole).map { ($0, ReportPart.results.name) }
    case .file(let name): return file(name)
    case .setting(let key): return file("protocol.json", key: key)
    case .provenance(let key): return file("provenance.json", key: key)
    case .metric(let key): return file("metrics.json", key: key)
    }
  }

  private func file(_ name: String, key: String? = nil) -> (link: String, name: Phrase)? {
    guard files.contains(name) else { return nil }
    return (name, Phrase(verbatim: key.map { "\(name): \($0)" } ?? name))
  }

  /// The anchor of the first name there is, or of the first section that begins so.
  private func anchor(_ names: [String]) -> String? {
    if let exact = names.first(where: sectionIDs.contains) { return "#" + exact }
    for name in names {
      if let id = sectionIDs.filter({ $0.hasPrefix(name + "-") }).min() { return "#" + id }
    }
    return nil
  }
}
