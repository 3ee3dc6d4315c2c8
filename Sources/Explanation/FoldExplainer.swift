import Foundation
import Imaging
import Torch
import Training
import Ultrasound

/// Explains the calls of one fold's network.
struct FoldExplainer {
  let samples: RunSamples
  let trained: TrainedFold
  /// The next fold's network; nil where there is one fold.
  let other: TrainedFold?
  let untrained: TrainedFold
  let seed: UInt64

  /// Samples at once.
  static let batch = 16
  static let deletedShare = 0.2
  static let randomPlaces = 3
  /// How much smaller a picture is made and enlarged again to blur it.
  private static let blur = 16

  /// Evidence of each still of each sample for malignancy, by `fold`'s network, mirror image and all, as it is scored.
  func evidence(of wanted: [Int], in fold: TrainedFold) throws -> [[String: EvidenceMap]] {
    var maps: [[String: EvidenceMap]] = []
    for start in stride(from: 0, to: wanted.count, by: Self.batch) {
      let part = Array(wanted[start..<min(start + Self.batch, wanted.count)])
      let inputs = try fold.inputs(part, of: samples)
      let plain = try GradCAM.evidence(of: inputs, in: fold.network)
      let mirrored = fold.mirrored ? try GradCAM.evidence(of: fold.mirror(inputs), in: fold.network) : nil
      for place in part.indices {
        maps.append(
          try plain.reduce(into: [:]) { map, entry in
            map[entry.key] = try Self.mean(entry.value[place], mirrored?[entry.key]?[place])
          })
      }
    }
    return maps
  }

  private static func mean(_ map: EvidenceMap, _ mirror: EvidenceMap?) throws(TorchError) -> EvidenceMap {
    guard let mirror else { return map }
    guard let mean = map.averaged(withMirror: mirror) else { throw .operation("Grad-CAM: maps of two sizes") }
    return mean
  }

  /// Fall of the call's probability, 1 at most, when part of one picture of a sample is blurred away; the random places
  /// follow from the sample's number.
  func deletion(_ sample: Int, _ input: String, _ evidence: EvidenceMap, call: Label) throws
    -> (top: Double, random: Double)
  {
    let size = trained.size
    let picture = try samples.picture(sample, input: input)
    // Ranked before the rectifier, so that a map with little evidence for the call has an order too.
    let ranked = try evidence.enlarged(evidence.towards(call), rows: size, columns: size)
    let top = Faithfulness.top(Self.deletedShare, of: ranked)
    var masks = [[Float](repeating: 0, count: size * size), top]
    for attempt in 0..<Self.randomPlaces {
      let draw = Generator.seed(seed, sample, attempt)
      masks.append(
        Faithfulness.moved(
          top, rows: size, columns: size, byRows: Int(draw % UInt64(size)),
          byColumns: Int((draw >> 32) % UInt64(size))))
    }
    let small = max(1, size / Self.blur)
    let blurred = picture.resized(width: small, height: small).resized(width: size, height: size)
    let changed = try Faithfulness.replaced(
      trained.tensor([picture]), by: trained.tensor([blurred]), where: masks)
    var inputs = try trained.inputs(Array(repeating: sample, count: masks.count), of: samples)
    inputs[input] = try trained.normalised(changed)
    let probabilities = try trained.logits(inputs).map { logit in
      1 / (1 + exp(call == .malignant ? -Double(logit) : Double(logit)))
    }
    guard probabilities.count == masks.count else { throw TorchError.operation("deletion: a score is missing") }
    let drops = probabilities.map { probabilities[0] - $0 }
    return (drops[1], drops[2...].reduce(0, +) / Double(Self.randomPlaces))
  }
}
