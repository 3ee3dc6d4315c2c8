import Foundation
import Statistics
import Tables

/// Readings made ready for the Obuchowski-Rockette analysis, and its result in words.
struct MultiReaderStudy {
  let figure: FigureOfMerit
  let treatments: [String]
  let readers: [String]
  let ratings: [[[Double?]]]
  let positives: [Bool]
  let clusters: [Int]?
  private(set) var notes: [String] = []

  init(_ readings: Readings, _ figure: FigureOfMerit, source: String) throws(AnalysisError) {
    self.figure = figure
    (treatments, positives, clusters) = (readings.treatments, readings.positives, readings.clusters)
    let calls = readings.calls?.map { $0.map { $0.map { $0.map { $0 ? 1.0 : 0.0 } } } }
    guard let ratings = figure == .auc ? readings.ratings : calls ?? readings.ratings else {
      throw .input(source: source, reason: "\(figure.rawValue) needs a column of calls")
    }
    // Readers under some treatments only, among others under all, are left out.
    let numbers = readings.readers.indices.map { reader in
      ratings.count { ofTreatment in ofTreatment[reader].contains { $0 != nil } }
    }
    let whole = numbers.indices.filter { numbers[$0] == ratings.count }
    let chosen = numbers.allSatisfy { $0 == 1 } || whole.count < 2 ? numbers.indices.filter { numbers[$0] > 0 } : whole
    for reader in numbers.indices where !chosen.contains(reader) {
      notes.append(
        "reader \(readings.readers[reader]) read under \(numbers[reader]) of \(ratings.count) treatments: left out")
    }
    readers = chosen.map { readings.readers[$0] }
    self.ratings = ratings.map { ofTreatment in chosen.map { ofTreatment[$0] } }
    try requireClasses(source)
  }

  private func requireClasses(_ source: String) throws(AnalysisError) {
    for (treatment, ofTreatment) in ratings.enumerated() {
      for (reader, scores) in ofTreatment.enumerated() {
        let rated = scores.indices.filter { scores[$0] != nil }
        if rated.isEmpty { continue }
        let found = rated.count { positives[$0] }
        if figure == .auc, found < 2 || rated.count - found < 2 {
          throw .input(
            source: source,
            reason: "reader \(readers[reader]) under \(treatments[treatment]) rated \(found) positive and "
              + "\(rated.count - found) negative cases; expected two or more of either")
        }
      }
    }
  }

  func figures(_ covariance: MultiReaderAnalysis.CovarianceMethod) throws(StatisticsError) -> ReaderFigures {
    try ReaderFigures(figure, ratings: ratings, positives: positives, clusters: clusters, covariance: covariance)
  }

  func describeDesign(
    _ figures: ReaderFigures, _ analysis: MultiReaderAnalysis, _ columns: FoundColumns, _ result: inout AnalysisResult
  ) {
    let used = figures.cells.reduce(0) { $0 + $1.cases }
    let sharing = CaseSharing(ratings)
    result.values["readers"] = .list(readers.map(JSONValue.text))
    result.values["treatments"] = .list(treatments.map(JSONValue.text))
    result.values["cases"] = .number(Double(positives.count))
    result.values["figure"] = .text(figure.rawValue)
    result.values["columns"] = .object(
      [
        "reader": columns.reader, "treatment": columns.treatment, "case": columns.caseKey, "truth": columns.truth,
        "cluster": columns.cluster, "rating": figure == .auc ? columns.rating : columns.call ?? columns.rating,
      ].mapValues { $0.map(JSONValue.text) ?? .null })
    result.values["design"] = .object([
      "readers": .text(analysis.design.rawValue), "fullyCrossed": .bool(figures.isFullyCrossed),
      "cases": .text(sharing.rawValue), "readings": .number(Double(used)),
      "clusters": clusters == nil ? .null : .number(Double(figures.clusters)),
    ])
    if analysis.design == .readersNestedInTreatments {
      result.notes.append("each reader read under one treatment only: readers are compared as independent samples")
    }
    if !figures.isFullyCrossed {
      let possible = figures.cells.count * positives.count
      if used < possible {
        result.notes.append(
          "not fully crossed: \(used) of \(possible) readings; \(sharing.words). Each figure is of the reader's own cases; "
            + "figures covary through the cases they share. Skipped cases are taken to be like the others")
      }
    }
    if clusters != nil {
      result.notes.append("\(positives.count) cases in \(figures.clusters) clusters, which are the unit of covariances")
    }
  }

