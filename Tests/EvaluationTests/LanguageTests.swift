import Cohort
import Foundation
import Testing
import Ultrasound
import Wording

@testable import Evaluation

/// Reports in Chinese: nothing is left in English but data.
struct LanguageTests {
  /// Writes a report in Chinese into `folder`; expects every phrase to have its Chinese. Returns the page.
  @discardableResult
  private func chinese(_ input: ReportInput, in folder: URL) throws -> String {
    var input = input
    input.language = .chinese
    let words = Wording(.chinese)
    try Report.write(input, to: folder, words: words)
    #expect(words.missing.isEmpty)
    let page = try String(contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
    #expect(page.contains("<html lang=\"zh-Hans\">") && page.contains("仅供科研使用；非医疗器械"))
    return page
  }

  /// The page's text without figures, data and references.
  private func prose(_ page: String) -> String {
    var text = page
    for (start, end) in [
      ("<style>", "</style>"), ("<svg", "</svg>"), ("<pre>", "</pre>"), ("<dl class=\"facts\"", "</dl>"),
      ("<ol class=\"refs\"", "</ol>"),
    ] {
      let parts = text.components(separatedBy: start)
      text =
        parts[0] + parts.dropFirst().map { $0.components(separatedBy: end).dropFirst().joined(separator: end) }.joined()
    }
    return text.components(separatedBy: "<").map { $0.components(separatedBy: ">").last ?? "" }.joined(separator: " ")
  }

  @Test func aWholeStudy() throws {
    let study = Study(external: 30)
    try withFolder { folder in
      var input = ReportInput(
        title: "Liver", predictions: study.predictions, images: study.images,
        study: [.init("Network", Phrase(verbatim: "EfficientNet-Lite0"))], provenance: ["seed": "1"],
        history: study.history, isInSilico: true,
        idealObserver: IdealObserverSummary(auc: 0.9, sees: Phrase(verbatim: "B-mode"), scores: study.ideal),
        patientsAreKnown: false)
      input.gallery = [GalleryItem(bytes: Data([0xFF, 0xD8, 0xFF, 0xE0]), caption: "A map")]
      let page = try chinese(input, in: folder)
      for text in ["统计学方法", "灵敏度", "内部测试集", "外部测试集", "表 1：研究队列", "约登指数", "数据来源未标明患者身份"] {
        #expect(page.contains(text), "\(text)")
      }
      // What is left of English are names: of files, of columns, of methods, of units of measure.
      let english = Set(prose(page).split { !($0.isLetter && $0.isASCII) }.map(String.init)).filter { $0.count > 3 }
      let names: Set<String> = [
        "LaTeX", "DeLong", "Wilson", "Brier", "logit", "logistic", "loess", "Mann", "Whitney", "Shapiro", "Wilk",
        "Welch",
        "Fisher", "Holm", "Insonate", "silico", "Liver", "male", "female", "hepatitis", "LOGIQ", "Resona", "bmode",
        "mode", "efficientnet", "lite", "internal", "seed",
      ]
      let checklists = [Checklist.claim, .tripod].map(\.citation).joined(separator: " ")
      let cited = Set(checklists.split { !($0.isLetter && $0.isASCII) }.map(String.init))
      let keys: Set<String> = ["Obuchowski", "CLAIM", "TRIPOD", "provenance", "json", "size"]
      #expect(english.subtracting(names).subtracting(cited).subtracting(keys).isEmpty)
    }
  }

  @Test func twoModelsAndTheirCombination() throws {
    try withFolder { folder in
      try Data(TwoModelsTests.record.utf8).write(to: folder.appendingPathComponent("combination.json"))
      try PredictionTable.write(
        TwoModelsTests.predictions(Study()), to: folder.appendingPathComponent("predictions.csv"))
      let page = try chinese(ReportInput(runFolder: folder), in: folder)
      for text in ["模型比较", "AUC 两两比较", "列线图分值", "比值比"] { #expect(page.contains(text), "\(text)") }
    }
  }

  @Test(arguments: [
    [row("a", .benign, 0.5)], [row("a", .benign, 0), row("b", .malignant, 1)],
    [row("a", .benign, 0.5, split: "train")], [row("a", .benign, 0.5), row("b", .malignant, 0.5)],
    [row("a", .malignant, 1, fold: 3), row("b", .malignant, 1, split: "external-test", fold: 1)],
    [row("a", .malignant, 0.3, split: "")],
    MetricsTests.small + [row("o", .benign, 0.2, split: "train", patient: "m0")],
    [row("a", .malignant, 1, fold: 0), row("b", .malignant, 1, fold: 1), row("c", .benign, 0.2, fold: 1)],
  ])
  func little(rows: [Prediction]) throws {
    try withFolder { try chinese(ReportInput(title: "Little", predictions: rows), in: $0) }
  }

  /// metrics.json is the same whatever the report's language.
  @Test func metricsStayEnglish() throws {
    let rows = [row("a", .benign, 0.1), row("b", .benign, 0.7)]
    try withFolder { folder in
      try chinese(ReportInput(title: "Little", predictions: rows), in: folder)
      let json = try String(contentsOf: folder.appendingPathComponent("metrics.json"), encoding: .utf8)
      #expect(json == (try Evaluator.metrics(of: rows).json()) && json.contains("Only benign lesions (2): no AUC."))
    }
  }
}
