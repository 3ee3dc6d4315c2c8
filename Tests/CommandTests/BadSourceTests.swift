import Foundation
import Testing

/// Sources that cannot be imported, through the command line.
extension CommandTests {
  struct BadSources {
    /// A copy of the simulated source to do harm to.
    private func source(in sandbox: Sandbox) throws -> String {
      try sandbox.copy(Study.get().source, to: "source")
    }

    /// Imports into no cohort and into one that is there: refused both times, nothing made, nothing changed.
    private func expectRefused(
      _ source: String, in sandbox: Sandbox, naming first: String, _ second: String = "", _ further: [String] = [],
      location: SourceLocation = #_sourceLocation
    ) throws {
      let into = sandbox("new.cohort")
      let listing = try contents(sandbox.url.path)
      let new = try insonate(["import", source, "--into", into] + further)
      expectRefusal(new, 65, naming: first, second, location: location)
      #expect(try contents(sandbox.url.path) == listing, "something was left", sourceLocation: location)

      let cohort = try sandbox.copy(Study.get().cohort, to: "there.cohort")
      let before = try contents(sandbox.url.path)
      let there = try insonate(["import", source, "--into", cohort, "--json"] + further)
      expectRefusal(there, 65, naming: first, second, location: location)
      #expect(try contents(sandbox.url.path) == before, "the cohort was changed", sourceLocation: location)
    }

    private func firstImage(_ source: String) throws -> String {
      try #require(try FileManager.default.contentsOfDirectory(atPath: source + "/images").min())
    }

    /// Changes lines of the cohort table; line 0 is the header.
    private func edit(_ source: String, _ change: (inout [[String]]) throws -> Void) throws {
      let file = source + "/cohort.csv"
      let text = try String(contentsOfFile: file, encoding: .utf8)
      var rows = text.split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
      try change(&rows)
      try rows.map { $0.joined(separator: ",") }.joined(separator: "\n").appending("\n")
        .write(toFile: file, atomically: true, encoding: .utf8)
    }

    private func place(_ column: String, _ rows: [[String]]) throws -> Int {
      try #require(rows.first?.firstIndex(of: column))
    }

    @Test(arguments: [8, 60, 2000]) func aTruncatedImage(bytes: Int) throws {
      let sandbox = try Sandbox()
      let source = try source(in: sandbox)
      let image = try firstImage(source)
      try shell("head -c \(bytes) '\(Study.get().source)/images/\(image)' > '\(source)/images/\(image)'")
      try expectRefused(source, in: sandbox, naming: image, "cohort.csv:2")
    }

    @Test func anEmptyAndAFakeImage() throws {
      for content in ["", "this is a text, not a picture\n"] {
        let sandbox = try Sandbox()
        let source = try source(in: sandbox)
        let image = try firstImage(source)
        try content.write(toFile: "\(source)/images/\(image)", atomically: true, encoding: .utf8)
        try expectRefused(source, in: sandbox, naming: image)
      }
    }

    @Test func anImageThatIsMissingOrAFolder() throws {
      let sandbox = try Sandbox()
      let source = try source(in: sandbox)
      let image = try firstImage(source)
      try FileManager.default.removeItem(atPath: "\(source)/images/\(image)")
      try expectRefused(source, in: sandbox, naming: image)
      try FileManager.default.createDirectory(atPath: "\(source)/images/\(image)", withIntermediateDirectories: false)
      try FileManager.default.removeItem(atPath: sandbox("there.cohort"))
      try expectRefused(source, in: sandbox, naming: image)
    }

    @Test func anEmptyFolder() throws {
      let sandbox = try Sandbox()
      try FileManager.default.createDirectory(atPath: sandbox("empty"), withIntermediateDirectories: false)
      try expectRefused(sandbox("empty"), in: sandbox, naming: sandbox("empty"))
    }

    @Test func emptyClassFoldersAndNoSource() throws {
      let sandbox = try Sandbox()
      try shell("mkdir -p '\(sandbox("classes"))'/{benign,malignant}/images")
      try expectRefused(sandbox("classes"), in: sandbox, naming: sandbox("classes"))
      try FileManager.default.removeItem(atPath: sandbox("there.cohort"))
      try expectRefused(sandbox("nowhere"), in: sandbox, naming: sandbox("nowhere"))
    }

    @Test(arguments: ["patient", "lesion", "label", "file"]) func aMissingColumn(name: String) throws {
      let sandbox = try Sandbox()
      let source = try source(in: sandbox)
      try edit(source) { rows in
        let column = try place(name, rows)
        for row in rows.indices { rows[row].remove(at: column) }
      }
      try expectRefused(source, in: sandbox, naming: "cohort.csv", "\"\(name)\"")
    }

    @Test func anUnknownLabel() throws {
      let sandbox = try Sandbox()
      let source = try source(in: sandbox)
      try edit(source) { $0[3][try place("label", $0)] = "suspicious" }
      try expectRefused(source, in: sandbox, naming: "cohort.csv:4", "suspicious")
    }

