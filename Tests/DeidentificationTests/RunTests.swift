import DICOM
import Foundation
import Testing

@testable import Deidentification

@Suite struct RunTests {
  private func run(
    _ input: URL, _ folder: Folder, key: String = "key.json", out: String = "out"
  ) throws -> DeidentificationSummary {
    let target = folder.url.appending(path: out)
    let keyFile = try KeyFile(folder.url.appending(path: key), out: target)
    return try DeidentificationRun(options: DeidentificationOptions(), key: keyFile, out: target).run(input)
  }

  private func planted(_ folder: Folder) throws -> URL {
    try folder.write(Planted(instance: "1.2.3.4.5").bytes(), "in/WANG/1.dcm")
    try folder.write(Planted(instance: "1.2.3.4.6").bytes(), "in/WANG/2.dcm")
    return folder.url.appending(path: "in")
  }

  @Test func aFolder() throws {
    let folder = try Folder()
    let input = try planted(folder)
    try folder.write(Planted(instance: "1.2.3.4.5").bytes(), "in/again.dcm")
    try folder.write(Planted(frames: 3, instance: "1.2.3.4.5").bytes(), "in/differs.dcm")
    try folder.write([1, 2, 3], "in/notes.txt")
    try FileManager.default.createSymbolicLink(
      at: input.appending(path: "link.dcm"), withDestinationURL: URL(fileURLWithPath: "/etc/passwd"))
    let summary = try run(input, folder)
    #expect(summary.report.files == 6 && summary.report.written == 3 && summary.report.duplicates == 1)
    #expect(summary.failures.map(\.file) == ["link.dcm", "notes.txt"])
    let written = folder.files(".dcm").filter { $0.hasPrefix("out/") }
    #expect(written.count == 3 && written.filter { $0.hasSuffix("-3.dcm") }.count == 1)
    #expect(Set(written.map { $0.split(separator: "/").dropLast().joined() }).count == 1, "one study")
    let report = try String(contentsOf: folder.url.appending(path: "out/deidentification.json"), encoding: .utf8)
    for token in ["WANG", "Wang", "王", "SH0012345", "1965", "notes.txt", "Ruijin", "passwd"] {
      #expect(!report.contains(token), "\(token)")
    }
  }

  @Test func theSameAgain() throws {
    let folder = try Folder()
    let input = try planted(folder)
    _ = try run(input, folder)
    let before = folder.files("").filter { $0.hasPrefix("out/") && $0.contains(".") }
      .map { try? Data(contentsOf: folder.url.appending(path: $0)) }
    let key = try Data(contentsOf: folder.url.appending(path: "key.json"))
    _ = try run(input, folder)
    let after = folder.files("").filter { $0.hasPrefix("out/") && $0.contains(".") }
      .map { try? Data(contentsOf: folder.url.appending(path: $0)) }
    #expect(before == after && !before.isEmpty)
    #expect(try key == Data(contentsOf: folder.url.appending(path: "key.json")))
    // Another key, other pseudonyms.
    let other = try run(input, folder, key: "other.json", out: "second")
    let first = try #require(other.outputs.first?.output)
    #expect(!folder.files(".dcm").contains("out/" + first))
  }

  @Test func theKeyFileKnowsWhoIsWho() throws {
    let folder = try Folder()
    let summary = try run(planted(folder), folder)
    let file = folder.url.appending(path: "key.json")
    let text = try String(contentsOf: file, encoding: .utf8)
    let pseudonym = try #require(summary.outputs.first?.output.split(separator: "/").first)
    #expect(text.contains("SH0012345") && text.contains(pseudonym) && !text.contains("WANG"))
    var facts = stat()
    #expect(stat(file.path, &facts) == 0 && facts.st_mode & 0o777 == 0o600)
    // A second name for the id.
    try folder.write(Planted(name: "ZHAO^Min", instance: "1.2.3.4.9").bytes(), "more/3.dcm")
    let more = try run(folder.url.appending(path: "more"), folder)
    #expect(more.report.doubtfulPatients == [String(pseudonym)])
    #expect(more.outputs.first?.output.hasPrefix(pseudonym) == true, "the same patient, by id")
  }

