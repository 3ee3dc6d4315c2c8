/// One epoch of one fold, a row of history.csv.
public struct EpochRecord: Codable, Sendable, Equatable {
  /// 0-based.
  public let fold: Int
  /// 0-based.
  public let epoch: Int
  /// Mean over the epoch's batches.
  public let trainLoss: Double
  /// On the part the epoch is chosen on; nil where there is none.
  public let validationLoss: Double?
  /// nil where that part holds one class only.
  public let validationAUC: Double?
  /// At the epoch's last step.
  public let learningRate: Double
}

/// What training tells whoever started it. Sent from the training thread.
public enum TrainingEvent: Sendable {
  case note(String)
  case fold(index: Int, of: Int, train: Int, validation: Int, test: Int)
  case step(fold: Int, epoch: Int, step: Int, steps: Int, loss: Double)
  case epoch(EpochRecord, isBest: Bool)
  case scored(fold: Int, of: Int)
}
