import Cohort
import Foundation
import NN
import Networks
import Protocols
import Statistics
import Torch
import Ultrasound

/// Trains the network of one fold, epoch by epoch, with a checkpoint after each.
struct FoldTrainer {
  let study: StudyProtocol
  let protocolHash: String
  let fold: Fold
  let source: SampleSource
  let compute: Compute
  let run: RunFolder
  let report: @Sendable (TrainingEvent) -> Void

  /// Trains to the last epoch, from the last checkpoint where there is one. Gives the fold's history.
  func train() throws(TrainingError) -> [EpochRecord] {
    let lastFile = run.lastCheckpoint(fold.index)
    let saved =
      FileManager.default.fileExists(atPath: lastFile.path)
      ? try Checkpoint(contentsOf: lastFile, protocolHash: protocolHash, fold: fold.index) : nil
    if let saved, saved.progress.epochs >= study.training.epochs { return saved.progress.history }

    let network = try study.startedNetwork(fold: fold.index, compute)
    let (optimiser, progress) = try asTrainingError {
      let optimiser = try study.makeOptimiser(network.parameters.trained)
      if let saved {
        try network.parameters.load(saved.network, source: lastFile.path)
        try optimiser.restore(saved.optimiser)
      }
      return (optimiser, saved?.progress)
    }
    let parts = parts(saved)
    let average = study.training.averaging > 0 ? try WeightAverage(of: network, study, compute) : nil
    if let average, let saved {
      try asTrainingError { try average.network.parameters.load(saved.average, source: lastFile.path) }
    }
    let kept = average?.network ?? network
    var state =
      progress
      ?? Checkpoint.Progress(
        protocolHash: protocolHash, fold: fold.index, epochs: 0, chosen: nil, history: [],
        precision: "\(compute.precision)", threads: compute.threads,
        clinical: study.clinical.isEmpty ? nil : parts.encoder.standards)
    while state.epochs < study.training.epochs {
      let record = try epoch(state.epochs, network, optimiser, average, parts)
      let isBest = isBetter(record, than: state.chosen)
      state.history.append(record)
      state.epochs += 1
      if isBest {
        state.chosen = Checkpoint.Chosen(
          epoch: record.epoch, loss: record.validationLoss ?? record.trainLoss, auc: record.validationAUC ?? 0.5)
        // Before the last checkpoint: if we are stopped between the two, the epoch is done again and gives the same.
        try Checkpoint(progress: state, network: kept.parameters.stateDictionary)
          .write(to: run.chosenCheckpoint(fold.index))
      }
      try Checkpoint(
        progress: state, network: network.parameters.stateDictionary, optimiser: optimiser.state,
        average: average?.network.parameters.stateDictionary ?? [:]
      ).write(to: lastFile)
      report(.epoch(record, isBest: isBest))
    }
    return state.history
  }

  /// What the fold's division of the samples decides.
  private struct Parts {
    let order: BatchOrder
    let encoder: ClinicalEncoder
    let objective: Objective
    /// Samples that the epoch is chosen on.
    let judged: [Int]
  }

  private func parts(_ saved: Checkpoint?) -> Parts {
    let training = source.indices(in: fold.train)
    let records = training.map(source.record)
    let encoder =
      if let standards = saved?.progress.clinical {
        ClinicalEncoder(study.clinical, standards: standards)
      } else {
        ClinicalEncoder(study.clinical, training: training.map { source.samples[$0].clinical })
      }
    // The images of a run all have a label: see `StudyProtocol.selectedImages`.
    let members = zip(training, records).compactMap { index, record in
      record.label.map {
        BatchOrder.Member(index: index, label: $0, patient: record.patient, lesion: record.lesion)
      }
    }
    return Parts(
      order: BatchOrder(members: members, sampler: study.sampler, batchSize: study.training.batchSize),
      encoder: encoder,
      objective: study.objective(counts: Label.allCases.map { label in records.count { $0.label == label } }),
      judged: source.indices(in: study.validation.chooseOn == .test ? fold.test : fold.validation))
  }

  // MARK: One epoch

