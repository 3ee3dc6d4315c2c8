import Foundation
import Testing

/// Runs that are killed and gone on with.
extension CommandTests {
  struct Resuming {
    /// Starts the training, kills it as soon as `moment` holds, and says whether it was caught before its end.
    private func trainAndKill(_ run: String, when moment: (Command) -> Bool) throws -> Bool {
      let study = try Study.get()
      let command = try Command(["train"] + study.options + ["--out", run, "--resume"])
      let limit = Date().addingTimeInterval(120)
      while command.isRunning, !moment(command), Date() < limit { usleep(500) }
      let caught = command.isRunning
      command.kill()
      let outcome = command.finish()
      #expect(caught == (outcome.signal == SIGKILL), "\(outcome.errors)")
      return caught
    }

    @Test func killedAtEveryStageTheRunEndsTheSame() throws {
      let study = try Study.get()
      let sandbox = try Sandbox()
      let run = sandbox("run")
      func made(_ name: String) -> Bool { exists(run + "/checkpoints/" + name) }
      let moments: [(String, (Command) -> Bool)] = [
        ("as the folder is made", { _ in exists(run) }),
        ("as training begins", { $0.errors.contains("fold 1/2") }),
        (
          "while the first checkpoint is written",
          { _ in made("fold-1.safetensors.partial") || made("fold-1.safetensors") }
        ),
        ("between the chosen and the last", { _ in made("fold-1.safetensors") }),
        ("after the first epoch", { _ in made("fold-1.last.safetensors") }),
        ("as the second fold begins", { $0.errors.contains("fold 2/2") }),
        (
          "while the last is written",
          { _ in made("fold-2.last.safetensors.partial") || made("fold-2.last.safetensors") }
        ),
        ("while scoring", { $0.errors.contains("scored by network 1/2") }),
      ]
      for (name, moment) in moments { #expect(try trainAndKill(run, when: moment), "not killed \(name)") }
      // What a killed writer leaves beside its file.
      _ = try sandbox.write("half", to: "run/.predictions.csv.99999999-1.partial")
      _ = try sandbox.write("half", to: "run/checkpoints/fold-1.safetensors.partial")

      let outcome = try insonate(["train"] + study.options + ["--out", run, "--resume"])
      #expect(outcome.code == 0, "\(outcome.errors)")
      try expectSameRun(run, study.run)
      #expect(!exists(run + "/.predictions.csv.99999999-1.partial"))
      try expectRecord(run)

      // Once more: it is finished and stays as it is.
      let before = try contents(run, except: "run.log")
      let again = try insonate(["train"] + study.options + ["--out", run, "--resume", "--json"])
      #expect(again.code == 0)
      #expect(again.errors.contains("finished already"))
      #expect(try contents(run, except: "run.log") == before)
    }

    private func expectRecord(_ run: String) throws {
      let data = try Data(contentsOf: URL(fileURLWithPath: run + "/provenance.json"))
      let record = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      #expect(record["finished"] is String)
      #expect((record["resumed"] as? Int ?? 0) >= 6)
    }

    @Test func aFinishedRunIsReportedAgain() throws {
      let study = try Study.get()
      let sandbox = try Sandbox()
      let run = try sandbox.copy(study.run, to: "run")
      let before = try contents(run, except: "run.log")
      let outcome = try insonate(["run"] + study.options + ["--out", run, "--resume", "--json"])
      #expect(outcome.code == 0, "\(outcome.errors)")
      _ = try object(outcome)
      #expect(try contents(run, except: "run.log") == before)
    }

    @Test func scoresThatAreMissingAreMadeAgain() throws {
      let study = try Study.get()
      let sandbox = try Sandbox()
      let run = try sandbox.copy(study.run, to: "run")
      try FileManager.default.removeItem(atPath: run + "/predictions.csv")
      let outcome = try insonate(["train"] + study.options + ["--out", run, "--resume"])
      #expect(outcome.code == 0, "\(outcome.errors)")
      try expectSameRun(run, study.run)
    }

    @Test func twoAtOnceInOneFolderAreRefused() throws {
      let study = try Study.get()
      let sandbox = try Sandbox()
      let run = sandbox("run")
      let first = try Command(["train"] + study.options + ["--out", run])
      while first.isRunning, !exists(run + "/provenance.json") { usleep(1000) }
      let second = try insonate(["train"] + study.options + ["--out", run, "--resume"])
      expectRefusal(second, 75, naming: run)
      first.kill()
      _ = first.finish()
    }
  }
}
