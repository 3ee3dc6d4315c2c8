import Foundation
import Protocols
import Tables
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
    #expect(try failure(#"{"input": {"size": 31}}"#).contains("input.size"))
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

  @Test func aNetworksSettingsAreFreeAndGoWithItsName() throws {
    let files = [
      "base.json": #"{"network": {"name": "muf-net", "settings": {"fusion": "softmax", "dropout": 0.3}}}"#,
      "same.json": #"{"inherits": "base.json", "network": {"settings": {"dropout": 0}}}"#,
      "other.json": #"{"inherits": "base.json", "network": {"name": "resnet18"}}"#,
    ]
    try with(files) { folder in
      func read(_ name: String, _ overrides: String...) throws -> NetworkChoice {
        try StudyProtocol(contentsOf: folder.appending(path: name), overrides: overrides).network
      }
      #expect(try read("base.json").settings == ["fusion": .text("softmax"), "dropout": .number(0.3)])
      #expect(try read("same.json").settings == ["fusion": .text("softmax"), "dropout": .integer(0)])
      #expect(try read("other.json").settings.isEmpty)
      let set = try read(
        "base.json", "network.settings.fusion=sigmoid", "network.settings.layers=[64, 32]", "network.settings.on=true")
      #expect(set.settings["fusion"] == .text("sigmoid") && set.settings["on"] == .bool(true))
      #expect(set.settings["layers"] == .list([.integer(64), .integer(32)]))
      #expect(try read("base.json", "network.name=resnet18").settings.isEmpty)
      #expect(throws: ProtocolError.self) { try read("base.json", "network.settings=3") }
      // What was resolved reads back the same.
      let study = try StudyProtocol(contentsOf: folder.appending(path: "same.json"))
      try study.json().write(to: folder.appending(path: "again.json"))
      #expect(try StudyProtocol(contentsOf: folder.appending(path: "again.json")) == study)
    }
  }

  @Test func aClinicalSchemaIsReadAndChecked() throws {
    let text = #"""
      {"clinical": [{"column": "age", "kind": "number"}, {"column": "afp", "kind": "number", "log": true},
        {"column": "hepatitis", "kind": "category", "levels": ["none", "HBV", "HCV"]}]}
      """#
    try with(["p.json": text]) { folder in
      let clinical = try StudyProtocol(contentsOf: folder.appending(path: "p.json")).clinical
      #expect(clinical.map(\.column) == ["age", "afp", "hepatitis"] && clinical.map(\.width) == [2, 2, 4])
      #expect(clinical[1].log && !clinical[0].log)
    }
    func variable(_ text: String) throws -> String { try failure(#"{"clinical": [\#(text)]}"#) }
    #expect(try variable(#"{"column": "age"}"#).contains("kind"))
    #expect(try variable(#"{"column": "age", "kind": "figure"}"#).contains("kind"))
    #expect(try variable(#"{"column": "age", "kind": "number", "unit": "years"}"#).contains("unknown key unit"))
    #expect(try variable(#"{"column": "", "kind": "flag"}"#).contains("variable 1: column"))
    #expect(try variable(#"{"column": "a", "kind": "flag"}, {"column": "a", "kind": "flag"}"#).contains("named twice"))
    #expect(try variable(#"{"column": "a", "kind": "category"}"#).contains("a: levels"))
    #expect(try variable(#"{"column": "a", "kind": "ordinal", "levels": ["x", "x"]}"#).contains("named twice"))
    #expect(try variable(#"{"column": "a", "kind": "flag", "log": true}"#).contains("log"))
  }

  @Test func lossesSamplersAndClipsAreChecked() throws {
    #expect(try failure(#"{"network": {"classes": 3}}"#).contains("network.classes"))
    #expect(try failure(#"{"input": {"clip": {"frames": 0}}}"#).contains("input.clip.frames"))
    #expect(try failure(#"{"input": {"sample": "patient"}}"#).contains("input.sample"))
    #expect(try failure(#"{"sampler": "p-by-k", "training": {"batchSize": 7}}"#).contains("training.batchSize"))
    #expect(try failure(#"{"loss": {"beta": 1}}"#).contains("loss.beta"))
    #expect(try failure(#"{"loss": {"tripletMargin": "hard"}}"#).contains("tripletMargin"))
    #expect(try failure(#"{"loss": {"tripletMargin": -1}}"#).contains("loss.tripletMargin"))
    #expect(try failure(#"{"loss": {"tripletWeight": -1}}"#).contains("loss.tripletWeight"))
    try with(["p.json": #"{"loss": {"tripletMargin": 0.2}}"#]) { folder in
      let file = folder.appending(path: "p.json")
      #expect(try StudyProtocol(contentsOf: file).loss.tripletMargin == .hard(0.2))
      for soft in ["soft", "null"] {
        let study = try StudyProtocol(contentsOf: file, overrides: ["loss.tripletMargin=\(soft)"])
        #expect(study.loss.tripletMargin == .soft)
      }
    }
  }

  @Test func divisionsNeedWhatTheyDivideBy() throws {
    let wrong = [
      #"{"validation": {"split": "parts"}}"#: "validation.parts: expected 2 to 4 numbers, found []",
      #"{"validation": {"split": "parts", "parts": [0.7, 0.1, 0.1]}}"#:
        "validation.parts: expected numbers above 0 of sum 1",
      #"{"validation": {"parts": [0.5, 0.5]}}"#: "validation.parts: expected nothing unless split is parts or hold-out",
      #"{"validation": {"split": "hold-out"}}"#: "validation.holdOut: expected the values",
      #"{"validation": {"split": "hold-out", "holdOut": ["A"], "parts": [0.4, 0.3, 0.2, 0.1]}}"#:
        "validation.parts: expected 2 to 3 numbers",
      #"{"validation": {"split": "date"}}"#: "validation.after: expected the last day of training, found nothing",
      #"{"validation": {"after": "2020-01-01"}}"#: "validation.after: expected nothing unless split is date",
    ]
    for (text, reason) in wrong { #expect(try failure(text).contains(reason), "\(text)") }
    let right = [
      #"{"validation": {"split": "parts", "parts": [0.7, 0.1, 0.1, 0.1]}}"#,
      #"{"validation": {"split": "hold-out", "holdOut": ["C", "D"], "parts": [0.8, 0.2]}}"#,
      #"{"validation": {"split": "date", "after": "2020-05-31"}}"#,
    ]
    for text in right {
      try with(["p.json": text]) { _ = try StudyProtocol(contentsOf: $0.appending(path: "p.json")) }
    }
  }
}
