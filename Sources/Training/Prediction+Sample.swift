import Cohort
import Foundation
import Networks
import Ultrasound

extension Prediction {
  /// The row of a sample: the mean probability of the networks that scored it.
  ///
  /// Beside the table's own columns: of a network that weighs its modalities `weight_<modality>`, the mean over the networks;
  /// of one with several inputs `has_<input>`, 1 or 0; where several networks were asked, `score_fold_N`.
  init(
    _ source: SampleSource, _ sample: Int, model: String, split: Split, fold: Int, _ scores: [SampleScore],
    each: Bool = true
  ) {
    let image = source.record(sample)
    let probabilities = scores.map { 1 / (1 + exp(-Double($0.logit))) }
    self.init(
      model: model, split: split.rawValue, fold: fold, site: image.site ?? "", patient: image.patient,
      lesion: image.lesion, image: image.name, label: image.label,
      score: probabilities.reduce(0, +) / Double(max(1, scores.count)))
    if each {
      for (place, score) in probabilities.enumerated() { extra["score_fold_\(place + 1)"] = String(score) }
    }
    if source.inputs.count > 1 {
      for (input, isThere) in zip(source.inputs, source.presence(sample)) {
        extra["has_" + input.name] = isThere ? "1" : "0"
      }
    }
    for (place, name) in source.weighedInputs(scores.first?.weights.count ?? 0).enumerated() {
      let mean = scores.reduce(0) { $0 + Double($1.weights[place]) } / Double(max(1, scores.count))
      extra["weight_" + name] = String(mean)
    }
  }
}

extension SampleSource {
  /// What `count` weights are of: all inputs, or those that are pictures; none where they fit neither.
  fileprivate func weighedInputs(_ count: Int) -> [String] {
    let pictures = inputs.filter { $0.content != .clinical }
    return [inputs, pictures].first { $0.count == count }?.map(\.name) ?? []
  }
}
