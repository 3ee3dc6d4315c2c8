public import Tables
public import Ultrasound

/// One thing wrong with a source: where, and what was expected and found.
public struct CohortProblem: Sendable, Codable, Hashable, CustomStringConvertible {
  /// `TABLE.csv:LINE` or a file.
  public var place: String
  public var message: String

  public init(place: String, message: String) {
    (self.place, self.message) = (place, message)
  }

  public var description: String { "\(place): \(message)" }
}

/// Why a cohort could not be read, imported, split or exported.
public enum CohortError: Error, CustomStringConvertible, Sendable {
  /// The folder is not a cohort.
  case notACohort(path: String, reason: String)
  /// The catalogue was written by a later version of this program.
  case newerVersion(path: String)
  /// SQLite refused; the catalogue may be damaged.
  case catalogue(path: String, reason: String)
  /// The source of an import is not there or holds nothing that can be imported.
  case source(path: String, reason: String)
  /// The source holds errors. All were looked for; the first ``CohortError/listed`` are kept, `total` counts them.
  case problems(source: String, [CohortProblem], total: Int)
  /// A table could not be read.
  case table(TableError)
  /// A file could not be written.
  case output(OutputError)
  /// k-fold needs a patient of each class in each fold.
  case tooFewPatients(label: Label, patients: Int, folds: Int)
  /// The images cannot be divided as asked.
  case split(reason: String)
  /// A split has the same, or nearly the same, on two sides. The first ``CohortError/listed`` are kept, `total` counts them.
  case leak([SplitLeak], total: Int)
  /// A picture of the cohort, or a frame of it, cannot be read.
  case picture(image: String, reason: String)
  /// predictions.csv or split.csv holds an impossible value.
  case row(source: String, line: Int, reason: String)

  /// How many problems of a source an error lists.
  public static let listed = 50

  public var description: String {
    switch self {
    case .notACohort(let path, let reason): "\(path) is not a cohort: \(reason)"
    case .newerVersion(let path):
      "\(path): the catalogue was written by a newer version of insonate; use that version or a later one"
    case .catalogue(let path, let reason): "\(path): \(reason)"
    case .source(let path, let reason): "\(path): \(reason)"
    case .problems(let source, let problems, let total):
      "\(source): \(total) \(total == 1 ? "problem" : "problems"), nothing was imported\n"
        + problems.map { "  \($0)" }.joined(separator: "\n")
        + (total > problems.count ? "\n  and \(total - problems.count) more" : "")
    case .table(let error): error.description
    case .output(let error): error.description
    case .tooFewPatients(let label, let patients, let folds):
      "\(folds) folds need at least \(folds) patients of each class; there are \(patients) \(label.rawValue)"
    case .split(let reason): reason
    case .leak(let leaks, let total):
      "the split leaks: \(total) \(total == 1 ? "pair" : "pairs") on two sides\n"
        + leaks.map { "  \($0)" }.joined(separator: "\n")
        + (total > leaks.count ? "\n  and \(total - leaks.count) more" : "")
    case .picture(let image, let reason): "image \"\(image)\": \(reason)"
    case .row(let source, let line, let reason): "\(source):\(line): \(reason)"
    }
  }

  /// The error of an import with these problems.
  static func problems(_ problems: [CohortProblem], source: String) -> CohortError {
    .problems(source: source, Array(problems.prefix(listed)), total: problems.count)
  }
}
