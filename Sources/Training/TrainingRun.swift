public import Cohort
import Foundation
public import Protocols
import Tables
import Torch
import Ultrasound

/// Trains every fold of a protocol on a cohort and scores all its images with each fold's network.
public struct TrainingRun: Sendable {
  public let study: StudyProtocol
  public let cohort: Catalogue
  public let folder: RunFolder
  private let report: @Sendable (TrainingEvent) -> Void

  public init(
    _ study: StudyProtocol, cohort: Catalogue, folder: RunFolder, report: @escaping @Sendable (TrainingEvent) -> Void
  ) {
    (self.study, self.cohort, self.folder, self.report) = (study, cohort, folder, report)
  }

  /// Leaves protocol.json, split.csv, split-proof.json, provenance.json, history.csv, checkpoints/ and predictions.csv in the run folder.
  ///
  /// - resuming: goes on with a run that was stopped, at any moment; protocol and cohort must be the same. The weights come
  ///   out the same to the bit as without the stop. A run that is finished is left as it is.
  ///
  /// All that can be wrong with protocol, cohort and checkpoints is looked for before the folder is touched.
  public func execute(resuming: Bool) throws(TrainingError) {
    try folder.requireFree(resuming: resuming)
    _ = try asTrainingError { try cohort.refreshLikeness() }
    let images = try study.selectedImages(cohort)
    let source = try SampleSource(images, study, inputs: try study.inputs())
    let folds = try asTrainingError { try Splitter.folds(of: images, request: study.splitRequest) }
    let proof = try asTrainingError {
      try cohort.proof(of: folds, images: images, request: study.splitRequest)
    }
    try requireBothClasses(folds, source)
    let combination = try CombinationStage(study, images: images, folds: folds)
    let (hash, cohortHash) = try asTrainingError { (try study.hash(), try cohort.contentHash()) }
    let earlier = try resuming ? begun(hash, cohortHash, folds) : nil
    let compute = try Compute(study.training, continuing: earlier)
    if let earlier {
      guard earlier.device == "\(compute.device)" else {
        throw .run(
          folder: folder.url.path,
          reason: "was begun on \(earlier.device), this machine would go on on \(compute.device)")
      }
      if earlier.finished != nil, FileManager.default.fileExists(atPath: folder.predictionsFile.path) {
        if let combination, try !combination.isDone(in: folder) {
          let lock = try folder.take()
          defer { withExtendedLifetime(lock) {} }
          return try combination.execute(in: folder, report: report)
        }
        return report(.note("\(folder.url.path): its training is finished already"))
      }
    } else {
      // Refuses a network or weight file that cannot be used.
      _ = try study.startedNetwork(fold: 0, compute)
    }

    let lock = try folder.take()
    defer { withExtendedLifetime(lock) {} }
    var provenance =
      if let earlier {
        try again(earlier)
      } else {
        try start(images, folds, proof, compute, hash: hash, cohortHash: cohortHash)
      }
    if study.validation.chooseOn == .test, study.validation.choose != .last {
      report(
        .note("warning: each fold's epoch is chosen on its test part, as the protocol asks; the results are optimistic")
      )
    }
    report(
      .note(
        "\(Self.counted(images.count, "image"))\(samples(source)), \(folds.count) fold\(folds.count == 1 ? "" : "s"); \(compute.device), "
          + "\(compute.precision), \(compute.threads) thread\(compute.threads == 1 ? "" : "s")"))

    let began = Date()
    var history: [EpochRecord] = []
    for fold in folds {
      report(
        .fold(
          index: fold.index, of: folds.count, train: source.indices(in: fold.train).count,
          validation: source.indices(in: fold.validation).count, test: source.indices(in: fold.test).count))
      let trainer = FoldTrainer(
        study: study, protocolHash: provenance.protocolHash, fold: fold, source: source, compute: compute, run: folder,
        report: report)
      history += try trainer.train()
      try folder.write(history)
    }
    try writePredictions(folds, source, compute)
    provenance.trainingSeconds += Date().timeIntervalSince(began)
    provenance.finished = Self.now()
    try folder.write(provenance)
    // After the training is marked as finished: what is wrong with it costs no training.
    try combination?.execute(in: folder, report: report)
  }

  private static func counted(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }

  /// How many samples the images make, where that is another number.
  private func samples(_ source: SampleSource) -> String {
    source.samples.count == source.regions.images.count ? "" : " in \(Self.counted(source.samples.count, "sample"))"
  }

  private func requireBothClasses(_ folds: [Fold], _ source: SampleSource) throws(TrainingError) {
    for fold in folds {
      let labels = source.indices(in: fold.train).map { source.record($0).label }
      for label in Label.allCases where !labels.contains(label) {
        throw .cohort("fold \(fold.index + 1): its training part holds no \(label.rawValue) lesion")
      }
    }
  }

  // MARK: Records

