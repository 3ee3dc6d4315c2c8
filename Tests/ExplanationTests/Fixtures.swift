import Cohort
import Foundation
import InSilico
import NN
import Networks
import Protocols
import Torch
import Training
import Ultrasound

/// A folder that is gone when the closure ends.
@discardableResult
func withFolder<T>(_ body: (URL) throws -> T) throws -> T {
  let folder = FileManager.default.temporaryDirectory.appending(path: "explanation-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// One convolution over cells of 8 x 8 pixels, pooled: small enough to be taught in a second.
struct CellNetwork: ImageNetwork {
  let parameters: Parameters
  let featureChannels = 6
  let convolution: Convolution2D
  let head: Linear

  init(seed: UInt64) throws(TorchError) {
    parameters = try Parameters(Parameters.Options(seed: seed))
    convolution = try Convolution2D(
      parameters.root / "convolution", 3, featureChannels, kernel: 8, stride: 8, bias: true)
    head = try Linear(parameters.root / "head", featureChannels, 1)
  }

  func features(_ images: Tensor, _ pass: Pass) throws(TorchError) -> Tensor { try convolution(images).relu() }
  func classify(_ features: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    try head(features.globallyAveraged2D().flattened())
  }
}

/// Noise of 32 x 32 pixels; a malignant picture has a bright square of 8 x 8 in one of its 16 cells.
struct BrightCells {
  let images: Tensor
  let labels: [Float]
  let cells: [Int]

  init(count: Int, seed: UInt64) throws(TorchError) {
    let noise: [Float] = try Generator(seed: seed).uniform([count, 3, 32, 32]).scalars()
    var pixels = noise.map { $0 * 0.4 }
    (labels, cells) = ((0..<count).map { Float($0 % 2) }, (0..<count).map { $0 * 7 % 16 })
    for index in 0..<count where labels[index] == 1 {
      let (top, left) = (cells[index] / 4 * 8, cells[index] % 4 * 8)
      for channel in 0..<3 {
        for row in top..<(top + 8) {
          for column in left..<(left + 8) { pixels[((index * 3 + channel) * 32 + row) * 32 + column] += 0.5 }
        }
      }
    }
    images = try Tensor(pixels, shape: [count, 3, 32, 32])
  }

  /// A network that has learnt to find the square.
  func taught() throws(TorchError) -> CellNetwork {
    let network = try CellNetwork(seed: 3)
    let optimiser = try AdamW(network.parameters.trained)
    let targets = try Tensor(labels, shape: [labels.count, 1])
    for _ in 0..<150 {
      for parameter in network.parameters.trained { try parameter.tensor.clearGradient() }
      try network(images, .evaluation).binaryCrossEntropy(targets).backward()
      try optimiser.step(learningRate: 0.02)
    }
    return network
  }
}

/// A small trained run over a simulated cohort, made once for all tests; they copy it before they write.
enum TrainedRun {
  struct Made: Sendable {
    let run: URL
    let cohort: URL
  }

  static let made: Result<Made, any Error> = Result { try make() }

  private static func make() throws -> Made {
    let folder = FileManager.default.temporaryDirectory.appending(path: "explanation-run-\(getpid())")
    try? FileManager.default.removeItem(at: folder)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let made = Made(run: folder.appending(path: "run"), cohort: folder.appending(path: "cohort"))
    let source = folder.appending(path: "source")
    try Simulator.liver(LiverSettings(patients: 20, imagesPerLesion: 2, lesionsPerPatient: 1, imageSize: 96))
      .write(to: source)
    _ = try Importer.run(source: source, into: made.cohort)
    var study = StudyProtocol()
    study.network = NetworkChoice(backbone: "resnet18", weights: "none")
    (study.input.size, study.input.mirrored) = (96, true)
    (study.training.epochs, study.training.batchSize, study.training.threads) = (1, 8, 2)
    (study.validation.folds, study.validation.fraction) = (2, 0.2)
    try TrainingRun(study, cohort: Catalogue.open(made.cohort), folder: RunFolder(made.run)) { _ in }
      .execute(resuming: false)
    return made
  }

  /// A copy of the run in `folder`, and its cohort.
  static func copied(to folder: URL) throws -> (run: RunFolder, cohort: Catalogue) {
    let made = try made.get()
    let copy = folder.appending(path: "run")
    try FileManager.default.copyItem(at: made.run, to: copy)
    return (RunFolder(copy), try Catalogue.open(made.cohort))
  }
}
