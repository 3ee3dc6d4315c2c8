import Analyses
public import ArgumentParser
public import Statistics

/// Columns of a table of readings; those not named are found by their usual names.
struct ReadingOptions: ParsableArguments {
  @Option(help: "Column of the reader (reader, radiologist, rater, observer).") var reader: String?
  @Option(help: "Column of the condition: a modality, or unaided and aided (treatment, arm, modality, condition).")
  var treatment: String?
  @Option(name: .customLong("case"), help: "Column of the case (case, lesion, image, patient).") var caseKey: String?
  @Option(help: "Column of the truth: 0 or 1, benign or malignant (truth, label, positive, reference).")
  var truth: String?
  @Option(help: "Column of the rating; higher means malignant (rating, confidence, score).") var rating: String?
  @Option(help: "Column of the call: 0 or 1, benign or malignant (call, decision).") var call: String?
  @Option(help: "Column of what cases are clustered in (patient, cluster).") var cluster: String?

  var columns: ReaderAnalyses.ReadingColumns {
    var columns = ReaderAnalyses.ReadingColumns()
    (columns.reader, columns.treatment, columns.caseKey) = (reader, treatment, caseKey)
    (columns.truth, columns.rating, columns.call, columns.cluster) = (truth, rating, call, cluster)
    return columns
  }
}

extension FigureOfMerit: ExpressibleByArgument {}
extension MultiReaderAnalysis.CovarianceMethod: ExpressibleByArgument {}
