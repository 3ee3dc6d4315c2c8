import Analyses
import Cohort
import Foundation
import Tables
import Testing
import Ultrasound
import Wording

@testable import Evaluation

/// A side table from its text.
func strict(_ csv: String, _ source: String = "t.csv") throws -> StrictTable {
  try StrictTable(Table(csv: csv, source: source))
}

/// What a closure says of its input.
func complaint<T>(_ body: () throws -> T) -> String {
  do {
    _ = try body()
    return "no error"
  } catch {
    return "\(error)"
  }
}

@Suite struct ClinicalTableTests {
  @Test func variablesAreTypedByTheirCells() throws {
    let table = try ClinicalTable(
      strict("patient,age,sex,halo,grade,empty\nA,61,male,yes,2,\nB,,female,no,3,NA\nC,48.5,male,,2,\n"))
    #expect(table.key == .patient)
    #expect(
      table.variables == [
        ClinicalVariable(name: "age", kind: .number), ClinicalVariable(name: "sex", kind: .category),
        ClinicalVariable(name: "halo", kind: .yesNo), ClinicalVariable(name: "grade", kind: .number),
      ])
    let row = table.values(of: LesionKey(patient: "B", lesion: "L9"))
    #expect(row == [.missing, .text("female"), .number(0), .number(3)])
    #expect(table.values(of: LesionKey(patient: "D", lesion: "L9")) == nil)
  }

  @Test func badTablesAreNamedByLineAndColumn() {
    let slip = "patient,age\n" + (0..<9).map { "P\($0),\(50 + $0)\n" }.joined() + "P9,about 60\n"
    let cases = [
      ("patient,age\nA,1\nA,2\n", "t.csv:3: patient \"A\" has a row already, on line 2"),
      ("patient,lesion,age\nA,,1\n", "t.csv:2: column \"lesion\": expected a name, found nothing"),
      ("name,age\nA,1\n", "t.csv:1: expected a column \"patient\" or \"lesion\""),
      (slip, "t.csv:11: column \"age\": expected a number, as in 9 other rows, or an empty cell, found \"about 60\""),
      ("patient,age\n", "t.csv: no rows below the header"),
    ]
    for (csv, expected) in cases {
      let found = complaint { try ClinicalTable(strict(csv)) }
      #expect(found.contains(expected), "\(found)")
    }
  }

  @Test func whatDoesNotJoinIsNamed() throws {
    let rows = [row("a", .benign, 0.2), row("b", .malignant, 0.8), row("c", .benign, 0.4)]
    let clinical = try ClinicalTable(strict("lesion,age\na,50\nb,60\nz,70\n"))
    let joined = try LesionVariables(rows, clinical: clinical)
    let notes = joined.notes.map(\.description)
    #expect(notes.contains { $0.contains("Lesions without a row in the clinical table: 1 of 3 (c)") })
    #expect(notes.contains { $0.contains("Rows of the clinical table without predictions: 1 (z)") })
    let ages = joined.column("age", of: rows.map { LesionKey(patient: $0.patient, lesion: $0.lesion) })
    #expect(ages?.values == [.number(50), .number(60), .missing])
    let none = complaint { try LesionVariables(rows, clinical: ClinicalTable(strict("lesion,age\nx,50\ny,60\n"))) }
    #expect(none.contains("none of its 2 rows is of a lesion of the predictions") && none.contains("\"x\""))
    let same = [row("i", .benign, 0.2, lesion: "1", patient: "A"), row("j", .benign, 0.2, lesion: "1", patient: "B")]
    let twice = complaint { try LesionVariables(same, clinical: ClinicalTable(strict("lesion,age\n1,50\n"))) }
    #expect(twice.contains("lesion \"1\" is of A and of B"))
  }

  @Test func thePredictionsOwnColumnsServeWhereThereIsNoTable() throws {
    var rows = [row("a", .benign, 0.2, lesion: "l"), row("b", .benign, 0.8, lesion: "l"), row("c", .malignant, 0.4)]
    for (place, age) in ["50", "51", ""].enumerated() { rows[place].extra = ["age": age, "images": "1"] }
    let joined = try LesionVariables(rows, clinical: nil)
    #expect(joined.variables == [ClinicalVariable(name: "age", kind: .number)])
    #expect(joined.notes.map(\.description).first?.contains("age: values differ within a lesion") == true)
    #expect(try LesionVariables([row("a", .benign, 0.2)], clinical: nil).variables.isEmpty)
  }

  @Test func theSiteOfThePredictionsIsAlwaysAVariable() throws {
    var rows = [row("a", .benign, 0.2), row("b", .malignant, 0.8)]
    (rows[0].site, rows[1].site) = ("X", "Y")
    let joined = try LesionVariables(rows, clinical: ClinicalTable(strict("lesion,age\na,50\n")))
    let lesions = rows.map { LesionKey(patient: $0.patient, lesion: $0.lesion) }
    #expect(joined.column("site", of: lesions)?.values == [.text("X"), .text("Y")])
    #expect(joined.column("age", of: lesions)?.values == [.number(50), .missing])
  }
}

