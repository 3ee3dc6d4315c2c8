import Foundation
import Testing

/// Outputs that cannot be made (73) or not be written whole (74).
extension CommandTests {
  struct Outputs {
    /// Every command that writes, with what it writes to at the end.
    private static func writers(_ study: Study) throws -> [[String]] {
      [
        ["simulate", "liver", "--patients", "4", "--images-per-lesion", "1", "--out"],
        ["import", study.source, "--into"],
        ["cohort", "split", study.cohort, "--folds", "2", "--out"],
        ["cohort", "export", study.cohort, "--out"],
        ["train"] + study.options + ["--out"],
        ["predict", study.run, "--cohort", study.cohort, "--out"],
        try CommandTests.Forward.command(),
      ]
    }

    @Test func belowAFileOrInProc() throws {
      let study = try Study.get()
      let sandbox = try Sandbox()
      let file = try sandbox.write("a file", to: "file")
      let before = try contents(sandbox.url.path)
      for writer in try Self.writers(study) {
        for place in [file + "/out", "/proc/out", sandbox("no/folder/out")] {
          // A run folder is made with the folders above it.
          if writer[0] == "train", place.hasSuffix("no/folder/out") { continue }
          let outcome = try insonate(writer + [place])
          #expect(
            [65, 73, 74].contains(outcome.code), "\(outcome.arguments.last ?? "") \(outcome.code) \(outcome.errors)")
          expectRefusal(outcome, outcome.code, naming: place)
        }
      }
      #expect(try contents(sandbox.url.path) == before)
    }

    @Test func whatIsThereIsNotReplaced() throws {
      let study = try Study.get()
      let sandbox = try Sandbox()
      _ = try sandbox.write("mine", to: "folder/notes.txt")
      let file = try sandbox.write("mine", to: "file")
      let before = try contents(sandbox.url.path)
      for writer in try Self.writers(study) {
        expectRefusal(
          try insonate(writer + [sandbox("folder")]), writer[0] == "import" ? 65 : 73, naming: "folder")
      }
      for writer in try Self.writers(study) where ["simulate", "train"].contains(writer[0]) || writer[1] == "export" {
        expectRefusal(try insonate(writer + [file]), 73, naming: file)
      }
      #expect(try contents(sandbox.url.path) == before)
    }

    @Test func aFileLargerThanAllowed() throws {
      let study = try Study.get()
      let sandbox = try Sandbox()
      _ = try sandbox.write("mine", to: "y")
      let before = try contents(sandbox.url.path)
      // No file may be larger than a kibibyte; the signal that would end the program becomes an error of the write.
      for writer in try Self.writers(study) where ["simulate", "import", "networks"].contains(writer[0]) {
        let place = writer[0] == "networks" ? sandbox("y") : sandbox("out")
        let limit = writer[0] == "networks" ? "ulimit -f 0" : "ulimit -f 1"
        // The messages go through a pipe, which has no limit.
        let outcome = try insonate(
          writer + [place], shell: "trap '' XFSZ; exec 2> >(cat > '\(sandbox("err"))'); \(limit)")
        try shell("sleep 0.2")
        let errors = try String(contentsOfFile: sandbox("err"), encoding: .utf8)
        try FileManager.default.removeItem(atPath: sandbox("err"))
        #expect(outcome.code == 74, "\(writer): \(outcome.code) \(errors)")
        #expect(errors.hasPrefix("insonate: ") && errors.contains(place), "\(writer): \(errors)")
        #expect(try contents(sandbox.url.path) == before, "\(writer)")
      }
    }

    @Test(.enabled(if: SmallDisk.canBeMade, "needs to be root with the right to mount"))
    func aFullDisk() throws {
      let study = try Study.get()
      for writer in try Self.writers(study) where writer[0] != "train" {
        let small = writer[0] == "predict" || writer[1] == "split" || writer[0] == "networks"
        let disk = try SmallDisk(kibibytes: 160)
        try shell("head -c \(small ? 300_000 : 60_000) /dev/zero > '\(disk.path)/other' || true")
        let before = try contents(disk.path)
        let outcome = try insonate(writer + [disk.path + "/out"])
        expectRefusal(outcome, 74, naming: disk.path + "/out")
        #expect(try contents(disk.path) == before, "\(writer)")
      }
    }

