public import Cohort
public import Foundation
public import Protocols
import Tables

/// Paths of a run folder, and the records that make a run repeatable.
public struct RunFolder: Sendable {
  public let url: URL

  public init(_ url: URL) { self.url = url }

  public var protocolFile: URL { url.appending(path: "protocol.json") }
  public var splitFile: URL { url.appending(path: "split.csv") }
  /// The evidence that nothing lies on two sides of the split.
  public var splitProofFile: URL { url.appending(path: SplitProof.fileName) }
  public var predictionsFile: URL { url.appending(path: "predictions.csv") }
  public var historyFile: URL { url.appending(path: "history.csv") }
  public var provenanceFile: URL { url.appending(path: "provenance.json") }
  public var logFile: URL { url.appending(path: "run.log") }
  public var reportFile: URL { url.appending(path: "report.html") }
  public var explanations: URL { url.appending(path: "explanations") }
  var checkpoints: URL { url.appending(path: "checkpoints") }

  /// Weights, optimiser and history after the fold's last finished epoch.
  func lastCheckpoint(_ fold: Int) -> URL { checkpoints.appending(path: "fold-\(fold + 1).last.safetensors") }
  /// Weights of the chosen epoch.
  public func chosenCheckpoint(_ fold: Int) -> URL { checkpoints.appending(path: "fold-\(fold + 1).safetensors") }

  /// Throws if the folder holds anything and this is no continuation, or holds something else than a run and this is one.
  func requireFree(resuming: Bool) throws(TrainingError) {
    let content = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    guard resuming || content.isEmpty else {
      throw .output(
        .cannotCreate(path: url.path, reason: "the folder is not empty; continue it with --resume or name another"))
    }
    // What a run that was stopped at once may have left.
    let early: Set = ["protocol.json", "split.csv", "split-proof.json", "checkpoints"]
    let foreign = content.filter { !early.contains($0) && !$0.hasSuffix(".partial") }.min()
    if let foreign, !content.contains(provenanceFile.lastPathComponent) {
      throw .run(folder: url.path, reason: "is no run folder, it holds \(foreign) and no provenance.json")
    }
  }

  /// Makes the folder where it is missing and takes it for this process.
  func take() throws(TrainingError) -> FolderLock {
    try asTrainingError { try Folders.make(url) }
    let lock = try FolderLock(url)
    AtomicFile.sweep(url)
    try asTrainingError { try Folders.make(checkpoints) }
    return lock
  }

  public func studyProtocol() throws(TrainingError) -> StudyProtocol {
    guard FileManager.default.fileExists(atPath: protocolFile.path) else {
      throw .run(folder: url.path, reason: "is no run folder (no protocol.json)")
    }
    return try asTrainingError { try StudyProtocol(contentsOf: protocolFile) }
  }

  public func provenance() throws(TrainingError) -> Provenance {
    try asTrainingError {
      guard let data = try? Data(contentsOf: provenanceFile),
        let read = try? JSONDecoder().decode(Provenance.self, from: data)
      else { throw TrainingError.run(folder: url.path, reason: "provenance.json is missing or cannot be read") }
      return read
    }
  }

  func write(_ provenance: Provenance) throws(TrainingError) {
    try asTrainingError {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try AtomicFile.write([UInt8](encoder.encode(provenance)), to: provenanceFile)
    }
  }

  func write(_ history: [EpochRecord]) throws(TrainingError) {
    func text(_ value: Double?) -> String { value.map { String($0) } ?? "" }
    try asTrainingError {
      let rows = history.map { record in
        [
          String(record.fold), String(record.epoch), String(record.trainLoss), text(record.validationLoss),
          text(record.validationAUC), String(record.learningRate),
        ]
      }
      let columns = ["fold", "epoch", "train_loss", "validation_loss", "validation_auc", "learning_rate"]
      try Table(columns: columns, rows: rows, source: historyFile.path).write(to: historyFile)
    }
  }
}

/// What a run was made with: enough to say why two runs differ.
public struct Provenance: Codable, Sendable, Equatable {
  public var insonate: String
  public var libtorch: String
  public var protocolHash: String
  public var cohort: String
  public var cohortHash: String
  public var cohortPatientsAreKnown: Bool
  public var patientSource: String
  public var images: Int
  public var lesions: Int
  public var patients: Int
  public var seed: UInt64
  public var device: String
  public var precision: String
  public var threads: Int
  public var processor: String
  public var started: String
  public var finished: String?
  public var trainingSeconds: Double
  public var resumed: Int
  /// SHA-256 of split-proof.json's content (`SplitProof.sha256`); none in runs of earlier versions.
  public var splitProof: String?
}

extension RunFolder {
  /// The proof of the run's split; nil in runs of earlier versions. Errors: a proof that is missing, was changed, or is of
  /// another run.
  public func splitProof(of provenance: Provenance) throws(TrainingError) -> SplitProof? {
    guard let expected = provenance.splitProof else { return nil }
    let proof = try asTrainingError { try SplitProof.read(splitProofFile) }
    guard proof.sha256 == expected else {
      throw .run(folder: url.path, reason: "\(SplitProof.fileName) is not the proof of this run's split")
    }
    return proof
  }
}
