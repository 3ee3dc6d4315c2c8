import Foundation
import NN
import Networks
import Testing
import Torch

extension CommandTests {
  struct Usage {
    @Test func theVersionSaysWhatThisIsNot() throws {
      let outcome = try succeed("--version")
      #expect(outcome.output.hasPrefix("insonate "))
      #expect(outcome.output.contains("not a medical device"))
      #expect(outcome.errors.isEmpty)
    }

    @Test(
      arguments: [
        [], ["simulate"], ["import"], ["cohort"], ["cohort", "summary"], ["cohort", "check"], ["cohort", "split"],
        ["cohort", "export"], ["run"], ["train"], ["predict"], ["evaluate"], ["explain"], ["networks"],
        ["networks", "list"],
        ["networks", "describe"], ["networks", "forward"], ["networks", "export"],
      ])
    func helpIsThere(of command: [String]) throws {
      let outcome = try insonate(command + ["--help"])
      #expect(outcome.code == 0)
      #expect(outcome.output.contains("USAGE: " + (["insonate"] + command).joined(separator: " ")))
      #expect(outcome.errors.isEmpty)
    }

    @Test(
      arguments: [
        ["diagnose"], ["--frobnicate"], ["import"], ["import", "a"], ["cohort", "burn"],
        ["simulate", "moon", "--out", "never-made"],
        ["simulate", "liver", "--out", "never-made", "--patients", "many"],
        ["simulate", "liver", "--out", "never-made", "--patients", "0"],
        ["simulate", "liver", "--out", "never-made", "--patients", "-3"],
        ["simulate", "liver", "--out", "never-made", "--seed", "-1"],
        ["simulate", "liver", "--out", "never-made", "--prevalence", "nan"],
        ["simulate", "liver", "--out", "never-made", "--ideal-auc", "2"],
        ["simulate", "liver", "--out", "never-made", "--images-per-lesion", "99999999999"],
        ["simulate", "calcified-thyroid", "--out", "never-made", "--frames", "2"],
        ["simulate", "renal", "--out", "never-made", "--frames", "16"],
        ["simulate", "thyroid", "--out", "never-made", "--image-size", "64"],
        ["networks", "describe", "resnet19"],
        ["networks", "forward", "resnet19", "--weights", "a", "--input", "b", "--output", "c"],
        ["run", "p.json"], ["run", "p.json", "--cohort", "c"], ["predict", "r", "--cohort", "c"],
        ["cohort", "split", "c", "--out", "s", "--folds", "1"],
        ["cohort", "split", "c", "--out", "s", "--validation", "1.5"],
        ["cohort", "split", "c", "--out", "s", "--validation", "nan"],
        ["cohort", "split", "c", "--by", "date"], ["cohort", "split", "c", "--by", "hospital"],
        ["cohort", "split", "c", "--after", "2023-01-01"], ["cohort", "split", "c", "--hold-out", "A"],
        ["cohort", "split", "c", "--fractions", "0.5,0.4"], ["cohort", "split", "c", "--fractions", "much"],
        ["cohort", "split", "c", "--by", "site", "--fractions", "0.8,0.2"],
      ])
    func wrongUsageIs64(_ arguments: [String]) throws {
      expectRefusal(try insonate(arguments), 64)
    }

    @Test func theNetworksAreListedAndDescribed() throws {
      let list = try object(try succeed("networks", "list", "--json"))
      let names = (list["networks"] as? [[String: Any]])?.compactMap { $0["name"] as? String } ?? []
      #expect(names.contains("resnet18"))
      #expect(names.contains("efficientnet-lite0"))
      let resnet = try object(try succeed("networks", "describe", "resnet18", "--json"))
      // torchvision's count.
      #expect(resnet["parameters"] as? Int == 11_689_512)
    }

    @Test func aResultThatCannotBeWrittenIsAnError() throws {
      // The device is the process's standard output here, not a file that would be renamed over.
      let outcome = try insonate("networks", "list", "--json", shell: "exec > /dev/full")
      expectRefusal(outcome, 74, naming: "standard output", "No space left")
    }

    @Test func aReaderThatGoesAwayIsNoError() throws {
      let sandbox = try Sandbox()
      let script =
        "set -o pipefail; '\(Command.program.path)' networks list | true; echo ${PIPESTATUS[0]} > '\(sandbox("code"))'"
      _ = try? shell(script)
      #expect(try String(contentsOfFile: sandbox("code"), encoding: .utf8) == "0\n")
    }
  }

  /// `networks forward` and its files.
  struct Forward {
    static let files = Result { try makeFiles() }

