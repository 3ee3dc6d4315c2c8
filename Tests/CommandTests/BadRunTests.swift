import Foundation
import Testing

/// Protocols, overrides, run folders and checkpoints that cannot be used.
extension CommandTests {
  struct BadRuns {
    private func expectRefused(
      _ options: [String], _ code: Int32 = 65, naming words: (String, String),
      location: SourceLocation = #_sourceLocation
    ) throws {
      let sandbox = try Sandbox()
      for command in ["run", "train"] {
        let outcome = try insonate([command] + options + ["--out", sandbox("run"), "--json"])
        expectRefusal(outcome, code, naming: words.0, words.1, location: location)
      }
      #expect(try contents(sandbox.url.path).isEmpty, "something was made", sourceLocation: location)
    }

    @Test(
      arguments: [
        ("{ \"training\": { \"epoch\": 3 } }", "training.epoch", "p.json"), ("{ \"wings\": 2 }", "wings", "p.json"),
        ("{ \"training\": 3 }", "training", "p.json"),
        ("{ \"training\": { \"epochs\": \"many\" } }", "training.epochs", "p.json"),
        ("{ \"training\": { \"epochs\": 0 } }", "training.epochs", "p.json"), ("[1, 2]", "object", "p.json"),
        ("{ \"sampler\": \"lottery\" }", "sampler", "p.json"), ("", "JSON", "p.json"),
        ("{ \"seed\": ", "JSON", "p.json"),
        ("{ \"inherits\": \"p.json\" }", "inherits", "p.json"), ("{ \"inherits\": \"gone.json\" }", "gone.json", ""),
        ("{ \"inherits\": 3 }", "inherits", "p.json"),
        ("{ \"network\": { \"weights\": \"gone.pth\" } }", "gone.pth", ""),
        ("{ \"network\": { \"name\": \"resnet1\" } }", "network.name", "resnet1"),
        ("{ \"network\": { \"name\": \"resnet18\" } }", "ImageNet", "resnet18"),
        ("{ \"cohort\": { \"modalities\": [\"ceus\"] } }", "ceus", ".cohort"),
        ("{ \"cohort\": { \"modalities\": [\"x-ray\"] } }", "modalities", "p.json"),
        ("{ \"training\": { \"device\": \"abacus\" } }", "abacus", "device"),
        ("{ \"training\": { \"device\": \"cuda:77\" } }", "cuda:77", "device"),
        ("{ \"validation\": { \"split\": \"given\" } }", "train", "split"),
        ("{ \"validation\": { \"split\": \"column\", \"column\": \"moon\" } }", "moon", ""),
        ("{ \"validation\": { \"split\": \"column\" } }", "validation.column", "p.json"),
      ])
    func aProtocolThatCannotBeUsed(_ text: String, _ word: String, _ file: String) throws {
      let sandbox = try Sandbox()
      let path = try sandbox.write(text, to: "p.json")
      let folds = text.contains("validation") ? [] : ["--set", "validation.folds=2"]
      try expectRefused([path, "--cohort", Study.get().cohort] + folds, naming: (word, file))
    }

    @Test func aProtocolOrACohortThatIsNotThere() throws {
      let study = try Study.get()
      try expectRefused(["/nowhere/p.json", "--cohort", study.cohort], naming: ("/nowhere/p.json", ""))
      try expectRefused([study.source, "--cohort", study.cohort], naming: (study.source, ""))
      try expectRefused([Study.protocolFile, "--cohort", "/nowhere.cohort"], naming: ("/nowhere.cohort", ""))
      try expectRefused([Study.protocolFile, "--cohort", study.source], naming: (study.source, ""))
    }

