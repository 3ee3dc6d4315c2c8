import Cohort
import Foundation
import Ultrasound

/// What stands under a picture: true label, call, probability (S2-25) and where the map lies.
enum Caption {
  static func text(
    _ kind: TestLesions.Example, _ lesion: TestLesion, _ image: Prediction, _ heat: HeatMap, _ region: [Bool]?
  ) -> String {
    let title =
      switch kind {
      case .truePositive: "Malignant, called malignant"
      case .trueNegative: "Benign, called benign"
      case .falsePositive: "Benign, called malignant"
      case .falseNegative: "Malignant, called benign"
      case .nearCutOff: "Near the cut-off: \(lesion.label.rawValue), called \(lesion.call.rawValue)"
      }
    var probability = "Malignancy probability \(three(image.score)), cut-off \(three(lesion.cutOff))"
    if lesion.images.count > 1 {
      probability += " (mean of the lesion's \(lesion.images.count) images: \(three(lesion.score)))"
    }
    return
      "\(title). \(probability). \(evidence(heat, region)) Image \(image.image), network of fold \(image.fold + 1)."
  }

  private static func evidence(_ heat: HeatMap, _ region: [Bool]?) -> String {
    guard heat.scale > 0 else { return "No place speaks for \(heat.call.rawValue)." }
    var text = "Bright: speaks for \(heat.call.rawValue)"
    if let region, let energy = Faithfulness.energy(of: heat, inside: region) {
      text += "; \(String(format: "%.0f", energy * 100)) % of it on the lesion (outlined)"
    }
    return text + "."
  }

  private static func three(_ value: Double) -> String { String(format: "%.3f", value) }
}