  @Test func aKeyInTheWrongPlaceIsRefused() throws {
    let folder = try Folder()
    let out = folder.url.appending(path: "out")
    #expect(throws: DeidentificationError.self) { try KeyFile(out.appending(path: "key.json"), out: out) }
    #expect(throws: DeidentificationError.self) { try KeyFile(out.appending(path: "deep/key.json"), out: out) }
    try folder.write([], "breast.cohort/catalogue.sqlite")
    try folder.write([], "breast.cohort/images/x")
    let inside = folder.url.appending(path: "breast.cohort/images/key.json")
    #expect(throws: DeidentificationError.self) { try KeyFile(inside, out: out) }
    #expect(!folder.files("key.json").contains("breast.cohort/images/key.json"))
    // Through a link.
    try FileManager.default.createDirectory(at: out, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(at: folder.url.appending(path: "elsewhere"), withDestinationURL: out)
    #expect(throws: DeidentificationError.self) {
      try KeyFile(folder.url.appending(path: "elsewhere/key.json"), out: out)
    }
  }

  @Test func aWrongKeyFileIsLeftAlone() throws {
    let folder = try Folder()
    let out = folder.url.appending(path: "out")
    let file = folder.url.appending(path: "key.json")
    _ = try KeyFile(file, out: out)
    let good = try String(contentsOf: file, encoding: .utf8)
    let wrong = [
      "", "{}", "not JSON", good.replacingOccurrences(of: "\"uids\" : {", with: "\"uids\" : { \"1.2\" : \"1.3\""),
      good.replacingOccurrences(of: "key 1", with: "key 9"), String(good.dropLast(20)),
    ]
    for text in wrong {
      try Data(text.utf8).write(to: file)
      chmod(file.path, 0o600)
      #expect(throws: DeidentificationError.self) { try KeyFile(file, out: out) }
      #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }
    try Data(good.utf8).write(to: file)
    chmod(file.path, 0o644)
    #expect(throws: DeidentificationError.self) { try KeyFile(file, out: out) }
    chmod(file.path, 0o600)
    #expect(throws: Never.self) { try KeyFile(file, out: out) }
  }

  @Test func inputAndOutputLieApart() throws {
    let folder = try Folder()
    let input = try planted(folder)
    #expect(throws: DeidentificationError.self) { try run(input, folder, out: "in/out") }
    #expect(throws: DeidentificationError.self) { try run(input, folder, out: "in") }
    #expect(throws: DeidentificationError.self) { try run(folder.url.appending(path: "nowhere"), folder) }
  }

  @Test func twoRunsWithOneKeyAtOnce() async throws {
    let folder = try Folder()
    for patient in 0..<8 {
      var planted = Planted(name: "A\(patient)^B", instance: "1.2.3.\(patient)")
      planted.text(0x10, 0x20, .lo, "ID10000\(patient)")
      try folder.write(planted.bytes(), "in\(patient % 2)/\(patient).dcm")
    }
    let url = folder.url
    try await withThrowingTaskGroup(of: Void.self) { group in
      for half in 0..<2 {
        group.addTask {
          let out = url.appending(path: "out\(half)")
          let key = try KeyFile(url.appending(path: "key.json"), out: out)
          _ = try DeidentificationRun(options: DeidentificationOptions(), key: key, out: out)
            .run(url.appending(path: "in\(half)"))
        }
      }
      try await group.waitForAll()
    }
    let text = try String(contentsOf: url.appending(path: "key.json"), encoding: .utf8)
    for patient in 0..<8 { #expect(text.contains("ID10000\(patient)")) }
  }
}
