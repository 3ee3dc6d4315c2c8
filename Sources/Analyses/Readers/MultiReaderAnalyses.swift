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
