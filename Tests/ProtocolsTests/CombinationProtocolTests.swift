import Foundation
import Protocols
import Testing

@Suite struct CombinationProtocolTests {
  private func read(_ combination: String, overrides: [String] = []) throws -> StudyProtocol {
    let file = FileManager.default.temporaryDirectory.appending(path: "insonate-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(#"{"combination": \#(combination)}"#.utf8).write(to: file)
    return try StudyProtocol(contentsOf: file, overrides: overrides)
  }

  @Test func factorsNameOnlyWhatDiffers() throws {
    let study = try read(#"{"factors": [{"column": "afp", "kind": "number", "above": 200}], "penalty": "firth"}"#)
    #expect(study.combination.factors == [CombinationFactor("afp", .number, above: 200)])
    #expect(study.combination.factors[0].name == "afp > 200")
    #expect(study.combination.isOn && study.combination.penalty == .firth)
    #expect(study.combination.fittedOn == .outOfFold && study.combination.score == .logit)
    #expect(!StudyProtocol().combination.isOn)
    let set = try read("{}", overrides: [#"combination.factors=[{"column":"age","kind":"number"}]"#])
    #expect(set.combination.factors == [CombinationFactor("age", .number)])
  }

  /// The networks are the same whatever is combined with them afterwards.
  @Test func theHashIsOfTheTraining() throws {
    let with = try read(#"{"factors": [{"column": "age", "kind": "number"}]}"#)
    #expect(try with.hash() == StudyProtocol().hash())
    #expect(try with.json() != StudyProtocol().json())
    var other = with
    other.seed += 1
    #expect(try other.hash() != with.hash())
  }

  @Test(arguments: [
    (#"{"factors": [{"column": "age"}]}"#, "kind"),
    (#"{"factors": [{"column": "age", "kind": "date"}]}"#, "kind"),
    (#"{"factors": [{"column": "age", "kind": "number", "cut": 3}]}"#, "unknown key cut"),
    (#"{"factors": [{"column": "", "kind": "number"}]}"#, "number 1"),
    (#"{"factors": [{"column": "histology", "kind": "category"}]}"#, "tells the answer"),
    (#"{"factors": [{"column": "a=b", "kind": "number"}]}"#, "a=b"),
    (#"{"factors": [{"column": "age", "kind": "number"}, {"column": "age", "kind": "flag"}]}"#, "listed twice"),
    (#"{"factors": [{"column": "grade", "kind": "ordinal"}]}"#, "two or more in order"),
    (#"{"factors": [{"column": "sex", "kind": "category", "levels": ["f", "m"], "reference": "x"}]}"#, "f, m"),
    (#"{"factors": [{"column": "halo", "kind": "flag", "above": 1}]}"#, "above"),
    (#"{"alpha": 0}"#, "combination.alpha"), (#"{"penalty": "ridge"}"#, "combination.penalty"),
    (#"{"fittedOn": "test"}"#, "combination.fittedOn"), (#"{"factor": []}"#, "combination.factor;"),
  ])
  func errorsNameTheirPlace(combination: String, word: String) {
    #expect("\(combination)") { try read(combination) } throws: { error in
      error is ProtocolError && "\(error)".contains(word) && "\(error)".contains("combination")
    }
  }

  @Test func theLiverProtocolNamesTheSimulatorsColumns() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../Protocols")
    let study = try StudyProtocol(contentsOf: folder.appending(path: "dcnn-us-lbc.json"))
    #expect(
      study.combination.factors.map(\.name)
        == ["age", "sex", "hepatitis", "afp > 200", "extrahepatic_tumour", "halo", "vascularity"])
  }
}
