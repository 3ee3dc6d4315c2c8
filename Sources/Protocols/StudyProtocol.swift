// Protocols: a study protocol as a closed Codable value: what is learned, from what, how and with which seed; its inheritance,
// overrides and hash. Knows no network code and no data; names them by typed values.

public import Ultrasound

/// Everything that determines a run besides its cohort. Every field has a documented default, so a file names only what
/// differs; a key it does not know is an error.
public struct StudyProtocol: Codable, Sendable, Equatable {
  /// Title of the report, in words.
  public var title = "Malignant or benign"
  /// Model name in predictions.csv.
  public var model = "model"
  public var cohort = CohortSelection()
  public var network = NetworkChoice()
  public var input = InputChoice()
  public var augmentation = Augmentation()
  public var sampler = Sampler.shuffled
  public var loss = LossChoice()
  public var optimiser = OptimiserChoice()
  public var schedule = ScheduleChoice()
  public var training = TrainingChoice()
  public var validation = Validation()
  /// A model of the network's score and clinical factors, made after training.
  public var combination = Combination()
  /// Same seed, protocol, cohort, machine and thread count: same weights to the bit.
  public var seed: UInt64 = 0

  public init() {}
}

/// Which images of a cohort take part.
public struct CohortSelection: Codable, Sendable, Equatable {
  /// Images of these modalities; empty takes all.
  public var modalities: [Modality] = []
}

public struct NetworkChoice: Codable, Sendable, Equatable {
  /// A name of `insonate networks list`.
  public var backbone = "efficientnet-lite0"
  /// `imagenet` for the weights that came with the platform, `none` for a random start, or the path of a weight file
  /// (relative to the protocol file).
  public var weights = "imagenet"
}

public struct InputChoice: Codable, Sendable, Equatable {
  public enum Region: String, Codable, Sendable { case lesion, image }
  /// The lesion's region with a margin, or the whole image.
  public var region = Region.lesion
  /// Grown on every side by this part of the region's width and height (S1 names peri-tumour margins; 0.2 here).
  public var margin = 0.2
  /// Rows and columns of the network's input.
  public var size = 224
  /// Scores are the mean over the image and its mirror image.
  public var mirrored = false
  /// Megabytes of decoded regions kept in memory; beyond that they are decoded again each epoch.
  public var cacheMegabytes = 512
}

/// Random changes of training images. Each amount is the standard deviation or the bound of its random number; 0 is none.
public struct Augmentation: Codable, Sendable, Equatable {
  /// Probability of mirroring left to right.
  public var flip = 0.5
  /// Standard deviation of the rotation in degrees.
  public var rotation = 8.6
  /// Standard deviation of the scale factor around 1.
  public var scale = 0.15
  /// Standard deviation of the shift, as a part of half the image.
  public var translation = 0.08
  /// Standard deviation of a smooth displacement field at its nodes, as a part of half the image.
  public var elastic = 0.0
  /// Nodes of that field along each side.
  public var elasticNodes = 6
  /// Standard deviation of the brightness factor around 1.
  public var gain = 0.1
  /// Standard deviation of the logarithm of gamma.
  public var gamma = 0.0
  /// Standard deviation of multiplicative, spatially correlated noise, as speckle is.
  public var speckle = 0.0
}

public enum Sampler: String, Codable, Sendable {
  /// Every image once an epoch.
  case shuffled
  /// Class first, then image of that class (S1-16); as many draws an epoch as there are images.
  case classBalanced = "class-balanced"
}

public struct LossChoice: Codable, Sendable, Equatable {
  public enum Kind: String, Codable, Sendable {
    case binaryCrossEntropy = "binary-cross-entropy"
    case crossEntropy = "cross-entropy"
    case focal
  }
  public var kind = Kind.binaryCrossEntropy
  /// Weight of the malignant class's term (binary cross entropy).
  public var positiveWeight = 1.0
  /// Label smoothing (cross entropy).
  public var smoothing = 0.0
  /// Focusing exponent (focal).
  public var gamma = 2.0
  /// Weight of the malignant class (focal).
  public var alpha = 0.5
}

public struct OptimiserChoice: Codable, Sendable, Equatable {
  public enum Kind: String, Codable, Sendable { case adamw, sgd }
  public var kind = Kind.adamw
  /// The schedule's peak.
  public var learningRate = 1e-3
  public var weightDecay = 1e-2
  /// SGD's momentum; AdamW's beta1. A one-cycle schedule moves it between 0.85 and 0.95.
  public var momentum = 0.9
  /// Gradients are scaled down to this joint norm; 0 leaves them.
  public var gradientNorm = 0.0
}

public struct ScheduleChoice: Codable, Sendable, Equatable {
  public enum Kind: String, Codable, Sendable {
    case constant, step, cosine
    case oneCycle = "one-cycle"
  }
  public var kind = Kind.oneCycle
  /// Epochs between two cuts (step; S1-18: 10).
  public var stepEpochs = 10
  /// Factor of each cut (step; S1-18: 0.5).
  public var stepFactor = 0.5
  /// Epochs of linear rise from 0 (not one-cycle, which has its own).
  public var warmUpEpochs = 0
}

public struct TrainingChoice: Codable, Sendable, Equatable {
  public enum Precision: String, Codable, Sendable {
    /// bfloat16 where the processor multiplies it in hardware, else float32.
    case auto
    case float32, bfloat16
  }
  public var epochs = 20
  public var batchSize = 16
  /// Decay of an exponential moving average of the weights, which is then what is judged and kept; 0 keeps the weights
  /// themselves. 0.98 averages over about 50 steps.
  public var averaging = 0.0
  public var precision = Precision.auto
  /// `auto`, `cpu`, `cuda` or `cuda:N`.
  public var device = "auto"
  /// Threads of one operator; 0 takes every core. Weights repeat to the bit only at the same count.
  public var threads = 0
}

public struct Validation: Codable, Sendable, Equatable {
  public enum Split: String, Codable, Sendable {
    case kFold = "k-fold"
    case column, given
  }
  public enum Part: String, Codable, Sendable { case validation, test }
  public enum Metric: String, Codable, Sendable { case auc, loss, last }

  public var split = Split.kFold
  /// Number of folds (k-fold).
  public var folds = 5
  /// The column whose values are the folds (column).
  public var column = ""
  /// Part of a fold's training patients that is kept for choosing the epoch.
  public var fraction = 0.15
  /// Where the epoch is chosen. `test`, as some published studies did (S1-18), makes the result optimistic: the report warns.
  public var chooseOn = Part.validation
  /// `auc` or `loss` of that part (the lower loss breaks ties of AUC), or `last` for the last epoch.
  public var choose = Metric.loss
}
