public import NN
public import Torch

/// What is known of a batch of N samples.
public struct Targets {
  /// Class numbers: 1 for malignant where there are two.
  public var labels: [Int]
  /// State of the organ around the lesion (S2-07): 0 normal, 1 steatosis, 2 fibrosis; nil where unknown.
  public var backgrounds: [Int?]
  /// Masks or boxes of calcification, 0...1: [N, 1, rows, columns], which hold for every frame, or
  /// [N, 1, frames, rows, columns], as the images given to the network; nil where no sample has one.
  public var calcification: Tensor?
  /// Whether a sample's mask is known; a mask of zeros that is known says that there is no calcification.
  public var calcificationKnown: [Bool]

  /// - backgrounds: all unknown by default; calcificationKnown: all, where there are masks.
  public init(
    labels: [Int], backgrounds: [Int?]? = nil, calcification: Tensor? = nil, calcificationKnown: [Bool]? = nil
  ) {
    (self.labels, self.calcification) = (labels, calcification)
    self.backgrounds = backgrounds ?? labels.map { _ in nil }
    self.calcificationKnown = calcificationKnown ?? labels.map { _ in calcification != nil }
  }
}

/// How a system's output becomes the one number that training lowers: the main loss with weight 1, each further head's
/// by its own weight (S1-14, S2-12), the triplet loss over the embedding (S2-11), the supervision of the attention map
/// (S3-03).
public struct Objective: Sendable, Equatable {
  /// Over the main logits, and over every head whose target is malignancy.
  public var main: Loss
  public var triplet: BatchHardTriplet?
  public var tripletWeight: Double
  /// Factor of the attention map's supervision; 0 for none.
  public var attentionWeight: Double

  public init(
    _ main: Loss, triplet: BatchHardTriplet? = nil, tripletWeight: Double = 1, attentionWeight: Double = 0
  ) {
    (self.main, self.triplet) = (main, triplet)
    (self.tripletWeight, self.attentionWeight) = (tripletWeight, attentionWeight)
  }

  /// - Returns: the weighted sum, and its parts outside the graph, before their weights: `main`, `triplet`, `attention`,
  ///   and the heads by name. A part that no sample of the batch supports is absent.
  ///
  /// Throws for a label outside the classes, and where the network gives no embedding or attention map to judge. Heads
  /// and embeddings exist in training: in evaluation use `main` by itself.
  public func callAsFunction(_ output: Output, _ targets: Targets) throws(TorchError) -> (
    total: Tensor, parts: [String: Tensor]
  ) {
    try targets.check()
    var total = try main(output.logits, labels: targets.labels)
    var parts = ["main": try total.detached()]
    func add(_ name: String, _ weight: Double, _ part: Tensor?) throws(TorchError) {
      guard let part else { return }
      total = try total + part * weight
      parts[name] = try part.detached()
    }
    for head in output.heads { try add(head.name, head.weight, loss(of: head, targets)) }
    if let triplet {
      guard let embedding = output.embedding else { throw .argument("triplet loss: the network gives no embedding") }
      try add("triplet", tripletWeight, triplet(embedding, labels: targets.labels))
    }
    if attentionWeight > 0 {
      guard let map = output.extras["attention"] else {
        throw .argument("attention: the network gives no map to supervise")
      }
      try add("attention", attentionWeight, attention(map, targets))
    }
    return (total, parts)
  }

  /// A head's loss over the samples whose target is known; nil for none.
  private func loss(of head: Output.Head, _ targets: Targets) throws(TorchError) -> Tensor? {
    let (loss, labels): (Loss, [Int?]) =
      switch head.target {
      case .malignancy: (main, targets.labels)
      case .background: (.oneAgainstRest, targets.backgrounds)
      }
    let rows = labels.indices.filter { labels[$0] != nil }
    guard !rows.isEmpty else { return nil }
    let logits = rows.count == labels.count ? head.logits : try head.logits.selected(0, rows: rows)
    return try loss(logits, labels: rows.compactMap { labels[$0] })
  }

  private func attention(_ map: Tensor, _ targets: Targets) throws(TorchError) -> Tensor? {
    let rows = targets.calcificationKnown.indices.filter { targets.calcificationKnown[$0] }
    guard let masks = targets.calcification, !rows.isEmpty else { return nil }
    return try AttentionSupervision.loss(map.selected(0, rows: rows), masks: masks.selected(0, rows: rows))
  }
}

extension Targets {
  fileprivate func check() throws(TorchError) {
    guard backgrounds.count == labels.count else {
      throw .argument("targets: \(backgrounds.count) backgrounds for \(labels.count) labels")
    }
    guard calcificationKnown.count == labels.count else {
      throw .argument("targets: calcificationKnown of \(calcificationKnown.count) for \(labels.count) labels")
    }
    if let masks = try calcification?.shape, ![4, 5].contains(masks.count) || masks[0] != labels.count || masks[1] != 1
    {
      throw .argument("targets: calcification \(masks), expected [\(labels.count), 1, (frames,) rows, columns]")
    }
  }
}

/// Pulls an attention map towards masks of what it should attend to (S3-03; the paper names no form).
public enum AttentionSupervision {
  /// Binary cross entropy plus one minus the Dice coefficient, each averaged: the first speaks for every cell, the
  /// second for the few that hold calcification among the many that do not.
  ///
  /// A cell's target is the mask's greatest value in it, since a microcalcification is smaller than a cell.
  /// - map: [N, 1, t, h, w] in 0...1.
  /// - masks: [N, 1, (frames,) rows, columns] in 0...1; without frames they hold for all.
  public static func loss(_ map: Tensor, masks: Tensor) throws(TorchError) -> Tensor {
    let grid = try map.shape
    guard grid.count == 5, grid[1] == 1 else { throw .argument("attention: expected [N, 1, t, h, w], found \(grid)") }
    let map = try map.to(.float32)
    let target = try cells(masks.to(map.device), [Int](grid.suffix(3)))
    let extents = [1, 2, 3, 4]
    let certain = try map.clamped(1e-6...1 - 1e-6)
    let likelihood = try target * certain.log() + (target * -1 + 1) * (certain * -1 + 1).log()
    // One more cell in agreement, so that an empty map equals an empty mask.
    let overlap = try (map * target).sum(over: extents) * 2 + 1
    let dice = try overlap / ((map + target).sum(over: extents) + 1)
    return try likelihood.mean() * -1 + (dice * -1 + 1).mean()
  }

  /// The masks' greatest value in each cell of a grid [t, h, w]: [N, 1, t, h, w].
  static func cells(_ masks: Tensor, _ grid: [Int]) throws(TorchError) -> Tensor {
    let clips = try masks.shape.count == 4 ? masks.unsqueezed(2) : masks
    return try clips.to(.float32).adaptivelyMaximised(grid)
  }
}
