public import Foundation
import Tables
public import Ultrasound

/// `simulation.json`: how a simulated cohort was made and what the best possible reader of it would reach. Every page that
/// shows a number of such a cohort says "in silico".
public struct SimulationRecord: Codable, Sendable, Hashable {
  /// Which evidence an ideal observer reads.
  public struct Observer: RawRepresentable, Codable, Sendable, Hashable {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    /// The factors that B-mode shows; in a calcified nodule those of its tissue.
    public static let bmode = Observer(rawValue: "bmode")
    /// The factors of a nodule's calcifications, which B-mode shows too.
    public static let calcification = Observer(rawValue: "calcification")
    public static let colorDoppler = Observer(rawValue: "color_doppler")
    public static let superbMicrovascular = Observer(rawValue: "smi")
    public static let shearWave = Observer(rawValue: "swe")
    public static let contrast = Observer(rawValue: "ceus")
    /// All that the images show, where there is more than one such group.
    public static let images = Observer(rawValue: "images")
    /// The clinical factors before they were cut into levels, readings of the images among them.
    public static let clinical = Observer(rawValue: "clinical")
    /// The clinical columns as written, missing cells missing; no closed form for its AUC.
    public static let clinicalRecorded = Observer(rawValue: "clinical_recorded")
    /// Images and clinical factors.
    public static let all = Observer(rawValue: "all")

    /// Its column in truth.csv.
    public var column: String { "llr_" + rawValue }
  }

  public struct Group: Codable, Sendable, Hashable {
    public let observer: Observer
    /// The modality that shows these factors; nil where they are clinical or of several modalities.
    public let modality: Modality?
    public let factors: [Factor]
    /// d'.
    public let separation: Double
    public let idealAUC: Double

    init(_ observer: Observer, _ model: FactorModel, modality: Modality? = nil) {
      (self.observer, self.modality, factors) = (observer, modality, model.factors)
      (separation, idealAUC) = (model.separation, model.idealAUC)
    }
  }

  public let isInSilico: Bool
  public let system: String
  public let settings: CohortSettings
  public let formula: String
  public let groups: [Group]

  enum CodingKeys: String, CodingKey {
    case isInSilico = "in silico"
    case system, settings, formula, groups
  }

  init(system: SimulatedSystem, settings: CohortSettings, groups: [Group]) {
    (isInSilico, self.system, self.settings, self.groups) = (true, system.rawValue, settings, groups)
    formula =
      "factors z ~ N(+d/2, I) if malignant, N(-d/2, I) if benign; llr = sum of d_k z_k; d' = |d|; "
      + "ideal AUC = Phi(d'/sqrt 2); efficiency = (d' of the model's AUC / d')^2"
  }

  init(settings: CohortSettings, model: LiverTruthModel) {
    self.init(
      system: .liver, settings: settings,
      groups: [
        Group(.bmode, model.bmode, modality: .bMode), Group(.clinical, model.clinical), Group(.all, model.all),
      ])
  }

  /// Nothing for an observer without closed form.
  public func idealAUC(_ observer: Observer) -> Double? { groups.first { $0.observer == observer }?.idealAUC }

  /// Share of the ideal observer's information that a model with this AUC used (`FactorModel.efficiency`).
  public func efficiency(ofAUC auc: Double, against observer: Observer) -> Double? {
    idealAUC(observer).map { FactorModel.efficiency(ofAUC: auc, idealAUC: $0) }
  }

  /// The groups of factors that images of these modalities show.
  public func groups(of modalities: Set<Modality>) -> [Group] {
    groups.filter { $0.modality.map(modalities.contains) ?? false }
  }

  /// AUC of the ideal observer of images of these modalities together; nil where none of them shows a factor.
  public func idealAUC(of modalities: Set<Modality>) -> Double? {
    let shown = groups(of: modalities)
    return shown.isEmpty ? nil : FactorModel(factors: shown.flatMap(\.factors)).idealAUC
  }

  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self)
  }
}

/// A simulated cohort's record with the truth of each lesion, read back from its folder.
public struct SimulationTruth: Sendable {
  private typealias Observer = SimulationRecord.Observer

  public let record: SimulationRecord
  /// Lesion identifiers in file order.
  public let lesions: [String]
  private let scores: [Observer: [Double]]

  /// Whether `folder` holds a simulated cohort.
  public static func exists(in folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent("simulation.json").path)
  }

  /// Reads `simulation.json` and `truth.csv`.
  ///
  /// - Throws: `SimulationError.record` naming the file and what is wrong with it.
  public init(folder: URL) throws(SimulationError) {
    let recordFile = folder.appendingPathComponent("simulation.json")
    do {
      record = try JSONDecoder().decode(SimulationRecord.self, from: Data(contentsOf: recordFile))
    } catch {
      let reason =
        FileManager.default.fileExists(atPath: recordFile.path)
        ? "expected a simulation's record, found something else" : "no such file"
      throw .record(path: recordFile.path, reason: reason)
    }
    let truthFile = folder.appendingPathComponent("truth.csv")
    do {
      let table = try Table(contentsOf: truthFile)
      lesions = try table.column("lesion")
      var scores: [Observer: [Double]] = [:]
      let further = table.columns.filter { $0.hasPrefix("llr_") }.map { Observer(rawValue: String($0.dropFirst(4))) }
      for observer in record.groups.map(\.observer) + further where scores[observer] == nil {
        scores[observer] = try table.numbers(observer.column)
      }
      self.scores = scores
    } catch {
      // The table's message begins with its path.
      let (message, prefix) = (error.description, truthFile.path + ": ")
      throw .record(
        path: truthFile.path, reason: message.hasPrefix(prefix) ? String(message.dropFirst(prefix.count)) : message)
    }
  }

  /// Log-likelihood ratio of each lesion for this observer: the best possible score.
  public func scores(_ observer: SimulationRecord.Observer) -> [String: Double] {
    let values = scores[observer] ?? []
    return Dictionary(zip(lesions, values)) { first, _ in first }
  }

  /// The best possible score of each lesion from images of these modalities: the groups' ratios are of independent factors,
  /// so they add.
  public func scores(of modalities: Set<Modality>) -> [String: Double] {
    record.groups(of: modalities).reduce(into: [:]) { sum, group in
      sum.merge(scores(group.observer)) { $0 + $1 }
    }
  }
}
