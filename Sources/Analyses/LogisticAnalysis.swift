import Foundation
public import Statistics
public import Tables

extension ModelAnalyses {
  public struct LogisticOptions: Sendable {
    /// Where given, variables go into the multivariable model by their univariate p below it; else all do.
    public var alpha: Double?
    public var missing = Missing.complete
    public var imputation = MultipleImputation.Options()
    /// Column of the patients, for standard errors that allow for rows that are not independent.
    public var cluster: String?
    public var profiles = true
    /// Resamples of Harrell's bootstrap; 0 for none.
    public var validate = 0
    public var level = 0.95

    public init() {}
  }

  /// Univariate then multivariable logistic regression; with separation found, Firth's penalised fit instead.
  public static func logistic(
    _ table: Table, label: String, positive: String? = nil, variables: [Variable],
    options: LogisticOptions = LogisticOptions()
  ) throws(AnalysisError) -> AnalysisResult {
    var rows = try ModelRows(
      table, label: label, positive: positive, variables: variables, cluster: options.cluster)
    var result = AnalysisResult("logistic")
    let sets = try rows.factors(options.missing, options.imputation, notes: &result.notes)
    if options.validate != 0, sets.count > 1 {
      throw .input(
        source: table.source,
        reason: "validation by resampling goes with --missing complete or level, not with imputed values")
    }
    let (outcomes, clusters) = (rows.outcomes, rows.clusters)
    return try asAnalysisError(table.source) {
      result.values["n"] = .number(Double(outcomes.count))
      result.values["events"] = .number(Double(outcomes.count { $0 }))
      result.values["missing"] = .text(options.missing.rawValue)
      if sets.count > 1 { result.values["imputations"] = .number(Double(sets.count)) }
      var model: FactorRegression?
      if let alpha = options.alpha {
        let screening = try FactorScreening(
          outcomes: outcomes, sets: sets, alpha: alpha, clusters: clusters, profiles: options.profiles,
          level: options.level)
        describe(screening, &result)
        model = screening.multivariable
        if model == nil { result.notes.append("no variable has a univariate p below \(Printed.plain(alpha))") }
      } else {
        model = try FactorRegression(
          outcomes: outcomes, sets: sets, clusters: clusters, profiles: options.profiles, level: options.level)
      }
      result.values["separation"] = (model?.separation).map { .text($0.rawValue) } ?? .null
      if let model { try describe(model, clustered: clusters != nil, &result) }
      result.notes += thinLevels(sets[0], outcomes)
      if options.validate != 0, model != nil {
        try validate(outcomes, sets[0], clusters, options, &result)
      }
      return result
    }
  }

  private static func describe(_ screening: FactorScreening, _ result: inout AnalysisResult) {
    result.values["univariate"] = .list(
      screening.univariate.map { single in
        let test = single.tests.first
        return .object([
          "term": .text(test?.factor ?? ""), "p": .number(test?.p ?? .nan),
          "pLikelihoodRatio": test?.likelihoodRatio.map { .number($0.p) } ?? .null,
          "method": .text(single.method.rawValue),
          "coefficients": .list(single.rows.dropFirst().map(\.json)),
        ])
      })
    result.values["selected"] = .list(screening.selected.map(JSONValue.text))
    result.values["independent"] = .list(screening.independent.map(JSONValue.text))
    let firth = screening.univariate.filter { $0.method == .firth }.compactMap(\.tests.first?.factor)
    if !firth.isEmpty {
      result.notes.append(
        "by itself \(firth.joined(separator: ", ")) separates the classes: Firth's penalised estimate and test are given"
      )
    }
    result.tables.append(
      coefficients("Univariate", screening.univariate.flatMap { $0.rows.dropFirst() }))
    result.tables.append(
      tests("Univariate, joint tests", screening.univariate.flatMap(\.tests), screening.univariate))
  }

  private static func describe(
    _ model: FactorRegression, clustered: Bool, _ result: inout AnalysisResult
  ) throws {
    let coefficients = JSONValue.list(model.rows.map(\.json))
    result.values["method"] = .text(model.method.rawValue)
    result.values["multivariable"] = coefficients
    result.values["tests"] = .list(model.tests.map(\.json))
    result.values["logLikelihood"] = model.logLikelihood.map(JSONValue.number) ?? .null
    result.values["aic"] = model.aic.map(JSONValue.number) ?? .null
    result.values["auc"] = .number(model.auc)
    result.values["formula"] = try JSONValue(encoding: model.formula)
    if let clusters = model.clusters {
      result.values["clusters"] = .number(Double(clusters))
      result.notes.append(
        "standard errors allow for rows that share one of \(clusters) clusters (sandwich); likelihood ratio tests and "
          + "profile intervals, which take rows as independent, are left out")
    }
    if let separation = model.separation {
      result.values["firth"] = coefficients
      result.notes.append(
        "the variables separate the classes (\(separation.rawValue)): maximum likelihood has no finite estimate; Firth's "
          + "penalised estimates are given, with p and profile intervals of the penalised likelihood"
          + (clustered ? "; they take rows as independent, whatever their clusters" : ""))
    }
    let rarer = min(model.events, model.count - model.events)
    let perCoefficient = Double(rarer) / Double(max(1, model.rows.count - 1))
    result.values["eventsPerVariable"] = .number(perCoefficient)
    if perCoefficient < 10 {
      result.notes.append(
        "\(Printed.plain(perCoefficient)) cases of the rarer class a coefficient: fewer than 10 make unstable estimates"
      )
    }
    let title =
      model.method == .firth ? "Firth's penalised logistic regression" : "Multivariable"
    result.tables.append(self.coefficients(title, model.rows))
    result.tables.append(tests("\(title), joint tests", model.tests, [model]))
  }

  private static func validate(
    _ outcomes: [Bool], _ factors: [Factor], _ clusters: [String]?, _ options: LogisticOptions,
    _ result: inout AnalysisResult
  ) throws {
    let validation = try ModelValidation(
      outcomes: outcomes, factors: factors, alpha: options.alpha, clusters: clusters, resamples: options.validate,
      seed: options.imputation.seed)
    let indices = [
      ("auc", "AUC", validation.auc), ("slope", "calibration slope", validation.slope),
      ("intercept", "calibration intercept", validation.intercept), ("brier", "Brier score", validation.brier),
    ]
    result.values["validation"] = .object(
      Dictionary(
        uniqueKeysWithValues: indices.map { key, _, index in
          (
            key,
            .object([
              "apparent": .number(index.apparent), "training": .number(index.training), "test": .number(index.test),
              "optimism": .number(index.optimism), "corrected": .number(index.corrected),
            ])
          )
        } + [
          ("resamples", .number(Double(validation.resamples))), ("failed", .number(Double(validation.failed))),
        ]))
    if validation.failed > 0 {
      result.notes.append("\(validation.failed) resamples gave no model and are left out of the validation")
    }
    result.tables.append(
      ResultTable(
        "Validation by \(validation.resamples) bootstrap resamples", ["", "apparent", "optimism", "corrected"],
        indices.map {
          [$1, Printed.number($2.apparent), Printed.number($2.optimism), Printed.number($2.corrected)]
        }))
  }
}
