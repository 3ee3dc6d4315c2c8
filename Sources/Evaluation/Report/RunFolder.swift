import Cohort
public import Foundation
import Tables
import Wording

extension ReportInput {
  /// Reads what a run folder holds, so that a run can be evaluated again by itself.
  ///
  /// - `predictions.csv`: must be there.
  /// - `protocol.json`: shown as it is; its `title` or `name` becomes the title, else the folder's name.
  /// - `provenance.json`: an object; nested values are named with dots. Of its keys `warnings` (strings), `study`
  ///   (objects of `name` and `value`), `patientsAreKnown` and `inSilico` (true or false) fill the properties of those
  ///   names.
  /// - `history.csv`: see ``TrainingHistory``.
  /// - `combination.json`: see ``CombinationSummary``.
  /// - `explanations/`: PNG and JPEG pictures in order of name; `captions.json` is an object from file name to caption.
  ///
  /// Errors: `unreadable`, naming the file. The cohort's images and the ideal observer are added by the caller.
  public init(runFolder: URL) throws(EvaluationError) {
    let predictions: [Prediction]
    do {
      predictions = try PredictionTable.read(runFolder.appendingPathComponent("predictions.csv"))
    } catch {
      throw .unreadable("\(error)")
    }
    let protocolText = try RunFolder.text(runFolder.appendingPathComponent("protocol.json"))
    let study = try RunFolder.object(runFolder.appendingPathComponent("protocol.json"))
    var record = try RunFolder.object(runFolder.appendingPathComponent("provenance.json"))
    let title = study["title"]?.string ?? study["name"]?.string ?? runFolder.lastPathComponent
    let warnings = record.removeValue(forKey: "warnings")?.list.compactMap(\.string).map(Phrase.init(verbatim:)) ?? []
    let facts = record.removeValue(forKey: "study")?.list.compactMap { fact -> Fact? in
      guard let name = fact["name"]?.string, let value = fact["value"]?.string else { return nil }
      return Fact(Phrase(verbatim: name), Phrase(verbatim: value))
    }
    let patientsAreKnown = record.removeValue(forKey: "patientsAreKnown")?.bool ?? true
    let isInSilico = record.removeValue(forKey: "inSilico")?.bool ?? false
    self.init(
      title: title, predictions: predictions, study: facts ?? [], protocolJSON: protocolText,
      provenance: RunFolder.flattened(record), warnings: warnings,
      history: try RunFolder.history(runFolder.appendingPathComponent("history.csv")),
      combination: try CombinationSummary.read(runFolder: runFolder),
      gallery: try RunFolder.gallery(runFolder.appendingPathComponent("explanations")), isInSilico: isInSilico,
      patientsAreKnown: patientsAreKnown)
  }
}

extension GalleryItem {
  /// The PNG and JPEG pictures of a folder in order of name, with their captions from its `captions.json`, an object from
  /// file name to caption; a picture without one is called by its file name. Empty where there is no such folder. Error:
  /// `unreadable`, naming the file.
  public static func all(in folder: URL) throws(EvaluationError) -> [GalleryItem] { try RunFolder.gallery(folder) }
}

private enum RunFolder {
  /// nil where there is no such file.
  static func text(_ file: URL) throws(EvaluationError) -> String? {
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    guard let text = try? String(contentsOf: file, encoding: .utf8) else {
      throw .unreadable("\(file.path): expected UTF-8 text")
    }
    return text
  }

  /// Empty where there is no such file.
  static func object(_ file: URL) throws(EvaluationError) -> [String: JSONValue] {
    guard let text = try text(file) else { return [:] }
    guard let object = try? JSONDecoder().decode([String: JSONValue].self, from: Data(text.utf8)) else {
      throw .unreadable("\(file.path): expected a JSON object")
    }
    return object
  }

  static func history(_ file: URL) throws(EvaluationError) -> TrainingHistory? {
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    do {
      return try TrainingHistory(contentsOf: file)
    } catch {
      throw .unreadable("\(error)")
    }
  }

  static func gallery(_ folder: URL) throws(EvaluationError) -> [GalleryItem] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else { return [] }
    let captions = try object(folder.appendingPathComponent("captions.json"))
    var items: [GalleryItem] = []
    for name in names.sorted() where ["png", "jpg", "jpeg"].contains((name as NSString).pathExtension.lowercased()) {
      let file = folder.appendingPathComponent(name)
      guard let bytes = try? Data(contentsOf: file) else { throw .unreadable("\(file.path): cannot be read") }
      let item = GalleryItem(bytes: bytes, caption: captions[name]?.string ?? name)
      guard item.mediaType != nil else { throw .unreadable("\(file.path): expected a PNG or JPEG picture") }
      items.append(item)
    }
    return items
  }

  /// Scalars of an object and of those within it: "torch.version".
  static func flattened(_ object: [String: JSONValue], prefix: String = "") -> [String: String] {
    var flat: [String: String] = [:]
    for (key, value) in object {
      switch value {
      case .object(let inner): flat.merge(flattened(inner, prefix: prefix + key + ".")) { first, _ in first }
      case .list(let list): flat[prefix + key] = list.compactMap(\.words).joined(separator: ", ")
      default: flat[prefix + key] = value.words
      }
    }
    return flat
  }
}

extension JSONValue {
  /// A scalar as a reader sees it.
  var words: String? {
    bool.map { $0 ? "yes" : "no" } ?? scalar
  }
}
