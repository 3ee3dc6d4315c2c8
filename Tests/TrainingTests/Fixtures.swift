import Cohort
import Foundation
import Imaging
import InSilico
import Protocols
import Synchronization
import Testing
import Torch
import Ultrasound

@testable import Training

/// One at a time: libtorch's number of threads is the process's.
@Suite(.serialized) struct TrainingTests {}

/// A folder that is removed with its test; in memory where the machine has such a place, since checkpoints are large.
final class TemporaryFolder: Sendable {
  let url: URL

  init() throws {
    let memory = URL(fileURLWithPath: "/dev/shm")
    let writable = access(memory.path, W_OK) == 0
    url = (writable ? memory : FileManager.default.temporaryDirectory).appendingPathComponent(
      "training-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func callAsFunction(_ path: String) -> URL { url.appendingPathComponent(path) }
}

/// A small simulated cohort, made once.
struct TinyCohort: Sendable {
  let catalogue: Catalogue
  let images: [ImageRecord]
  private let folder: TemporaryFolder

  static let made = Result { try TinyCohort() }
  static func get() throws -> TinyCohort { try made.get() }

  private init() throws {
    folder = try TemporaryFolder()
    let settings = LiverSettings(patients: 16, imagesPerLesion: 1, lesionsPerPatient: 1, idealAUC: 0.999, imageSize: 96)
    try Simulator.liver(settings).write(to: folder("source"), progress: nil)
    _ = try Importer.run(source: folder("source"), into: folder("c.cohort"))
    catalogue = try Catalogue.open(folder("c.cohort"))
    images = try catalogue.images()
    let path = folder.url.path
    removeAtExit(path)
  }
}

private let removals = Mutex<[String]>([])

private func removeAll() {
  removals.withLock { paths in
    for path in paths { try? FileManager.default.removeItem(atPath: path) }
  }
}

/// Statics are never released; their folders go when the tests end.
func removeAtExit(_ path: String) {
  removals.withLock { paths in
    if paths.isEmpty { atexit { removeAll() } }
    paths.append(path)
  }
}

/// A study as small as can be.
func smallStudy(_ change: (inout StudyProtocol) -> Void = { _ in }) -> StudyProtocol {
  var study = StudyProtocol()
  study.network.name = "efficientnet-lite0"
  study.network.weights = "none"
  study.input.size = 32
  study.training.epochs = 1
  study.training.batchSize = 4
  study.training.threads = 2
  study.training.precision = .float32
  study.optimiser.kind = .sgd
  study.optimiser.learningRate = 1e-3
  study.schedule.kind = .constant
  study.validation.folds = 2
  change(&study)
  return study
}

/// What training said.
final class Events: Sendable {
  private let kept = Mutex<[TrainingEvent]>([])
  func add(_ event: TrainingEvent) { kept.withLock { $0.append(event) } }
  var all: [TrainingEvent] { kept.withLock { $0 } }
  var notes: [String] { all.compactMap { if case .note(let text) = $0 { text } else { nil } } }
}

/// The trainer of one fold over the tiny cohort.
func trainer(_ study: StudyProtocol, fold: Fold, run: RunFolder, hash: String = "h") throws -> FoldTrainer {
  let images = try TinyCohort.get().images
  try FileManager.default.createDirectory(at: run.checkpoints, withIntermediateDirectories: true)
  return FoldTrainer(
    study: study, protocolHash: hash, fold: fold,
    source: try SampleSource(images, study, inputs: try study.inputs()), compute: try Compute(study.training), run: run,
    report: { _ in })
}
