import Wording

extension Checklist {
  /// TRIPOD+AI: 27 items, 52 with their parts.
  static let tripod = Checklist(
    id: "tripod", name: "TRIPOD+AI", heading: "TRIPOD+AI checklist",
    citation: "Collins GS, Moons KGM, Dhiman P, et al. TRIPOD+AI statement: updated guidance for reporting clinical "
      + "prediction models that use regression or machine learning methods. BMJ 2024;385:e078378.",
    items: opening + methods + openScience + results + discussion)

  private static let opening: [ChecklistItem] = [
    .init("1", in: "Title", "Says that a prediction model is developed or evaluated, for whom and for which outcome"),
    .init("2", in: "Abstract", "Abstract after the checklist for abstracts"),
    .init("3a", in: "Introduction", "Healthcare context and reason for the model; existing models"),
    .init("3b", in: "Introduction", "Target population, purpose in the pathway of care, intended users"),
    .init("3c", in: "Introduction", "Known inequalities of health between groups of people"),
    .init("4", in: "Introduction", "Objectives: development, evaluation or both"),
  ]

  private static let methods: [ChecklistItem] = [
    .init(
      "5a", in: "Methods: data", "Sources of the data, why these, and whether they are representative", .dataSource),
    .init("5b", in: "Methods: data", "Dates of accrual and of follow-up"),
    .init("6a", in: "Methods: participants", "Setting, number and place of the centres", .centres),
    .init("6b", in: "Methods: participants", "Criteria of eligibility", .eligibility),
    .init("6c", in: "Methods: participants", "Treatments received and how they were handled"),
    .init("7", in: "Methods: data preparation", "Preprocessing and checks of quality", .preprocessing),
    .init("8a", in: "Methods: outcome", "The outcome, how and when it is assessed, and why this one", .outcome),
    .init("8b", in: "Methods: outcome", "Qualification of those who assess a subjective outcome"),
    .init("8c", in: "Methods: outcome", "Blinding of the outcome’s assessment"),
    .init("9a", in: "Methods: predictors", "Choice of the first predictors", .predictorChoice, .development),
    .init("9b", in: "Methods: predictors", "The predictors, how and when they are measured", .predictors),
    .init("9c", in: "Methods: predictors", "Qualification of those who assess subjective predictors"),
    .init("10", in: "Methods: sample size", "How the size of the study came about, and whether it suffices"),
    .init("11", in: "Methods: missing data", "How missing data were handled, and why data were left out", .missingData),
    .init("12a", in: "Methods: analysis", "How the data were used and partitioned", .partitions, .development),
    .init("12b", in: "Methods: analysis", "How predictors were handled", .predictorHandling, .development),
    .init(
      "12c", in: "Methods: analysis", "Type of model, steps of its making, internal validation", .modelBuilding,
      .development),
    .init(
      "12d", in: "Methods: analysis", "How differences between clusters such as hospitals were handled", .clusterMethods
    ),
    .init("12e", in: "Methods: analysis", "Measures and plots of performance; comparison of models", .measures),
    .init("12f", in: "Methods: analysis", "Updating of the model after evaluation", nil, .evaluation),
    .init("12g", in: "Methods: analysis", "How predictions were calculated", .predictionMethod, .evaluation),
    .init("13", in: "Methods: class imbalance", "Methods against class imbalance, and why", .classImbalance),
    .init("14", in: "Methods: fairness", "Approaches to fairness, and why"),
    .init("15", in: "Methods: model output", "Output of the model, classes and thresholds", .output, .development),
    .init(
      "16", in: "Methods: training versus evaluation", "Differences between development and evaluation data",
      .differences),
    .init("17", in: "Methods: ethical approval", "Ethics committee, and consent or its waiver"),
  ]

  private static let openScience: [ChecklistItem] = [
    .init("18a", in: "Open science", "Funding and role of the funders"),
    .init("18b", in: "Open science", "Conflicts of interest"),
    .init("18c", in: "Open science", "Where the protocol is found", .studyProtocol),
    .init("18d", in: "Open science", "Registration of the study"),
    .init("18e", in: "Open science", "Availability of the data"),
    .init("18f", in: "Open science", "Availability of the analytical code"),
    .init("19", in: "Patient and public involvement", "How patients and the public were involved"),
  ]

  private static let results: [ChecklistItem] = [
    .init("20a", in: "Results: participants", "Flow of participants; numbers with and without the outcome", .flow),
    .init("20b", in: "Results: participants", "Characteristics of participants; missing data", .characteristics),
    .init(
      "20c", in: "Results: participants", "Comparison of predictors and outcome with the development data",
      .outcomeByPart, .evaluation),
    .init(
      "21", in: "Results: model development", "Numbers of participants and outcomes in each analysis", .analysisNumbers),
    .init(
      "22", in: "Results: model specification", "The full model, so that others can use it", .specification,
      .development),
    .init(
      "23a", in: "Results: model performance", "Performance with confidence intervals, also in subgroups", .performance),
    .init("23b", in: "Results: model performance", "Differences of performance between clusters", .clusterResults),
    .init("24", in: "Results: model updating", "Results of updating the model", nil, .evaluation),
  ]

  private static let discussion: [ChecklistItem] = [
    .init("25", in: "Discussion", "Interpretation of the main results, fairness among them"),
    .init("26", in: "Discussion", "Limitations and what they do to bias and generalisability"),
    .init("27a", in: "Discussion", "What to do with poor or missing input in use", nil, .development),
    .init("27b", in: "Discussion", "What users must do, and the expertise they need", nil, .development),
    .init("27c", in: "Discussion", "Next steps of research, applicability and generalisability"),
  ]
}

extension ChecklistItem {
  fileprivate init(
    _ number: String, in section: Phrase, _ words: Phrase, _ subject: Subject? = nil, _ scope: Scope = .both
  ) {
    self.init(number: number, section: section, words: words, subject: subject, scope: scope)
  }
}
