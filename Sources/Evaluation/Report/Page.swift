import Figures
import Wording

/// The report: one page that needs no network and no script, to be read on a screen and printed on A4.
struct Page: Sendable {
  let input: ReportInput
  let metrics: Metrics
  let evaluations: [SectionEvaluation]
  let tableOne: TableOne?
  let figures: RunFigures
  let words: Wording

  /// In the order of the page.
  /// - further: of the study's other tables; enrolment and Table 1 stand before the results, the rest follows them.
  func sections(further: [ReportSection]) -> [ReportSection] {
    let early = further.filter { [FlowSection.id, TableOneSection.id].contains($0.id) }
    let late = further.filter { section in !early.contains { $0.id == section.id } }
    return [study, division].compactMap(\.self) + early + [cohort, histology, comparison].compactMap(\.self) + results
      + late
      + [combination, ideal, gallery, training, methods, glossary, record].compactMap(\.self)
  }

  func html(_ sections: [ReportSection]) -> String {
    let notice = words(Page.notice)
    let body: HTML = """
      \(header)
      <main>
      \(headline)
      \(warnings)
      \(contents(sections))
      \(sections.map(HTML.section))
      </main>
      <footer class="end">\(footer)</footer>
      """
    return """
      <!DOCTYPE html>
      <html lang="\(input.language.tag)">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(escaped(input.title))</title>
      <style>
      \(Style.sheet(words))
      </style>
      </head>
      <body>
      <div class="running">\(notice)</div>
      \(body.text)
      </body>
      </html>

      """
  }

  static let notice = Phrase("For research; not a medical device")

  private var footer: String {
    let version = (input.provenance["insonate"] ?? input.provenance["version"]).map { " \($0)" } ?? ""
    let notice = words(Page.notice)
    let text = words("\(notice). Made by Insonate\(version).")
    return input.isInSilico ? text + " " + words("In silico: no patient's data.") : text
  }

  private var header: HTML {
    let mark: HTML =
      input.isInSilico ? "<span class=\"silico\">\(words("In silico: simulated images"))</span>" : .empty
    var parts: [String] = []
    for part in evaluations.map({ words(EstimateText.splitInSentence($0.split)) }) where !parts.contains(part) {
      parts.append(part)
    }
    let models = Set(evaluations.map(\.model)).sorted().filter { !$0.isEmpty }
    let names = models.joined(separator: ", ")
    let facts = [
      models.isEmpty ? nil : models.count == 1 ? words("Model \(names)") : words("Models \(names)"),
      parts.isEmpty ? nil : parts.dropFirst().reduce(parts[0]) { words("\($0) and \($1)") },
      (input.provenance["date"] ?? input.provenance["finished"]),
    ].compactMap(\.self)
    return """
      <header class="top">
      <span class="notice">\(words(Page.notice))</span>\(mark)
      <h1>\(input.title)</h1>
      <p class="sub">\(facts.joined(separator: " · "))</p>
      </header>
      """
  }

  private var warnings: HTML {
    let all = Warnings.all(input: input, metrics: metrics)
    guard !all.isEmpty else { return .empty }
    let items = all.map { warning -> HTML in "<li>\(words(warning))</li>\n" }
    return """
      <section class="warnings">
      <h2>\(words("Before you read the numbers"))</h2>
      <ul>
      \(items)</ul>
      </section>
      """
  }

  private func contents(_ sections: [ReportSection]) -> HTML {
    let items = sections.map { section -> HTML in "<li><a href=\"#\(section.id)\">\(section.heading)</a></li>\n" }
    return "<nav class=\"contents\">\n<h2>\(words("Contents"))</h2>\n<ol>\n\(items)</ol>\n</nav>\n"
  }

  private var training: ReportSection? {
    figures.training.map { ReportSection("training", words("Training"), [.figure($0)]) }
  }
}

extension Language {
  /// As browsers want it (BCP 47).
  var tag: String {
    switch self {
    case .english: "en"
    case .chinese: "zh-Hans"
    }
  }
}

extension UnitMetrics {
  /// Whether no cut-off could be chosen on training rows.
  var usesFixedCutOff: Bool {
    if let meanCutOff { return meanCutOff.source == .fixed }
    return folds.allSatisfy { $0.cutOff.source == .fixed }
  }
}
