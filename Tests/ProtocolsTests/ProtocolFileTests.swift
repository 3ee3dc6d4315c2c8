import Foundation
import Protocols
import Testing
import Ultrasound

@Suite struct ProtocolFileTests {
  private func with<Result>(_ files: [String: String], _ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "insonate-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
    return try body(folder)
  }

  private func failure(_ text: String, overrides: [String] = []) throws -> String {
    try with(["p.json": text]) { folder in
      let error = #expect(throws: ProtocolError.self) {
        _ = try StudyProtocol(contentsOf: folder.appending(path: "p.json"), overrides: overrides)
      }
      return error?.description ?? ""
    }
  }

  @Test func namesOnlyWhatDiffers() throws {
    try with(["p.json": #"{"training": {"epochs": 3}, "cohort": {"modalities": ["b-mode"]}}"#]) { folder in
      let study = try StudyProtocol(contentsOf: folder.appending(path: "p.json"))
      #expect(study.training.epochs == 3)
      #expect(study.training.batchSize == StudyProtocol().training.batchSize)
      #expect(study.cohort.modalities == [.bMode])
    }
  }

  @Test func inheritsAndOverrides() throws {
    let files = [
      "base.json": #"{"training": {"epochs": 3, "batchSize": 8}, "title": "base"}"#,
      "child.json": #"{"inherits": "base.json", "training": {"epochs": 5}}"#,
    ]
    try with(files) { folder in
      let file = folder.appending(path: "child.json")
      let study = try StudyProtocol(contentsOf: file)
      #expect(study.training.epochs == 5)
      #expect(study.training.batchSize == 8)
      #expect(study.title == "base")
      let set = try StudyProtocol(
        contentsOf: file, overrides: ["training.epochs=7", "title=My study", "input.margin=0.5"])
      #expect(set.training.epochs == 7)
      #expect(set.title == "My study")
      #expect(set.input.margin == 0.5)
      #expect(try set.hash() != study.hash())
      #expect(try study.hash().count == 64)
    }
  }

  @Test func theResolvedProtocolReadsBackTheSame() throws {
    try with(["p.json": #"{"seed": 12345678901234567, "network": {"weights": "w.pth"}}"#]) { folder in
      let study = try StudyProtocol(contentsOf: folder.appending(path: "p.json"))
      #expect(study.network.weights.hasSuffix("/w.pth") && study.network.weights.hasPrefix("/"))
      let again = folder.appending(path: "again.json")
      try study.json().write(to: again)
      #expect(try StudyProtocol(contentsOf: again) == study)
    }
  }

  @Test func everyErrorNamesItsPlace() throws {
    #expect(try failure(#"{"trainig": {}}"#).contains("unknown key trainig"))
    #expect(try failure(#"{"training": {"epoch": 3}}"#).contains("training.epoch;"))
    #expect(try failure(#"{"training": 3}"#).contains("training"))
    #expect(try failure(#"{"training": {"epochs": "three"}}"#).contains("training.epochs"))
    #expect(try failure(#"{"training": {"epochs": 0}}"#).contains("training.epochs"))
    #expect(try failure(#"{"loss": {"kind": "hinge"}}"#).contains("loss.kind"))
    #expect(try failure(#"{"input": {"size": 225}}"#).contains("input.size"))
    #expect(try failure(#"{"validation": {"split": "column"}}"#).contains("validation.column"))
    #expect(try failure("{").contains("not JSON"))
    #expect(try failure("[]").contains("JSON object"))
    #expect(try failure(#"{"inherits": "p.json"}"#).contains("inherits from itself"))
    #expect(try failure(#"{"inherits": "none.json"}"#).contains("no such protocol file"))
    #expect(try failure("{}", overrides: ["training.epochs"]).contains("key=value"))
    #expect(try failure("{}", overrides: ["training.epoch=3"]).contains("unknown key training.epoch"))
    #expect(try failure("{}", overrides: ["training.epochs=3.5"]).contains("training.epochs"))
  }

  @Test(arguments: ["breast-bmode", "liver-bmode"])
  func theProtocolsThatComeWithThePlatformRead(name: String) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../Protocols")
    let study = try StudyProtocol(contentsOf: folder.appending(path: name + ".json"))
    #expect(study.model == name)
  }
}
