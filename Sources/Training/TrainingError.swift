// Training: from a cohort and a protocol to trained, checkpointed networks and their predictions. Holds batches, augmentation,
// the loop, checkpoints and the run folder; computes no statistic beyond the one an epoch is chosen by, and draws nothing.

public import Cohort
public import Imaging
public import Protocols
public import Tables
public import Torch

public enum TrainingError: Error, Sendable, CustomStringConvertible {
  /// The protocol and the cohort do not go together.
  case cohort(String)
  case run(folder: String, reason: String)
  /// A checkpoint is cut, of another network or of another protocol.
  case checkpoint(file: String, reason: String)
  case lossNotFinite(fold: Int, epoch: Int, step: Int, images: [String])
  case scoreNotFinite(images: [String])
  /// Another process trains in the folder.
  case busy(folder: String)
  case image(ImagingError)
  case catalogue(CohortError)
  case studyProtocol(ProtocolError)
  case table(TableError)
  case output(OutputError)
  case torch(TorchError)

  public var description: String {
    switch self {
    case .cohort(let reason): reason
    case .run(let folder, let reason): "\(folder): \(reason)"
    case .checkpoint(let file, let reason): "\(file): \(reason)"
    case .lossNotFinite(let fold, let epoch, let step, let images):
      "fold \(fold + 1), epoch \(epoch + 1), batch \(step + 1): the loss is not a finite number; training stopped, the last "
        + "good checkpoint is kept. Images of the batch: \(images.joined(separator: ", "))"
    case .scoreNotFinite(let images):
      "the network's score of \(images.count == 1 ? "image" : "\(images.count) images, the first") \(images.first ?? "") is "
        + "not a finite number: its weights have grown too large; the last good checkpoint is kept. Lower "
        + "optimiser.learningRate"
    case .busy(let folder): "\(folder): another process is training there"
    case .image(let error): error.description
    case .catalogue(let error): error.description
    case .studyProtocol(let error): error.description
    case .table(let error): error.description
    case .output(let error): error.description
    case .torch(let error): error.description
    }
  }

  /// Turns the errors of the layers below into one of ours.
  init(_ error: any Error) {
    switch error {
    case let error as TrainingError: self = error
    case let error as ImagingError: self = .image(error)
    case let error as CohortError: self = .catalogue(error)
    case let error as ProtocolError: self = .studyProtocol(error)
    case let error as TableError: self = .table(error)
    case let error as OutputError: self = .output(error)
    case let error as TorchError: self = .torch(error)
    default: self = .cohort("\(error)")
    }
  }
}

/// Runs `body`, whose errors are of the layers below.
func asTrainingError<Result>(_ body: () throws -> Result) throws(TrainingError) -> Result {
  do { return try body() } catch { throw TrainingError(error) }
}