  /// The record of a run that was stopped, if it went so far as to write one. Throws if that run was another, or one of its
  /// checkpoints cannot be used.
  private func begun(_ hash: String, _ cohortHash: String, _ folds: [Fold]) throws(TrainingError) -> Provenance? {
    guard FileManager.default.fileExists(atPath: folder.provenanceFile.path) else { return nil }
    let earlier = try folder.provenance()
    guard earlier.protocolHash == hash else {
      throw .run(folder: folder.url.path, reason: "was begun with another protocol; --resume needs the same one")
    }
    guard earlier.cohortHash == cohortHash else {
      throw .run(folder: folder.url.path, reason: "was begun with another cohort, or the cohort has changed since")
    }
    for fold in folds {
      for file in [folder.lastCheckpoint(fold.index), folder.chosenCheckpoint(fold.index)]
      where FileManager.default.fileExists(atPath: file.path) {
        _ = try Checkpoint(contentsOf: file, protocolHash: hash, fold: fold.index)
      }
    }
    return earlier
  }

  private func again(_ earlier: Provenance) throws(TrainingError) -> Provenance {
    var provenance = earlier
    provenance.resumed += 1
    try folder.write(provenance)
    return provenance
  }

  /// Writes what is known before training.
  private func start(
    _ images: [ImageRecord], _ folds: [Fold], _ proof: SplitProof, _ compute: Compute, hash: String, cohortHash: String
  ) throws(TrainingError) -> Provenance {
    try asTrainingError {
      try AtomicFile.write([UInt8](study.json()), to: folder.protocolFile)
      try SplitTable.write(folds, of: images, to: folder.splitFile)
      try proof.write(to: folder.splitProofFile)
    }
    let provenance = try asTrainingError {
      Provenance(
        insonate: Platform.version, libtorch: try Machine.libtorchVersion(), protocolHash: hash,
        cohort: cohort.folder.path, cohortHash: cohortHash, cohortPatientsAreKnown: try cohort.patientsAreKnown,
        patientSource: try cohort.patientSource, images: images.count, lesions: Set(images.map(\.lesion)).count,
        patients: Set(images.map(\.patient)).count, seed: study.seed, device: "\(compute.device)",
        precision: "\(compute.precision)", threads: compute.threads, processor: Processor.name, started: Self.now(),
        finished: nil, trainingSeconds: 0, resumed: 0, splitProof: proof.sha256)
    }
    try folder.write(provenance)
    return provenance
  }

  private static func now() -> String { Date().formatted(.iso8601) }

  // MARK: Scores

  /// Every sample by every fold's network, marked with the part it was in.
  private func writePredictions(_ folds: [Fold], _ source: SampleSource, _ compute: Compute) throws(TrainingError) {
    var rows: [Prediction] = []
    for fold in folds {
      let scorer = try FoldScorers.scorer(study, folder, fold: fold.index, compute)
      let apart = Set(fold.external)
      let parts: [(Split, [String])] = [
        (.train, fold.train), (.validation, fold.validation),
        (.internalTest, fold.test.filter { !apart.contains($0) }), (.externalTest, fold.external),
      ]
      for (part, names) in parts {
        let indices = source.indices(in: names)
        for (index, score) in zip(indices, try scorer.scores(indices, from: source)) {
          rows.append(
            Prediction(source, index, model: study.model, split: part, fold: fold.index, [score], each: false))
        }
      }
      report(.scored(fold: fold.index, of: folds.count))
    }
    try asTrainingError { try PredictionTable.write(rows, to: folder.predictionsFile) }
  }
}

extension StudyProtocol {
  /// The images of a cohort that take part; throws where there are none.
  ///
  /// - labelled: leaves out what has no label to learn from or to be judged by.
  func selectedImages(_ cohort: Catalogue, labelled: Bool = true) throws(TrainingError) -> [ImageRecord] {
    let all = try asTrainingError { try cohort.studyImages() }.filter { !labelled || $0.label != nil }
    let wanted = self.cohort.modalities
    let images = wanted.isEmpty ? all : all.filter { wanted.contains($0.modality) }
    guard !images.isEmpty else {
      let names = wanted.map(\.rawValue).joined(separator: ", ")
      throw .cohort(
        "\(cohort.folder.path): no\(labelled ? " labelled" : "") images"
          + (wanted.isEmpty ? "" : " of modality \(names)"))
    }
    return images
  }

  var splitRequest: SplitRequest {
    let method: SplitRequest.Method =
      switch validation.split {
      case .kFold: .kFold(folds: validation.folds)
      case .column: .column(validation.column)
      case .given: .given
      case .parts: .parts(validation.parts)
      case .holdOut:
        .holdOut(
          column: validation.column.isEmpty ? "site" : validation.column, values: validation.holdOut,
          parts: validation.parts)
      case .date: .after(date: validation.after)
      }
    return SplitRequest(method: method, validationFraction: validation.fraction, seed: seed)
  }
}