  func describeFigures(_ analysis: MultiReaderAnalysis, _ result: inout AnalysisResult) {
    var values: [String: JSONValue] = [:]
    var rows = readers.map { [$0] }
    for (treatment, ofTreatment) in ratings.enumerated() {
      var next = analysis.aucs[treatment].makeIterator()
      var own: [String: JSONValue] = [:]
      for (reader, scores) in ofTreatment.enumerated() {
        let value = scores.contains { $0 != nil } ? next.next() : nil
        own[readers[reader]] = value.map(JSONValue.number) ?? .null
        rows[reader].append(value.map { Printed.number($0) } ?? "")
      }
      values[treatments[treatment]] = .object(own)
    }
    result.values["auc"] = .object(values)
    let singles = analysis.aucs.indices.compactMap { analysis.single($0, .readersAndCases) }
    result.values["means"] = .object(
      Dictionary(uniqueKeysWithValues: zip(treatments, singles.map(\.estimate.json))))
    result.tables.append(
      ResultTable(
        figure == .auc ? "AUC" : figure.rawValue.capitalized, ["reader"] + treatments,
        rows + [["mean"] + singles.map { Printed.number($0.estimate.value) }]
          + [["interval"] + singles.map { Printed.interval($0.estimate.interval) }]))
  }

  func json(_ analysis: MultiReaderAnalysis, _ kind: MultiReaderAnalysis.Generalisation) -> JSONValue {
    let test = analysis.test(kind)
    return .object([
      "statistic": .number(test.statistic), "numeratorDegrees": .number(test.numeratorDegrees),
      "denominatorDegrees": .number(test.denominatorDegrees), "p": .number(test.p),
      "differences": .list(
        analysis.differences(kind).map {
          .object([
            "a": .text(treatments[$0.first]), "b": .text(treatments[$0.second]),
            "difference": $0.estimate.json, "standardError": .number($0.standardError), "p": .number($0.p),
          ])
        }),
    ])
  }

  func table(
    _ analysis: MultiReaderAnalysis, _ name: String, _ kind: MultiReaderAnalysis.Generalisation
  ) -> ResultTable {
    let test = analysis.test(kind)
    let form =
      kind == .casesOnly
      ? "chi-square(\(Printed.plain(test.numeratorDegrees)))"
      : "F(\(Printed.plain(test.numeratorDegrees)), \(Printed.plain(test.denominatorDegrees)))"
    return ResultTable(
      "Generalised \(name): \(form) = \(Printed.plain(test.statistic)), p = \(Printed.p(test.p))",
      ["", "difference", "interval", "SE", "p"],
      analysis.differences(kind).map {
        [
          "\(treatments[$0.first]) - \(treatments[$0.second])", Printed.number($0.estimate.value, 4),
          Printed.interval($0.estimate.interval, 4), Printed.number($0.standardError, 4), Printed.p($0.p),
        ]
      })
  }

  /// The same with the other estimate of covariances, so that a reader sees how much hangs on it.
  func addOther(
    _ used: MultiReaderAnalysis.CovarianceMethod, _ level: Double, _ result: inout AnalysisResult
  ) {
    let other: MultiReaderAnalysis.CovarianceMethod = used == .jackknife ? .delong : .jackknife
    do throws(StatisticsError) {
      let analysis = try MultiReaderAnalysis(figures(other), level: level)
      result.values["otherCovariance"] = .object([
        "covarianceMethod": .text(other.rawValue),
        "randomReadersRandomCases": json(analysis, .readersAndCases),
      ])
      result.tables.append(
        table(analysis, "to other readers and other cases, covariances by \(other.rawValue)", .readersAndCases))
    } catch {
      result.notes.append("covariances by \(other.rawValue): \(error)")
    }
  }
}
