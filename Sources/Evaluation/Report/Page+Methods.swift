import Wording

/// How the numbers were made, with references.
extension Page {
  var methods: ReportSection {
    var paragraphs = [Page.discrimination, Page.cutOffs]
    if tableOne != nil { paragraphs.append(Page.tableOne) }
    return ReportSection(
      "methods", words("Statistical methods"),
      paragraphs.map { .paragraph(words.sentences($0)) } + [.heading(words("References")), .html(references)])
  }

  private static let discrimination = [
    Phrase("The positive class is malignant; a higher score means more likely malignant."),
    Phrase(
      """
      A lesion’s score is the mean of its images’ scores; a patient’s score is the highest of the lesions’ scores, and a \
      patient is malignant if any lesion is.
      """),
    Phrase(
      """
      The area under the ROC curve (AUC) is the Mann–Whitney statistic with DeLong’s variance [1, 2]; its 95 % interval \
      is computed on the logit scale.
      """),
    Phrase("Where several rows belong to one patient, the interval quoted is the one for clustered data [3]."),
    Phrase(
      """
      In cross-validation the scores of all test folds are pooled, which takes the folds’ scores as comparable; the mean \
      of the folds’ own AUCs, which does not, is given beside it.
      """),
    Phrase("On external data the scores of the folds’ networks are averaged."),
    Phrase(
      """
      Two models are compared on the lesions both scored, by the paired test of DeLong [1] or, where several lesions \
      belong to one patient, that for clustered data [3]; the p values of all pairs of a part are adjusted by Holm’s \
      method [7].
      """),
    Phrase(
      """
      All intervals take the trained networks as given: they say how the result varies with other cases, not with \
      another training.
      """),
  ]

  private static let cutOffs = [
    Phrase(
      """
      The cut-off is the one with the highest Youden index [4] on the training and validation part of each fold, halfway \
      to the next lower score; test data have no part in it.
      """),
    Phrase("Calls at each fold’s cut-off are pooled into one confusion matrix."),
    Phrase("Its rates carry Wilson’s score interval [5], which takes rows as independent."),
    Phrase(
      """
      The band around the ROC curve covers the 95 % regions (Wilson limits in every direction) of all operating points \
      and is pointwise.
      """),
    Phrase(
      """
      Calibration is a logistic regression of the label on the logit of the score; the Brier score and the expected \
      calibration error (ten bins of equal width) go with it.
      """),
    Phrase(
      "The smooth calibration curve is loess (local parabolas, span 0.75) with its pointwise 95\u{202F}% band, which takes rows as independent [6]."
    ),
  ]

  private static let tableOne = [
    Phrase(
      """
      In Table 1, numbers are compared by Welch’s t-test where the Shapiro–Wilk test finds both groups normal, else by \
      the Mann–Whitney test; categories by the chi-square test, or by Fisher’s exact test where an expected count is \
      below 5.
      """),
    Phrase("Tests are two-sided and not corrected for their number."),
  ]

  private var references: HTML {
    """
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
    <li>Holm S. A simple sequentially rejective multiple test procedure. Scand J Stat 1979;6:65–70.</li>
    </ol>

    """
  }
}
