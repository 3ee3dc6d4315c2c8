import Figures
import Statistics
import Ultrasound
import Wording

/// How well a model does within strata, and whether it does so alike (S2-22).
enum StrataSection {
  /// Models shown; of more only the first.
  static let mostModels = 3

  /// nil where neither strata are asked for nor several sites known.
  static func section(_ study: StudyContext) -> ReportSection? {
    let choices = choices(study)
    guard !choices.isEmpty else { return nil }
    let words = study.words
    var all: [ReportSection.Part] = []
    for part in study.parts {
      let models = part.models.count <= mostModels ? part.models : Array(part.models.prefix(1))
      for model in models {
        all += parts(part, model, choices, study, isOnly: models.count == 1)
      }
      if models.count < part.models.count {
        all.append(
          .notes([
            study.place(part)
              + words("Strata are of the first model, \(study.label(part.models[0])); there are \(part.models.count).")
          ]))
      }
    }
    guard !all.isEmpty else { return nil }
    all.insert(
      .paragraph(
        words(
          "A score may do well in all lesions together and badly in some. Strata with fewer than \(fewest.test) patients of a class are shown and flagged, and enter no test (the flag counts patients with a malignant and with a benign lesion); with fewer than \(fewest.estimate) lesions of a class no estimate is given. Strata that differ by chance are many: p is also given by Holm over all tests of a model."
        )), at: 0)
    return ReportSection("strata", words("Strata"), all)
  }

  static let fewest = FewestCases()

  /// What was asked for, or the sites where there are several.
  private static func choices(_ study: StudyContext) -> [StratumChoice] {
    if !study.tables.strata.isEmpty { return study.tables.strata }
    let variables = study.tables.variables
    guard let place = variables.place(of: "site"), variables.variables[place].kind != .number,
      Set(variables.values.values.map { $0[place] }).subtracting([.missing]).count > 1
    else { return [] }
    return [StratumChoice(variable: "site")]
  }

  private static func parts(
    _ part: StudyPart, _ model: StudyPart.Model, _ choices: [StratumChoice], _ study: StudyContext, isOnly: Bool
  ) -> [ReportSection.Part] {
    let words = study.words
    guard model.hasBothClasses else {
      return [
        .notes([
          study.place(part) + words("\(study.label(model)): only one class is present; there are no strata.")
        ])
      ]
    }
    let factors = choices.compactMap { FactorStrata($0, model, study) }
    let tests = factors.flatMap(\.tests)
    let holm = (try? Multiplicity.holm(tests.map { $0.p.isFinite ? $0.p : 1 })) ?? []
    let suffix = isOnly ? part.suffix : "\(RunFigures.slug(study.label(model)))-\(part.suffix)"
    let heading = study.heading(words("AUC by stratum, \(study.label(model))"), part)
    let figure = ForestFigure.figure(
      name: "strata-\(suffix)", heading: heading,
      rows: factors.flatMap { factor in forest(factor, study) }, overall: model.auc,
      measure: .init(title: words("AUC"), range: nil), words: words)
    let place = study.place(part) + (isOnly ? "" : words("\(study.label(model)): "))
    var all: [ReportSection.Part] = [.figure(figure), .table(strata(factors, "strata-\(suffix)", place, study))]
    if !tests.isEmpty {
      all.append(.table(self.tests(tests, holm, "strata-tests-\(suffix)", place, study)))
    }
    let notes = factors.flatMap { $0.notes(words) }.map { place + $0 }
    if !notes.isEmpty { all.append(.notes(notes)) }
    return all
  }

  private static func forest(_ factor: FactorStrata, _ study: StudyContext) -> [ForestFigure.Row] {
    let words = study.words
    let p = factor.tests.first { $0.measure == .auc }?.p
    return [ForestFigure.Row(label: factor.name, isHeading: true, p: p)]
      + factor.strata.map { stratum in
        ForestFigure.Row(
          label: factor.label(stratum, words), n: stratum.n, events: stratum.events, estimate: stratum.auc,
          flag: FactorStrata.flag(stratum, words))
      }
  }

  private static func strata(
    _ factors: [FactorStrata], _ name: String, _ place: String, _ study: StudyContext
  ) -> ReportTable {
    let words = study.words
    return ReportTable(
      name,
      caption: place
        + words(
          "Per lesion; AUC with its 95 % interval on the logit scale, rates in per cent at the cut-off in use, all for lesions clustered by \(study.cluster) where one has several. O/E: malignant lesions observed over expected by the scores."
        ),
      columns: [
        .text(words("Stratum")), .number(words("Lesions")), .number(words("Malignant")),
        .number(words("AUC (95 % CI)")),
        .number(words("Sensitivity")), .number(words("Specificity")), .number(words("O/E")), .text(words("Flag")),
      ],
      rows: factors.flatMap { factor in
        [[factor.name] + [String](repeating: "", count: 7)]
          + factor.strata.indices.map { index in
            let stratum = factor.strata[index]
            let calls = factor.calls.indices.contains(index) ? factor.calls[index] : nil
            return [
              ReportTable.indent + factor.label(stratum, words), Text.count(stratum.n), Text.count(stratum.events),
              study.brief(stratum.auc), study.percent(calls?.sensitivity), study.percent(calls?.specificity),
              stratum.observedToExpected.map { Text.fixed($0, 2) } ?? StudyContext.none,
              FactorStrata.flag(stratum, words) ?? "",
            ]
          }
      })
  }

  private static func tests(
    _ tests: [FactorStrata.Test], _ holm: [Double], _ name: String, _ place: String, _ study: StudyContext
  ) -> ReportTable {
    let words = study.words
    return ReportTable(
      name,
      caption: place
        + words(
          "Tests between strata; p (Holm) over these \(tests.count) tests. Interaction asks whether the odds ratio of the score depends on the factor, in a logistic regression; a number is tested as it is, without cut points."
        ),
      columns: [
        .text(words("Factor")), .text(words("Question")), .text(words("Test")), .number(words("p")),
        .number(words("p (Holm)")),
      ],
      rows: tests.indices.map { index in
        let test = tests[index]
        return [
          test.factor, words(test.question), words(test.method), study.p(test.p),
          holm.indices.contains(index) ? study.p(holm[index]) : StudyContext.none,
        ]
      })
  }
}
