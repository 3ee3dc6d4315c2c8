import Wording

/// A reporting checklist as data: the items of a publication by its numbers, in our own short words.
struct Checklist: Sendable {
  /// Anchor of its section and name of its table.
  var id: String
  var name: Phrase
  var heading: Phrase
  var citation: String
  /// Whether its items say for which studies they are meant.
  var hasScope: Bool { items.contains { $0.scope != nil } }
  var items: [ChecklistItem]
}

struct ChecklistItem: Sendable {
  /// What an item is meant for: the making of a model, its evaluation on other data, or both (TRIPOD+AI).
  enum Scope: String, Sendable {
    case development = "D"
    case evaluation = "E"
    case both = "D;E"
  }

  /// As published: "19", "12e".
  var number: String
  var section: Phrase
  var words: Phrase
  /// What of a run's records could answer it; nil where only a manuscript can.
  var subject: Subject?
  var scope: Scope?
}

/// What a run's records may show. Items of several checklists ask for the same.
enum Subject: String, CaseIterable, Sendable {
  // Data
  case dataSource, centres, eligibility, preprocessing, subsets, missingData, acquisition, reference, outcome
  case flow, characteristics
  // Parts of the data
  case partitions, disjointness, analysisNumbers, differences, outcomeByPart
  // Model and training
  case predictorChoice, predictors, predictorHandling, model, modelBuilding, software, initialisation, training
  case finalModel, ensemble, classImbalance, specification, studyProtocol
  // Evaluation
  case measures, uncertainty, robustness, explanation, internalTest, externalTest, clusterMethods, predictionMethod
  case output, performance, diagnosticPerformance, failures, clusterResults
}

/// Something of the run that bears on an item, and where a reader finds it.
struct Evidence: Sendable, Equatable {
  var text: String
  /// An anchor of the page, "#table1", or a file of the run folder, "split.csv".
  var link: String
  /// What the link is called: "Table 1", "protocol.json: validation".
  var place: String
}

/// What was found for an item.
struct Finding: Sendable, Equatable {
  var evidence: [Evidence] = []
  /// false: the item asks for more than the records show.
  var isWhole = false

  static let none = Finding()

  static func part(_ evidence: [Evidence?]) -> Finding { Finding(evidence: evidence.compactMap(\.self)) }

  /// Whole where `condition` holds and there is any evidence at all.
  static func whole(if condition: Bool = true, _ evidence: [Evidence?]) -> Finding {
    let found = evidence.compactMap(\.self)
    return Finding(evidence: found, isWhole: condition && !found.isEmpty)
  }
}

extension Phrase {
  /// No words, in any language.
  static let nothing = Phrase(verbatim: "")
}
