import Cohort
import Figures
import Foundation
import Wording

/// The parts of the page that say what was studied and how.
extension Page {
  var study: ReportSection {
    var facts = input.study
    let rows = input.predictions
    let trained = Set(rows.filter { Evaluator.isTraining($0.split) }.map(\.fold))
    let images = Set(rows.map { Grouping.ImageKey($0) }).count
    facts.append(ReportInput.Fact(Phrase("Images scored"), Phrase(verbatim: Text.count(images))))
    if trained.count > 1 {
      facts.append(ReportInput.Fact(Phrase("Folds"), Phrase("\(trained.count), one network each")))
    }
    facts.append(ReportInput.Fact(Phrase("Unit"), Phrase("Results are per lesion unless stated.")))
    if metrics.notes.isEmpty, !trained.isEmpty {
      facts.append(
        ReportInput.Fact(
          Phrase("Leakage check"),
          input.patientsAreKnown
            ? Phrase("No patient is in the training and the test part of the same fold.")
            : Phrase("No group of look-alike images is in the training and the test part of the same fold.")))
    }
    return ReportSection("study", words("How the study was done"), [.html(list(facts))])
  }

  var cohort: ReportSection? {
    tableOne.map { tableOne in
      ReportSection(
        "cohort", words("Table 1: the cohort"),
        [.table(tableOne.reportTable(words)), .notes(tableOne.notes.map { words($0) })])
    }
  }

  var gallery: ReportSection? {
    let items = input.gallery.compactMap { item -> HTML? in
      guard let type = item.mediaType else { return nil }
      let source = HTML(raw: "data:\(type);base64,\(item.bytes.base64EncodedString())")
      return """
        <figure><img src="\(source)" alt="\(item.caption)"><figcaption>\(item.caption)</figcaption></figure>

        """
    }
    guard !items.isEmpty else { return nil }
    let text = words.sentences([
      Phrase(
        """
        Left what the network was shown, right the same under its heat map: bright places raised the score towards the \
        call that the network made, which had not seen the lesion in training.
        """),
      Phrase(
        """
        A heat map shows roughly where the network found its reasons; it cannot show what it saw there, that the call \
        is right, or where the tumour ends.
        """),
    ])
    return ReportSection(
      "heat-maps", words("Where the network looked"),
      [
        .paragraph(text), .html("<div class=\"gallery\">\n\(items)</div>\n"),
        .notes(input.galleryNotes.map { words($0) }),
      ])
  }

  /// Protocol and provenance, for whoever repeats the study.
  var record: ReportSection {
    let facts = input.provenance.sorted { $0.key < $1.key }.map { (term: $0.key, meaning: $0.value) }
    var parts: [ReportSection.Part] = [
      facts.isEmpty ? .paragraph(words("No provenance was given.")) : .html(HTML.list(facts))
    ]
    if let json = input.protocolJSON {
      parts += [.heading(words("Protocol")), .html("<pre>\(json)</pre>\n")]
    }
    return ReportSection("record", words("Record"), parts)
  }

  private func list(_ facts: [ReportInput.Fact]) -> HTML {
    HTML.list(facts.map { (term: words($0.name), meaning: words($0.value)) })
  }
}
