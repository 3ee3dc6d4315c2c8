import Cohort
import Foundation
import InSilico
import Protocols
import Ultrasound

@testable import Training

/// Lesions, factors and network scores with known truth: everything a combination is made from, no network needed.
struct MadeStudy {
  var images: [ImageRecord] = []
  var folds: [Fold] = []
  var rows: [Prediction] = []
  /// True log-likelihood ratio of the factors, by lesion.
  var clinicalTruth: [String: Double] = [:]
  var study = StudyProtocol()

  /// - informative: false draws labels that nothing tells.
  /// - optimism: added to the logit's distance from 0 of lesions a network was trained on.
  init(patients: Int = 300, folds count: Int = 4, informative: Bool = true, optimism: Double = 3, seed: UInt64 = 1) {
    var random = Draws(seed: seed)
    var members = [[String]](repeating: [], count: count)
    for patient in 0..<patients {
      let malignant = random.uniform() < 0.5
      let half = informative ? (malignant ? 0.5 : -0.5) : 0
      let network = 1.2 * half + random.normal()
      let age = (55 + 12 * (0.9 * half + random.normal())).rounded()
      let halo = random.uniform() < (half > 0 ? 0.6 : half < 0 ? 0.2 : 0.4)
      let noise = random.normal()
      let name = "L\(patient)"
      clinicalTruth[name] = 0.9 * (age - 55) / 12 + (halo ? log(0.6 / 0.2) : log(0.4 / 0.8))
      let hepatitis: ClinicalValue = patient % 17 == 0 ? .missing : .text(["none", "b", "c"][patient % 3])
      for image in 0..<2 {
        images.append(
          ImageRecord(
            id: Int64(images.count), name: "\(name)/\(image).png", patient: "P\(patient)", lesion: name,
            label: malignant ? .malignant : .benign, file: URL(fileURLWithPath: "/\(name).png"), width: 64, height: 64,
            clinical: [
              "age": .number(age), "halo": .number(halo ? 1 : 0), "noise": .number(noise), "hepatitis": hepatitis,
            ]))
        members[patient % count].append("\(name)/\(image).png")
        for fold in 0..<count {
          let isTest = fold == patient % count
          let known = isTest ? 0 : malignant ? optimism : -optimism
          let logit = 1.2 * network + known + 0.2 * random.normal()
          let split = isTest ? "internal-test" : patient / count % 6 == 0 ? "validation" : "train"
          rows.append(
            Prediction(
              model: "net", split: split, fold: fold, site: "A", patient: "P\(patient)", lesion: name,
              image: "\(name)/\(image).png", label: malignant ? .malignant : .benign, score: 1 / (1 + exp(-logit))))
        }
      }
    }
    for fold in 0..<count {
      func part(_ split: String) -> [String] {
        rows.filter { $0.fold == fold && $0.split == split }.map(\.image).sorted()
      }
      folds.append(
        Fold(index: fold, train: part("train"), validation: part("validation"), test: part("internal-test")))
    }
    study.model = "net"
    study.combination.factors = [CombinationFactor("age", .number), CombinationFactor("halo", .flag)]
  }

  /// The rows of predictions.csv and combination.json after the stage.
  func combined(_ change: (inout Combination) -> Void = { _ in }) throws -> (
    rows: [Prediction], record: CombinationRecord, notes: [String]
  ) {
    let folder = try TemporaryFolder()
    let run = RunFolder(folder.url)
    var study = study
    change(&study.combination)
    try PredictionTable.write(rows, to: run.predictionsFile)
    guard let stage = try CombinationStage(study, images: images, folds: folds) else { throw Absent() }
    let events = Events()
    try stage.execute(in: run) { events.add($0) }
    guard let record = try CombinationRecord.read(run.combinationFile) else { throw Absent() }
    return (try PredictionTable.read(run.predictionsFile), record, events.notes)
  }

  struct Absent: Error {}
}

/// Seeded numbers (SplitMix64).
struct Draws: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func uniform() -> Double { Double.random(in: 0..<1, using: &self) }

  mutating func normal() -> Double {
    let u = Double.random(in: Double.leastNonzeroMagnitude...1, using: &self)
    return (-2 * log(u)).squareRoot() * cos(2 * Double.pi * uniform())
  }
}
