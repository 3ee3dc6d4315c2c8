import Foundation
import Tables
import Testing

struct TableReadingTests {
  @Test func readsPlainAndQuotedCells() throws {
    let table = try Table(csv: "a,b,c\n1,\"x, \"\"y\"\"\nz\",\n\"\",2,\"3\"\n", source: "t.csv")
    #expect(table.columns == ["a", "b", "c"])
    #expect(table.rowCount == 2)
    #expect(try table.column("a") == ["1", ""])
    #expect(try table.column("b") == ["x, \"y\"\nz", "2"])
    #expect(try table.column("c") == ["", "3"])
    #expect(table.line(ofRow: 0) == 2)
    // The quoted cell of the first row holds a line end.
    #expect(table.line(ofRow: 1) == 4)
  }

  @Test(arguments: ["\n", "\r\n", "\r"], [",", ";", "\t"])
  func readsEveryLineEndAndDelimiter(end: String, delimiter: String) throws {
    let lines = ["a| b ", "1|ä", "", "3|", ""].map { $0.replacingOccurrences(of: "|", with: delimiter) }
    for start in ["", "\u{FEFF}"] {
      let table = try Table(csv: start + lines.joined(separator: end), source: "t.csv")
      #expect(table.columns == ["a", "b"])
      #expect(try table.column("a") == ["1", "3"])
      #expect(try table.column("b") == ["ä", ""])
      #expect(table.line(ofRow: 1) == 4)
    }
  }

  @Test func lastLineNeedsNoEnd() throws {
    #expect(try Table(csv: "a,b\n1,2", source: "t").column("b") == ["2"])
    #expect(try Table(csv: "a,b\n1,", source: "t").column("b") == [""])
    #expect(try Table(csv: "a\n\"1\"", source: "t").column("a") == ["1"])
    #expect(try Table(csv: "a,b", source: "t").rowCount == 0)
  }

  @Test func delimiterInsideAQuotedNameDoesNotCount() throws {
    let table = try Table(csv: "\"a,b,c\";d\n1,5;2\n", source: "t")
    #expect(table.columns == ["a,b,c", "d"])
    #expect(try table.column("a,b,c") == ["1,5"])
  }

  @Test func numbersNameTheirLine() throws {
    let table = try Table(csv: "score,n\n0.25,1\n1e-3,2\nnan,3\n", source: "t.csv")
    #expect(try table.numbers("n") == [1, 2, 3])
    #expect(throws: TableError.notANumber(source: "t.csv", line: 4, column: "score", found: "nan")) {
      try table.numbers("score")
    }
  }
}

struct TableErrorTests {
  static let cases: [(String, TableError)] = [
    ("", .empty(source: "t")),
    ("\n\n", .empty(source: "t")),
    ("a,b\n1,2\n3\n", .raggedRow(source: "t", line: 3, expected: 2, found: 1)),
    ("a,b\n1,2,3\n", .raggedRow(source: "t", line: 2, expected: 2, found: 3)),
    ("a,b\n1,\"2\n3,4\n", .unterminatedQuote(source: "t", line: 2, column: 3)),
    ("a,b\n1,2\"\n", .strayQuote(source: "t", line: 2, column: 4)),
    ("a,b\n\"1\"x,2\n", .strayQuote(source: "t", line: 2, column: 3)),
    ("a,b,a\n", .duplicateColumn(source: "t", name: "a", first: 1, second: 3)),
    ("a,,b\n", .unnamedColumn(source: "t", place: 2)),
  ]

  @Test(arguments: cases) func refuses(text: String, error: TableError) {
    #expect(throws: error) { try Table(csv: text, source: "t") }
  }

  @Test func missingColumnListsThoseThereAre() throws {
    let table = try Table(csv: "patient,file\n1,2\n", source: "t.csv")
    #expect(throws: TableError.missingColumn(source: "t.csv", name: "label", columns: ["patient", "file"])) {
      try table.column("label")
    }
    #expect(table.has("file") && !table.has("label"))
  }

  @Test(arguments: [
    [0x80], [0xC0, 0x80], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF0, 0x9F, 0x98],
  ]) func refusesWhatIsNotUTF8(bad: [UInt8]) {
    let error = TableError.invalidUTF8(source: "t", line: 2, column: 3, isUTF16: false)
    #expect(throws: error) { try Table(csv: Array("a,b\n1,".utf8) + bad, source: "t") }
  }

  @Test func readsEveryLengthOfUTF8() throws {
    let text = "aß中😀"
    #expect(try Table(csv: "long name here\n\(text)\n", source: "t").column("long name here") == [text])
  }

  @Test func utf16IsNamed() {
    #expect(throws: TableError.invalidUTF8(source: "t", line: 1, column: 1, isUTF16: true)) {
      try Table(csv: [0xFF, 0xFE, 0x61, 0x00], source: "t")
    }
  }

  @Test func missingFileAndFolderAreNamed() {
    #expect(throws: TableError.cannotRead(path: "/nowhere/t.csv", reason: "no such file")) {
      try Table(contentsOf: URL(fileURLWithPath: "/nowhere/t.csv"))
    }
    #expect(throws: TableError.cannotRead(path: "/tmp", reason: "it is a folder")) {
      try Table(contentsOf: URL(fileURLWithPath: "/tmp"))
    }
  }
}

struct TableWritingTests {
  @Test func roundTripsAwkwardCells() throws {
    let rows = [["a", "", "x\"y"], ["1;2", "l1\r\nl2", "\t"], ["ä", ",", " padded "]]
    let table = try Table(columns: ["p", "q;r", "s"], rows: rows, source: "memory")
    let again = try Table(csv: table.csv(), source: "again")
    #expect(again.columns == table.columns)
    for (place, name) in table.columns.enumerated() {
      #expect(try again.column(name) == rows.map { $0[place] })
    }
    #expect(again.csv() == table.csv())
  }

  @Test func emptyCellsOfASingleColumnStay() throws {
    let table = try Table(columns: ["only"], rows: [[""], ["x"], [""]], source: "memory")
    #expect(try Table(csv: table.csv(), source: "again").column("only") == ["", "x", ""])
  }

  @Test func refusesRaggedRowsInMemory() {
    #expect(throws: TableError.raggedRow(source: "m", line: 3, expected: 2, found: 1)) {
      try Table(columns: ["a", "b"], rows: [["1", "2"], ["3"]], source: "m")
    }
  }
}
