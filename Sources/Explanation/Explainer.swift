public import Cohort
import Foundation
import Imaging
import Networks
public import Protocols
import Torch
public import Training
import Ultrasound

/// Explains a trained run.
public enum Explainer {
  /// At most so many test samples are measured.
  public static let measuredImages = 60

  /// Why a run of this protocol has no heat maps; nil where it can be explained.
  public static func obstacle(_ study: StudyProtocol) throws(ExplanationError) -> String? {
    do {
      let inputs = try study.inputs()
      return inputs.contains { $0.content == .still } ? nil : needsStills(study)
    } catch {
      throw .training(error)
    }
  }

  fileprivate static func needsStills(_ study: StudyProtocol) -> String {
    "no heat maps: they are drawn over stills, and \(study.network.name) takes clips"
  }

  /// Makes the run's `explanations/` anew: a picture each of about 12 test lesions (`NN-example.png`) with
  /// `captions.json`, `explanations.csv` with the measures of up to ``measuredImages`` test images, `summary.json`. A
  /// picture is explained by the network of the fold that did not train on it; the map is that of the call it made.
  ///
  /// - progress: images done and images in all.
  ///
  /// A run without a test part gives an empty folder and summary. Errors: no such run, no trained network, another
  /// cohort, an image that cannot be read, an output that cannot be written; what was there before is then untouched.
  public static func explain(
    run: RunFolder, cohort: Catalogue, progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws(ExplanationError) -> ExplanationSummary {
    do {
      return try ExplanationRun(run, cohort).write(progress)
    } catch {
      throw ExplanationError(error, folder: run.url.path)
    }
  }
}

private struct ExplanationRun {
  private let run: RunFolder
  private let study: StudyProtocol
  private let samples: RunSamples
  /// Position of each sample by its name.
  private let positions: [String: Int]
  private let test: TestLesions

  /// An image to be explained, and for what.
  private struct Task {
    let image: Prediction
    let lesion: TestLesion
    var isMeasured = false
    /// Number and kind of its picture.
    var example: (number: Int, kind: TestLesions.Example)?
  }

  private struct Findings {
    var measured: [MeasuredImage] = []
    var untrained: [Double] = []
    var otherFold: [Double] = []
    var captions: [String: String] = [:]
  }

  init(_ run: RunFolder, _ cohort: Catalogue) throws {
    self.run = run
    study = try run.studyProtocol()
    guard try cohort.contentHash() == run.provenance().cohortHash else {
      throw ExplanationError.run(
        folder: cohort.folder.path, reason: "is not the cohort of \(run.url.path), or has changed since")
    }
    guard FileManager.default.fileExists(atPath: run.predictionsFile.path) else {
      throw ExplanationError.run(folder: run.url.path, reason: "is not trained to its end (no predictions.csv)")
    }
    // Not those of a combination with clinical factors.
    let network = try PredictionTable.read(run.predictionsFile).filter { [study] in $0.model == study.model }
    test = TestLesions(network)
    samples = try RunSamples(cohort, study)
    positions = samples.positions
    if let missing = testImages.subtracting(positions.keys).min() {
      throw ExplanationError.run(
        folder: run.predictionsFile.path, reason: "image \"\(missing)\" is not in the cohort \(cohort.folder.path)")
    }
    guard samples.inputs.contains(where: { $0.content == .still }) else {
      throw ExplanationError.run(folder: run.url.path, reason: Explainer.needsStills(study))
    }
  }

  private var testImages: Set<String> { Set(test.lesions.flatMap { $0.images.map(\.image) }) }

  func write(_ progress: (Int, Int) -> Void) throws -> ExplanationSummary {
    let folder = try ExplanationFolder(run.explanations)
    do {
      let tasks = tasks()
      var findings = Findings()
      let folds = Dictionary(grouping: tasks, by: \.image.fold).sorted { $0.key < $1.key }
      var done = 0
      for (fold, tasks) in folds {
        try explain(tasks, fold, into: &findings, folder) {
          done += 1
          progress(done, folds.reduce(0) { $0 + $1.value.count })
        }
      }
      let summary = summary(findings)
      try folder.write(findings.measured.sorted { ($0.fold, $0.image, $0.input) < ($1.fold, $1.image, $1.input) })
      try folder.write(json: findings.captions, to: "captions.json")
      try folder.write(json: summary, to: ExplanationFolder.summaryName)
      try folder.finish()
      return summary
    } catch {
      folder.discard()
      throw error
    }
  }