@Suite struct EnrolmentTests {
  @Test func rowsAreCountedByStageAndReason() throws {
    let log = try EnrolmentLog(
      strict(
        """
        patient,included,reason,stage,date
        A,no,cyst,screening,2018-05-02
        B,no,cyst,screening,2018-06-01
        C,no,no histology,screening,2019-01-09
        D,no,poor images,reading,2019-06-30
        E,yes,,,2018-07-01
        F,yes,,,2018-08-01
        """))
    let flow = EnrolmentFlow(log)
    #expect(flow.screened == 6 && flow.included == 2 && flow.excluded == 4 && !flow.isOfLesions)
    #expect(flow.stages.map(\.name) == ["screening", "reading"])
    #expect(flow.stages.map(\.entering) == [6, 3] && flow.stages.map(\.leaving) == [3, 2])
    #expect(flow.stages[0].exclusions == [.init(reason: "cyst", count: 2), .init(reason: "no histology", count: 1)])
    #expect(flow.dates?.first == "2018-05-02" && flow.dates?.last == "2019-06-30")
    let rows = [row("E", .benign, 0.1), row("D", .malignant, 0.2), row("Z", .malignant, 0.2)]
    let notes = EnrolmentCheck.notes(log, flow: flow, predictions: rows).map(\.description)
    #expect(
      notes == [
        "Patients included in the log and without predictions: 1 (F).",
        "Patients excluded in the log and yet scored: 1 (D).",
        "Patients scored that the log does not have: 1 (Z).",
      ])
    let right = [row("E", .benign, 0.1), row("F", .malignant, 0.2)]
    #expect(EnrolmentCheck.notes(log, flow: flow, predictions: right).isEmpty)
  }

  /// 2,263 eligible less 122 excluded are 2,141, not the 2,143 published (S2-01).
  @Test func countsThatDoNotAddUpAreNamed() throws {
    let log = try EnrolmentLog(
      strict("stage,reason,count\neligible,,2263\neligible,no histology,100\neligible,small,22\nincluded,,2143\n"))
    let flow = EnrolmentFlow(log)
    #expect(flow.screened == 2263 && flow.excluded == 122 && flow.included == 2143)
    #expect(
      flow.notes.map(\.description) == [
        "The log counts 2143 at “included”, where the counts before leave 2141: a difference of 2."
      ])
    let bare = EnrolmentFlow(try EnrolmentLog(strict("stage,reason,count\na,x,5\na,,20\nb,y,3\n")))
    #expect(bare.screened == 20 && bare.included == 12 && bare.notes.isEmpty)
  }

  @Test func badLogsAreNamedByLine() {
    let cases = [
      ("patient,included,reason\nA,yes,\nA,no,cyst\n", "t.csv:3: patient \"A\" is in the log already, on line 2"),
      ("patient,included,reason\nA,no,\n", "t.csv:2: column \"reason\": expected why it was excluded, found nothing"),
      ("patient,included,reason\nA,yes,cyst\n", "expected nothing, since it was included, found \"cyst\""),
      ("patient,included,reason\nA,perhaps,\n", "t.csv:2: column \"included\": expected yes or no, found \"perhaps\""),
      ("patient,reason\nA,x\n", "no column \"included\""),
      ("stage,reason,count\na,x,-1\n", "t.csv:2: column \"count\": expected a whole number from 0, found \"-1\""),
      ("stage,reason,count\na,x,1\na,x,2\n", "t.csv:3: this stage and reason are counted already, on line 2"),
    ]
    for (csv, expected) in cases {
      let found = complaint { try EnrolmentLog(strict(csv)) }
      #expect(found.contains(expected), "\(found)")
    }
  }
}

@Suite struct ReadingTableTests {
  private let predictions = [row("a", .benign, 0.2), row("b", .malignant, 0.8)]

  @Test func readingsAreRead() throws {
    let table = try ReadingTable(
      strict(
        "reader,arm,lesion,label,confidence,call,experience\nR1,unaided,a,0,20,0,junior\nR1,aided,a,0,10,0,junior\nR2,unaided,b,1,,,\n"
      ), predictions: predictions)
    #expect(table.readers == ["R1"] && table.arms == [.unaided, .aided] && table.skipped == 1)
    #expect(table.experience == ["R1": "junior"] && table.readings[0].confidence == 20)
    let bare = try ReadingTable(strict("reader,case,call\nR1,a,1\nR1,b,1\n"), predictions: predictions)
    #expect(bare.readings.map(\.isMalignant) == [false, true] && !bare.hasConfidence)
  }

