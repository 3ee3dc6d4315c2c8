import Figures

/// The report: one page that needs no network and no script, to be read on a screen and printed on A4.
struct Page: Sendable {
  static let notice = "For research; not a medical device"

  let input: ReportInput
  let metrics: Metrics
  let evaluations: [SectionEvaluation]
  let tableOne: TableOne?
  let figures: RunFigures

  func html() -> String {
    let body: HTML = """
      \(header)
      <main>
      \(headline)
      \(warnings)
      \(study)
      \(cohort)
      \(results)
      \(combination)
      \(ideal)
      \(gallery)
      \(training)
      \(Words.methods(hasCohort: tableOne != nil, isInSilico: input.isInSilico))
      \(Words.glossary(isInSilico: input.isInSilico))
      \(record)
      </main>
      <footer class="end">\(Page.notice). Made by Insonate\(version).\(inSilicoTail)</footer>
      """
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(escaped(input.title))</title>
      <style>
      \(Style.sheet)
      </style>
      </head>
      <body>
      <div class="running">\(Page.notice)</div>
      \(body.text)
      </body>
      </html>

      """
  }

  private var version: String { (input.provenance["insonate"] ?? input.provenance["version"]).map { " \($0)" } ?? "" }
  private var inSilicoTail: String { input.isInSilico ? " In silico: no patient's data." : "" }

  private var header: HTML {
    let mark: HTML = input.isInSilico ? "<span class=\"silico\">In silico: simulated images</span>" : .empty
    var parts: [String] = []
    for part in evaluations.map({ EstimateText.split($0.split) }) where !parts.contains(part) { parts.append(part) }
    let models = Set(evaluations.map(\.model)).sorted().filter { !$0.isEmpty }
    let facts = [
      models.isEmpty ? nil : (models.count == 1 ? "Model " : "Models ") + models.joined(separator: ", "),
      parts.isEmpty ? nil : parts.joined(separator: " and ").lowercased(),
      (input.provenance["date"] ?? input.provenance["finished"]),
    ].compactMap(\.self)
    return """
      <header class="top">
      <span class="notice">\(Page.notice)</span>\(mark)
      <h1>\(input.title)</h1>
      <p class="sub">\(facts.joined(separator: " · "))</p>
      </header>
      """
  }

  /// The result in a sentence and five numbers.
  private var headline: HTML {
    guard let section = metrics.headline, let main = section.units.first else {
      return "<p class=\"headline\">There are no test rows: nothing was evaluated.</p>"
    }
    let unit = main.unit.rawValue
    let benign = main.count - main.positives
    let cases =
      "\(Text.count(main.positives)) malignant and \(Text.count(benign)) benign \(main.unit.plural)"
    let area: HTML
    if let auc = main.pooledAUC {
      area = "Per \(unit), <strong>AUC \(EstimateText.auc(auc))</strong> on \(cases)"
    } else {
      area = "Per \(unit), no AUC: only one class among \(cases)"
    }
    let source = main.usesFixedCutOff ? "the fixed cut-off 0.5" : "the cut-off chosen on training data"
    let model = metrics.hasSeveralModels ? ", model \(section.model)" : ""
    let rates = [
      ("Sensitivity", main.diagnosis.sensitivity), ("Specificity", main.diagnosis.specificity),
      ("Positive predictive value", main.diagnosis.positivePredictiveValue),
      ("Negative predictive value", main.diagnosis.negativePredictiveValue), ("Accuracy", main.diagnosis.accuracy),
    ]
    let tiles = rates.map { name, rate -> HTML in
      let range = rate.interval.map {
        "95\u{202F}% CI \(Text.fixed($0.lower * 100, 1)) to \(Text.fixed($0.upper * 100, 1))"
      }
      let counts = "\(rate.successes) of \(rate.trials)"
      return """
        <div class="tile"><span>\(name)</span><b>\(rate.value.map { Text.percent($0) } ?? "n/a")</b>\
        <span>\(range ?? "no cases")</span><span>\(counts)</span></div>

        """
    }
    return """
      <p class="headline">\(area) (\(EstimateText.split(section.split).lowercased())\(model)), at \(source) sensitivity
      \(EstimateText.rate(main.diagnosis.sensitivity)) and specificity \(EstimateText.rate(main.diagnosis.specificity)).</p>
      <div class="tiles">
      \(tiles)</div>
      """
  }

  private var warnings: HTML {
    let all = Warnings.all(input: input, metrics: metrics)
    guard !all.isEmpty else { return .empty }
    let items = all.map { warning -> HTML in "<li>\(warning)</li>\n" }
    return """
      <section class="warnings">
      <h2>Before you read the numbers</h2>
      <ul>
      \(items)</ul>
      </section>
      """
  }

  private var training: HTML {
    guard let figure = figures.training else { return .empty }
    return """
      <section>
      <h2>Training</h2>
      \(HTML.figure(figure.svg, caption: figure.caption, isWide: true))
      </section>
      """
  }
}

extension UnitMetrics {
  /// Whether no cut-off could be chosen on training rows.
  var usesFixedCutOff: Bool {
    if let meanCutOff { return meanCutOff.source == .fixed }
    return folds.allSatisfy { $0.cutOff.source == .fixed }
  }
}
