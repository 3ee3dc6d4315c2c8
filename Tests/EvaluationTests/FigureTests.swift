import Cohort
import Figures
import Foundation
import FoundationXML
import Statistics
import Testing

@testable import Evaluation

/// Collects what an XML parser finds in a figure.
private final class Reader: NSObject, XMLParserDelegate {
  var ids: [String] = []
  var numbers: [String] = []

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    if let id = attributes["id"] { ids.append(id) }
    for key in ["x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height", "font-size"] {
      if let value = attributes[key] { numbers.append(value) }
    }
    if let points = attributes["points"] {
      numbers += points.split { $0 == " " || $0 == "," }.map(String.init)
    }
  }
}

/// A well-formed SVG whose every coordinate is a finite number.
func expectWellFormed(_ file: URL) throws {
  let data = try Data(contentsOf: file)
  let reader = Reader()
  let parser = XMLParser(data: data)
  parser.delegate = reader
  #expect(parser.parse(), "\(file.lastPathComponent): \(String(describing: parser.parserError))")
  #expect(reader.ids.count == 2 && Set(reader.ids).count == 2)
  #expect(reader.numbers.allSatisfy { Double($0)?.isFinite == true })
  let words = Set(String(decoding: data, as: UTF8.self).lowercased().split { !$0.isLetter }.map(String.init))
  #expect(words.isDisjoint(with: ["nan", "inf", "infinity"]))
}

struct FigureTests {
  @Test(arguments: [(160, 5, 40), (12, 2, 0), (3, 1, 0), (3000, 5, 0)])
  func figuresAreWellFormed(patients: Int, folds: Int, external: Int) throws {
    let study = Study(patients: patients, folds: folds, external: external)
    try withFolder { folder in
      try Report.write(
        ReportInput(title: "T", predictions: study.predictions, history: study.history), to: folder)
      let figures = folder.appendingPathComponent("figures")
      let files = try FileManager.default.contentsOfDirectory(atPath: figures.path)
      #expect(files.count >= 10)
      for file in files where file.hasSuffix(".svg") { try expectWellFormed(figures.appendingPathComponent(file)) }
    }
  }

  @Test func numbersAreShortAndNeverExotic() {
    #expect([0, 1.5, -1.25, 2.999, -0.001, 1e13].map(number) == ["0", "1.5", "-1.25", "3", "0", "0"])
    #expect(number(.nan) == "0" && number(.infinity) == "0" && number(-0.05) == "-0.05")
  }

  @Test func drawingsLeaveOutWhatIsNotFinite() {
    var canvas = Canvas(width: 10, height: 10)
    canvas.line(Point(.nan, 0), Point(1, 1), Stroke("#000"))
    canvas.circle(Point(0, .infinity), radius: 1, fill: "#000")
    canvas.path([Point(0, 0), Point(.nan, 1)], Stroke("#000"))
    #expect(canvas.body.isEmpty)
  }

  @Test func bandHoldsTheCurve() throws {
    let study = Study()
    let rows = try Grouping.rows(study.predictions.filter { $0.split == "internal-test" }, unit: .lesion)
    let curve = try #require(CurvePoints(rows))
    let band = try #require(curve.band)
    for point in curve.rates {
      let above = band.upper.filter { $0.x <= point.x + 1e-9 }.map(\.y).max() ?? 0
      let below = band.lower.filter { $0.x >= point.x - 1e-9 }.map(\.y).min() ?? 1
      #expect(above >= point.y - 1e-3 && below <= point.y + 1e-3)
    }
    #expect(zip(band.upper, band.upper.dropFirst()).allSatisfy { $0.x <= $1.x && $0.y <= $1.y })
    #expect(zip(band.lower, band.lower.dropFirst()).allSatisfy { $0.x <= $1.x && $0.y <= $1.y })
  }

  /// At z = 1.96 the band's Wilson limits are those of the tables.
  @Test func bandLimitsAreWilsons() throws {
    let table = try #require(Proportion.wilson(successes: 7, of: 19).interval)
    let band = ROCBand.wilson(7, 19, 1.959963984540054)
    #expect(abs(table.lower - band.lower) < 1e-12 && abs(table.upper - band.upper) < 1e-12)
    #expect(ROCBand.wilson(7, 19, 0) == (7.0 / 19, 7.0 / 19))
  }

  @Test func calibrationGroupsHoldEveryRowOnce() throws {
    let groups = CalibrationPanel.grouped(
      scores: (0..<97).map { Double($0 / 5) / 20 }, positives: (0..<97).map { $0 % 3 == 0 })
    #expect(groups.reduce(0) { $0 + $1.count } == 97)
    #expect(groups.reduce(0) { $0 + $1.malignant } == 33)
    #expect(zip(groups, groups.dropFirst()).allSatisfy { $0.meanScore < $1.meanScore })
  }

  @Test func ticksAreRound() {
    #expect(Axis.niceTicks(0, 1, about: 5).count == 6)
    #expect(Axis.niceTicks(0, 0.73, about: 5).first == 0)
    #expect(Axis.niceTicks(0, .infinity, about: 5) == [0])
    let empty = Axis("", 3...3)
    #expect(empty.lower < 3 && empty.upper > 3)
  }

  @Test func textReadsWell() {
    #expect(Text.fixed(-0.001, 2) == "0.00")
    #expect(Text.fixed(.nan, 2) == "n/a")
    #expect([0.0004, 0.0123, 0.5].map(Text.pValue) == ["<0.001", "0.012", "0.50"])
    #expect(Text.count(1_234_567) == "1\u{202F}234\u{202F}567")
    #expect(escaped("a<b>&\"'\u{1}") == "a&lt;b&gt;&amp;&quot;&#39;\u{FFFD}")
  }
}
