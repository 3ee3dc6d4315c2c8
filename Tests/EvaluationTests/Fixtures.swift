import Cohort
import Foundation
import Ultrasound

@testable import Evaluation

/// A seeded generator, so that every run sees the same numbers (SplitMix64).
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func normal() -> Double {
    let u = Double.random(in: Double.leastNonzeroMagnitude...1, using: &self)
    return (-2 * log(u)).squareRoot() * cos(2 * Double.pi * Double.random(in: 0..<1, using: &self))
  }
}

/// A made study: lesions of one to four images, some patients with two lesions, five folds, an external part.
struct Study {
  var predictions: [Prediction] = []
  var images: [ImageRecord] = []
  var history = TrainingHistory(epochs: [])
  var ideal: [String: Double] = [:]

  init(patients: Int = 160, folds: Int = 5, external: Int = 0, separation: Double = 1.7, seed: UInt64 = 7) {
    var random = Seeded(state: seed)
    for patient in 0..<patients + external {
      let isExternal = patient >= patients
      for lesion in 0..<(patient % 9 == 0 ? 2 : 1) {
        let isMalignant = Double.random(in: 0..<1, using: &random) < 0.42
        let truth = random.normal() + (isMalignant ? separation : 0)
        let name = "L\(patient)-\(lesion)"
        ideal[name] = truth * separation
        let clinical: [String: ClinicalValue] = [
          "age": patient % 13 == 0 ? .missing : .number((52 + (isMalignant ? 6 : 0) + 11 * random.normal()).rounded()),
          "sex": .text(Double.random(in: 0..<1, using: &random) < (isMalignant ? 0.65 : 0.5) ? "male" : "female"),
          "hepatitis": .number(Double.random(in: 0..<1, using: &random) < (isMalignant ? 0.7 : 0.15) ? 1 : 0),
        ]
        let size = exp(2.9 + (isMalignant ? 0.3 : 0) + 0.5 * random.normal())
        for image in 0..<(1 + patient % 4) {
          images.append(
            ImageRecord(
              id: Int64(images.count), name: "\(name)/\(image).png", patient: "P\(patient)", lesion: name,
              label: isMalignant ? .malignant : .benign, device: patient % 3 == 0 ? "LOGIQ E9" : "Resona 7",
              sizeMillimetres: size, file: URL(fileURLWithPath: "/\(name)/\(image).png"), width: 640, height: 480,
              clinical: clinical))
          add(
            patient: patient, lesion: name, image: image, isMalignant: isMalignant, truth: truth,
            centre: separation / 2, folds: folds, isExternal: isExternal, random: &random)
        }
      }
    }
    for fold in 0..<folds {
      for epoch in 1...30 {
        let progress = 1 - exp(-Double(epoch) / 8)
        history.epochs.append(
          TrainingHistory.Epoch(
            fold: fold, epoch: epoch, trainLoss: 0.69 - 0.55 * progress + 0.02 * random.normal(),
            validationLoss: 0.68 - 0.3 * progress + 0.004 * Double(epoch) + 0.03 * random.normal(),
            validationAUC: min(0.99, 0.6 + 0.3 * progress + 0.02 * random.normal()), learningRate: 0.001))
      }
    }
  }

  private mutating func add(
    patient: Int, lesion: String, image: Int, isMalignant: Bool, truth: Double, centre: Double, folds: Int,
    isExternal: Bool, random: inout Seeded
  ) {
    let file = "\(lesion)/\(image).png"
    let label = isMalignant ? Label.malignant : .benign
    let own = patient % folds
    for fold in 0..<folds {
      let isTest = !isExternal && fold == own
      let known = isExternal || isTest ? 0 : (isMalignant ? 1.4 : -1.4)
      let logit = 1.7 * (truth - centre) + known + 0.7 * random.normal()
      let split =
        isExternal ? "external-test" : isTest ? "internal-test" : (patient / folds) % 6 == 0 ? "validation" : "train"
      predictions.append(
        Prediction(
          model: "efficientnet-lite0", split: split, fold: fold, site: isExternal ? "B" : "A", patient: "P\(patient)",
          lesion: lesion, image: file, label: label, score: 1 / (1 + exp(-logit))))
    }
  }
}

/// A row by hand: patient and lesion named like the image unless given.
func row(
  _ image: String, _ label: Label, _ score: Double, split: String = "internal-test", fold: Int = 0,
  lesion: String? = nil,
  patient: String? = nil
) -> Prediction {
  Prediction(
    model: "m", split: split, fold: fold, site: "", patient: patient ?? lesion ?? image, lesion: lesion ?? image,
    image: image, label: label, score: score)
}

/// A folder that is gone when the closure ends.
@discardableResult
func withFolder<T>(_ body: (URL) throws -> T) throws -> T {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("evaluation-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