    @Test func aLesionInTwoPatients() throws {
      let sandbox = try Sandbox()
      let source = try source(in: sandbox)
      var lesion = ""
      try edit(source) { rows in
        lesion = rows[1][try place("lesion", rows)]
        rows[2][try place("lesion", rows)] = lesion
      }
      try expectRefused(source, in: sandbox, naming: "cohort.csv:3", lesion)
    }

    @Test func aMaskOfAnotherSize() throws {
      let sandbox = try Sandbox()
      let source = try source(in: sandbox)
      let mask = "\(source)/masks/\(try firstImage(source))"
      try picture(width: 31, height: 17).write(to: URL(fileURLWithPath: mask))
      try expectRefused(source, in: sandbox, naming: mask, "31 x 17")
    }

    @Test func aTableThatIsNone() throws {
      for (content, named) in [("", "empty"), ("\u{0}\u{1}\u{2}", "binary"), ("patient,lesion,label,file\nA,B\n", "2")]
      {
        let sandbox = try Sandbox()
        let table = try sandbox.write(content, to: "table.csv")
        try expectRefused(table, in: sandbox, naming: "table.csv")
        _ = named
      }
    }

    @Test func aTableElsewhereThatIsMissing() throws {
      let sandbox = try Sandbox()
      let table = sandbox("nowhere.csv")
      try expectRefused(Study.get().source, in: sandbox, naming: table, "", ["--table", table])
    }

    @Test func aTruthThatIsDamaged() throws {
      for (name, text) in [("truth.csv", "nothing\n"), ("simulation.json", "{")] {
        let sandbox = try Sandbox()
        let source = try source(in: sandbox)
        try text.write(toFile: source + "/" + name, atomically: true, encoding: .utf8)
        try expectRefused(source, in: sandbox, naming: name)
      }
    }

    @Test func whatIsNoCohortIsNotImportedInto() throws {
      let sandbox = try Sandbox()
      _ = try sandbox.write("mine", to: "folder/notes.txt")
      _ = try sandbox.write("mine", to: "file")
      _ = try sandbox.write(
        "not a database, but long enough to look like one perhaps", to: "odd.cohort/catalogue.sqlite")
      let before = try contents(sandbox.url.path)
      for name in ["folder", "file", "odd.cohort"] {
        expectRefusal(try insonate("import", Study.get().source, "--into", sandbox(name)), 65, naming: name)
        expectRefusal(try insonate("cohort", "summary", sandbox(name)), 65, naming: name)
        expectRefusal(try insonate("cohort", "check", sandbox(name), "--json"), 65, naming: name)
        expectRefusal(try insonate("cohort", "split", sandbox(name), "--out", sandbox("s.csv")), 65, naming: name)
        expectRefusal(try insonate("cohort", "export", sandbox(name), "--out", sandbox("e")), 65, naming: name)
      }
      #expect(try contents(sandbox.url.path) == before)
    }

    @Test func aDamagedCatalogue() throws {
      let sandbox = try Sandbox()
      for bytes in [50, 5000, 40_000] {
        let cohort = try sandbox.copy(Study.get().cohort, to: "cut\(bytes).cohort")
        try shell("truncate -s \(bytes) '\(cohort)/catalogue.sqlite'")
        let before = try contents(cohort)
        expectRefusal(try insonate("cohort", "summary", cohort, "--json"), 65, naming: cohort)
        expectRefusal(try insonate("import", Study.get().source, "--into", cohort), 65, naming: cohort)
        #expect(try contents(cohort) == before)
      }
    }

    @Test func anImageOfTheCohortThatWasChanged() throws {
      let sandbox = try Sandbox()
      let cohort = try sandbox.copy(Study.get().cohort, to: "c.cohort")
      let image = try #require(try FileManager.default.contentsOfDirectory(atPath: cohort + "/images").min())
      try shell("truncate -s 100 '\(cohort)/images/\(image)'")
      let check = try insonate("cohort", "check", cohort, "--json")
      #expect(check.code == 65)
      #expect(check.output.contains(image))
      _ = try object(check)
    }

    @Test func moreFoldsThanPatients() throws {
      let study = try Study.get()
      let sandbox = try Sandbox()
      let before = try contents(sandbox.url.path)
      let split = try insonate("cohort", "split", study.cohort, "--folds", "7", "--out", sandbox("s.csv"))
      expectRefusal(split, 65, naming: "7 folds", "benign")
      for command in ["run", "train"] {
        let outcome = try insonate(
          [command] + study.options + ["--set", "validation.folds=7", "--out", sandbox("run")])
        expectRefusal(outcome, 65, naming: "7 folds", "benign")
      }
      let column = try insonate("cohort", "split", study.cohort, "--column", "moon", "--out", sandbox("s.csv"))
      expectRefusal(column, 65, naming: "moon")
      #expect(try contents(sandbox.url.path) == before)
    }
  }
}
