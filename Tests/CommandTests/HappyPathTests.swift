import Foundation
import Tables
import Testing

extension CommandTests {
  struct HappyPath {
    @Test func theRunFolderIsComplete() throws {
      let study = try Study.get()
      let files = [
        "protocol.json", "split.csv", "split-proof.json", "predictions.csv", "metrics.json", "report.html", "run.log",
        "provenance.json",
        "history.csv", "checkpoints/fold-1.safetensors", "checkpoints/fold-2.safetensors",
      ]
      for file in files { #expect(exists(study.run + "/" + file), "\(file)") }
      let figures = try FileManager.default.contentsOfDirectory(atPath: study.run + "/figures")
      #expect(figures.contains { $0.hasSuffix(".svg") })
      let left = try shell("find '\(study.run)' -name '*.partial'")
      #expect(left.isEmpty, "left behind: \(left)")
      let metrics = try object(study.outcome)["metrics"] as? [String: Any]
      #expect(metrics?["sections"] != nil)
      let report = try String(contentsOfFile: study.run + "/report.html", encoding: .utf8)
      #expect(report.localizedCaseInsensitiveContains("not a medical device"))
      #expect(report.localizedCaseInsensitiveContains("in silico"))
    }

    @Test func everyImageIsTestedOnceAndNoPatientIsOnTwoSides() throws {
      let study = try Study.get()
      let table = try Table(contentsOf: URL(fileURLWithPath: study.run + "/predictions.csv"))
      let (split, fold) = (try table.column("split"), try table.column("fold"))
      let (image, patient) = (try table.column("image"), try table.column("patient"))
      for score in try table.numbers("score") { #expect((0...1).contains(score)) }
      let tested = (0..<table.rowCount).filter { split[$0] == "internal-test" }.map { image[$0] }
      let all = try Table(contentsOf: URL(fileURLWithPath: study.source + "/cohort.csv")).column("file")
      #expect(tested.sorted() == all.sorted())
      for number in Set(fold) {
        let rows = (0..<table.rowCount).filter { fold[$0] == number }
        #expect(rows.count == all.count)
        let sides = Dictionary(grouping: rows, by: { patient[$0] }).mapValues { Set($0.map { split[$0] }) }
        #expect(sides.allSatisfy { $0.value.count == 1 }, "fold \(number): \(sides)")
        #expect(Set(rows.map { split[$0] }) == ["train", "validation", "internal-test"])
      }
    }

    @Test func importingAgainChangesNothing() throws {
      let study = try Study.get()
      let sandbox = try Sandbox()
      let cohort = sandbox("c.cohort")
      let first = try object(try succeed("import", study.source, "--into", cohort, "--json"))
      #expect(first["added"] as? Int == first["images"] as? Int)
      let before = try contents(cohort)
      let second = try object(try succeed("import", study.source, "--into", cohort, "--json"))
      #expect(second["added"] as? Int == 0)
      #expect(try contents(cohort) == before)
    }

    @Test func theCohortCommandsAgree() throws {
      let study = try Study.get()
      let sandbox = try Sandbox()
      let before = try contents(study.cohort)
      let summary = try object(try succeed("cohort", "summary", study.cohort, "--json"))
      let check = try object(try succeed("cohort", "check", study.cohort, "--json"))
      #expect(summary["images"] as? Int == check["images"] as? Int)
      #expect(summary["patients"] as? Int == 8)
      let split = try object(
        try succeed("cohort", "split", study.cohort, "--folds", "2", "--out", sandbox("s.csv"), "--json"))
      #expect((split["folds"] as? [Any])?.count == 2)
      let export = try object(try succeed("cohort", "export", study.cohort, "--out", sandbox("export"), "--json"))
      #expect(export["folder"] as? String == sandbox("export"))
      #expect(try contents(study.cohort) == before, "looking changed the cohort")

      // What was exported is the same cohort.
      try succeed("import", sandbox("export"), "--into", sandbox("again.cohort"))
      let again = try object(try succeed("cohort", "summary", sandbox("again.cohort"), "--json"))
      #expect(again["images"] as? Int == summary["images"] as? Int)
      #expect(again["lesionsByLabel"] as? [String: Int] == summary["lesionsByLabel"] as? [String: Int])
    }

    @Test func explainingAgainGivesTheSame() throws {
      let sandbox = try Sandbox()
      let run = try sandbox.copy(Study.get().run, to: "run")
      let before = try contents(run)
      #expect(before.contains("./explanations/captions.json"))
      let outcome = try object(try succeed("explain", run, "--json"))
      #expect(outcome["summary"] != nil)
      #expect(try contents(run) == before)
    }

    @Test func evaluatingAgainGivesTheSame() throws {
      let sandbox = try Sandbox()
      let run = try sandbox.copy(Study.get().run, to: "run")
      let before = try contents(run)
      let outcome = try object(try succeed("evaluate", run, "--json"))
      #expect(outcome["metrics"] != nil)
      #expect(try contents(run) == before)
    }

    @Test func theEnsembleIsTheMeanOfItsNetworks() throws {
      let study = try Study.get()
      let sandbox = try Sandbox()
      let before = try contents(study.run)
      let outcome = try succeed("predict", study.run, "--cohort", study.cohort, "--out", sandbox("p.csv"), "--json")
      let summary = try object(outcome)
      #expect(summary["networks"] as? Int == 2)
      #expect(summary["seenInTraining"] as? Int == summary["images"] as? Int)
      #expect(outcome.errors.contains("trained the networks"))
      #expect(try contents(study.run) == before)

      let table = try Table(contentsOf: URL(fileURLWithPath: sandbox("p.csv")))
      let (mean, image) = (try table.numbers("score"), try table.column("image"))
      let folds = [try table.numbers("score_fold_1"), try table.numbers("score_fold_2")]
      for row in mean.indices { #expect(abs(mean[row] - (folds[0][row] + folds[1][row]) / 2) < 1e-12) }

      // Each network says of an image what it said in its own fold's run.
      let own = try Table(contentsOf: URL(fileURLWithPath: study.run + "/predictions.csv"))
      let (fold, names, scores) = (try own.column("fold"), try own.column("image"), try own.numbers("score"))
      let place = Dictionary(uniqueKeysWithValues: image.enumerated().map { ($1, $0) })
      for row in 0..<own.rowCount {
        let index = try #require(place[names[row]])
        let number = try #require(Int(fold[row]))
        // Batches are put together differently, which moves bfloat16 sums a little.
        #expect(abs(folds[number][index] - scores[row]) < 0.02)
      }
    }

    @Test func aProtocolThatChoosesOnTheTestPartIsObeyedWithAWarning() throws {
      let study = try Study.get()
      let sandbox = try Sandbox()
      let further = ["--set", "validation.chooseOn=test", "--set", "training.epochs=1", "--out", sandbox("run")]
      let outcome = try insonate(["run"] + study.options + further)
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.errors.contains("optimistic"))
      let report = try String(contentsOfFile: sandbox("run/report.html"), encoding: .utf8)
      #expect(report.contains("optimistic"))
      let usual = try String(contentsOfFile: study.run + "/report.html", encoding: .utf8)
      #expect(!usual.contains("chose each fold's epoch on its test part"))
    }
  }
}
