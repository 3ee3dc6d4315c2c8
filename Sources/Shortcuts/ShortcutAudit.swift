public import Cohort
import Foundation
import Statistics
import Ultrasound

/// How well a label, site or device can be told from marks and making alone.
///
/// Scores are cross-validated by cluster: ridge logistic regression, its penalty chosen inside each training part. The AUC of
/// all held-out scores together has Obuchowski's interval for clusters, and a p value by dealing the outcomes out anew among
/// clusters of like size and doing it all again.
public struct ShortcutAudit: Codable, Sendable {
  public var pictures: Int
  public var clusters: Int
  /// Pictures in which each kind was found.
  public var found: [String: Int]
  public var label: TargetAudit?
  /// One versus the rest of each value of each column.
  public var columns: [ColumnAudit]
  public var predictions: [PredictionAudit]
  /// What could not be computed, and why.
  public var notes: [String]
  /// Settings and thresholds, so that the figures can be had again.
  public var settings: Settings

  public struct Settings: Codable, Sendable, Hashable {
    public var folds = 5
    public var permutations = 199
    public var seed: UInt64 = 1
    /// A lower limit of the AUC above this: it can be told.
    public var canBeTold = 0.6
    /// An upper limit below this: hardly.
    public var hardly = 0.6
    public var level = 0.95
    /// Clusters on each side that an AUC needs.
    public var fewestClusters = 5

    public init() {}
  }

  /// - Parameter predictions: of a run, matched by image name; may be empty.
  public init(_ pictures: [AuditPicture], predictions: [Prediction] = [], settings: Settings = Settings()) {
    self.settings = settings
    self.pictures = pictures.count
    clusters = Set(pictures.map(\.cluster)).count
    found = Dictionary(
      uniqueKeysWithValues: MarkKind.allCases.map { kind in
        (kind.rawValue, pictures.filter { $0.reading.has(kind) }.count)
      })
    notes = []
    columns = []
    self.predictions = []
    let known = pictures.filter { $0.isMalignant != nil }
    if known.count < pictures.count { notes.append("\(pictures.count - known.count) pictures have no label") }
    do throws(StatisticsError) {
      label = try TargetAudit(known, named: "malignant", outcomes: known.map { $0.isMalignant == true }, settings)
    } catch {
      notes.append("label: \(error)")
    }
    for column in Set(pictures.flatMap(\.columns.keys)).sorted() {
      columns.append(ColumnAudit(column, of: pictures, settings, notes: &notes))
    }
    if let label, !predictions.isEmpty {
      self.predictions = PredictionAudit.all(predictions, known, shortcut: label.scores, settings, notes: &notes)
    }
  }

  /// What the audit says, a sentence or two a target.
  public var verdicts: [String] {
    (label.map { [$0.verdict] } ?? []) + columns.flatMap { $0.values.map(\.verdict) } + predictions.map(\.verdict)
  }
}

/// One column against its values.
public struct ColumnAudit: Codable, Sendable {
  public var column: String
  public var values: [TargetAudit]

  init(_ column: String, of pictures: [AuditPicture], _ settings: ShortcutAudit.Settings, notes: inout [String]) {
    self.column = column
    values = []
    let known = pictures.filter { $0.columns[column] != nil }
    let names = Set(known.compactMap { $0.columns[column] }).sorted()
    guard names.count > 1 else {
      notes.append("\(column): expected two values or more, found \(names.count)")
      return
    }
    // Of two values one against the other says it all.
    for name in names.count == 2 ? [names[0]] : names {
      do throws(StatisticsError) {
        values.append(
          try TargetAudit(
            known, named: "\(column) \(name)", outcomes: known.map { $0.columns[column] == name }, settings))
      } catch {
        notes.append("\(column) \(name): \(error)")
      }
    }
  }
}
