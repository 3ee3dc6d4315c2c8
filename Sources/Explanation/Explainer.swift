public import Cohort
import Foundation
import Imaging
import Protocols
import Torch
public import Training
import Ultrasound

/// Explains a trained run.
public enum Explainer {
  /// At most so many test images are measured.
  public static let measuredImages = 60

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
  private let records: [String: (index: Int, record: ImageRecord)]
  private let source: RegionSource
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
    test = TestLesions(try PredictionTable.read(run.predictionsFile))
    let names = Set(test.lesions.flatMap { $0.images.map(\.image) })
    let images = try cohort.images().filter { names.contains($0.name) }
    records = Dictionary(uniqueKeysWithValues: images.enumerated().map { ($1.name, ($0, $1)) })
    if let missing = names.subtracting(records.keys).min() {
      throw ExplanationError.run(
        folder: run.predictionsFile.path, reason: "image \"\(missing)\" is not in the cohort \(cohort.folder.path)")
    }
    source = try RegionSource(images, study.input)
  }

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
      try folder.write(findings.measured.sorted { ($0.fold, $0.image) < ($1.fold, $1.image) })
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
      trained: trained, other: count > 1 ? try TrainedFold((fold + 1) % count, of: run, study) : nil,
      untrained: try trained.untrained(seed: Generator.seed(study.seed, fold, 0xE1A1)), seed: study.seed)

    var pictures: [RGBImage] = []
    for task in tasks { pictures.append(try source.picture(records[task.image.image]?.index ?? 0, size: trained.size)) }
    let measured = zip(tasks, pictures).filter { $0.0.isMeasured }.map(\.1)
    let maps = try FoldExplainer.evidence(of: pictures, in: trained)
    let untrained = try FoldExplainer.evidence(of: measured, in: explainer.untrained)
    let other = try explainer.other.map { try FoldExplainer.evidence(of: measured, in: $0) }
    var position = 0
    for ((task, picture), map) in zip(zip(tasks, pictures), maps) {
      let lesion = try lesionFlags(task.image.image)
      let heat = try map.heat(for: task.lesion.call, rows: study.input.size, columns: study.input.size)
      if task.isMeasured {
        findings.measured.append(try measure(task, picture, map, heat, lesion, explainer))
        findings.untrained += [RankCorrelation.spearman(map.values, untrained[position].values)].compactMap(\.self)
        findings.otherFold += [other.flatMap { RankCorrelation.spearman(map.values, $0[position].values) }]
          .compactMap(\.self)
        position += 1
      }
      if let (number, kind) = task.example {
        let name = String(format: "%02d-", number) + kind.rawValue + ".png"
        try folder.write(PNG.encode(Overlay.picture(picture, heat, lesion: lesion)), to: name)
        findings.captions[name] = Caption.text(kind, task.lesion, task.image, heat, lesion)
      }
      progress()
    }
  }

  private func lesionFlags(_ image: String) throws -> [Bool]? {
    guard let record = records[image]?.record else { return nil }
    return try LesionMask.flags(of: record, in: source.box(of: record), size: study.input.size)
  }

  private func measure(
    _ task: Task, _ picture: RGBImage, _ map: EvidenceMap, _ heat: HeatMap, _ lesion: [Bool]?,
    _ explainer: FoldExplainer
  ) throws -> MeasuredImage {
    let call = task.lesion.call
    let drop = try explainer.deletion(picture, map, call: call, place: records[task.image.image]?.index ?? 0)
    return MeasuredImage(
      image: task.image.image, fold: task.image.fold, label: task.image.label, score: task.image.score, call: call,
      energyInside: lesion.flatMap { Faithfulness.energy(of: heat, inside: $0) },
      areaInside: lesion.map { Double($0.count { $0 }) / Double($0.count) }, dropTop: drop.top, dropRandom: drop.random)
  }

  // MARK: All together

  private func summary(_ findings: Findings) -> ExplanationSummary {
    func mean(_ values: [Double]) -> Double? { values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }
    let measured = findings.measured
    let placed = measured.filter { $0.energyInside != nil && $0.areaInside != nil }
    return ExplanationSummary(
      testImages: records.count, images: measured.count, pictures: findings.captions.count,
      energyInside: mean(placed.compactMap(\.energyInside)), areaInside: mean(placed.compactMap(\.areaInside)),
      imagesWithRegion: placed.count, deletedShare: FoldExplainer.deletedShare,
      randomPlaces: FoldExplainer.randomPlaces, dropTop: mean(measured.map(\.dropTop)),
      dropRandom: mean(measured.map(\.dropRandom)),
      topAboveRandom: mean(measured.map { $0.dropTop > $0.dropRandom ? 1 : 0 }),
      rankCorrelationUntrained: mean(findings.untrained), rankCorrelationOtherFold: mean(findings.otherFold))
  }
}
