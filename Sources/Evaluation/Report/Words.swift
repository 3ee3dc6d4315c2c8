/// The fixed texts of the report: methods with references, and a glossary in plain words.
enum Words {
  static func methods(hasCohort: Bool, isInSilico: Bool) -> HTML {
    let cohort: HTML =
      hasCohort
      ? """
      <p>In Table 1, numbers are compared by Welch’s t-test where the Shapiro–Wilk test finds both groups normal, else
      by the Mann–Whitney test; categories by the chi-square test, or by Fisher’s exact test where an expected count
      is below 5. Tests are two-sided and not corrected for their number.</p>
      """ : .empty
    return """
      <section>
      <h2>Statistical methods</h2>
      <p>The positive class is malignant; a higher score means more likely malignant. A lesion’s score is the mean of
      its images’ scores; a patient’s score is the highest of the lesions’ scores, and a patient is malignant if any
      lesion is. The area under the ROC curve (AUC) is the Mann–Whitney statistic with DeLong’s variance [1, 2]; its
      95 % interval is computed on the logit scale. Where several rows belong to one patient, the interval quoted is
      the one for clustered data [3]. In cross-validation the scores of all test folds are pooled, which takes the
      folds’ scores as comparable; the mean of the folds’ own AUCs, which does not, is given beside it. On external
      data the scores of the folds’ networks are averaged. Two models are compared on the lesions both scored, by the
      paired test of DeLong [1] or, where several lesions belong to one patient, that for clustered data [3]. All
      intervals take the trained networks as given: they say how the result varies with other cases, not with another
      training.</p>
      <p>The cut-off is the one with the highest Youden index [4] on the training and validation part of each fold,
      halfway to the next lower score; test data have no part in it. Calls at each fold’s cut-off are pooled into one
      confusion matrix. Its rates carry Wilson’s score interval [5], which takes rows as independent. The band around
      the ROC curve covers the 95 % regions (Wilson limits in every direction) of all operating points and is
      pointwise. Calibration is a logistic regression of the label on the logit of the score; the Brier score and the
      expected calibration error (ten bins of equal width) go with it. The smooth calibration curve is loess (local
      lines, span 0.75) [6].</p>
      \(cohort)
      <h3>References</h3>
      <ol class="refs">
      <li>DeLong ER, DeLong DM, Clarke-Pearson DL. Comparing the areas under two or more correlated receiver operating
      characteristic curves: a nonparametric approach. Biometrics 1988;44:837–845.</li>
      <li>Sun X, Xu W. Fast implementation of DeLong’s algorithm for comparing the areas under correlated receiver
      operating characteristic curves. IEEE Signal Process Lett 2014;21:1389–1393.</li>
      <li>Obuchowski NA. Nonparametric analysis of clustered ROC curve data. Biometrics 1997;53:567–578.</li>
      <li>Youden WJ. Index for rating diagnostic tests. Cancer 1950;3:32–35.</li>
      <li>Wilson EB. Probable inference, the law of succession, and statistical inference. J Am Stat Assoc
      1927;22:209–212.</li>
      <li>Cleveland WS. Robust locally weighted regression and smoothing scatterplots. J Am Stat Assoc
      1979;74:829–836.</li>
      </ol>
      </section>
      """
  }

  static func glossary(isInSilico: Bool) -> HTML {
    var terms = [
      (
        "AUC",
        "The chance that a malignant lesion gets a higher score than a benign one: 0.5 is guessing, 1 is perfect."
      ),
      ("95 % CI", "Confidence interval: values of the quantity that fit the data. The fewer cases, the wider."),
      ("Cut-off", "The score from which a lesion is called malignant."),
      ("Sensitivity", "Of the malignant lesions, the share called malignant."),
      ("Specificity", "Of the benign lesions, the share called benign."),
      (
        "Positive predictive value",
        "Of the lesions called malignant, the share that is. Depends on how common malignancy is here."
      ),
      (
        "Negative predictive value",
        "Of the lesions called benign, the share that is. Depends on how common malignancy is here."
      ),
      ("Accuracy", "The share of all lesions called rightly."),
      ("Fold", "One of the equal parts of the cohort; each is tested by a network trained on the others."),
      ("Internal test", "Lesions from the same source that the network tested on them has not seen."),
      ("External test", "Lesions from another source than those trained on."),
      (
        "Calibration",
        "Whether of lesions scored 30 % about 30 in 100 are malignant. Slope 1 and intercept 0 are perfect."
      ),
      ("Brier score", "Mean squared distance between score and truth: 0 is perfect, 0.25 is always saying one half."),
    ]
    if isInSilico {
      terms.append(("In silico", "Made by simulation; the truth of each lesion is known because it was put in."))
      terms.append(
        (
          "Ideal observer",
          "The best possible use of the simulated lesions’ true factors: a ceiling for any classifier."
        ))
    }
    return """
      <section>
      <h2>Words used here</h2>
      \(HTML.list(terms.map { ReportInput.Fact($0.0, $0.1) }, style: "glossary"))</section>
      """
  }
}
