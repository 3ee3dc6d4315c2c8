import Foundation
public import Statistics
public import Tables

/// `stats reader-study`: what an aid did to its readers. Figures are drawn from the values here, papers written from `result`.
public struct ReaderStudy: Sendable {
  public struct Options: Sendable {
    public var columns = ReaderAnalyses.ReadingColumns()
    /// Words of the two arms in their column; found among the usual ones where nil.
    public var unaided: String?
    public var aided: String?
    /// Ratings at or above it are positive calls, where there is no column of calls.
    public var cutOff: Double?
    /// The same of the aid's score; 0.5 where scores are probabilities and there is no column of the aid's calls.
    public var aidCutOff: Double?
    public var resamples = 2000
    public var seed: UInt64 = 1
    public var level = 0.95

    public init() {}
  }

  /// A reader in ROC space; both 0...1.
  public struct Point: Sendable, Equatable {
    public let falsePositiveRate: Double
    public let sensitivity: Double
  }

  /// One reader's way from unaided to aided.
  public struct Arrow: Sendable {
    public let reader: String
    public let group: String?
    public let unaided: Point
    public let aided: Point
  }

  /// One figure of one reader, without and with the aid.
  public struct Bar: Sendable {
    public let reader: String
    public let group: String?
    public let figure: FigureOfMerit
    public let unaided: Estimate
    public let aided: Estimate
    /// Aided less unaided.
    public let difference: Estimate
    public let p: Double
  }

  /// Readers with calls of both classes in both arms.
  public let arrows: [Arrow]
  public let bars: [Bar]
  /// The aid's curve, and its own calls in ROC space, over all cases it has a value of.
  public let modelCurve: ROCCurve?
  public let modelPoint: Point?
  public let result: AnalysisResult

  /// - Parameter table: long: reader, arm, case, truth, and rating, call or both; optionally group, patient, and the aid's call
  ///   or score of the case.
  /// Errors: those of reading the table; arms not told apart; neither ratings nor calls; no reader or group with a figure in both
  /// arms.
  public init(_ table: Table, _ options: Options = Options()) throws(AnalysisError) {
    let columns = try FoundColumns(table, options.columns, ratingNeeded: false)
    let arms = try ReaderArms(Readings(table, columns), options, source: table.source)
    var result = AnalysisResult("reader-study", unit: "reader")
    result.notes = arms.notes
    arms.describe(&result)
    bars = arms.changes(&result)
    arms.meanChanges(&result)
    if bars.isEmpty, result.values["means"]?.list.isEmpty != false {
      throw .input(
        source: table.source, reason: "nothing can be computed: " + (result.notes.last ?? "no reading in both arms"))
    }
    arms.automationBias(&result)
    arms.majorityVotes(&result)
    arms.agreementChanges(&result)
    arms.againstModel(&result)
    arrows = arms.arrows()
    (modelCurve, modelPoint) = arms.model()
    self.result = result
  }
}
