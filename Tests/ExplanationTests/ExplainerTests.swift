import Cohort
import Foundation
import Imaging
import Tables
import Testing
import Training
import Ultrasound

@testable import Explanation

struct ExplainerTests {
  private func captions(_ folder: URL) throws -> [String: String] {
    try JSONDecoder().decode([String: String].self, from: Data(contentsOf: folder.appending(path: "captions.json")))
  }

  @Test func explainsATrainedRun() throws {
    try withFolder { folder in
      let (run, cohort) = try TrainedRun.copied(to: folder)
      let predictions = try PredictionTable.read(run.predictionsFile)
      let test = predictions.filter { $0.split == Split.internalTest.rawValue }
      // What an earlier explanation left must not stay.
      try FileManager.default.createDirectory(at: run.explanations, withIntermediateDirectories: true)
      try Data("old".utf8).write(to: run.explanations.appending(path: "99-old.png"))

      var steps: [Int] = []
      let summary = try Explainer.explain(run: run, cohort: cohort) { done, all in
        steps.append(done)
        #expect(done <= all)
      }
      #expect(steps == Array(1...steps.count))
      #expect(summary.testImages == test.count && summary.images == min(60, test.count))
      #expect(summary.imagesWithRegion <= summary.images && summary.deletedShare == 0.2)
      let area = try #require(summary.areaInside)
      #expect((0.05..<0.95).contains(area))
      #expect(try #require(summary.rankCorrelationUntrained) < 1 && summary.rankCorrelationOtherFold != nil)
      #expect(summary.sentences.count == 3)
      #expect(try ExplanationSummary.read(folder: run.explanations) == summary)

      let names = try FileManager.default.contentsOfDirectory(atPath: run.explanations.path)
      let pictures = names.filter { $0.hasSuffix(".png") }.sorted()
      #expect(pictures.count == summary.pictures && !pictures.contains("99-old.png") && pictures.count >= 6)
      #expect(try captions(run.explanations).keys.sorted() == pictures)
      for name in pictures {
        let picture = try Stills.decode(run.explanations.appending(path: name))
        #expect(picture.width == 2 * 96 + 26 && picture.height == 96)
      }
      for text in try captions(run.explanations).values { #expect(text.contains("Malignancy probability ")) }
      let left = try FileManager.default.contentsOfDirectory(atPath: run.url.path).filter { $0.hasPrefix(".") }
      #expect(left.isEmpty)

      try checkTable(run, test)
    }
  }

  /// Each row is of the network that had the image in its test part.
  private func checkTable(_ run: RunFolder, _ test: [Prediction]) throws {
    let table = try Table(contentsOf: run.explanations.appending(path: "explanations.csv"))
    let (images, folds) = (try table.column("image"), try table.column("fold"))
    let scores = try table.numbers("score")
    let parts = try SplitTable.read(run.splitFile)
    for (row, image) in images.enumerated() {
      let fold = try #require(Int(folds[row]))
      #expect(parts[fold].test.contains(image) && !parts[fold].train.contains(image))
      #expect(test.first { $0.image == image }?.score == scores[row])
    }
    for name in ["drop_top", "drop_random"] {
      #expect(try table.numbers(name).allSatisfy { abs($0) <= 1 })
    }
    for name in ["energy_inside", "area_inside"] {
      #expect(try table.column(name).allSatisfy { $0.isEmpty || Double($0).map { (0...1).contains($0) } ?? false })
    }
  }

  @Test func sameRunSameFiles() throws {
    try withFolder { folder in
      let (run, cohort) = try TrainedRun.copied(to: folder)
      func files() throws -> [String: Data] {
        _ = try Explainer.explain(run: run, cohort: cohort)
        let names = try FileManager.default.contentsOfDirectory(atPath: run.explanations.path)
        return try Dictionary(
          uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: run.explanations.appending(path: $0))) })
      }
      #expect(try files() == files())
    }
  }

  @Test func nothingWasTested() throws {
    try withFolder { folder in
      let (run, cohort) = try TrainedRun.copied(to: folder)
      let rows = try PredictionTable.read(run.predictionsFile).filter { $0.split == Split.train.rawValue }
      try PredictionTable.write(rows, to: run.predictionsFile)
      let summary = try Explainer.explain(run: run, cohort: cohort)
      #expect(summary.images == 0 && summary.pictures == 0 && summary.sentences.isEmpty)
      #expect(try ExplanationSummary.read(folder: run.explanations) == summary)
    }
  }

  // MARK: What is wrong

  @Test func missingRun() throws {
    try withFolder { folder in
      let cohort = try Catalogue.open(TrainedRun.made.get().cohort)
      #expect {
        try Explainer.explain(run: RunFolder(folder.appending(path: "none")), cohort: cohort)
      } throws: {
        $0 is ExplanationError && "\($0)".contains("none: is no run folder")
      }
    }
  }

  @Test(arguments: [
    ("predictions.csv", "not trained to its end"), ("checkpoints/fold-2.safetensors", "fold 2 is not trained yet"),
    ("provenance.json", "provenance.json is missing"),
  ])
  func missingParts(file: String, message: String) throws {
    try withFolder { folder in
      let (run, cohort) = try TrainedRun.copied(to: folder)
      try FileManager.default.createDirectory(at: run.explanations, withIntermediateDirectories: true)
      try Data("kept".utf8).write(to: run.explanations.appending(path: "old"))
      try FileManager.default.removeItem(at: run.url.appending(path: file))
      #expect {
        try Explainer.explain(run: run, cohort: cohort)
      } throws: {
        $0 is ExplanationError && "\($0)".contains(message)
      }
      // What was there stays, and nothing lies beside it.
      #expect(try Data(contentsOf: run.explanations.appending(path: "old")) == Data("kept".utf8))
      #expect(!FileManager.default.fileExists(atPath: run.url.appending(path: ".explanations.partial").path))
    }
  }

  @Test func anotherCohort() throws {
    try withFolder { folder in
      let (run, _) = try TrainedRun.copied(to: folder)
      let other = try Catalogue.create(at: folder.appending(path: "other"))
      #expect {
        try Explainer.explain(run: run, cohort: other)
      } throws: {
        "\($0)".contains("is not the cohort of")
      }
    }
  }

  // MARK: Files

  @Test func namesAreEscaped() throws {
    try withFolder { place in
      let final = place.appending(path: "explanations")
      let odd = "a,\"b\"\n<i>é</i>;.png"
      let folder = try ExplanationFolder(final)
      try folder.write([
        MeasuredImage(
          image: odd, input: "b-mode", fold: 1, label: .malignant, score: 0.25, call: .benign, energyInside: nil,
          areaInside: 0.5,
          dropTop: 0.125, dropRandom: -0.5)
      ])
      try folder.write(json: ["x.png": odd], to: "captions.json")
      #expect(!FileManager.default.fileExists(atPath: final.path))
      try folder.finish()
      let table = try Table(contentsOf: final.appending(path: "explanations.csv"))
      #expect(try table.column("image") == [odd])
      #expect(try table.column("energy_inside") == [""] && table.column("drop_top") == ["0.125"])
      #expect(try captions(final) == ["x.png": odd])
    }
  }

  @Test func outputThatCannotBeMade() throws {
    try withFolder { place in
      #expect {
        try ExplanationFolder(place.appending(path: "absent/explanations"))
      } throws: {
        guard case OutputError.cannotCreate(let path, _)? = $0 as? OutputError else { return false }
        return path.hasSuffix("absent/explanations")
      }
    }
  }

  @Test func damagedSummary() throws {
    try withFolder { folder in
      #expect(try ExplanationSummary.read(folder: folder) == nil)
      try Data("{".utf8).write(to: folder.appending(path: "summary.json"))
      #expect(throws: ExplanationError.self) { try ExplanationSummary.read(folder: folder) }
    }
  }

  @Test func lesionInTheCrop() throws {
    let record = ImageRecord(
      id: 1, name: "i", patient: "p", lesion: "l", label: .benign, file: URL(fileURLWithPath: "/none"), width: 100,
      height: 100, region: PixelBox(x: 20, y: 40, width: 20, height: 10))
    let flags = try #require(
      try LesionMask.flags(of: record, in: PixelBox(x: 10, y: 35, width: 40, height: 20), size: 4))
    #expect(
      flags == [
        false, false, false, false, false, true, true, false, false, true, true, false, false, false, false, false,
      ])
    #expect(try LesionMask.flags(of: record, in: PixelBox(x: 60, y: 60, width: 20, height: 20), size: 4) == nil)
  }
}