    @Test(
      arguments: [
        ("", ""), ("=", "="), ("=3", "=3"), ("training.epochs", "training.epochs"),
        ("training.epochs=", "training.epochs"),
        ("training.epochs=three", "training.epochs"), ("training.epochs=1.5", "training.epochs"),
        ("training.epochs=-1", "training.epochs"), ("training.epochs=true", "training.epochs"),
        ("training.epochs=99999999999999999999", "training.epochs"), ("training.epochs.more=1", "training.epochs"),
        ("training..epochs=1", "training."), (".=1", ""), ("training=1", "training"), ("training=null", "training"),
        ("seed=-1", "seed"), ("optimiser.learningRate=nan", "optimiser.learningRate"),
        ("optimiser.learningRate=0", "optimiser.learningRate"),
        ("optimiser.learningRate=1e999", "optimiser.learningRate"),
        ("input.size=31", "input.size"), ("input.size=0", "input.size"), ("input.margin=-1", "input.margin"),
        ("validation.folds=1", "validation.folds"), ("validation.fraction=1", "validation.fraction"),
        ("augmentation.flip=2", "augmentation.flip"), ("augmentation.elasticNodes=1", "augmentation.elasticNodes"),
        ("title=3", "title"), ("model=", "model"), ("wings=2", "wings"), ("training={}}", "training"),
        ("training.threads=100000", "training.threads"), ("training.batchSize=1", "training.batchSize"),
        ("inherits=other.json", "inherits"),
      ])
    func anOverrideThatMakesNoSense(_ text: String, _ word: String) throws {
      try expectRefused([Study.protocolFile, "--cohort", Study.get().cohort, "--set", text], naming: ("--set", word))
    }

    @Test func aRunFolderThatIsNotEmpty() throws {
      let study = try Study.get()
      let sandbox = try Sandbox()
      let run = try sandbox.copy(study.run, to: "run")
      _ = try sandbox.write("mine", to: "folder/notes.txt")
      let before = try contents(sandbox.url.path)
      expectRefusal(try insonate(["run"] + study.options + ["--out", run]), 73, naming: run, "--resume")
      expectRefusal(
        try insonate(["run"] + study.options + ["--out", sandbox("folder")]), 73, naming: sandbox("folder"))
      // Nor is what is no run gone on with.
      let outcome = try insonate(["train"] + study.options + ["--out", sandbox("folder"), "--resume"])
      expectRefusal(outcome, 65, naming: sandbox("folder"), "notes.txt")
      #expect(try contents(sandbox.url.path) == before)
    }

    @Test func whatIsNoRunIsNotPredictedWith() throws {
      let study = try Study.get()
      let sandbox = try Sandbox()
      _ = try sandbox.write("mine", to: "folder/notes.txt")
      _ = try sandbox.write("{", to: "broken/protocol.json")
      let before = try contents(sandbox.url.path)
      for name in ["folder", "broken", "nowhere"] {
        let outcome = try insonate("predict", sandbox(name), "--cohort", study.cohort, "--out", sandbox("p.csv"))
        expectRefusal(outcome, 65, naming: name)
        expectRefusal(try insonate("evaluate", sandbox(name), "--json"), 65, naming: name)
        expectRefusal(try insonate("explain", sandbox(name), "--json"), 65, naming: name)
      }
      let outcome = try insonate("predict", study.run, "--cohort", study.source, "--out", sandbox("p.csv"))
      expectRefusal(outcome, 65, naming: study.source)
      #expect(try contents(sandbox.url.path) == before)
    }

    @Test(arguments: [0, 5, 1_000_000])
    func aCheckpointThatWasCut(bytes: Int) throws {
      let study = try Study.get()
      let sandbox = try Sandbox()
      let run = try sandbox.copy(study.run, to: "run")
      try shell("truncate -s \(bytes) '\(run)/checkpoints/fold-2.safetensors'")
      var before = try contents(sandbox.url.path)
      let predict = try insonate("predict", run, "--cohort", study.cohort, "--out", sandbox("p.csv"))
      expectRefusal(predict, 65, naming: "fold-2.safetensors")
      expectRefusal(try insonate("explain", run), 65, naming: "fold-2.safetensors")
      let resume = try insonate(["run"] + study.options + ["--out", run, "--resume", "--json"])
      expectRefusal(resume, 65, naming: "fold-2.safetensors")
      #expect(try contents(sandbox.url.path) == before)

      // The other one, in a run that is not finished.
      try shell("cp '\(study.run)/checkpoints/fold-2.safetensors' '\(run)/checkpoints/'; rm '\(run)/predictions.csv'")
      try shell("truncate -s \(bytes) '\(run)/checkpoints/fold-1.last.safetensors'")
      before = try contents(sandbox.url.path)
      let last = try insonate(["run"] + study.options + ["--out", run, "--resume", "--json"])
      expectRefusal(last, 65, naming: "fold-1.last.safetensors")
      #expect(try contents(sandbox.url.path) == before)
    }

