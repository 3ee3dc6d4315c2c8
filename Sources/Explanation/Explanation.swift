// Explanation: what in a picture speaks for a network's call, and how far that can be trusted. Class activation maps, checks
// of their faithfulness, and pictures of them. Reads a run folder and its cohort, writes the run's explanations/ folder;
// trains nothing and computes no accuracy.

public import Cohort
public import Imaging
public import Tables
public import Torch
public import Training

/// Why a run could not be explained.
public enum ExplanationError: Error, Sendable, CustomStringConvertible {
  /// The run folder, or it and the cohort, do not go together.
  case run(folder: String, reason: String)
  case training(TrainingError)
  case cohort(CohortError)
  case image(ImagingError)
  case torch(TorchError)
  /// A file of `explanations/` could not be written; what lay there before is untouched.
  case output(OutputError)

  public var description: String {
    switch self {
    case .run(let folder, let reason): "\(folder): \(reason)"
    case .training(let error): error.description
    case .cohort(let error): error.description
    case .image(let error): error.description
    case .torch(let error): error.description
    case .output(let error): error.description
    }
  }

  init(_ error: any Error, folder: String) {
    switch error {
    case let error as ExplanationError: self = error
    case let error as TrainingError: self = .training(error)
    case let error as CohortError: self = .cohort(error)
    case let error as ImagingError: self = .image(error)
    case let error as TorchError: self = .torch(error)
    case let error as OutputError: self = .output(error)
    case TableError.output(let error): self = .output(error)
    default: self = .run(folder: folder, reason: "\(error)")
    }
  }
}
