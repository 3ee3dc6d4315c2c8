import Figures
import Wording

/// The result in a sentence and five numbers.
extension Page {
  var headline: HTML {
    guard let section = metrics.headline, let main = section.units.first else {
      return "<p class=\"headline\">\(words("There are no test rows: nothing was evaluated."))</p>"
    }
    let area = main.pooledAUC.map { "AUC \(EstimateText.auc($0, words))" }
    return """
      <p class="headline">\(HTML.bold(area ?? "", in: sentence(section, main, area: area)))</p>
      <div class="tiles">
      \(tiles(main.diagnosis))</div>
      """
  }

  private func sentence(_ section: SectionMetrics, _ main: UnitMetrics, area: String?) -> String {
    let (positives, negatives) = (Text.count(main.positives), Text.count(main.count - main.positives))
    let cases = Phrase("\(positives) malignant and \(negatives) benign \(main.unit.words)")
    let split = EstimateText.splitInSentence(section.split)
    let part = metrics.hasSeveralModels ? Phrase("\(split), model \(section.model)") : split
    let source =
      main.usesFixedCutOff ? Phrase("the fixed cut-off 0.5") : Phrase("the cut-off chosen on training data")
    let sensitivity = EstimateText.rate(main.diagnosis.sensitivity, words)
    let specificity = EstimateText.rate(main.diagnosis.specificity, words)
    let unit = main.unit.word
    guard let area else {
      return words(
        """
        Per \(unit), no AUC: only one class among \(cases) (\(part)), at \(source) sensitivity \(sensitivity) and \
        specificity \(specificity).
        """)
    }
    return words(
      """
      Per \(unit), \(area) on \(cases) (\(part)), at \(source) sensitivity \(sensitivity) and specificity \
      \(specificity).
      """)
  }

  private func tiles(_ diagnosis: Diagnosis) -> [HTML] {
    let rates = [
      (words("Sensitivity"), diagnosis.sensitivity), (words("Specificity"), diagnosis.specificity),
      (words("Positive predictive value"), diagnosis.positivePredictiveValue),
      (words("Negative predictive value"), diagnosis.negativePredictiveValue), (words("Accuracy"), diagnosis.accuracy),
    ]
    return rates.map { name, rate -> HTML in
      let range = rate.interval.map { words("95\u{202F}% CI \(EstimateText.percentages($0, words))") }
      return """
        <div class="tile"><span>\(name)</span><b>\(rate.value.map { EstimateText.percent($0, words) } ?? words("n/a"))</b>\
        <span>\(range ?? words("no cases"))</span>\
        <span>\(words("\(Text.count(rate.successes)) of \(Text.count(rate.trials))"))</span></div>

        """
    }
  }
}
