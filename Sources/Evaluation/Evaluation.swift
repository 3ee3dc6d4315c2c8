// Evaluation: from predictions to statistics, tables, figures and the report. Files are touched in two places only:
// RunFolder reads a run, Report.write puts each file in place whole. Statistics themselves live in Statistics, the
// cohort's records in Cohort.

public import Tables

/// Why predictions could not be evaluated.
public enum EvaluationError: Error, CustomStringConvertible, Sendable {
  /// No row at all.
  case noPredictions
  /// A score that is not a number from 0 to 1.
  case badScore(model: String, image: String, found: Double)
  /// A row without a label.
  case unlabelled(model: String, image: String)
  /// The images of one lesion carry both labels.
  case conflictingLabels(lesion: String, patient: String)
  /// Two rows for the same image in the same model, split and fold.
  case repeatedImage(model: String, split: String, fold: Int, image: String)
  /// A file of the run folder that cannot be read; the message names it.
  case unreadable(String)
  /// A cell of a side table of the study.
  case cell(source: String, line: Int, column: String, expected: String, found: String)
  /// A file of the report could not be written.
  case output(OutputError)

  public var description: String {
    switch self {
    case .noPredictions: "predictions: expected at least one row, found none"
    case .badScore(let model, let image, let found):
      "predictions: model \(model), image \(image): expected a score from 0 to 1, found \(found)"
    case .unlabelled(let model, let image):
      "predictions: model \(model), image \(image): expected a label, found nothing; what it is must be known to be evaluated"
    case .conflictingLabels(let lesion, let patient):
      "predictions: lesion \(lesion) of patient \(patient): expected one label, found benign and malignant"
    case .repeatedImage(let model, let split, let fold, let image):
      "predictions: model \(model), split \(split), fold \(fold): expected one row for image \(image), found two"
    case .unreadable(let message): message
    case .cell(let source, let line, let column, let expected, let found):
      "\(source):\(line): column \"\(column)\": expected \(expected), found "
        + (found.isEmpty ? "nothing" : "\"\(found)\"")
    case .output(let error): error.description
    }
  }
}
