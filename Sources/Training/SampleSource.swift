import Cohort
import Networks
import Protocols
import Ultrasound

/// The samples of a cohort for one network, and the tensors that its inputs take.
struct SampleSource: Sendable {
  let regions: RegionSource
  /// In order of the image they are called by.
  let samples: [Sample]
  let inputs: [NetworkInput]
  let choice: InputChoice
  let variables: [ClinicalVariable]
  /// Whether the loss asks for marks of calcifications.
  let supervisesAttention: Bool

  /// - inputs: the network's; `network` names it in errors.
  /// - forTraining: whether a clinical column that no image has is an error; a new cohort may lack one.
  ///
  /// Throws for images that have nothing the network asks for, and for inputs that no cohort can give.
  init(
    _ images: [ImageRecord], _ study: StudyProtocol, inputs: [NetworkInput], forTraining: Bool = true
  ) throws(TrainingError) {
    (self.inputs, choice, variables) = (inputs, study.input, study.clinical)
    supervisesAttention = study.loss.attentionWeight > 0
    let regions = try RegionSource(images, study.input)
    self.regions = regions
    let sources = try Self.sources(inputs, study)
    if forTraining {
      try Self.requireColumns(study.clinical, images)
      guard !supervisesAttention || images.contains(where: { !$0.calcificationMasks.isEmpty }) else {
        throw Self.wrong("loss.attentionWeight", "no image of the cohort has a calcification_mask")
      }
    }
    var samples: [Sample] = []
    for group in try study.input.sample.groups(of: images) {
      var pictures: [String: Frames] = [:]
      for (input, source) in zip(inputs, sources) { pictures[input.name] = source.pictures(group, regions) }
      samples.append(
        Sample(
          image: group.image, images: group.images, pictures: pictures,
          clinical: try Self.record(group, images, study.clinical)))
    }
    self.samples = samples
    try requireInputs(of: study.network.name)
  }

  // MARK: What a sample is of

  func record(_ sample: Int) -> ImageRecord { regions.images[samples[sample].image] }
  func name(_ sample: Int) -> String { record(sample).name }

  /// Position of each sample by its name.
  var positions: [String: Int] {
    Dictionary(uniqueKeysWithValues: samples.indices.map { (name($0), $0) })
  }

  /// The samples all of whose images are among `names`, in that order.
  func indices(in names: [String]) -> [Int] {
    let (positions, there) = (positions, Set(names))
    return names.compactMap { positions[$0] }.filter { sample in
      samples[sample].images.allSatisfy { there.contains(regions.images[$0].name) }
    }
  }

  /// Whether each input is there, [inputs] of a sample.
  func presence(_ sample: Int) -> [Bool] { inputs.map { samples[sample].has($0) } }

  /// Whether a sample has more frames than a network over stills is given.
  var hasClips: Bool {
    inputs.contains { $0.content == .clip } || samples.contains { $0.pictures.values.contains { $0.count > 1 } }
  }

  /// Those of an input's frames that the network is given: of a clip at an input over stills one, in evaluation the middle one.
  ///
  /// - phase: 0 ..< 1, where the choice begins; nil in evaluation.
  func shown(_ frames: Frames, _ input: NetworkInput, phase: Double?) -> Frames {
    guard input.content == .clip else {
      return [frames[min(frames.count - 1, Int((phase ?? 0.5) * Double(frames.count)))]]
    }
    return choice.clip.places(in: frames.count, phase: phase).map { frames[$0] }
  }

  // MARK: Checks

  private static func sources(_ inputs: [NetworkInput], _ study: StudyProtocol) throws(TrainingError) -> [InputSource] {
    var sources: [InputSource] = []
    for input in inputs { sources.append(try InputSource(input, of: study.network.name)) }
    for (input, source) in zip(inputs, sources) {
      try input.check(study, source)
    }
    if sources.contains(.clinical) {
      let width = study.clinical.reduce(0) { $0 + $1.width }
      guard let input = inputs.first(where: { $0.content == .clinical }), input.shape == [width] else {
        throw wrong(
          "clinical",
          "\(study.network.name) takes \(inputs.first { $0.content == .clinical }?.shape ?? []) clinical "
            + "values, the schema encodes \(width)")
      }
    } else if !study.clinical.isEmpty {
      throw wrong("clinical", "\(study.network.name) takes no clinical values")
    }
    return sources
  }

  static func wrong(_ key: String, _ reason: String) -> TrainingError {
    .studyProtocol(.wrongValue(source: "protocol", key: key, reason: reason))
  }

  private static func requireColumns(_ variables: [ClinicalVariable], _ images: [ImageRecord]) throws(TrainingError) {
    for variable in variables {
      var isThere = false
      for image in images where !isThere { isThere = try variable.cell(of: image) != .missing }
      guard isThere else { throw wrong("clinical", "no image has a value in column \(variable.column)") }
    }
  }

  /// The record of the image a sample is called by; what is missing there, of the first other image that has it.
  private static func record(_ group: SampleGroup, _ images: [ImageRecord], _ variables: [ClinicalVariable])
    throws(TrainingError) -> [ClinicalCell]
  {
    var record: [ClinicalCell] = []
    for variable in variables {
      var cell = ClinicalCell.missing
      for image in [group.image] + group.images where cell == .missing { cell = try variable.cell(of: images[image]) }
      record.append(cell)
    }
    return record
  }

  /// A network of several inputs can do without some of them, not without all; one of a single input needs it.
  private func requireInputs(of network: String) throws(TrainingError) {
    let without = samples.indices.filter { !presence($0).contains(true) }
    guard let first = without.first else { return }
    let wanted = inputs.map(\.name).joined(separator: ", ")
    throw .cohort(
      "\(without.count) of \(samples.count) samples have nothing that \(network) takes (\(wanted)); first: "
        + "\(name(first)) (\(record(first).modality.rawValue)). Leave such images out with cohort.modalities")
  }
}

extension NetworkInput {
  /// Throws where a protocol's samples cannot fill the input.
  fileprivate func check(_ study: StudyProtocol, _ source: InputSource) throws(TrainingError) {
    let (network, sample) = (study.network.name, study.input.sample)
    switch content {
    case .clinical: return
    case .clip:
      guard sample == .clip else {
        throw SampleSource.wrong("input.sample", "\(network) takes clips: expected clip, found \(sample.rawValue)")
      }
      guard study.input.clip.frames >= smallest.frames else {
        throw SampleSource.wrong(
          "input.clip.frames", "\(network) needs \(smallest.frames) or more, found \(study.input.clip.frames)")
      }
    case .still:
      guard sample != .clip else {
        throw SampleSource.wrong("input.sample", "\(network) takes stills: expected image, pair or lesion, found clip")
      }
    }
    guard study.input.size >= smallest.size else {
      throw SampleSource.wrong("input.size", "\(network) needs \(smallest.size) or more, found \(study.input.size)")
    }
  }
}
