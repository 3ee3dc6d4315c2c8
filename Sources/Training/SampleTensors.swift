import Cohort
import Networks
import Protocols
import Torch
import Ultrasound

/// The random changes of one training batch.
struct BatchChange {
  let augmenter: Augmenter
  let generator: Generator
  /// Whether all inputs of a sample move alike (S1-17).
  let isPaired: Bool

  init(_ amount: Augmentation, seed: UInt64) throws(TorchError) {
    augmenter = Augmenter(amount)
    generator = try Generator(seed: seed)
    isPaired = amount.paired
  }

  fileprivate func motion(_ count: Int, size: Int) throws(TorchError) -> Tensor? {
    try augmenter.motion(count, rows: size, columns: size, generator)
  }
}

/// Makes the tensors of one batch of samples.
struct SampleTensors {
  private let source: SampleSource
  private let indices: [Int]
  private let device: Device
  private let change: BatchChange?
  private let isPaired: Bool
  /// Where in its clip each sample begins; nil in evaluation, and where there are no clips.
  private let phases: [Double]?
  /// The movement that all inputs share; nil where nothing moves or each moves by itself.
  private let motion: Tensor?

  /// - change: nil in evaluation.
  init(_ source: SampleSource, _ indices: [Int], on device: Device, change: BatchChange? = nil) throws(TorchError) {
    (self.source, self.indices, self.device, self.change) = (source, indices, device, change)
    isPaired = source.inputs.count == 1 || change?.isPaired ?? true
    if let change, source.hasClips {
      let drawn: [Float] = try change.generator.uniform([indices.count]).scalars()
      phases = drawn.map(Double.init)
    } else {
      phases = nil
    }
    motion = if let change, isPaired { try change.motion(indices.count, size: source.choice.size) } else { nil }
  }

  /// What the network takes, one tensor an input name; of a network of several inputs also `present`.
  ///
  /// - encoder: of the clinical record.
  func inputs(_ encoder: ClinicalEncoder) throws(TrainingError) -> [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for input in source.inputs {
      tensors[input.name] = input.content == .clinical ? try clinical(encoder) : try pictures(input)
    }
    guard source.inputs.count > 1 else { return tensors }
    let flags = indices.flatMap { source.presence($0).map { $0 ? Float(1) : 0 } }
    tensors["present"] = try asTrainingError {
      try Tensor(flags, shape: [indices.count, source.inputs.count]).to(device)
    }
    return tensors
  }

  private func clinical(_ encoder: ClinicalEncoder) throws(TrainingError) -> Tensor {
    let values = indices.flatMap { encoder.encoded(source.samples[$0].clinical) }
    return try asTrainingError { try Tensor(values, shape: [indices.count, encoder.width]).to(device) }
  }

  // MARK: Pictures

  private func frames(_ input: NetworkInput) -> Int { input.content == .clip ? source.choice.clip.frames : 1 }

  /// [N, 3, size, size], or [N, 3, frames, size, size] of clips, normalised. A sample that lacks the input has zeros in it
  /// before the changes.
  private func pictures(_ input: NetworkInput) throws(TrainingError) -> Tensor {
    let (frames, size) = (frames(input), source.choice.size)
    let pixels = try pixels(input)
    return try asTrainingError {
      var images = try Pixels.images(pixels, size: size).to(device)
      if let change {
        let motion = isPaired ? motion : try change.motion(indices.count, size: size)
        images = try change.augmenter.moved(images, by: motion, frames: frames)
        images = try change.augmenter.shaded(images, frames: frames, change.generator)
      }
      let normalised = try Pixels.normalised(images)
      return input.content == .clip ? try Pixels.clips(normalised, frames: frames) : normalised
    }
  }

  /// Bytes of every frame of every sample, the frames of a sample together.
  private func pixels(_ input: NetworkInput) throws(TrainingError) -> [[UInt8]] {
    try pixels(of: pictures(of: input), channels: 3)
  }

  /// Every frame of every sample, the frames of a sample together; nil where a sample lacks the input.
  private func pictures(of input: NetworkInput) -> [Picture?] {
    let frames = frames(input)
    return indices.enumerated().flatMap { place, index -> [Picture?] in
      guard let pictures = source.samples[index].pictures[input.name] else {
        return Array(repeating: nil, count: frames)
      }
      return source.shown(pictures, input, phase: phases?[place])
    }
  }

  private func pixels(of wanted: [Picture?], channels: Int) throws(TrainingError) -> [[UInt8]] {
    // A short clip names its last frame several times.
    let there = Array(Set(wanted.compactMap(\.self)))
    let decoded = Dictionary(uniqueKeysWithValues: zip(there, try source.regions.pixels(there)))
    let nothing = [UInt8](repeating: 0, count: source.choice.size * source.choice.size * channels)
    return wanted.map { picture in picture.flatMap { decoded[$0] } ?? nothing }
  }

  // MARK: Targets

  /// What a loss is taken over: classes, states of the organ and, where the attention is supervised, the marks of
  /// calcifications, moved as the pictures are.
  func targets() throws(TrainingError) -> Targets {
    let records = indices.map(source.record)
    var labels: [Int] = []
    for record in records {
      guard let label = record.label else { throw .cohort("\(record.name): has no label to learn from") }
      labels.append(label.value)
    }
    var targets = Targets(
      labels: labels,
      backgrounds: records.map { $0.background.flatMap(Background.allCases.firstIndex(of:)) })
    guard source.supervisesAttention, let input = source.inputs.first(where: { $0.content != .clinical }) else {
      return targets
    }
    let wanted = pictures(of: input)
    let frames = wanted.count / indices.count
    targets.calcificationKnown = indices.indices.map { sample in
      wanted[(sample * frames)..<((sample + 1) * frames)].allSatisfy { $0.map(source.regions.hasMarks) ?? false }
    }
    guard targets.calcificationKnown.contains(true) else { return targets }
    targets.calcification = try marks(wanted, frames: frames)
    return targets
  }

  /// [N, 1, frames, size, size] in 0...1.
  private func marks(_ wanted: [Picture?], frames: Int) throws(TrainingError) -> Tensor {
    let size = source.choice.size
    let bytes = try pixels(
      of: wanted.map { $0.map { Picture($0.image, .calcification, frame: $0.frame) } }, channels: 1)
    return try asTrainingError {
      let plain = try Tensor(bytes.flatMap(\.self), shape: [wanted.count, 1, size, size]).to(.float32).to(device) / 255
      let moved = try change?.augmenter.moved(plain, by: motion, frames: frames) ?? plain
      return try moved.reshaped([indices.count, 1, frames, size, size])
    }
  }
}
