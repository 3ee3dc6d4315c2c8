import Tables

extension ReaderAnalyses {
  /// Which columns of a long table of readings hold what. A nil name is looked for among the usual ones.
  public struct ReadingColumns: Sendable {
    public var reader: String?
    public var treatment: String?
    public var caseKey: String?
    public var truth: String?
    public var rating: String?
    /// What cases are clustered in.
    public var cluster: String?
    /// Experience of the reader.
    public var group: String?
    /// The reader's call: positive or negative.
    public var call: String?
    /// The aid's own call and score of the case.
    public var aidCall: String?
    public var aidScore: String?

    public init() {}
  }
}

/// The columns of one table of readings.
struct FoundColumns {
  let reader: String
  let treatment: String
  let caseKey: String
  let truth: String
  let rating: String?
  let cluster: String?
  let group: String?
  let call: String?
  let aidCall: String?
  let aidScore: String?

  /// Errors: a named column that is missing, or none of the usual names of one that is needed.
  init(_ table: Table, _ wanted: ReaderAnalyses.ReadingColumns, ratingNeeded: Bool) throws(AnalysisError) {
    func find(_ name: String?, _ usual: [String]) throws(AnalysisError) -> String? {
      if let name {
        _ = try asAnalysisError(table.source) { try table.column(name) }
        return name
      }
      for word in usual {
        if let column = table.columns.first(where: { $0.lowercased() == word }) { return column }
      }
      return nil
    }
    func need(_ name: String?, _ what: String, _ usual: [String]) throws(AnalysisError) -> String {
      if let found = try find(name, usual) { return found }
      throw .input(
        source: table.source,
        reason:
          "no column of the \(what): expected one named \(usual.joined(separator: ", ")), or its name given; found "
          + table.columns.joined(separator: ", "))
    }
    reader = try need(
      wanted.reader, "reader", ["reader", "reader_id", "readerid", "radiologist", "rater", "observer"])
    treatment = try need(
      wanted.treatment, "treatment", ["treatment", "arm", "modality", "condition"])
    caseKey = try need(
      wanted.caseKey, "case", ["case", "case_id", "caseid", "lesion", "image", "patient"])
    truth = try need(wanted.truth, "truth", ["truth", "label", "positive", "reference", "malignant"])
    let ratings = ["rating", "confidence", "score"]
    rating = try ratingNeeded ? need(wanted.rating, "rating", ratings) : find(wanted.rating, ratings)
    let cluster = try find(wanted.cluster, ["patient", "cluster"])
    self.cluster = cluster == caseKey ? nil : cluster
    group = try find(wanted.group, ["group", "experience"])
    call = try find(wanted.call, ["call", "decision"])
    aidCall = try find(wanted.aidCall, ["ai_call", "aid_call", "model_call"])
    aidScore = try find(wanted.aidScore, ["ai_score", "aid_score", "model_score", "ai", "model"])
  }
}
