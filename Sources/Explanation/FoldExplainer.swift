import Foundation
import Imaging
import Torch
import Training
import Ultrasound

/// Explains the calls of one fold's network.
struct FoldExplainer {
  let trained: TrainedFold
  /// The next fold's network; nil where there is one fold.
  let other: TrainedFold?
  let untrained: TrainedFold
  let seed: UInt64

  /// Pictures at once.
  static let batch = 16
  static let deletedShare = 0.2
  static let randomPlaces = 3
  /// How much smaller a picture is made and enlarged again to blur it.
  private static let blur = 16

  /// Evidence of each picture for malignancy, by `fold`'s network, mirror image and all, as it is scored.
  static func evidence(of pictures: [RGBImage], in fold: TrainedFold) throws(TorchError) -> [EvidenceMap] {
    var maps: [EvidenceMap] = []
    for start in stride(from: 0, to: pictures.count, by: batch) {
      let part = Array(pictures[start..<min(start + batch, pictures.count)])
      let images = try fold.tensor(part)
      let plain = try GradCAM.evidence(of: fold.normalised(images), in: fold.network)
      guard fold.mirrored else {
        maps += plain
        continue
      }
      let mirrored = try GradCAM.evidence(of: fold.normalised(images.flipped([3])), in: fold.network)
      for (map, mirror) in zip(plain, mirrored) {
        guard let mean = map.averaged(withMirror: mirror) else { throw .operation("Grad-CAM: maps of two sizes") }
        maps.append(mean)
      }
    }
    return maps
  }

  /// Fall of the call's probability, 1 at most, when part of the picture is blurred away.
  ///
  /// - place: a number of the picture's own, from which the random places follow.
  func deletion(_ picture: RGBImage, _ evidence: EvidenceMap, call: Label, place: Int) throws(TorchError)
    -> (top: Double, random: Double)
  {
    let size = trained.size
    // Ranked before the rectifier, so that a map with little evidence for the call has an order too.
    let ranked = try evidence.enlarged(evidence.towards(call), rows: size, columns: size)
    let top = Faithfulness.top(Self.deletedShare, of: ranked)
    var masks = [[Float](repeating: 0, count: size * size), top]
    for attempt in 0..<Self.randomPlaces {
      let draw = Generator.seed(seed, place, attempt)
      masks.append(
        Faithfulness.moved(
          top, rows: size, columns: size, byRows: Int(draw % UInt64(size)),
          byColumns: Int((draw >> 32) % UInt64(size))))
    }
    let small = max(1, size / Self.blur)
    let blurred = picture.resized(width: small, height: small).resized(width: size, height: size)
    let changed = try Faithfulness.replaced(
      trained.tensor([picture]), by: trained.tensor([blurred]), where: masks)
    let probabilities = try trained.logits(changed).map { logit in
      1 / (1 + exp(call == .malignant ? -Double(logit) : Double(logit)))
    }
    guard probabilities.count == masks.count else { throw .operation("deletion: a score is missing") }
    let drops = probabilities.map { probabilities[0] - $0 }
    return (drops[1], drops[2...].reduce(0, +) / Double(Self.randomPlaces))
  }
}
