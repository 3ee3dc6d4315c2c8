import Cohort
import Foundation
import Tables
import Testing
import Ultrasound
import Wording

@testable import Evaluation

struct ReportTests {
  private func input(_ study: Study) -> ReportInput {
    ReportInput(
      title: "Liver", predictions: study.predictions, images: study.images,
      study: [.init("Network", "EfficientNet-Lite0")], protocolJSON: "{ \"seed\": 1 }",
      provenance: ["insonate": "0.1.0", "cohort hash": "sha256:ab"],
      warnings: ["The network was selected on the test fold."],
      history: study.history)
  }

  @Test func writesEveryFile() throws {
    try withFolder { folder in
      let run = folder.appendingPathComponent("run")
      let metrics = try Report.write(input(Study(external: 30)), to: run)
      let figures = try FileManager.default.contentsOfDirectory(atPath: run.appendingPathComponent("figures").path)
      let kinds = ["calibration", "confusion", "roc", "scores"]
      let names = kinds.flatMap { ["\($0)-external-test", "\($0)-internal-test"] } + ["training"]
      #expect(figures.sorted() == names.flatMap { [$0 + ".svg", $0 + ".pdf"] }.sorted())
      let tables = try FileManager.default.contentsOfDirectory(atPath: run.appendingPathComponent("tables").path)
      let tableNames = ["results", "folds", "misclassified"].flatMap { ["\($0)-external-test", "\($0)-internal-test"] }
      #expect(
        tables.sorted()
          == (tableNames + ["claim", "table1", "tripod"]).flatMap { [$0 + ".csv", $0 + ".tex"] }.sorted())
      let top = try FileManager.default.contentsOfDirectory(atPath: run.path).sorted()
      #expect(top == ["figures", "metrics.json", "report.html", "tables"])
      let json = try Data(contentsOf: run.appendingPathComponent("metrics.json"))
      #expect(try JSONDecoder().decode(Metrics.self, from: json) == metrics)
      let table = try Table(contentsOf: run.appendingPathComponent("tables/table1.csv"))
      #expect(table.columns == ["Characteristic", "Benign", "Malignant", "All", "p", "Test"])
    }
  }

  @Test func pageSaysWhatMatters() throws {
    try withFolder { folder in
      var given = input(Study())
      given.patientsAreKnown = false
      given.isInSilico = true
      given.idealObserver = IdealObserverSummary(auc: 0.9, sees: "B-mode factors")
      let metrics = try Report.write(given, to: folder)
      let page = try String(contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
      let auc = try #require(metrics.headline?[.lesion]?.pooledAUC)
      #expect(page.contains("AUC \(EstimateText.auc(auc))"))
      for part in [
        "For research; not a medical device", "selected on the test fold", "names no patients", "In silico",
        "ideal observer", "Table 1", "DeLong", "Wilson", "Obuchowski", "Youden", "sha256:ab", "Words used here",
      ] {
        #expect(page.contains(part), "\(part)")
      }
      #expect(!page.contains("Per patient"))
      for outside in ["<script", "src=\"http", "href=\"http", "@import", "url("] { #expect(!page.contains(outside)) }
    }
  }

  private static let evil = "<script>alert('x')</script>\"&"

  /// Names come from other people's tables.
  @Test func namesAreEscaped() throws {
    let data: Phrase = Phrase(verbatim: ReportTests.evil)
    let evil = ReportTests.evil
    let rows = [
      Prediction(
        model: evil, split: "internal-test", fold: 0, site: evil, patient: evil, lesion: evil, image: evil,
        label: .malignant, score: 0.1),
      Prediction(
        model: evil, split: "internal-test", fold: 0, site: "", patient: "p", lesion: "l", image: "i", label: .benign,
        score: 0.2),
      Prediction(
        model: "other", split: evil, fold: 0, site: "", patient: "p", lesion: "l", image: "i", label: .benign,
        score: 0.2),
    ]
    let image = ImageRecord(
      id: 1, name: evil, patient: evil, lesion: evil, label: .malignant, histology: evil,
      file: URL(fileURLWithPath: "/x"), width: 1, height: 1, clinical: [evil: .text(evil)])
    let other = ImageRecord(
      id: 2, name: "n", patient: "p", lesion: "l", label: .benign, histology: "h", file: URL(fileURLWithPath: "/x"),
      width: 1, height: 1, clinical: [evil: .text("b")])
    try withFolder { folder in
      try Report.write(
        ReportInput(
          title: evil, predictions: rows, images: [image, other], study: [.init(data, data)], protocolJSON: evil,
          provenance: [evil: evil], warnings: [data],
          gallery: [GalleryItem(bytes: Data([0x89, 0x50, 0x4E, 0x47]), caption: evil)], galleryNotes: [data]),
        to: folder)
      let page = try String(contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
      #expect(!page.contains("<script"))
      #expect(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;"))
      for file in try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("figures").path) {
        #expect(!file.contains("<"))
        guard file.hasSuffix(".svg") else { continue }
        try expectWellFormed(folder.appendingPathComponent("figures/\(file)"))
      }
    }
  }

  @Test func galleryHoldsPictures() throws {
    try withFolder { folder in
      var given = input(Study(patients: 40))
      given.gallery = [
        GalleryItem(bytes: Data([0xFF, 0xD8, 0xFF, 0xE0]), caption: "A map"),
        GalleryItem(bytes: Data("no picture".utf8), caption: "Left out"),
      ]
      given.galleryNotes = ["Half of it lies on the lesion."]
      try Report.write(given, to: folder)
      let page = try String(contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
      #expect(
        page.contains("cannot show what it saw there") && page.contains("<li>Half of it lies on the lesion.</li>"))
      #expect(page.contains("<img src=\"data:image/jpeg;base64,/9j/4A==\" alt=\"A map\">"))
      #expect(!page.contains("Left out"))
    }
  }

  @Test func sameInputSameBytes() throws {
    try withFolder { folder in
      let (a, b) = (folder.appendingPathComponent("a"), folder.appendingPathComponent("b"))
      let study = Study(external: 20)
      try Report.write(input(study), to: a)
      try Report.write(input(study), to: b)
      for file in [
        "report.html", "metrics.json", "tables/table1.csv", "tables/results-internal-test.tex",
        "figures/roc-internal-test.svg", "figures/roc-internal-test.pdf",
      ] {
        #expect(
          try Data(contentsOf: a.appendingPathComponent(file)) == Data(contentsOf: b.appendingPathComponent(file)))
      }
    }
  }

  /// A file where the figures' folder should be: nothing is written, the message names the path.
  @Test func outputThatCannotBeMade() throws {
    try withFolder { folder in
      try Data().write(to: folder.appendingPathComponent("figures"))
      #expect {
        try Report.write(input(Study(patients: 40)), to: folder)
      } throws: { error in
        guard case EvaluationError.output = error else { return false }
        return "\(error)".contains(folder.appendingPathComponent("figures").path)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["figures"])
    }
  }

  /// An old report stays whole when the new one's input is bad.
  @Test func badInputLeavesTheOldReport() throws {
    try withFolder { folder in
      try Report.write(input(Study(patients: 40)), to: folder)
      let old = try Data(contentsOf: folder.appendingPathComponent("report.html"))
      #expect(throws: EvaluationError.self) {
        try Report.write(ReportInput(title: "New", predictions: [row("a", .benign, 7)]), to: folder)
      }
      #expect(try Data(contentsOf: folder.appendingPathComponent("report.html")) == old)
    }
  }

  @Test func largeTableInSeconds() throws {
    // 100,000 rows: 20,000 images scored by five folds' networks.
    let study = Study(patients: 8000)
    #expect(study.predictions.count > 100_000)
    try withFolder { folder in
      let start = ContinuousClock.now
      try Report.write(
        ReportInput(title: "Large", predictions: study.predictions, images: study.images, history: study.history),
        to: folder)
      // 10 s is the goal of an optimised build, which takes about one.
      #expect(ContinuousClock.now - start < .seconds(60))
      for file in try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("figures").path) {
        let size = try Data(contentsOf: folder.appendingPathComponent("figures/\(file)")).count
        #expect(size < 200_000, "\(file)")
      }
    }
  }
}