    @Test(.enabled(if: SmallDisk.canBeMade, "needs to be root with the right to mount"))
    func anImportIntoACohortOnAFullDisk() throws {
      let study = try Study.get()
      let sandbox = try Sandbox()
      let disk = try SmallDisk(kibibytes: 1400)
      try shell("cp -a '\(study.cohort)' '\(disk.path)/c.cohort'")
      try succeed("simulate", "liver", "--patients", "4", "--seed", "9", "--out", sandbox("more"))
      // Patients of another simulation under other names.
      try shell(
        "cd '\(sandbox("more"))' && rm simulation.json truth.csv && sed -i '2,$s/^P/Q/; 2,$s/,L/,M/; s/,E/,F/' cohort.csv"
      )
      try shell("head -c 2000000 /dev/zero > '\(disk.path)/other' || true; truncate -s -60K '\(disk.path)/other'")
      let before = try contents(disk.path)
      let outcome = try insonate("import", sandbox("more"), "--into", disk.path + "/c.cohort")
      expectRefusal(outcome, 74, naming: disk.path)
      #expect(try contents(disk.path) == before)
    }

    @Test(.enabled(if: SmallDisk.canBeMade, "needs to be root with the right to mount"))
    func aRunOnAFullDiskGoesOnWhenThereIsRoom() throws {
      let study = try Study.get()
      // Room for the records and one network, not for the optimiser's state.
      let disk = try SmallDisk(kibibytes: 20_000)
      let run = disk.path + "/run"
      let outcome = try insonate(["train"] + study.options + ["--out", run])
      expectRefusal(outcome, 74, naming: "fold-1.last.safetensors", "No space left")
      #expect(try shell("find '\(run)' -name '*.partial'").isEmpty)
      try disk.grow(kibibytes: 200_000)
      let resumed = try insonate(["train"] + study.options + ["--out", run, "--resume"])
      #expect(resumed.code == 0, "\(resumed.errors)")
      try expectSameRun(run, study.run)
    }

    @Test(.enabled(if: SmallDisk.canBeMade, "needs to be root with the right to mount"))
    func aReadOnlyDisk() throws {
      let study = try Study.get()
      let disk = try SmallDisk(kibibytes: 300_000)
      try shell(
        "cp -a '\(study.cohort)' '\(disk.path)/c?d #%.cohort' && cp -a '\(study.run)' '\(disk.path)/run' && mkdir '\(disk.path)/folder'"
      )
      try disk.close()
      let cohort = disk.path + "/c?d #%.cohort"
      for writer in try Self.writers(study) {
        expectRefusal(
          try insonate(writer + [disk.path + "/out"]), 73, naming: disk.path + "/out", "Read-only")
      }
      expectRefusal(try insonate("import", study.source, "--into", cohort), 73, naming: cohort)
      expectRefusal(try insonate("evaluate", disk.path + "/run"), 73, naming: disk.path + "/run")
      expectRefusal(try insonate("explain", disk.path + "/run"), 73, naming: disk.path + "/run")
      // Reading goes on.
      let summary = try object(try succeed("cohort", "summary", cohort, "--json"))
      #expect(summary["patients"] as? Int == 8)
      try succeed("cohort", "check", cohort)
      let sandbox = try Sandbox()
      try succeed("predict", disk.path + "/run", "--cohort", cohort, "--out", sandbox("p.csv"))
    }
  }
}

extension CommandTests.Forward {
  static func command() throws -> [String] {
    let files = try Self.files.get()
    return [
      "networks", "forward", "efficientnet-lite0", "--weights", files("w.safetensors"), "--input", files("x"),
      "--output",
    ]
  }
}

/// A disk in memory that is soon full.
final class SmallDisk {
  let path: String

  static let canBeMade: Bool = {
    guard geteuid() == 0 else { return false }
    return (try? SmallDisk(kibibytes: 64)) != nil
  }()

  init(kibibytes: Int) throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("disk-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    do {
      try shell("mount -t tmpfs -o size=\(kibibytes)k insonate-test '\(path)'")
    } catch {
      rmdir(path)
      throw error
    }
  }

  func grow(kibibytes: Int) throws { try shell("mount -o remount,size=\(kibibytes)k '\(path)'") }
  /// From now on read-only.
  func close() throws { try shell("mount -o remount,ro '\(path)'") }

  deinit {
    _ = try? shell("umount '\(path)' || umount -l '\(path)'")
    rmdir(path)
  }
}

/// Two runs with the same weights, scores and records, to the byte.
func expectSameRun(_ one: String, _ other: String, location: SourceLocation = #_sourceLocation) throws {
  let files = [
    "checkpoints/fold-1.safetensors", "checkpoints/fold-1.last.safetensors", "checkpoints/fold-2.safetensors",
    "checkpoints/fold-2.last.safetensors", "predictions.csv", "history.csv", "split.csv", "protocol.json",
  ]
  for file in files {
    let same =
      try Data(contentsOf: URL(fileURLWithPath: one + "/" + file))
      == Data(contentsOf: URL(fileURLWithPath: other + "/" + file))
    #expect(same, "\(file) differs", sourceLocation: location)
  }
}
