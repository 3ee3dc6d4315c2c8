import Cohort
import Foundation
import Imaging
import NN
import Networks
import Protocols
import Tables
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
struct CellNetwork: BackboneNetwork {
  let backbone = Backbone.resnet18
  let path: Path
  let channels = 3
  let featureChannels = 6
  let convolution: Convolution2D
  let head: Linear

  init(seed: UInt64) throws(TorchError) {
    path = try Parameters(Parameters.Options(seed: seed)).root
    convolution = try Convolution2D(
      path / "convolution", 3, featureChannels, kernel: 8, stride: 8, bias: true)
    head = try Linear(path / "head", featureChannels, 1)
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
    var pixels = noise.map { $0 - 0.5 }
    (labels, cells) = ((0..<count).map { Float($0 % 2) }, (0..<count).map { $0 / 2 * 7 % 16 })
    for index in 0..<count where labels[index] == 1 {
      let (top, left) = (cells[index] / 4 * 8, cells[index] % 4 * 8)
      for channel in 0..<3 {
        for row in top..<(top + 8) {
          for column in left..<(left + 8) { pixels[((index * 3 + channel) * 32 + row) * 32 + column] += 1 }
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
    for _ in 0..<200 {
      for parameter in network.parameters.trained { try parameter.tensor.clearGradient() }
      try network(images, .evaluation).binaryCrossEntropy(targets).backward()
      try optimiser.step(learningRate: 0.01)
    }
    return network
  }
}

/// A small trained run over pictures of dark discs, the malignant ones with a bright core, made once for all tests;
/// they copy it before they write.
enum TrainedRun {
  struct Made: Sendable {
    let run: URL
    let cohort: URL
  }

  private static let folder = FileManager.default.temporaryDirectory.appending(path: "explanation-run-\(getpid())")
  static let made: Result<Made, any Error> = Result { try make() }

  private static func make() throws -> Made {
    try? FileManager.default.removeItem(at: folder)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(at: TrainedRun.folder) }
    let made = Made(run: folder.appending(path: "run"), cohort: folder.appending(path: "cohort"))
    let source = folder.appending(path: "source")
    try draw(to: source)
    _ = try Importer.run(source: source, into: made.cohort)
    var study = StudyProtocol()
    (study.network.name, study.network.weights) = ("resnet18", "none")
    (study.input.size, study.input.mirrored) = (96, true)
    (study.training.epochs, study.training.batchSize, study.training.threads) = (1, 8, 1)
    (study.validation.folds, study.validation.fraction) = (2, 0.2)
    try TrainingRun(study, cohort: Catalogue.open(made.cohort), folder: RunFolder(made.run)) { _ in }
      .execute(resuming: false)
    return made
  }

  private static func draw(to folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var rows: [[String]] = []
    for index in 0..<24 {
      let isMalignant = index / 2 % 2 == 1
      let (left, top) = (30 + index % 5 * 9, 30 + index % 3 * 15)
      let noise: [Float] = try Generator(seed: UInt64(index)).uniform([128 * 128]).scalars()
      // Coarse echoes of its own, so that no two pictures look alike.
      let echoes: [Float] = try Generator(seed: 5000 + UInt64(index)).uniform([64]).scalars()
      var (pixels, mask) = ([UInt8](repeating: 0, count: 128 * 128), [UInt8](repeating: 0, count: 128 * 128))
      for place in pixels.indices {
        let (y, x) = (place / 128 - top - 20, place % 128 - left - 20)
        let distance = x * x + y * y
        mask[place] = distance < 400 ? 255 : 0
        let organ = 130 * (0.6 + 0.7 * echoes[place / 128 / 16 * 8 + place % 128 / 16])
        let level: Float = distance >= 400 ? organ : isMalignant && distance < 90 ? 200 : 30
        pixels[place] = UInt8(level + noise[place] * 50)
      }
      let name = "L\(index).png"
      for (file, bytes) in [(name, pixels), ("mask-" + name, mask)] {
        try Data(PNG.encode(GreyImage(width: 128, height: 128, pixels: bytes))).write(to: folder.appending(path: file))
      }
      // Two pictures a lesion.
      let label = isMalignant ? Label.malignant : .benign
      rows.append(["P\(index / 2)", "L\(index / 2)", label.rawValue, "b-mode", name, "mask-" + name])
    }
    try Table(columns: ["patient", "lesion", "label", "modality", "file", "mask"], rows: rows, source: "cohort.csv")
      .write(to: folder.appending(path: "cohort.csv"))
  }

  /// A copy of the run in `folder`, and its cohort.
  static func copied(to folder: URL) throws -> (run: RunFolder, cohort: Catalogue) {
    let made = try made.get()
    let (copy, manager) = (folder.appending(path: "run"), FileManager.default)
    try manager.createDirectory(at: copy.appending(path: "checkpoints"), withIntermediateDirectories: true)
    for name in try manager.subpathsOfDirectory(atPath: made.run.path) where name != "checkpoints" {
      let (from, to) = (made.run.appending(path: name), copy.appending(path: name))
      // Weights are large and only read.
      if name.hasPrefix("checkpoints/") {
        try manager.createSymbolicLink(at: to, withDestinationURL: from)
      } else {
        try manager.copyItem(at: from, to: to)
      }
    }
    return (RunFolder(copy), try Catalogue.open(made.cohort))
  }
}