  private func epoch(
    _ epoch: Int, _ network: any Network, _ optimiser: any Optimiser, _ average: WeightAverage?, _ parts: Parts
  ) throws(TrainingError) -> EpochRecord {
    let order = parts.order
    let batches = order.batches(seed: Generator.seed(study.seed, fold.index, epoch))
    let loader = makeLoader(batches, epoch: epoch, parts.encoder)
    defer { loader.cancel() }
    var (total, count, rate) = (0.0, 0, 0.0)
    while let batch = try loader.next() {
      let (loss, learningRate) = try step(
        epoch * order.count + batch.step, of: order.count, batch, network, optimiser, parts.objective)
      guard loss.isFinite else {
        throw .lossNotFinite(
          fold: fold.index, epoch: epoch, step: batch.step, images: batch.indices.map(source.name))
      }
      try asTrainingError { try average?.update(step: epoch * order.count + batch.step) }
      total += loss * Double(batch.indices.count)
      count += batch.indices.count
      rate = learningRate
      report(.step(fold: fold.index, epoch: epoch, step: batch.step, steps: order.count, loss: loss))
    }
    try asTrainingError { try average?.finishEpoch() }
    let (validationLoss, auc) = try judge(average?.network ?? network, parts)
    return EpochRecord(
      fold: fold.index, epoch: epoch, trainLoss: total / Double(max(1, count)), validationLoss: validationLoss,
      validationAUC: auc, learningRate: rate)
  }

  private func makeLoader(_ batches: [[Int]], epoch: Int, _ encoder: ClinicalEncoder) -> BatchLoader {
    let (seed, foldIndex, source, device) = (study.seed, fold.index, source, compute.device)
    let amount = study.augmentation
    return BatchLoader(batches) { step, indices in
      let change = try BatchChange(amount, seed: Generator.seed(seed, foldIndex, epoch, step, 1))
      let tensors = try SampleTensors(source, indices, on: device, change: change)
      let batch = Batch(
        step: step, indices: indices, inputs: try tensors.inputs(encoder), targets: try tensors.targets())
      return Handover(batch)
    }
  }

  /// One step of the optimiser; gives the loss and the learning rate used. A loss that is not finite changes nothing.
  private func step(
    _ step: Int, of stepsPerEpoch: Int, _ batch: Batch, _ network: any Network, _ optimiser: any Optimiser,
    _ objective: Objective
  ) throws(TrainingError) -> (Double, Double) {
    let trained = network.parameters.trained
    let rates = study.learningSchedule().rates(
      peak: study.optimiser.learningRate, step: step, totalSteps: study.training.epochs * stepsPerEpoch,
      stepsPerEpoch: stepsPerEpoch, warmUpSteps: study.schedule.warmUpEpochs * stepsPerEpoch)
    return try asTrainingError {
      let generator = try Generator(seed: Generator.seed(study.seed, fold.index, step, 2))
      for parameter in trained { try parameter.tensor.clearGradient() }
      let pass = Pass.training(generator, checkpointing: study.training.checkpointing)
      let output = try autocast { () throws(TorchError) in try network(batch.inputs, pass) }
      let loss = try objective(output, batch.targets).total
      let value = try loss.item()
      guard value.isFinite else { return (value, rates.learningRate) }
      try loss.backward()
      if study.optimiser.gradientNorm > 0 {
        let norm = try clipGradients(trained, to: study.optimiser.gradientNorm)
        guard norm.isFinite else { return (norm, rates.learningRate) }
      }
      try optimiser.step(learningRate: rates.learningRate, momentum: rates.momentum)
      return (value, rates.learningRate)
    }
  }

  private func autocast(_ body: () throws(TorchError) -> Output) throws(TorchError) -> Output {
    compute.precision == .float32 ? try body() : try withAutocast(to: compute.precision, on: compute.device, body)
  }

  // MARK: Choosing the epoch

  /// Mean binary cross entropy and AUC over the samples the epoch is chosen on.
  private func judge(_ network: any Network, _ parts: Parts) throws(TrainingError) -> (Double?, Double?) {
    let indices = parts.judged
    guard !indices.isEmpty else { return (nil, nil) }
    let scorer = Scorer(
      network: network, encoder: parts.encoder, device: compute.device, precision: compute.precision,
      batchSize: study.training.batchSize,
      mirrored: false)
    let logits = try scorer.scores(indices, from: source).map { Double($0.logit) }
    let positives = indices.map { source.record($0).label == .malignant }
    let losses = zip(logits, positives).map { logit, positive in
      // log(1 + exp(-s x)) without overflow.
      let signed = positive ? logit : -logit
      return max(0, -signed) + log1p(exp(-abs(signed)))
    }
    let auc = try? ROCCurve(scores: logits, positives: positives).auc
    return (losses.reduce(0, +) / Double(losses.count), auc)
  }

  private func isBetter(_ record: EpochRecord, than chosen: Checkpoint.Chosen?) -> Bool {
    guard let chosen, let loss = record.validationLoss else { return true }
    switch study.validation.choose {
    case .last: return true
    case .loss: return loss < chosen.loss
    case .auc:
      let auc = record.validationAUC ?? 0.5
      return auc > chosen.auc || (auc == chosen.auc && loss < chosen.loss)
    }
  }
}
