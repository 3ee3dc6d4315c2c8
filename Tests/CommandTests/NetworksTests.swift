import Foundation
import NN
import Networks
import Testing
import Torch

extension CommandTests {
  /// `networks list`, `describe` and `export`, and `forward` of systems.
  struct OfNetworks {
    /// A small system of two inputs, its weights and a batch.
    static let files = Result { try makeFiles() }
    private static let small = ["--set", "backbone=resnet18"]

    private static func makeFiles() throws -> Sandbox {
      let sandbox = try Sandbox.lasting()
      func write(_ name: String, _ tensors: [String: Tensor]) throws {
        try SafeTensors(tensors: tensors).write(to: URL(fileURLWithPath: sandbox(name)))
      }
      let design = try NetworkDesign(named: "muf-net", settings: Data(#"{"backbone":"resnet18"}"#.utf8))
      let network = try design.network(classes: 2, .init(trainable: false, seed: 1))
      var weights = network.parameters.stateDictionary
      try write("w.safetensors", weights)
      weights["classifier.bias"] = try Tensor.zeros([3])
      try write("classes.safetensors", weights)
      weights["classifier.bias"] = try Tensor([Float.nan, 0], shape: [2])
      try write("nan.safetensors", weights)
      try shell("head -c 200000 '\(sandbox("w.safetensors"))' > '\(sandbox("half.safetensors"))'")
      let backbone = try Backbone.resnet18.network(classes: 2, .init(trainable: false, seed: 1))
      try write("resnet18.safetensors", backbone.parameters.stateDictionary)

      let generator = try Generator(seed: 1)
      let (still, other) = (try generator.normal([2, 3, 64, 64]), try generator.normal([2, 3, 64, 64]))
      try write("x", ["b-mode": still, "ceus": other])
      try write("one", ["b-mode": still])
      try write(
        "present",
        ["b-mode": still, "ceus": other, "present": try Tensor([Float](arrayLiteral: 1, 0, 1, 1), shape: [2, 2])])
      try write("flags", ["b-mode": still, "ceus": other, "present": try Tensor.ones([2, 3])])
      try write("unknown", ["b-mode": still, "doppler": other])
      try write("grey", ["b-mode": still, "ceus": try generator.normal([2, 1, 64, 64])])
      try write("few", ["b-mode": still, "ceus": try generator.normal([1, 3, 64, 64])])
      try write("tiny", ["b-mode": still, "ceus": try generator.normal([2, 3, 16, 16])])
      return sandbox
    }

    @Test func everyNetworkIsListed() throws {
      let list = try object(try succeed("networks", "list", "--json"))
      let entries = try #require(list["networks"] as? [[String: Any]])
      #expect(entries.compactMap { $0["name"] as? String } == NetworkDesign.all.map(\.name))
      let system = try #require(entries.first { $0["name"] as? String == "muf-net" })
      #expect(system["kind"] as? String == "system")
      let inputs = try #require(system["inputs"] as? [[String: Any]])
      #expect(inputs.compactMap { $0["name"] as? String } == ["b-mode", "ceus"])
      #expect(inputs.first?["shape"] as? [Int] == [-1, 3, 300, 300])
      #expect(inputs.first?["content"] as? String == "still")
    }

    @Test func aSystemIsDescribed() throws {
      let described = try object(try succeed(["networks", "describe", "muf-net", "--json"] + Self.small))
      #expect(described["classes"] as? Int == 1)
      #expect((described["settings"] as? [String: Any])?["backbone"] as? String == "resnet18")
      let outputs = try #require(described["outputs"] as? [[String: Any]])
      #expect(outputs.compactMap { $0["name"] as? String } == ["logits", "modality_weights"])
      let one = try object(try succeed("networks", "describe", "resnet18", "--classes", "2", "--json"))
      // Both branches see what one alone sees.
      let (both, single) = (
        try #require(described["multiplyAdds"] as? Int), try #require(one["multiplyAdds"] as? Int)
      )
      #expect(abs(both - 2 * single) < 1_000_000)
      let memory = try #require(one["trainingSampleBytes"] as? [String: Int])
      #expect(try #require(memory["bfloat16"]) < #require(memory["float32"]))
      let google = try object(try succeed("networks", "describe", "googlenet", "--json"))
      // torchvision's counts, without and with its auxiliary classifiers.
      #expect(google["parameters"] as? Int == 6_624_904)
      #expect(google["auxiliaryParameters"] as? Int == 13_004_888 - 6_624_904)
    }

    @Test func aSystemRunsOverNamedInputs() throws {
      let files = try Self.files.get()
      var logits: [String: [Float]] = [:]
      for batch in ["x", "one", "present"] {
        let out = files("y-\(batch)")
        try succeed(
          [
            "networks", "forward", "muf-net", "--weights", files("w.safetensors"), "--input", files(batch), "--output",
            out,
          ]
            + Self.small)
        let tensors = try SafeTensors(contentsOf: URL(fileURLWithPath: out)).tensors
        #expect(tensors.keys.sorted() == ["logits", "modality_weights"])
        logits[batch] = try #require(tensors["logits"]).scalars()
        #expect(logits[batch]?.count == 4)
      }
      // The first sample lacks its second input, the second has both.
      #expect(logits["present"]?.prefix(2) == logits["one"]?.prefix(2))
      #expect(logits["present"]?.suffix(2) == logits["x"]?.suffix(2))
      #expect(logits["one"] != logits["x"])
    }

    @Test func aModelIsExported() throws {
      let files = try Self.files.get()
      let sandbox = try Sandbox()
      let out = sandbox("model.onnx")
      let summary = try object(
        try succeed(
          [
            "networks", "export", "muf-net", "--weights", files("w.safetensors"), "--out", out, "--size", "64",
            "--json",
          ]
            + Self.small))
      #expect(summary["classes"] as? Int == 2)
      #expect((summary["inputs"] as? [String: [Int]])?["ceus"] == [-1, 3, 64, 64])
      #expect((summary["outputs"] as? [String: [Int]])?["modality_weights"] == [-1, 2])
      let size = try FileManager.default.attributesOfItem(atPath: out)[.size] as? Int
      #expect(size == summary["bytes"] as? Int)
      let optional = try object(
        try succeed(
          ["networks", "export", "muf-net", "--seed", "1", "--optional-inputs", "--out", out, "--size", "64", "--json"]
            + Self.small))
      #expect((optional["inputs"] as? [String: [Int]])?["present"] == [-1, 2])
      #expect(try contents(sandbox.url.path).split(separator: "\n").count == 1)
    }

    @Test(
      arguments: [
        ("resnet18", ["classifier.bias"]), ("classes", ["classifier.weight [2, 512], expected [3, 512]"]),
        ("half", ["half.safetensors"]), ("nan", ["classifier.bias", "not finite"]), ("missing", ["no such file"]),
      ])
    func wrongWeightsAreNamed(_ weights: String, _ named: [String]) throws {
      let files = try Self.files.get()
      let sandbox = try Sandbox()
      let file = files(weights + ".safetensors")
      let commands = [
        ["networks", "forward", "muf-net", "--weights", file, "--input", files("x"), "--output", sandbox("y")],
        ["networks", "export", "muf-net", "--weights", file, "--out", sandbox("y")],
      ]
      for command in commands {
        let outcome = try insonate(command + Self.small)
        for word in named { expectRefusal(outcome, 65, naming: word) }
      }
      #expect(try contents(sandbox.url.path).isEmpty)
    }

    @Test(
      arguments: [
        ("unknown", ["input doppler", "b-mode, ceus"]),
        ("grey", ["input ceus", "[N, 3, rows, columns]", "[2, 1, 64, 64]"]),
        ("few", ["input ceus", "1 samples, others have 2"]), ("tiny", ["32 x 32 pixels, found 16 x 16"]),
        ("flags", ["present", "[2, 2]", "[2, 3]"]),
      ])
    func wrongInputsAreNamed(_ input: String, _ named: [String]) throws {
      let files = try Self.files.get()
      let sandbox = try Sandbox()
      let outcome = try insonate(
        [
          "networks", "forward", "muf-net", "--weights", files("w.safetensors"), "--input", files(input), "--output",
          sandbox("y"),
        ]
          + Self.small)
      for word in named { expectRefusal(outcome, 65, naming: word) }
      #expect(try contents(sandbox.url.path).isEmpty)
    }

    @Test(
      arguments: [
        (["describe", "muf-net", "--set", "colour=red"], 65, "unknown setting colour"),
        (["describe", "resnet18", "--set", "width=2"], 65, "unknown setting width"),
        (["describe", "muf-net", "--set", "dropout=two"], 65, "dropout"),
        (["describe", "muf-net", "--set", "dropout"], 64, "key=value"),
        (["describe", "resnet18", "--size", "16"], 65, "at least 32 x 32 pixels, found 16 x 16"),
        (["describe", "resnet18", "--classes", "0"], 65, "classes"),
        (["describe", "resnet18", "--size", "-5"], 64, "--size"),
        (["export", "resnet19", "--seed", "1", "--out", "never-made"], 64, "resnet19"),
        (["export", "resnet18", "--out", "never-made"], 64, "--weights"),
        (["export", "resnet18", "--seed", "1", "--optional-inputs", "--out", "never-made"], 65, "one input"),
        (["export", "resnet18", "--seed", "1", "--out", "/no/folder/model.onnx"], 73, "/no/folder"),
      ] as [([String], Int32, String)])
    func wrongCallsAreNamed(_ arguments: [String], _ code: Int32, _ named: String) throws {
      expectRefusal(try insonate(["networks"] + arguments), code, naming: named)
      #expect(!exists("never-made"))
    }
  }
}

@discardableResult
private func succeed(_ arguments: [String], location: SourceLocation = #_sourceLocation) throws -> Outcome {
  let outcome = try insonate(arguments)
  #expect(outcome.code == 0, "\(arguments): \(outcome.errors)", sourceLocation: location)
  return outcome
}