    private static func makeFiles() throws -> Sandbox {
      let sandbox = try Sandbox.lasting()
      let network = try Backbone.efficientNetLite0.network(classes: 3, .init(trainable: false, seed: 1))
      try SafeTensors(tensors: network.parameters.stateDictionary).write(
        to: URL(fileURLWithPath: sandbox("w.safetensors")))
      func input(_ name: String, _ tensors: [String: Tensor]) throws {
        try SafeTensors(tensors: tensors).write(to: URL(fileURLWithPath: sandbox(name)))
      }
      let generator = try Generator(seed: 1)
      try input("x", ["input": try generator.normal([2, 3, 64, 64])])
      try input("unnamed", ["image": try generator.normal([2, 3, 64, 64])])
      try input("grey", ["input": try generator.normal([2, 1, 64, 64])])
      try input("flat", ["input": try generator.normal([3, 64])])
      try input("none", ["input": try Tensor([Float](), shape: [0, 3, 64, 64])])
      try input("tiny", ["input": try generator.normal([1, 3, 1, 1])])
      var part = network.parameters.stateDictionary
      part["_fc.weight"] = nil
      try input("part.safetensors", part)
      part = network.parameters.stateDictionary
      part["_conv_stem.weight"] = try generator.normal([1, 1])
      try input("shape.safetensors", part)
      try shell(
        "head -c 100000 '\(sandbox("w.safetensors"))' > '\(sandbox("cut.safetensors"))'; head -c 3 '\(sandbox("w.safetensors"))' > '\(sandbox("cut3.safetensors"))'"
      )
      try shell(
        ": > '\(sandbox("empty.safetensors"))'; echo 'not weights, only text' > '\(sandbox("text.safetensors"))'")
      try shell("head -c 100 '\(sandbox("x"))' > '\(sandbox("xcut"))'")
      return sandbox
    }

    @Test func theLogitsAreWritten() throws {
      let files = try Self.files.get()
      let out = files("y")
      let outcome = try object(
        try succeed(
          "networks", "forward", "efficientnet-lite0", "--weights", files("w.safetensors"), "--input", files("x"),
          "--output", out,
          "--json"))
      #expect(outcome["logits"] as? [Int] == [2, 3])
      let logits = try #require(try SafeTensors(contentsOf: URL(fileURLWithPath: out)).tensors["logits"])
      #expect(try logits.shape == [2, 3])
      #expect(try logits.isFinite())
    }

    @Test(
      arguments: [
        ("efficientnet-lite0", "missing", "x", "missing"), ("efficientnet-lite0", "part", "x", "_fc.weight"),
        ("efficientnet-lite0", "shape", "x", "_conv_stem.weight"), ("efficientnet-lite0", "cut", "x", "cut"),
        ("efficientnet-lite0", "cut3", "x", "cut3"), ("efficientnet-lite0", "empty", "x", "empty"),
        ("efficientnet-lite0", "text", "x", "text"), ("efficientnet-lite0", ".", "x", "commands-"),
        ("resnet18", "w", "x", "resnet18"), ("efficientnet-b0", "w", "x", "efficientnet-b0"),
        ("efficientnet-lite0", "w", "missing", "missing"), ("efficientnet-lite0", "w", "unnamed", "input"),
        ("efficientnet-lite0", "w", "grey", "[2, 1, 64, 64]"), ("efficientnet-lite0", "w", "flat", "[3, 64]"),
        ("efficientnet-lite0", "w", "none", "[0, 3, 64, 64]"), ("efficientnet-lite0", "w", "xcut", "xcut"),
        ("efficientnet-lite0", "w", "text", "text"), ("efficientnet-lite0", "w", ".", "commands-"),
      ])
    func wrongFilesAreNamed(_ network: String, _ weights: String, _ input: String, _ named: String) throws {
      let files = try Self.files.get()
      let sandbox = try Sandbox()
      let out = try sandbox.write("what was there", to: "y")
      let outcome = try insonate(
        "networks", "forward", network, "--weights", files(weights == "." ? weights : weights + ".safetensors"),
        "--input", files(input == "text" ? "text.safetensors" : input), "--output", out)
      expectRefusal(outcome, 65, naming: named)
      #expect(try String(contentsOfFile: out, encoding: .utf8) == "what was there")
      #expect(try contents(sandbox.url.path).split(separator: "\n").count == 1)
    }

    @Test func aTinyInputDoesNotTrap() throws {
      let files = try Self.files.get()
      let sandbox = try Sandbox()
      let outcome = try insonate(
        "networks", "forward", "efficientnet-lite0", "--weights", files("w.safetensors"), "--input", files("tiny"),
        "--output",
        sandbox("y"))
      #expect(outcome.signal == nil)
      #expect(outcome.code == 0 || outcome.code == 65, "\(outcome.errors)")
    }
  }
}