  /// Measured images and examples; an image that is both is explained once.
  private func tasks() -> [Task] {
    var tasks: [String: Task] = [:]
    for (image, lesion) in test.sample(Explainer.measuredImages) {
      tasks[image.image] = Task(image: image, lesion: lesion, isMeasured: true)
    }
    for (number, (kind, lesion)) in test.examples().enumerated() {
      guard let image = lesion.typical else { continue }
      tasks[image.image, default: Task(image: image, lesion: lesion)].example = (number + 1, kind)
    }
    return tasks.values.sorted { ($0.image.fold, $0.image.image) < ($1.image.fold, $1.image.image) }
  }

  // MARK: One fold

  private func explain(
    _ tasks: [Task], _ fold: Int, into findings: inout Findings, _ folder: ExplanationFolder, _ progress: () -> Void
  ) throws {
    let count = try TrainedFold.count(in: run)
    let trained = try TrainedFold(fold, of: run, study)
    let explainer = FoldExplainer(
      samples: samples, trained: trained, other: count > 1 ? try TrainedFold((fold + 1) % count, of: run, study) : nil,
      untrained: try trained.untrained(seed: Generator.seed(study.seed, fold, 0xE1A1)), seed: study.seed)

    let places = tasks.map { positions[$0.image.image] ?? 0 }
    let measured = zip(tasks, places).filter { $0.0.isMeasured }.map(\.1)
    let maps = try explainer.evidence(of: places, in: trained)
    let untrained = try explainer.evidence(of: measured, in: explainer.untrained)
    let other = try explainer.other.map { try explainer.evidence(of: measured, in: $0) }
    var position = 0
    for ((task, sample), maps) in zip(zip(tasks, places), maps) {
      for input in samples.inputs {
        // Of an incomplete examination there is nothing to show.
        guard let map = maps[input.name], let part = samples.parts(sample, input: input.name).first else { continue }
        let lesion = try LesionMask.flags(of: part.image, in: part.box, size: study.input.size)
        let heat = try map.heat(for: task.lesion.call, rows: study.input.size, columns: study.input.size)
        if task.isMeasured {
          findings.measured.append(try measure(task, sample, input.name, map, heat, lesion, explainer))
          findings.untrained += Self.correlation(map, untrained[position][input.name])
          findings.otherFold += Self.correlation(map, other?[position][input.name])
        }
        if let (number, kind) = task.example {
          let name = String(format: "%02d-", number) + kind.rawValue + suffix(input.name) + ".png"
          let picture = try samples.picture(sample, input: input.name)
          try folder.write(PNG.encode(Overlay.picture(picture, heat, lesion: lesion)), to: name)
          findings.captions[name] = title(input.name) + Caption.text(kind, task.lesion, task.image, heat, lesion)
        }
      }
      if task.isMeasured { position += 1 }
      progress()
    }
  }

  private static func correlation(_ map: EvidenceMap, _ other: EvidenceMap?) -> [Double] {
    [other.flatMap { RankCorrelation.spearman(map.values, $0.values) }].compactMap(\.self)
  }

  /// What tells the pictures of one sample apart; nothing where there is one.
  private func suffix(_ input: String) -> String { samples.inputs.count > 1 ? "-" + input : "" }
  private func title(_ input: String) -> String { samples.inputs.count > 1 ? "\(input): " : "" }

  private func measure(
    _ task: Task, _ sample: Int, _ input: String, _ map: EvidenceMap, _ heat: HeatMap, _ lesion: [Bool]?,
    _ explainer: FoldExplainer
  ) throws -> MeasuredImage {
    let call = task.lesion.call
    let drop = try explainer.deletion(sample, input, map, call: call)
    return MeasuredImage(
      image: task.image.image, input: input, fold: task.image.fold, label: task.lesion.label, score: task.image.score,
      call: call,
      energyInside: lesion.flatMap { Faithfulness.energy(of: heat, inside: $0) },
      areaInside: lesion.map { Double($0.count { $0 }) / Double($0.count) }, dropTop: drop.top, dropRandom: drop.random)
  }

  // MARK: All together

  private func summary(_ findings: Findings) -> ExplanationSummary {
    func mean(_ values: [Double]) -> Double? { values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }
    let measured = findings.measured
    let placed = measured.filter { $0.energyInside != nil && $0.areaInside != nil }
    return ExplanationSummary(
      testImages: testImages.count, images: measured.count, pictures: findings.captions.count,
      energyInside: mean(placed.compactMap(\.energyInside)), areaInside: mean(placed.compactMap(\.areaInside)),
      imagesWithRegion: placed.count, deletedShare: FoldExplainer.deletedShare,
      randomPlaces: FoldExplainer.randomPlaces, dropTop: mean(measured.map(\.dropTop)),
      dropRandom: mean(measured.map(\.dropRandom)),
      topAboveRandom: mean(measured.map { $0.dropTop > $0.dropRandom ? 1 : 0 }),
      rankCorrelationUntrained: mean(findings.untrained), rankCorrelationOtherFold: mean(findings.otherFold))
  }
}
