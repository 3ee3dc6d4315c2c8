public import Foundation
import Tables

/// `simulation.json`: how a simulated cohort was made and what the best possible reader of it would reach. Every page that
/// shows a number of such a cohort says "in silico".
public struct SimulationRecord: Codable, Sendable, Hashable {
  /// Which evidence an ideal observer reads.
  public enum Observer: String, Codable, Sendable, CaseIterable {
    /// The factors that B-mode shows.
    case bmode
    /// The clinical factors before they were cut into levels, the halo's reading among them.
    case clinical
    /// The clinical columns as written, missing cells missing; no closed form for its AUC.
    case clinicalRecorded = "clinical_recorded"
    /// B-mode and clinical factors.
    case all

    /// Its column in truth.csv.
    public var column: String { "llr_" + rawValue }
  }

  public struct Group: Codable, Sendable, Hashable {
    public let observer: Observer
    public let factors: [Factor]
    /// d'.
    public let separation: Double
    public let idealAUC: Double

    init(_ observer: Observer, _ model: FactorModel) {
      (self.observer, factors) = (observer, model.factors)
      (separation, idealAUC) = (model.separation, model.idealAUC)
    }
  }

  public let isInSilico: Bool
  public let system: String
  public let settings: LiverSettings
  public let formula: String
  public let groups: [Group]

  enum CodingKeys: String, CodingKey {
    case isInSilico = "in silico"
    case system, settings, formula, groups
  }

  init(settings: LiverSettings, model: LiverTruthModel) {
    (isInSilico, system, self.settings) = (true, "liver", settings)
    formula =
      "factors z ~ N(+d/2, I) if malignant, N(-d/2, I) if benign; llr = sum of d_k z_k; d' = |d|; "
      + "ideal AUC = Phi(d'/sqrt 2); efficiency = (d' of the model's AUC / d')^2"
    groups = [Group(.bmode, model.bmode), Group(.clinical, model.clinical), Group(.all, model.all)]
  }

  /// Nothing for an observer without closed form.
  public func idealAUC(_ observer: Observer) -> Double? { groups.first { $0.observer == observer }?.idealAUC }

  /// Share of the ideal observer's information that a model with this AUC used (`FactorModel.efficiency`).
  public func efficiency(ofAUC auc: Double, against observer: Observer) -> Double? {
    idealAUC(observer).map { FactorModel.efficiency(ofAUC: auc, idealAUC: $0) }
  }

  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self)
  }
}

/// A simulated cohort's record with the truth of each lesion, read back from its folder.
public struct SimulationTruth: Sendable {
  public let record: SimulationRecord
  /// Lesion identifiers in file order.
  public let lesions: [String]
  private let scores: [SimulationRecord.Observer: [Double]]

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
      var scores: [SimulationRecord.Observer: [Double]] = [:]
      for observer in SimulationRecord.Observer.allCases { scores[observer] = try table.numbers(observer.column) }
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
}
