import Wording

/// The report's terms in plain words.
extension Page {
  var glossary: ReportSection {
    let terms = Page.terms + (input.isInSilico ? Page.simulationTerms : [])
    let items = terms.map { (term: words($0.term), meaning: words($0.meaning)) }
    return ReportSection("glossary", words("Words used here"), [.html(HTML.list(items, style: "glossary"))])
  }

  private static let terms: [(term: Phrase, meaning: Phrase)] = [
    (
      Phrase("AUC"),
      Phrase("The chance that a malignant lesion gets a higher score than a benign one: 0.5 is guessing, 1 is perfect.")
    ),
    (
      Phrase("95 % CI"),
      Phrase("Confidence interval: values of the quantity that fit the data. The fewer cases, the wider.")
    ),
    (Phrase("Cut-off"), Phrase("The score from which a lesion is called malignant.")),
    (Phrase("Sensitivity"), Phrase("Of the malignant lesions, the share called malignant.")),
    (Phrase("Specificity"), Phrase("Of the benign lesions, the share called benign.")),
    (
      Phrase("Positive predictive value"),
      Phrase("Of the lesions called malignant, the share that is. Depends on how common malignancy is here.")
    ),
    (
      Phrase("Negative predictive value"),
      Phrase("Of the lesions called benign, the share that is. Depends on how common malignancy is here.")
    ),
    (Phrase("Accuracy"), Phrase("The share of all lesions called rightly.")),
    (
      Phrase("Fold"),
      Phrase("One of the equal parts of the cohort; each is tested by a network trained on the others.")
    ),
    (
      Phrase("Internal test"),
      Phrase("Lesions from the same source that the network tested on them has not seen.")
    ),
    (Phrase("External test"), Phrase("Lesions from another source than those trained on.")),
    (
      Phrase("Calibration"),
      Phrase("Whether of lesions scored 30 % about 30 in 100 are malignant. Slope 1 and intercept 0 are perfect.")
    ),
    (
      Phrase("Brier score"),
      Phrase("Mean squared distance between score and truth: 0 is perfect, 0.25 is always saying one half.")
    ),
  ]

  private static let simulationTerms: [(term: Phrase, meaning: Phrase)] = [
    (
      Phrase("In silico"),
      Phrase("Made by simulation; the truth of each lesion is known because it was put in.")
    ),
    (
      Phrase("Ideal observer"),
      Phrase("The best possible use of the simulated lesions’ true factors: a ceiling for any classifier.")
    ),
  ]
}
