extension StudyProtocol {
  /// Throws for a value outside its range, naming the key.
  func validate(source: String) throws(ProtocolError) {
    func require(_ holds: Bool, _ key: String, _ expected: String, _ found: some CustomStringConvertible)
      throws(ProtocolError)
    {
      if !holds { throw .wrongValue(source: source, key: key, reason: "expected \(expected), found \(found)") }
    }
    let amounts: [(String, Double)] = [
      ("rotation", augmentation.rotation), ("scale", augmentation.scale), ("translation", augmentation.translation),
      ("elastic", augmentation.elastic), ("gain", augmentation.gain), ("gamma", augmentation.gamma),
      ("speckle", augmentation.speckle),
    ]
    for (name, amount) in amounts {
      try require(amount >= 0 && amount.isFinite, "augmentation." + name, "0 or more", amount)
    }
    try require((0...1).contains(augmentation.flip), "augmentation.flip", "0 to 1", augmentation.flip)
    try require(
      (2...64).contains(augmentation.elasticNodes), "augmentation.elasticNodes", "2 to 64", augmentation.elasticNodes)
    try require(!model.isEmpty, "model", "a name", "nothing")
    try require((0...5).contains(input.margin), "input.margin", "0 to 5", input.margin)
    try require((32...2048).contains(input.size), "input.size", "32 to 2048", input.size)
    try require(
      (0...1_000_000).contains(input.cacheMegabytes), "input.cacheMegabytes", "0 to 1000000", input.cacheMegabytes)
    try require((1...100_000).contains(training.epochs), "training.epochs", "1 to 100000", training.epochs)
    try require((2...4096).contains(training.batchSize), "training.batchSize", "2 to 4096", training.batchSize)
    try require((0..<1).contains(training.averaging), "training.averaging", "0 to below 1", training.averaging)
    try require((0...1024).contains(training.threads), "training.threads", "0 to 1024", training.threads)
    try require((1...2).contains(network.classes), "network.classes", "1 or 2", network.classes)
    try require((1...1024).contains(input.clip.frames), "input.clip.frames", "1 to 1024", input.clip.frames)
    try require((1...1024).contains(input.clip.stride), "input.clip.stride", "1 to 1024", input.clip.stride)
    try require(
      sampler != .classesByLesions || (training.batchSize >= 4 && training.batchSize.isMultiple(of: 2)),
      "training.batchSize", "an even number from 4 on, for the sampler p-by-k", training.batchSize)
    try require((0..<1).contains(loss.beta), "loss.beta", "0 to below 1", loss.beta)
    try require(
      loss.tripletWeight >= 0 && loss.tripletWeight.isFinite, "loss.tripletWeight", "0 or more", loss.tripletWeight)
    if case .hard(let margin) = loss.tripletMargin {
      try require(margin >= 0 && margin.isFinite, "loss.tripletMargin", "0 or more, or soft", margin)
    }
    try require(
      loss.attentionWeight >= 0 && loss.attentionWeight.isFinite, "loss.attentionWeight", "0 or more",
      loss.attentionWeight)
    if let (place, reason) = ClinicalVariable.fault(in: clinical) {
      throw .wrongValue(source: source, key: "clinical", reason: "variable \(place + 1): \(reason)")
    }
    try require(loss.positiveWeight > 0, "loss.positiveWeight", "more than 0", loss.positiveWeight)
    try require((0..<1).contains(loss.smoothing), "loss.smoothing", "0 to below 1", loss.smoothing)
    try require(loss.gamma >= 0, "loss.gamma", "0 or more", loss.gamma)
    try require((0...1).contains(loss.alpha), "loss.alpha", "0 to 1", loss.alpha)
    let rate = optimiser.learningRate
    try require(rate > 0 && rate.isFinite, "optimiser.learningRate", "more than 0", rate)
    try require(optimiser.weightDecay >= 0, "optimiser.weightDecay", "0 or more", optimiser.weightDecay)
    try require((0..<1).contains(optimiser.momentum), "optimiser.momentum", "0 to below 1", optimiser.momentum)
    try require(optimiser.gradientNorm >= 0, "optimiser.gradientNorm", "0 or more", optimiser.gradientNorm)
    try require(schedule.stepEpochs >= 1, "schedule.stepEpochs", "1 or more", schedule.stepEpochs)
    try require(schedule.stepFactor > 0, "schedule.stepFactor", "more than 0", schedule.stepFactor)
    try require(
      (0..<training.epochs).contains(schedule.warmUpEpochs), "schedule.warmUpEpochs", "fewer than training.epochs",
      schedule.warmUpEpochs)
    try require((2...1000).contains(validation.folds), "validation.folds", "2 to 1000", validation.folds)
    try require((0..<0.9).contains(validation.fraction), "validation.fraction", "0 to below 0.9", validation.fraction)
    try require(
      validation.split != .column || !validation.column.isEmpty, "validation.column", "a column's name", "nothing")
    if let fault = validation.divisionFault { try require(false, fault.key, fault.expected, fault.found) }
    try require(
      validation.fraction > 0 || validation.parts.count > 2 || validation.chooseOn == .test
        || validation.choose == .last, "validation.fraction",
      "more than 0 where the epoch is chosen on the validation part", validation.fraction)
    try combination.validate(source: source)
  }
}

extension Validation {
  /// What keeps the chosen division from being made: the key, what was expected and what was found.
  fileprivate var divisionFault: (key: String, expected: String, found: String)? {
    let counts: ClosedRange<Int> =
      switch split {
      case .parts: 2...4
      case .holdOut where !parts.isEmpty: 2...3
      default: 0...0
      }
    guard counts.contains(parts.count) else {
      let expected =
        counts.upperBound == 0
        ? "nothing unless split is parts or hold-out" : "\(counts.lowerBound) to \(counts.upperBound) numbers"
      return ("validation.parts", expected, "\(parts)")
    }
    guard parts.isEmpty || parts.allSatisfy({ $0 > 0 && $0 < 1 }) && abs(parts.reduce(0, +) - 1) < 1e-6 else {
      return ("validation.parts", "numbers above 0 of sum 1", "\(parts)")
    }
    guard (split == .holdOut) != holdOut.isEmpty else {
      let expected = split == .holdOut ? "the values that are the external test" : "nothing unless split is hold-out"
      return ("validation.holdOut", expected, "\(holdOut)")
    }
    guard (split == .date) != after.isEmpty else {
      let expected = split == .date ? "the last day of training" : "nothing unless split is date"
      return ("validation.after", expected, after.isEmpty ? "nothing" : after)
    }
    return nil
  }
}
