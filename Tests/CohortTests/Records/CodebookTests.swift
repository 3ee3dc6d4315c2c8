import Foundation
import Tables
import Testing
import Ultrasound

@testable import Cohort

struct CodebookTests {
  private func codebook(_ rows: String) throws -> Codebook {
    try Codebook(
      Table(csv: "variable,type,unit,levels,minimum,maximum,missing,description\n" + rows, source: "book.csv"))
  }

  private func variable(_ row: String) throws -> Codebook.Variable {
    try #require(try codebook(row + "\n").variables.first)
  }

  @Test func numbersAreReadInTheCodebooksUnit() throws {
    let size = try variable("size,number,mm,,1,300,-9|unknown,")
    let cases: [(String, ClinicalValue)] = [
      ("12", .number(12)), ("12 mm", .number(12)), ("1.2 cm", .number(12)), ("1.2cm", .number(12)),
      (" 12 ", .number(12)), ("-9", .missing), ("unknown", .missing), ("", .missing), ("NA", .missing),
    ]
    for (cell, expected) in cases { #expect(try size.value(of: cell) == expected, "\(cell)") }
    for wrong in ["0.2", "301", "31 cm", "12 kg", "12 furlong", "twelve", "1,2", "mm", "-", "1e400", "12 mm x 8 mm"] {
      let fault = #expect(throws: CellFault.self, "\(wrong)") { try size.value(of: wrong) }
      #expect(fault?.description == "expected a number from 1 to 300 in mm, found \"\(wrong)\"")
    }
    let volume = try variable("volume,number,mL,,,,,")
    #expect(try volume.value(of: "3 cm3") == .number(3))
    #expect(try volume.value(of: "3cm3") == .number(3))
    let score = try variable("score,number,,,,,,")
    #expect(throws: CellFault.self) { try score.value(of: "3 mm") }
  }

  @Test func wordsAreReadAsLevels() throws {
    let hepatitis = try variable("hepatitis,ordered,,0=none|1=HBV|2=HCV|3=HBV+HCV,,,9,")
    #expect(try hepatitis.value(of: "1") == .text("HBV"))
    #expect(try hepatitis.value(of: "hbv+hcv") == .text("HBV+HCV"))
    #expect(try hepatitis.value(of: "none") == .text("none"))
    #expect(try hepatitis.value(of: "9") == .missing)
    let fault = #expect(throws: CellFault.self) { try hepatitis.value(of: "HDV") }
    #expect(fault?.expected == "one of none, HBV, HCV, HBV+HCV")
    let sex = try variable("sex,flag,,f=female|m=male,,,,")
    #expect(try sex.value(of: "M") == .number(1) && sex.value(of: "female") == .number(0))
    #expect(throws: CellFault.self) { try sex.value(of: "1") }
    let halo = try variable("halo,flag,,,,,,")
    #expect(try halo.value(of: "有") == .number(1) && halo.value(of: "No") == .number(0))
    #expect(throws: CellFault.self) { try halo.value(of: "maybe") }
    // Digits of a free text stay what they are.
    #expect(try variable("room,text,,,,,,").value(of: "12") == .text("12"))
  }

  @Test func datesAreThoseOfTheCalendar() throws {
    let seen = try variable("seen,date,,,,,,")
    for right in ["2020", "2020-05", "2020-02-29", "2000-02-29"] { #expect(try seen.value(of: right) == .text(right)) }
    for wrong in [
      "2021-02-29", "1900-02-29", "2020-13", "2020-00-01", "20-01-01", "2020-1-1", "05/03/2024", "2020-01-01-01",
    ] {
      #expect(throws: CellFault.self, "\(wrong)") { try seen.value(of: wrong) }
    }
  }

  @Test(arguments: [
    ("x,colour,,,,,,", "column \"type\": expected one of number"), (",number,,,,,,", "expected a name"),
    ("x,number,furlong,,,,,", "column \"unit\": expected a unit"), ("x,flag,mm,,,,,", "only a number has one"),
    ("x,category,,a,,,,", "column \"levels\": expected 2 or more, found 1"), ("x,number,,a|b,,,,", "expected none"),
    ("x,flag,,a|b|c,,,,", "the words for no and yes"), ("x,category,,a|b|A,,,,", "stands for two levels"),
    ("x,category,,a||b,,,,", "expected a name or code=name"), ("x,number,,,9,1,,", "minimum 9.0 is above maximum 1.0"),
    ("x,number,,,low,,,", "column \"minimum\": expected a number"), ("x,text,,,1,,,", "expected nothing"),
    ("y,text,,,,,,\ny,text,,,,,,", "described already, on line 2"),
  ])
  func whatIsWrongIsNamedWithItsLine(rows: String, reason: String) throws {
    let error = #expect(throws: CohortError.self) { try codebook(rows + "\n") }
    let text = error?.description ?? ""
    #expect(text.contains(reason) && text.contains("book.csv:"), "\(text)")
  }

  @Test func aColumnThatNoCodebookHasIsRefused() throws {
    let table = try Table(csv: "variable,type,units\nx,number,mm\n", source: "book.csv")
    let error = #expect(throws: CohortError.self) { try Codebook(table) }
    #expect(error?.description.contains("\"units\"") == true)
  }
}
