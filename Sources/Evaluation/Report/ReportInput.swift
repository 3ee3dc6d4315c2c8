public import Cohort
public import Foundation
public import Wording

/// Everything a report is made from. Whatever is unknown stays empty; the page then says so or leaves its part out.
public struct ReportInput: Sendable {
  /// One line of "how the study was done": "Network", "EfficientNet-Lite0, ImageNet weights".
  public struct Fact: Sendable, Hashable {
    public var name: Phrase
    public var value: Phrase

    public init(_ name: Phrase, _ value: Phrase) { (self.name, self.value) = (name, value) }
  }

  public var title: String
  /// Every row of `predictions.csv`, training rows included: cut-offs are chosen on them.
  public var predictions: [Prediction]
  /// The cohort's images for Table 1; empty where there is no catalogue at hand.
  public var images: [ImageRecord]
  /// How the study was done, in the order to be shown: data, split, network, training, selection.
  public var study: [Fact]
  /// The resolved protocol as written to `protocol.json`.
  public var protocolJSON: String?
  /// Versions, hashes and the seed, as in `provenance.json`.
  public var provenance: [String: String]
  /// What a reader must know before the numbers, such as a network selected on its test fold (S1-18).
  public var warnings: [Phrase]
  public var history: TrainingHistory?
  public var combination: CombinationSummary?
  /// The proof that nothing lies on two sides of the run's split.
  public var splitProof: SplitProof?
  /// Kinds of tumour in the cohort, where its record names them.
  public var histology: HistologyCounts?
  public var gallery: [GalleryItem]
  /// What was measured of the pictures, a sentence each.
  public var galleryNotes: [Phrase]
  /// Marks the page "in silico".
  public var isInSilico: Bool
  public var idealObserver: IdealObserverSummary?
  /// false: patients are groups of near-duplicate images.
  public var patientsAreKnown: Bool
  /// Of the page, its tables and figures.
  public var language: Language

  public init(
    title: String, predictions: [Prediction], images: [ImageRecord] = [], study: [Fact] = [],
    protocolJSON: String? = nil, provenance: [String: String] = [:], warnings: [Phrase] = [],
    history: TrainingHistory? = nil, combination: CombinationSummary? = nil,
    splitProof: SplitProof? = nil, histology: HistologyCounts? = nil, gallery: [GalleryItem] = [],
    galleryNotes: [Phrase] = [], isInSilico: Bool = false, idealObserver: IdealObserverSummary? = nil,
    patientsAreKnown: Bool = true, language: Language = .english
  ) {
    (self.title, self.predictions, self.images, self.study) = (title, predictions, images, study)
    (self.protocolJSON, self.provenance, self.warnings) = (protocolJSON, provenance, warnings)
    (self.combination, self.splitProof, self.histology) = (combination, splitProof, histology)
    (self.history, self.gallery, self.galleryNotes) = (history, gallery, galleryNotes)
    self.isInSilico = isInSilico
    (self.idealObserver, self.patientsAreKnown, self.language) = (idealObserver, patientsAreKnown, language)
  }
}

/// A picture for the page, such as a heat map over its image.
public struct GalleryItem: Sendable, Hashable {
  /// A whole PNG or JPEG file.
  public var bytes: Data
  public var caption: String

  public init(bytes: Data, caption: String) { (self.bytes, self.caption) = (bytes, caption) }

  /// By the first bytes; nil for anything that is neither.
  var mediaType: String? {
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return "image/png" }
    return bytes.starts(with: [0xFF, 0xD8, 0xFF]) ? "image/jpeg" : nil
  }
}

/// What the observer that knows the simulation's true factors would reach: the ceiling of an in-silico cohort.
public struct IdealObserverSummary: Sendable, Hashable {
  /// AUC that follows from the separation of the factors, 0.5 to 1.
  public var auc: Double
  /// What it sees, such as "B-mode factors".
  public var sees: Phrase
  /// Its score (log-likelihood ratio, any scale) by lesion, where known: gives its AUC on these very lesions.
  public var scores: [String: Double]

  public init(auc: Double, sees: Phrase, scores: [String: Double] = [:]) {
    (self.auc, self.sees, self.scores) = (auc, sees, scores)
  }
}
