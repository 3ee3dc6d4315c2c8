import Foundation
public import Statistics
public import Tables

/// `stats mrmc`: readers under several treatments.
extension ReaderAnalyses {
  /// Obuchowski-Rockette analysis of a long table, a row a reading. Readers who skipped cases, readers or cases nested in
  /// treatments and cases clustered in patients are analysed from what there is, and flagged.
  /// Errors: a case with two truths, a reading given twice, a reader whose cases give no figure.
  public static func multiReader(
    _ table: Table, _ columns: ReadingColumns, figure: FigureOfMerit = .auc,
    covariance: MultiReaderAnalysis.CovarianceMethod = .jackknife, level: Double = 0.95
  ) throws(AnalysisError) -> AnalysisResult {
    let found = try FoundColumns(table, columns, ratingNeeded: figure == .auc)
    let readings = try Readings(table, found)
    let study = try MultiReaderStudy(readings, figure, source: table.source)
    return try asAnalysisError(table.source) {
      let figures = try study.figures(covariance)
      let analysis = try MultiReaderAnalysis(figures, level: level)
      var result = AnalysisResult("mrmc", unit: "reader")
      result.notes = readings.notes + study.notes
      study.describeDesign(figures, analysis, found, &result)
      study.describeFigures(analysis, &result)
      result.values["covarianceMethod"] = .text(figure == .auc ? covariance.rawValue : "jackknife")
      result.values["components"] = .object([
        "msT": .number(analysis.meanSquareTreatment), "msR": analysis.meanSquareReader.map(JSONValue.number) ?? .null,
        "msTR": .number(analysis.meanSquareInteraction), "variance": .number(analysis.variance),
        "cov1": .number(analysis.covariance1), "cov2": .number(analysis.covariance2),
        "cov3": .number(analysis.covariance3),
      ])
      for (key, name, kind) in generalisations {
        result.values[key] = study.json(analysis, kind)
        result.tables.append(study.table(analysis, name, kind))
      }
      if analysis.test(.readersAndCases).statistic.isNaN {
        result.notes.append("treatments and readings do not vary: there is nothing to test")
      } else if analysis.meanSquareInteraction == 0 {
        result.notes.append(
          "readers do not differ in the treatments' effect (variance 0): the test rests on cases alone")
      }
      if figure == .auc { study.addOther(covariance, level, &result) }
      return result
    }
  }

  static let generalisations: [(String, String, MultiReaderAnalysis.Generalisation)] = [
    ("randomReadersRandomCases", "to other readers and other cases", .readersAndCases),
    ("fixedReadersRandomCases", "to other cases, these readers", .casesOnly),
    ("randomReadersFixedCases", "to other readers, these cases", .readersOnly),
  ]
}

/// Readings made ready for the Obuchowski-Rockette analysis, and its result in words.
private struct MultiReaderStudy {
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

/// Which readers rated the same cases.
private enum CaseSharing: String {
  case crossed, skipped, nestedInReaders, nestedInTreatments, nestedInReadersAndTreatments, nestedInGroups

  init(_ ratings: [[[Double?]]]) {
    let sets = ratings.map { $0.map { scores in Set(scores.indices.filter { scores[$0] != nil }) } }
    let readers = sets.first?.indices ?? 0..<0
    func ofReader(_ reader: Int) -> Set<Int> { sets.reduce(into: []) { $0.formUnion($1[reader]) } }
    let own = readers.map(ofReader)
    let ofTreatment = sets.map { $0.reduce(into: Set<Int>()) { $0.formUnion($1) } }
    func disjoint(_ list: [Set<Int>]) -> Bool {
      list.reduce(0) { $0 + $1.count } == list.reduce(into: Set<Int>()) { $0.formUnion($1) }.count
    }
    let (readersApart, treatmentsApart) = (disjoint(own), disjoint(ofTreatment))
    var groups: [Set<Int>] = []
    for set in own {
      let met = groups.filter { !$0.isDisjoint(with: set) }
      groups.removeAll { !$0.isDisjoint(with: set) }
      groups.append(met.reduce(into: set) { $0.formUnion($1) })
    }
    if sets.joined().filter({ !$0.isEmpty }).allSatisfy({ $0 == own.first }) {
      self = .crossed
    } else if readersApart {
      self = treatmentsApart ? .nestedInReadersAndTreatments : .nestedInReaders
    } else if treatmentsApart {
      self = .nestedInTreatments
    } else {
      self = groups.count > 1 ? .nestedInGroups : .skipped
    }
  }

  var words: String {
    switch self {
    case .crossed: "all readers rated the same cases"
    case .skipped: "readers skipped cases"
    case .nestedInReaders: "every reader has cases of their own"
    case .nestedInTreatments: "every treatment has cases of its own"
    case .nestedInReadersAndTreatments: "every reader and treatment has cases of its own"
    case .nestedInGroups: "groups of readers have cases of their own (split plot)"
    }
  }
}
