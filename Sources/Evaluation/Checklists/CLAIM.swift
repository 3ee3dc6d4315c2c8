import Wording

extension Checklist {
  /// CLAIM 2024 Update: 44 items.
  static let claim = Checklist(
    id: "claim", name: "CLAIM 2024", heading: "CLAIM 2024 checklist",
    citation:
      "Tejani AS, Klontzas ME, Gatti AA, et al. Checklist for Artificial Intelligence in Medical Imaging (CLAIM): "
      + "2024 Update. Radiol Artif Intell 2024;6(4):e240300.",
    items: claimItems)

  private static let claimItems: [ChecklistItem] = [
    .init(1, in: "Title and abstract", "Says that the study is of AI, and of which technology"),
    .init(2, in: "Title and abstract", "Abstract: design, methods, results, conclusions"),
    .init(3, in: "Introduction", "Scientific and clinical background; intended use and role of the AI"),
    .init(4, in: "Introduction", "Aims, objectives and hypotheses"),
    .init(5, in: "Methods: study design", "Prospective or retrospective"),
    .init(6, in: "Methods: study design", "Goal of the study"),
    .init(7, in: "Methods: data", "Where the data come from", .dataSource),
    .init(8, in: "Methods: data", "Who was included and who was not", .eligibility),
    .init(9, in: "Methods: data", "Preprocessing of the data", .preprocessing),
    .init(10, in: "Methods: data", "Subsets taken of the data", .subsets),
    .init(11, in: "Methods: data", "How identities were removed"),
    .init(12, in: "Methods: data", "How missing data were treated", .missingData),
    .init(13, in: "Methods: data", "How the images were acquired", .acquisition),
    .init(14, in: "Methods: reference standard", "How the reference standard was obtained", .reference),
    .init(15, in: "Methods: reference standard", "Why this reference standard"),
    .init(16, in: "Methods: reference standard", "Who gave the annotations of the reference standard"),
    .init(17, in: "Methods: reference standard", "How the test set was annotated"),
    .init(18, in: "Methods: reference standard", "Variability between and within annotators"),
    .init(19, in: "Methods: data partitions", "How data were assigned to the partitions", .partitions),
    .init(20, in: "Methods: data partitions", "Level at which the partitions are disjoint", .disjointness),
    .init(21, in: "Methods: testing data", "Intended sample size"),
    .init(22, in: "Methods: model", "Description of the model in detail", .model),
    .init(23, in: "Methods: model", "Software, libraries and packages", .software),
    .init(24, in: "Methods: model", "First values of the model’s parameters", .initialisation),
    .init(25, in: "Methods: training", "Training in detail", .training),
    .init(26, in: "Methods: training", "How the final model was chosen", .finalModel),
    .init(27, in: "Methods: training", "How models were combined in an ensemble", .ensemble),
    .init(28, in: "Methods: evaluation", "Measures of performance", .measures),
    .init(29, in: "Methods: evaluation", "Measures of significance and uncertainty", .uncertainty),
    .init(30, in: "Methods: evaluation", "Analysis of robustness or sensitivity", .robustness),
    .init(31, in: "Methods: evaluation", "How the model’s results are explained", .explanation),
    .init(32, in: "Methods: evaluation", "Testing on internal data", .internalTest),
    .init(33, in: "Methods: evaluation", "Testing on external data", .externalTest),
    .init(34, in: "Methods: evaluation", "Registration of a clinical trial"),
    .init(35, in: "Results: data", "Numbers of patients or examinations included and excluded", .flow),
    .init(36, in: "Results: data", "Demographic and clinical characteristics in each partition", .characteristics),
    .init(37, in: "Results: model performance", "Performance with its uncertainty", .performance),
    .init(38, in: "Results: model performance", "Diagnostic performance with its precision", .diagnosticPerformance),
    .init(39, in: "Results: model performance", "Analysis of wrong results", .failures),
    .init(40, in: "Discussion", "Limitations of the study"),
    .init(41, in: "Discussion", "Meaning for practice, intended use and clinical role"),
    .init(42, in: "Other information", "Reference to the full protocol or further technical details", .studyProtocol),
    .init(43, in: "Other information", "Availability of software, model and data"),
    .init(44, in: "Other information", "Funding and other support; role of the funders"),
  ]
}

extension ChecklistItem {
  fileprivate init(_ number: Int, in section: Phrase, _ words: Phrase, _ subject: Subject? = nil) {
    self.init(number: String(number), section: section, words: words, subject: subject)
  }
}