    @Test func aCheckpointOfAnotherFoldOrNetwork() throws {
      let study = try Study.get()
      let sandbox = try Sandbox()
      let run = try sandbox.copy(study.run, to: "run")
      let folder = run + "/checkpoints"
      try shell("cp '\(folder)/fold-1.safetensors' '\(folder)/fold-2.safetensors'")
      var outcome = try insonate("predict", run, "--cohort", study.cohort, "--out", sandbox("p.csv"))
      expectRefusal(outcome, 65, naming: "fold-2.safetensors", "fold 1")
      try FileManager.default.removeItem(atPath: folder + "/fold-2.safetensors")
      outcome = try insonate("predict", run, "--cohort", study.cohort, "--out", sandbox("p.csv"))
      expectRefusal(outcome, 65, naming: "fold 2")
      #expect(!exists(sandbox("p.csv")))
    }

    @Test func anotherProtocolOrCohortIsNotGoneOnWith() throws {
      let study = try Study.get()
      let sandbox = try Sandbox()
      let run = try sandbox.copy(study.run, to: "run")
      let changed = try sandbox.copy(study.cohort, to: "changed.cohort")
      let source = try sandbox.copy(study.source, to: "source")
      try shell(
        """
        cd '\(source)'; f=$(ls images | head -1); cp "images/$f" images/new.png; cp "masks/$f" masks/new.png
        head -1 cohort.csv > new.csv; sed -n 2p cohort.csv | sed "s/$f/new.png/g" >> new.csv
        """)
      try succeed("import", source + "/new.csv", "--into", changed)
      let before = try contents(sandbox.url.path)
      let resume = ["--out", run, "--resume"]
      let other = try insonate(["train"] + study.options + ["--set", "seed=5"] + resume)
      expectRefusal(other, 65, naming: run, "protocol")
      let options = [Study.protocolFile, "--cohort", changed] + Study.small
      expectRefusal(try insonate(["run"] + options + resume), 65, naming: run, "cohort")
      expectRefusal(try insonate("evaluate", run, "--cohort", changed), 65, naming: changed)
      expectRefusal(try insonate("explain", run, "--cohort", changed), 65, naming: changed)
      #expect(try contents(sandbox.url.path) == before)
    }

    @Test(
      arguments: [
        ("predictions.csv", "model,label\n"), ("predictions.csv", "label,score\n1,two\n"), ("predictions.csv", ""),
        ("provenance.json", "{"), ("protocol.json", "{ \"wings\": 1 }"),
      ])
    func aRecordOfTheRunThatIsDamaged(_ name: String, _ text: String) throws {
      let sandbox = try Sandbox()
      let run = try sandbox.copy(Study.get().run, to: "run")
      try text.write(toFile: run + "/" + name, atomically: true, encoding: .utf8)
      let before = try contents(run)
      expectRefusal(try insonate("evaluate", run, "--json"), 65, naming: name)
      expectRefusal(try insonate("explain", run, "--json"), 65, naming: name)
      #expect(try contents(run) == before)
    }

    @Test func aLossThatIsNoNumberStopsTheRunWithItsImages() throws {
      let study = try Study.get()
      let sandbox = try Sandbox()
      let wild = ["--set", "optimiser.learningRate=1e30", "--set", "schedule.kind=constant"]
      let outcome = try insonate(["run"] + study.options + wild + ["--out", sandbox("run")])
      expectRefusal(outcome, 65, naming: ".png", "not a finite number")
      #expect(!exists(sandbox("run/predictions.csv")))
      let predict = try insonate("predict", sandbox("run"), "--cohort", study.cohort, "--out", sandbox("p.csv"))
      expectRefusal(predict, 65, naming: "not finished")
      expectRefusal(try insonate("explain", sandbox("run"), "--json"), 65, naming: sandbox("run"))
    }
  }
}
