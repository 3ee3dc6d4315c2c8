import Cohort
import Figures
import Foundation

/// The parts of the page that say what was studied and how.
extension Page {
  var study: HTML {
    var facts = input.study
    let rows = input.predictions
    let trained = Set(rows.filter { Evaluator.isTraining($0.split) }.map(\.fold))
    let images = Set(rows.map { Grouping.ImageKey($0) }).count
    facts.append(ReportInput.Fact("Images scored", Text.count(images)))
    if trained.count > 1 { facts.append(ReportInput.Fact("Folds", "\(trained.count), one network each")) }
    facts.append(ReportInput.Fact("Unit", "Results are per lesion unless stated."))
    if metrics.notes.isEmpty, !trained.isEmpty {
      let group = input.patientsAreKnown ? "patient" : "group of look-alike images"
      facts.append(
        ReportInput.Fact("Leakage check", "No \(group) is in the training and the test part of the same fold."))
    }
    return "<section>\n<h2>How the study was done</h2>\n\(HTML.list(facts))</section>\n"
  }

  var cohort: HTML {
    guard let tableOne else { return .empty }
    var rows = HTML.empty
    for row in tableOne.rows {
      let style = row.isLevel ? "level" : "whole"
      rows += """
        <tr class="\(style)"><th scope="row">\(row.name)</th><td class="n">\(row.benign)</td>\
        <td class="n">\(row.malignant)</td><td class="n">\(row.all)</td><td class="n">\(row.p)</td>\
        <td>\(row.test)</td></tr>

        """
    }
    return """
      <section>
      <h2>Table 1: the cohort</h2>
      <table>
      <caption>Per lesion (\(Text.count(tableOne.benignLesions)) benign, \(Text.count(tableOne.malignantLesions)) \
      malignant); shares are of the lesions with a known value.</caption>
      <thead><tr><th scope="col">Characteristic</th><th scope="col" class="n">Benign</th>\
      <th scope="col" class="n">Malignant</th><th scope="col" class="n">All</th><th scope="col" class="n">p</th>\
      <th scope="col">Test</th></tr></thead>
      <tbody>
      \(rows)</tbody>
      </table>
      \(HTML.notes(tableOne.notes))
      </section>
      """
  }

  var gallery: HTML {
    let items = input.gallery.compactMap { item -> HTML? in
      guard let type = item.mediaType else { return nil }
      let source = HTML(raw: "data:\(type);base64,\(item.bytes.base64EncodedString())")
      return """
        <figure><img src="\(source)" alt="\(item.caption)"><figcaption>\(item.caption)</figcaption></figure>

        """
    }
    guard !items.isEmpty else { return .empty }
    return """
      <section>
      <h2>Where the network looked</h2>
      <p>Left what the network was shown, right the same under its heat map: bright places raised the score towards the call that
      the network made, which had not seen the lesion in training. A heat map shows roughly where the network found its reasons; it cannot show what it saw there, that the call is
      right, or where the tumour ends.</p>
      <div class="gallery">
      \(items)</div>
      \(HTML.notes(input.galleryNotes))
      </section>
      """
  }

  /// Protocol and provenance, for whoever repeats the study.
  var record: HTML {
    var html: HTML = "<section>\n<h2>Record</h2>\n"
    let facts = input.provenance.sorted { $0.key < $1.key }.map { ReportInput.Fact($0.key, $0.value) }
    html += facts.isEmpty ? "<p>No provenance was given.</p>\n" : HTML.list(facts)
    if let json = input.protocolJSON { html += "<h3>Protocol</h3>\n<pre>\(json)</pre>\n" }
    return html + "</section>\n"
  }
}
