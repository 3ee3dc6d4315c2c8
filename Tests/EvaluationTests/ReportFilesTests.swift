import Cohort
import Foundation
import Tables
import Testing
import Wording

@testable import Evaluation

/// Tables and figures as files beside the page.
struct ReportFilesTests {
  @Test func everyLinkOfThePageLeadsToAFile() throws {
    let study = Study(external: 20)
    try withFolder { folder in
      try Report.write(
        ReportInput(title: "T", predictions: study.predictions, images: study.images, history: study.history),
        to: folder)
      let page = try String(contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
      let links = page.matches(of: /href="([^"#]+)"/).map { String($0.output.1) }
      #expect(links.count == 2 * 9 + 2 * 7)
      for link in links {
        #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent(link).path), "\(link)")
      }
      let contents = try #require(page.firstMatch(of: /<nav[\s\S]*?<\/nav>/)).output
      let listed = contents.matches(of: /href="#([^"]+)"/).map { String($0.output.1) }
      #expect(listed.count > 8 && Set(listed).count == listed.count)
      let anchors = page.matches(of: /href="#([^"]+)"/).map { String($0.output.1) }
      for anchor in anchors { #expect(page.contains("<section id=\"\(anchor)\">"), "\(anchor)") }
    }
  }

  @Test func figuresArePDFsToo() throws {
    try withFolder { folder in
      try Report.write(ReportInput(title: "T", predictions: MetricsTests.small), to: folder)
      let pdf = try Data(contentsOf: folder.appendingPathComponent("figures/roc-internal-test.pdf"))
      #expect(pdf.starts(with: Data("%PDF-".utf8)) && pdf.count > 1000)
    }
  }

  /// Further sections stand between results and methods, with their files.
  @Test func furtherSections() throws {
    try withFolder { folder in
      let section = ReportSection(
        "readers", "Readers", [.table(ReportTable("kappa", caption: "κ", columns: [.text("Pair")], rows: [["1–2"]]))])
      try Report.write(
        ReportInput(title: "T", predictions: MetricsTests.small), to: folder, further: [section], words: Wording())
      let page = try String(contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
      let places = try ["results-internal-test", "readers", "methods"].map {
        try #require(page.range(of: "<section id=\"\($0)\">")).lowerBound
      }
      #expect(places == places.sorted())
      #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent("tables/kappa.tex").path))
    }
  }

  private let table = ReportTable(
    "t", caption: "A & B,\nper cent", columns: [.text("Name"), .number("p"), .number("p"), .text("")],
    rows: [
      ["All", "−0.05", "12\u{202F}345", "86.0\u{202F}% (80 to 90)"], ["  [level]_1", "<0.001", "", "病灶 ≥ 2, \"x\""],
    ])

  /// Numbers as programs read them.
  @Test func csvIsForPrograms() throws {
    let read = try Table(csv: table.csv, source: "t.csv")
    #expect(read.columns == ["Name", "p", "p (2)", "column 4"])
    #expect(try read.column("p") == ["-0.05", "<0.001"] && read.column("p (2)") == ["12345", ""])
    #expect(try read.column("column 4") == ["86.0% (80 to 90)", "病灶 ≥ 2, \"x\""])
  }

  @Test func latexIsATabular() {
    #expect(
      table.latex == #"""
        % A & B,
        % per cent
        % \usepackage{booktabs}
        % \usepackage{ctex} (XeLaTeX)
        \begin{tabular}{lrrl}
        \toprule
        Name & p & p &  \\
        \midrule
        All & $-$0.05 & 12\,345 & 86.0\,\% (80 to 90) \\
        \quad {}[level]\_1 & $<$0.001 &  & 病灶 $\geq$ 2, "x" \\
        \bottomrule
        \end{tabular}

        """#)
  }
}
