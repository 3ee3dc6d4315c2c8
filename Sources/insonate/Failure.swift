import Analyses
import Annotations
import ArgumentParser
import BurnedIn
import Cohort
import DICOM
import Deidentification
import Evaluation
import Explanation
import Export
import Foundation
import Imaging
import InSilico
import Measurement
import Protocols
import Tables
import Torch
import Training

/// The one place where errors become exit codes: 64 wrong usage, 65 bad input, 70 a defect of ours, 73 an output that cannot
/// be made, 74 one that could not be written whole, 75 try again later.
enum Failure {
  static func exit(with error: any Error) -> Never {
    guard let code = code(of: error) else { Insonate.exit(withError: error) }
    Output.error("insonate: \(error)")
    Foundation.exit(code)
  }

  /// nil for what ArgumentParser itself reports; what nobody expected is a defect of ours.
  private static func code(of error: any Error) -> Int32? {
    switch error {
    case let error as TrainingError: training(error)
    case let error as CohortError: cohort(error)
    case let error as OutputError: output(error)
    case let error as TableError: table(error)
    case let error as TorchError: torch(error)
    case let error as EvaluationError: if case .output(let error) = error { output(error) } else { 65 }
    case let error as SimulationError: simulation(error)
    case let error as ExplanationError: explanation(error)
    case let error as AnalysisError: if case .table(let error) = error { table(error) } else { 65 }
    case let error as ExportError: if case .torch(let error) = error { torch(error) } else { 70 }
    case let error as DICOMError: dicom(error)
    case let error as DeidentificationError: deidentification(error)
    case is ProtocolError, is ImagingError, is AnnotationError, is BurnedInError, is ColourError, is ContrastError,
      is BadInput:
      65
    default: Insonate.exitCode(for: error) == .failure ? 70 : nil
    }
  }

  private static func training(_ error: TrainingError) -> Int32 {
    switch error {
    case .catalogue(let error): cohort(error)
    case .table(let error): table(error)
    case .output(let error): output(error)
    case .torch(let error): torch(error)
    case .busy: 75
    case .cohort, .run, .checkpoint, .lossNotFinite, .scoreNotFinite, .image, .studyProtocol: 65
    }
  }

  private static func cohort(_ error: CohortError) -> Int32 {
    switch error {
    case .output(let error): output(error)
    case .table(let error): table(error)
    default: 65
    }
  }

  private static func simulation(_ error: SimulationError) -> Int32 {
    switch error {
    case .exists: 73
    case .output(let error): output(error)
    case .setting: 64
    case .record: 65
    }
  }

  private static func explanation(_ error: ExplanationError) -> Int32 {
    switch error {
    case .training(let error): training(error)
    case .cohort(let error): cohort(error)
    case .torch(let error): torch(error)
    case .output(let error): output(error)
    case .run, .image: 65
    }
  }

  private static func dicom(_ error: DICOMError) -> Int32 {
    switch error {
    case .cannotCreate: 73
    case .writeFailed: 74
    default: 65
    }
  }

  private static func deidentification(_ error: DeidentificationError) -> Int32 {
    switch error {
    case .dicom(let error): dicom(error)
    case .output(let error): output(error)
    case .place: 73
    case .refused, .pixels, .leak, .key: 65
    }
  }

  private static func table(_ error: TableError) -> Int32 {
    if case .output(let error) = error { output(error) } else { 65 }
  }

  private static func output(_ error: OutputError) -> Int32 {
    switch error {
    case .cannotCreate: 73
    case .writeFailed: 74
    }
  }

  private static func torch(_ error: TorchError) -> Int32 {
    switch error {
    case .file, .keys, .argument: 65
    case .cannotCreate: 73
    case .output: 74
    case .unavailable, .operation: 70
    }
  }
}

/// Input a command itself finds wrong; the message names the file or value.
struct BadInput: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
