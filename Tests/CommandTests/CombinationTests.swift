import Foundation
import Tables
import Testing

extension CommandTests {
  struct CombinationCommands {
    /// A run that was made without gets a combined model without training, and report and prediction have it.
    @Test func aFinishedRunIsCombinedReportedAndPredicted() throws {
      let study = try Study.get()
      let sandbox = try Sandbox()
      let run = try sandbox.copy(study.run, to: "run")
      let factors = #"combination.factors=[{"column":"age","kind":"number"}]"#
      let further = [
        "--set", factors, "--set", "combination.penalty=firth", "--set", "combination.screening=all", "--out", run,
        "--resume",
      ]
      let trained = try insonate(["train"] + study.options + further)
      #expect(trained.code == 0, "\(trained.errors)")
      try succeed("evaluate", run)
      let report = try String(contentsOfFile: run + "/report.html", encoding: .utf8)
      #expect(report.contains("with clinical factors") && report.contains("AUC difference"))

      try succeed("predict", run, "--cohort", study.cohort, "--out", sandbox("p.csv"))
      let table = try Table(contentsOf: URL(fileURLWithPath: sandbox("p.csv")))
      #expect(try Set(table.column("model")) == ["liver-bmode", "liver-bmode+clinical"])
      #expect(try table.numbers("score").allSatisfy { (0...1).contains($0) })

      let wrong = #"combination.factors=[{"column":"bilirubin","kind":"number"}]"#
      let outcome = try insonate(["train"] + study.options + ["--set", wrong, "--out", run, "--resume"])
      #expect(outcome.code == 65 && outcome.errors.contains("bilirubin"), "\(outcome.errors)")
    }
  }
}
