import Statistics
import Ultrasound
import Wording

/// One factor's strata of a model's lesions, with their tests.
struct FactorStrata: Sendable {
  struct Test: Sendable {
    let factor: String
    /// nil for the score's interaction.
    let measure: Subgroups.Measure?
    let question: Phrase
    let method: Phrase
    let p: Double
  }

  let name: String
  /// Of the scores: AUC.
  let strata: [StratumAccuracy]
  /// Of the calls, each at the cut-off of its own fold: sensitivity and specificity.
  let calls: [StratumAccuracy]
  let tests: [Test]
  private let untested: [Phrase]

  /// Most levels a factor may have.
  static let mostLevels = 20

  /// nil for a variable the study does not have.
  init?(_ choice: StratumChoice, _ model: StudyPart.Model, _ study: StudyContext) {
    guard let (variable, values) = study.tables.variables.column(choice.variable, of: model.lesions) else { return nil }
    let levels = Levels(choice, variable, values)
    name = choice.variable
    let name = choice.variable
    var untested: [Phrase] = []
    func divided(_ scores: [Double]) -> [Stratum] {
      func stratum(_ label: String, _ rows: [Int], isMissing: Bool = false) -> Stratum {
        Stratum(
          label, scores: rows.map { scores[$0] }, positives: rows.map { model.rows[$0].isMalignant },
          patients: rows.map { model.rows[$0].patient }, isMissing: isMissing)
      }
      let missing = levels.labels.indices.filter { levels.labels[$0] == nil }
      return levels.order.map { label in stratum(label, levels.labels.indices.filter { levels.labels[$0] == label }) }
        + (missing.isEmpty || levels.order.isEmpty ? [] : [stratum("", missing, isMissing: true)])
    }
    if let count = levels.tooMany {
      untested.append("\(Phrase(verbatim: name)): \(count) different values and no cut points; no strata.")
    }
    let byScore = try? Subgroups(divided(model.scores), cutOff: nil, isOrdered: levels.isOrdered)
    let byCall = try? Subgroups(
      divided(model.calls.map { $0 ? 1 : 0 }), cutOff: 0.5, isOrdered: levels.isOrdered)
    strata = byScore?.strata ?? []
    calls = byCall?.strata ?? []
    var tests = (byScore?.tests.filter { $0.measure == .auc } ?? []).map { FactorStrata.test(name, $0) }
    tests += (byCall?.tests.filter { $0.measure != .auc } ?? []).map { FactorStrata.test(name, $0) }
    if !levels.order.isEmpty, !tests.contains(where: { $0.measure == .auc }) {
      untested.append(
        "\(Phrase(verbatim: name)): no test between the AUCs of strata, since fewer than two have \(StrataSection.fewest.test) patients of either class and a variance."
      )
    }
    do throws(StatisticsError) {
      if let test = try FactorStrata.interaction(name, model, levels, strata: strata) {
        tests.append(test)
      } else {
        untested.append(
          "\(Phrase(verbatim: name)): no test of the score’s interaction, since fewer than two strata are large enough."
        )
      }
    } catch {
      untested.append("\(Phrase(verbatim: name)): no test of the score’s interaction: \("\(error)").")
    }
    (self.tests, self.untested) = (tests, untested)
  }

  func notes(_ words: Wording) -> [String] { untested.map { words($0) } }

  func label(_ stratum: StratumAccuracy, _ words: Wording) -> String {
    stratum.isMissing ? words("missing") : stratum.label
  }

  static func flag(_ stratum: StratumAccuracy, _ words: Wording) -> String? {
    let flags = stratum.flags.map { flag -> String in
      switch flag {
      case .noRows: words("no lesions")
      case .oneClass: words("one class only")
      case .noEstimate(let positives, let negatives): words("too few: \(positives) malignant, \(negatives) benign")
      case .tooFew(let positives, let negatives):
        words("too few to test: \(positives) / \(negatives) patients")
      case .noVariance: words("no variance")
      }
    }
    return flags.isEmpty ? nil : flags.joined(separator: words("; "))
  }

  // MARK: Tests

  private static func test(_ name: String, _ test: Subgroups.Test) -> Test {
    let measure: Phrase =
      switch test.measure {
      case .auc: "AUC"
      case .sensitivity: "Sensitivity"
      case .specificity: "Specificity"
      }
    let question: Phrase =
      test.question == .trend ? "\(measure): trend over the strata" : "\(measure): differs between strata"
    return Test(
      factor: name, measure: test.measure, question: question, method: Phrase(stringLiteral: test.method),
      p: test.result.p)
  }

  /// nil where fewer than two strata are large enough.
  private static func interaction(
    _ name: String, _ model: StudyPart.Model, _ levels: Levels, strata: [StratumAccuracy]
  ) throws(StatisticsError) -> Test? {
    let rows: [Int]
    let factor: Term.Values
    if let numbers = levels.numbers {
      rows = numbers.indices.filter { numbers[$0] != nil }
      factor = .numeric(rows.compactMap { numbers[$0] })
    } else {
      let large = Set(strata.filter { $0.flags.isEmpty || $0.flags == [.noVariance] }.map(\.label))
      rows = levels.labels.indices.filter { row in levels.labels[row].map(large.contains) ?? false }
      let labels = rows.compactMap { levels.labels[$0] }
      guard Set(labels).count > 1, let reference = labels.min() else { return nil }
      factor = .categorical(labels, reference: reference)
    }
    let interaction = try ScoreInteraction(
      scores: rows.map { model.rows[$0].score }, positives: rows.map { model.rows[$0].isMalignant }, factor: factor,
      clusters: rows.map { model.rows[$0].patient })
    return Test(
      factor: name, measure: nil,
      question: levels.numbers == nil ? "Interaction of score and factor" : "Interaction of score and number",
      method: interaction.method == .likelihoodRatio
        ? "logistic regression, likelihood ratio" : "logistic regression, Wald, clustered", p: interaction.test.p)
  }
}

/// The level of each row.
private struct Levels {
  /// Labels in order; empty where there are too many.
  let order: [String]
  let labels: [String?]
  let isOrdered: Bool
  /// nil for a category.
  let numbers: [Double?]?
  let tooMany: Int?

  init(_ choice: StratumChoice, _ variable: ClinicalVariable, _ values: [ClinicalValue]) {
    if !choice.cuts.isEmpty {
      let names = Levels.names(choice.cuts)
      (order, isOrdered, tooMany) = (names, true, nil)
      numbers = values.map(\.number)
      labels = values.map { value in value.number.map { number in names[choice.cuts.count { $0 < number }] } }
      return
    }
    let words = values.map { $0.level(variable.kind) }
    let found = Set(words.compactMap(\.self))
    numbers = variable.kind == .number && found.count > 2 ? values.map(\.number) : nil
    isOrdered = variable.kind == .number
    guard found.count <= FactorStrata.mostLevels else {
      (order, labels, tooMany) = ([], values.map { _ in nil }, found.count)
      return
    }
    order = found.sorted { a, b in
      if let x = Double(a), let y = Double(b), x != y { x < y } else { a < b }
    }
    (labels, tooMany) = (words, nil)
  }

  /// "≤20", ">20–50", ">50".
  private static func names(_ cuts: [Double]) -> [String] {
    func text(_ cut: Double) -> String {
      cut == cut.rounded() && abs(cut) < 1e15 ? String(Int64(cut)) : String(cut)
    }
    guard let first = cuts.first, let last = cuts.last else { return [] }
    return ["≤" + text(first)] + zip(cuts, cuts.dropFirst()).map { ">\(text($0))–\(text($1))" } + [">" + text(last)]
  }
}
