// Protocols: a study protocol as a closed Codable value: what is learned, from what, how and with which seed; its inheritance,
// overrides and hash. Knows no network code and no data; names them by typed values.

public import Tables
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
  /// The clinical record's columns that the network is given; none by default.
  public var clinical: [ClinicalVariable] = []
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
  public var name = "efficientnet-lite0"
  /// What is open in a published system, by the keys that it documents; a layer of a protocol that names another network
  /// leaves the inherited settings behind.
  public var settings: [String: JSONValue] = [:]
  /// `imagenet` for the weights that came with the platform, `none` for a random start, or the path of a weight file
  /// (relative to the protocol file). A system's backbones are each started so.
  public var weights = "imagenet"
  /// 1 logit of malignancy, or 2, one a class (softmax).
  public var classes = 1
}

public struct InputChoice: Codable, Sendable, Equatable {
  public enum Region: String, Codable, Sendable { case lesion, image }
  /// What one score is of.
  public enum Sample: String, Codable, Sendable {
    /// Each image by itself.
    case image
    /// The images of a lesion that share `pair`, one a modality; an image without `pair` by itself.
    case pair
    /// One image a modality of a lesion. Where a modality has several they are matched by their order (frame, then name),
    /// and the modality that has fewer begins again.
    case lesion
    /// The images of one lesion, modality and `pair` in order of `frame`: a cine clip.
    case clip
  }
  public var sample = Sample.image
  /// How a clip's frames are chosen (`clip` samples).
  public var clip = ClipChoice()
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

/// Which frames of a clip a network is given. A clip that is shorter repeats its last frame.
public struct ClipChoice: Codable, Sendable, Equatable {
  public enum Extent: String, Codable, Sendable {
    /// Frames at even steps over the whole clip; in training the first lies at random within the first step.
    case whole
    /// Frames `stride` apart from the middle of the clip; in training from a random place.
    case window
  }
  /// Frames of a sample (S3 leaves it open: 16 to 64 are usual).
  public var frames = 16
  public var extent = Extent.whole
  /// Frames from one to the next (window).
  public var stride = 1
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
  /// Whether the panels of a sample are mirrored, turned and shifted alike (S1-17), each with noise of its own. The frames
  /// of a clip always are, and its masks with them.
  public var paired = true
}

public enum Sampler: String, Codable, Sendable {
  /// Every sample once an epoch.
  case shuffled
  /// Class first, then sample of that class (S1-16); as many draws an epoch as there are samples.
  case classBalanced = "class-balanced"
  /// Patient first, then sample of that patient; as many draws an epoch as there are samples.
  case patientBalanced = "patient-balanced"
  /// P classes by K samples (Hermans et al. 2017): each batch holds `training.batchSize` / 2 samples of each class, of
  /// different lesions as far as there are. Lesion first, then sample of it; whole batches only.
  case classesByLesions = "p-by-k"
}

public struct LossChoice: Codable, Sendable, Equatable {
  public enum Kind: String, Codable, Sendable {
    case binaryCrossEntropy = "binary-cross-entropy"
    case crossEntropy = "cross-entropy"
    case focal
    case classBalancedFocal = "class-balanced-focal"
  }
  public var kind = Kind.binaryCrossEntropy
  /// Weight of the malignant class's term (binary cross entropy).
  public var positiveWeight = 1.0
  /// Label smoothing (cross entropy).
  public var smoothing = 0.0
  /// Focusing exponent (focal, class-balanced focal).
  public var gamma = 2.0
  /// Weight of the malignant class (focal).
  public var alpha = 0.5
  /// How far a class's samples count as new ones (class-balanced focal, Cui et al. 2019): a class of n in the training part
  /// weighs (1 - beta) / (1 - beta^n).
  public var beta = 0.9999
  /// Weight of the batch-hard triplet loss of the network's embedding (S2-11); 0 leaves it out.
  public var tripletWeight = 0.0
  /// Distance by which the nearest of the other class is to be farther than the farthest of the own; `soft` for no fixed
  /// one (softplus).
  public var tripletMargin = TripletMargin.soft
  /// Weight of the attention map's supervision by calcification masks (S3-03); 0 leaves it out.
  public var attentionWeight = 0.0
}

/// Margin of the batch-hard triplet loss (Hermans et al. 2017): a number, or `"soft"` (null means the same).
public enum TripletMargin: Codable, Sendable, Equatable {
  case soft
  case hard(Double)

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .soft
    } else if let margin = try? container.decode(Double.self) {
      self = .hard(margin)
    } else if (try? container.decode(String.self)) == "soft" {
      self = .soft
    } else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected a number or \"soft\"")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .soft: try container.encode("soft")
    case .hard(let margin): try container.encode(margin)
    }
  }
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
  /// Parts of the network forget their activations and compute them again for the gradient: less memory, a third more
  /// time, the same weights. For the networks over clips.
  public var checkpointing = false
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
    /// One fold of `parts`.
    case parts
    /// One fold: the sites of `holdOut`, or those values of `column`, are the external test (S2-04).
    case holdOut = "hold-out"
    /// One fold: patients first seen after `after` are the test part (S0-02).
    case date
  }
  public enum Part: String, Codable, Sendable { case validation, test }
  public enum Metric: String, Codable, Sendable { case auc, loss, last }

  public var split = Split.kFold
  /// Number of folds (k-fold).
  public var folds = 5
  /// The column whose values are the folds (column), or are held out (hold-out; empty for the site).
  public var column = ""
  /// Parts of each class's lesions, of sum 1 (parts: train and test, or train, validation and test, or train, validation,
  /// internal and external test, S3-02; hold-out: the same of the other values, 0, 2 or 3 of them).
  public var parts: [Double] = []
  /// The values that are the external test (hold-out).
  public var holdOut: [String] = []
  /// The last day of training, as 2020-05-31 (date).
  public var after = ""
  /// Part of a fold's training patients that is kept for choosing the epoch.
  public var fraction = 0.15
  /// Where the epoch is chosen. `test`, as some published studies did (S1-18), makes the result optimistic: the report warns.
  public var chooseOn = Part.validation
  /// `auc` or `loss` of that part (the lower loss breaks ties of AUC), or `last` for the last epoch.
  public var choose = Metric.loss
}
