import Cohort
import Foundation
import Testing
import Wording

@testable import Evaluation

struct RunFolderTests {
  private func filled(_ folder: URL) throws {
    try PredictionTable.write(MetricsTests.small, to: folder.appendingPathComponent("predictions.csv"))
    let files = [
      "protocol.json": #"{ "name": "breast-bmode", "training": { "epochs": 3 } }"#,
      "provenance.json": #"""
      { "seed": 17, "torch": { "version": "2.13.0", "threads": 2 }, "warnings": ["Look here."], "inSilico": true,
        "patientsAreKnown": false, "study": [{ "name": "Network", "value": "ResNet-18" }], "files": ["a", "b"] }
      """#,
      "history.csv": "fold,epoch,train_loss,validation_loss,validation_auc,learning_rate\n0,1,0.6,0.7,0.8,0.1\n",
      "explanations/captions.json": #"{ "b.png": "Second" }"#,
    ]
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("explanations"), withIntermediateDirectories: true)
    for (name, text) in files { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
    for name in ["a.png", "b.png"] {
      try Data([0x89, 0x50, 0x4E, 0x47]).write(to: folder.appendingPathComponent("explanations/\(name)"))
    }
  }

  @Test func readsAll() throws {
    try withFolder { folder in
      try filled(folder)
      let input = try ReportInput(runFolder: folder)
      #expect(input.title == "breast-bmode")
      #expect(input.predictions.count == MetricsTests.small.count)
      #expect(
        input.provenance == ["seed": "17", "torch.version": "2.13.0", "torch.threads": "2", "files": "a, b"])
      #expect(input.warnings == ["Look here."])
      #expect(input.study == [.init("Network", "ResNet-18")])
      #expect(input.isInSilico && !input.patientsAreKnown)
      #expect(input.history?.epochs.count == 1)
      #expect(input.gallery.map(\.caption) == ["a.png", "Second"])
      try Report.write(input, to: folder)
      let page = try String(contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
      #expect(page.contains("ResNet-18") && page.contains("Look here.") && page.contains("data:image/png;base64,"))
    }
  }

  @Test func predictionsAlone() throws {
    try withFolder { folder in
      try PredictionTable.write(MetricsTests.small, to: folder.appendingPathComponent("predictions.csv"))
      let input = try ReportInput(runFolder: folder)
      #expect(input.title == folder.lastPathComponent && input.history == nil && input.gallery.isEmpty)
    }
  }

  @Test(arguments: [
    ("predictions.csv", "model,label\nm,1\n"), ("provenance.json", "{ \"seed\": "), ("protocol.json", "[1]"),
    ("history.csv", "epoch\n1\n"), ("explanations/a.png", "no picture"), ("explanations/captions.json", "[]"),
  ])
  func badFilesAreNamed(name: String, text: String) throws {
    try withFolder { folder in
      try filled(folder)
      try Data(text.utf8).write(to: folder.appendingPathComponent(name))
      #expect { try ReportInput(runFolder: folder) } throws: { error in
        guard case EvaluationError.unreadable = error else { return false }
        return "\(error)".contains(name)
      }
    }
  }

  @Test func missingPredictions() throws {
    try withFolder { folder in
      #expect { try ReportInput(runFolder: folder) } throws: { "\($0)".contains("predictions.csv") }
    }
  }
}
