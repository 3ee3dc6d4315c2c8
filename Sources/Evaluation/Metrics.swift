public import Statistics
public import Wording

/// What a row of a statistic is. Several images make a lesion, several lesions a patient (S1-23: always said).
public enum Unit: String, Codable, Sendable, CaseIterable {
  case lesion, image, patient

  /// "lesions", for sentences.
  public var plural: String { rawValue + "s" }
}

/// A two-sided 95 % confidence interval with the name of its method.
public struct ConfidenceInterval: Codable, Sendable, Equatable {
  public var lower: Double
  public var upper: Double
  public var method: String

  public init(lower: Double, upper: Double, method: String) {
    (self.lower, self.upper, self.method) = (lower, upper, method)
  }
}

/// An area under the ROC curve: 0 to 1, 0.5 for chance; never turned round when below 0.5.
public struct AUCEstimate: Codable, Sendable, Equatable {
  public var value: Double
  /// DeLong's interval on the logit scale, or its clipped Wald interval where the logit is undefined; nil where
  /// DeLong's variance is zero (a perfect separation), since an interval of no width would claim certainty.
  public var interval: ConfidenceInterval?
  /// Obuchowski's interval for rows clustered in patients; only where several rows share a patient.
  public var clusteredInterval: ConfidenceInterval?

  public init(value: Double, interval: ConfidenceInterval?, clusteredInterval: ConfidenceInterval? = nil) {
    (self.value, self.interval, self.clusteredInterval) = (value, interval, clusteredInterval)
  }

  /// The interval to quote: the clustered one where rows share patients, else DeLong's.
  public var quoted: ConfidenceInterval? { clusteredInterval ?? interval }
}

/// A proportion with its counts and Wilson's 95 % interval; `value` is nil where there are no trials.
public struct Rate: Codable, Sendable, Equatable {
  public var successes: Int
  public var trials: Int
  public var value: Double?
  public var interval: ConfidenceInterval?
}

/// The five rates of a confusion matrix.
public struct Diagnosis: Codable, Sendable, Equatable {
  public var counts: ConfusionMatrix
  public var sensitivity: Rate
  public var specificity: Rate
  public var positivePredictiveValue: Rate
  public var negativePredictiveValue: Rate
  public var accuracy: Rate
}

/// A score at or above which a unit is called malignant, and where it comes from.
public struct CutOffChoice: Codable, Sendable, Equatable {
  public enum Source: String, Codable, Sendable {
    /// Youden's index on the fold's own training and validation rows.
    case youdenOnTraining = "youden-on-training"
    /// The mean of the folds' cut-offs, for scores that are a mean of the folds' networks.
    case meanOfFolds = "mean-of-folds"
    /// 0.5, because no training rows with both classes were at hand.
    case fixed
  }

  public var value: Double
  public var source: Source
  /// Rows of the unit it was chosen on.
  public var chosenOn: Int

  public init(value: Double, source: Source, chosenOn: Int) {
    (self.value, self.source, self.chosenOn) = (value, source, chosenOn)
  }
}

/// One fold's network on its own test part.
public struct FoldMetrics: Codable, Sendable, Equatable {
  public var fold: Int
  public var count: Int
  public var positives: Int
  public var auc: AUCEstimate?
  public var cutOff: CutOffChoice
  public var diagnosis: Diagnosis
  public var notes: [Phrase]
}

/// How well scores agree with observed frequencies (S2-17).
public struct CalibrationMetrics: Codable, Sendable, Equatable {
  /// Logistic regression of the label on logit(score): 0 and 1 when perfect; nil where it has no finite answer.
  public var intercept: Double?
  public var slope: Double?
  public var interceptInterval: ConfidenceInterval?
  public var slopeInterval: ConfidenceInterval?
  /// Intercept with the slope held at 1.
  public var inTheLarge: Double?
  /// Mean squared distance between score and label, 0 best.
  public var brier: Double
  /// Expected calibration error, ten bins of equal width, 0 best.
  public var expectedCalibrationError: Double
}

/// Everything said about one unit of one split.
public struct UnitMetrics: Codable, Sendable, Equatable {
  public var unit: Unit
  public var count: Int
  public var positives: Int
  public var patients: Int
  /// All folds' scores ranked together; nil where only one class is present.
  public var pooledAUC: AUCEstimate?
  /// Mean of the folds' AUCs (S0-06), over the folds that have one; `standardDeviation` is that between folds.
  public var meanFoldAUC: Double?
  public var standardDeviationOfFoldAUC: Double?
  public var foldsWithAUC: Int
  /// Called at each fold's own cut-off, then pooled.
  public var diagnosis: Diagnosis
  /// The cut-off for scores that are a mean of the folds' networks; nil where each fold called its own rows.
  public var meanCutOff: CutOffChoice?
  public var calibration: CalibrationMetrics
  public var folds: [FoldMetrics]
  public var notes: [Phrase]
}

/// One model on one split.
public struct SectionMetrics: Codable, Sendable, Equatable {
  public var model: String
  public var split: String
  public var units: [UnitMetrics]

  public subscript(unit: Unit) -> UnitMetrics? { units.first { $0.unit == unit } }
}

/// What `metrics.json` holds.
public struct Metrics: Codable, Sendable, Equatable {
  public var schema = "insonate-metrics-1"
  public var notice = "for research; not a medical device"
  public var positiveClass = "malignant"
  public var defaultUnit = Unit.lesion
  public var sections: [SectionMetrics]
  /// Every pair of models on each part; empty where there is one model.
  public var comparisons: [ModelComparison]
  public var notes: [Phrase]

  /// The section a reader wants first: the internal test if there is one, else the first.
  public var headline: SectionMetrics? {
    sections.first { $0.split == "internal-test" } ?? sections.first
  }
}