  @Test func badReadingsAreNamedByLineAndColumn() {
    let head = "reader,arm,lesion,label,confidence,call\n"
    let cases = [
      (head + "R,with,a,0,1,0\n", "t.csv:2: column \"arm\": expected unaided or aided, found \"with\""),
      (head + "R,aided,a,0,101,0\n", "t.csv:2: column \"confidence\": expected a number from 0 to 100, found \"101\""),
      (head + "R,aided,a,0,50,maybe\n", "t.csv:2: column \"call\": expected 0 or 1"),
      (head + "R,aided,a,0,1,0\nR,aided,a,0,2,0\n", "t.csv:3: reader R has read \"a\" aided already, on line 2"),
      (head + "R,aided,x,0,1,0\nS,aided,x,1,2,0\n", "t.csv:3: column \"label\": expected 0, as in earlier rows"),
      (head + "R,aided,a,1,1,0\n", "t.csv:2: column \"label\": expected 0, as in the predictions, found \"1\""),
      ("reader,case,call\nR,x,1\n", "t.csv:2: column \"case\": expected a name that the predictions have"),
      ("reader,case,label\nR,a,0\n", "expected a column \"confidence\" or \"call\""),
      ("reader,label,call\nR,0,0\n", "expected a column \"lesion\", \"image\" or \"case\""),
      ("reader,case,call,confidence\nR,a,,\n", "t.csv: no reading"),
    ]
    for (csv, expected) in cases {
      let found = complaint { try ReadingTable(strict(csv), predictions: predictions) }
      #expect(found.contains(expected), "\(found)")
    }
  }
}

@Suite struct ComparatorTests {
  @Test func countsAndRatesAreRead() throws {
    let counts = try Comparator.all(strict("name,tp,fp,tn,fn\nCT,80,10,30,20\n"))
    #expect(counts[0].sensitivity == 0.8 && counts[0].specificity == 0.75 && counts[0].positives == 100)
    let rates = try Comparator.all(strict("name,accuracy,sensitivity\nCT,84.7,\nMRI,87.9 %,90\n"))
    #expect(rates.map(\.accuracy) == [0.847, 0.879] && rates.map(\.sensitivity) == [nil, 0.9])
    let shares = try Comparator.all(strict("name,specificity,positives,negatives\nCT,0.8,10,20\n"))
    #expect(shares[0].specificity == 0.8 && shares[0].negatives == 20)
  }

  @Test func badComparatorsAreNamedByLineAndColumn() {
    let cases = [
      ("name,tp,fp,tn,fn\nCT,1,2,3,x\n", "t.csv:2: column \"fn\": expected a whole number from 0, found \"x\""),
      ("name,tp,fp,tn,fn\nCT,0,0,0,0\n", "found four zeros"),
      ("name,accuracy\nCT,\n", "t.csv:2: \"CT\": expected a sensitivity, specificity or accuracy"),
      ("name,accuracy\nCT,101\n", "expected a rate from 0 to 100 per cent"),
      ("name,accuracy\nCT,-0.1\n", "expected a rate from 0 to 1"),
      ("name,accuracy\nCT,1\nCT,1\n", "t.csv:3: \"CT\" is on line 2 already"),
    ]
    for (csv, expected) in cases {
      let found = complaint { try Comparator.all(strict(csv)) }
      #expect(found.contains(expected), "\(found)")
    }
  }
}

@Suite struct StudyChoiceTests {
  @Test func choicesAreRead() throws {
    let size = try StratumChoice("size_mm:20,50")
    #expect(size.variable == "size_mm" && size.cuts == [20, 50])
    #expect(try StratumChoice("site").cuts.isEmpty)
    for bad in ["", ":1", "size:", "size:5,3", "size:x"] {
      #expect(throws: EvaluationError.self) { try StratumChoice(bad) }
    }
  }

  @Test func choicesMustBeOfTheClinicalTable() throws {
    let rows = [row("a", .benign, 0.2), row("b", .malignant, 0.8)]
    try withFolder { folder in
      let file = folder.appendingPathComponent("clinical.csv")
      try Data("lesion,age,sex\na,50,male\nb,60,female\n".utf8).write(to: file)
      func tables(_ regression: String, _ strata: [String] = []) throws -> StudyTables {
        try StudyTables(
          StudyFiles(clinical: file), regression: ModelAnalyses.Variable.list(regression),
          strata: strata.map { try StratumChoice($0) },
          predictions: rows)
      }
      #expect(try tables("age,sex:male").variables.variables.count == 2)
      #expect(complaint { try tables("ag") }.contains("no clinical variable \"ag\"; there are: age, sex"))
      #expect(complaint { try tables("sex:m") }.contains("expected one of female, male as reference, found \"m\""))
      #expect(complaint { try tables("age", ["sex:2"]) }.contains("expected numbers to cut, found a category"))
      #expect(complaint { try tables("age", ["size"]) }.contains("no clinical variable \"size\""))
    }
  }
}
