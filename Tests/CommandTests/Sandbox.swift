import Foundation
import Imaging
import Synchronization
import Testing

/// A folder that is removed with its test.
final class Sandbox: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("commands-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { remove() }

  private func remove() { try? FileManager.default.removeItem(at: url) }

  private static let kept = Mutex<[Sandbox]>([])

  private static func removeKept() {
    kept.withLock { kept in
      for sandbox in kept { sandbox.remove() }
    }
  }

  /// A folder that stays until the tests end.
  static func lasting() throws -> Sandbox {
    let sandbox = try Sandbox()
    kept.withLock { kept in
      if kept.isEmpty { atexit { Sandbox.removeKept() } }
      kept.append(sandbox)
    }
    return sandbox
  }

  /// Path of something in the folder.
  func callAsFunction(_ name: String) -> String { url.appendingPathComponent(name).path }

  func copy(_ from: String, to name: String) throws -> String {
    try shell("cp -a '\(from)' '\(self(name))'")
    return self(name)
  }

  func write(_ text: String, to name: String) throws -> String {
    let file = url.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    return file.path
  }
}

@discardableResult
func shell(_ text: String) throws -> String {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/bin/bash")
  process.arguments = ["-c", text]
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = FileHandle.nullDevice
  try process.run()
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  guard process.terminationStatus == 0 else { throw ShellFailure(text: text) }
  return String(decoding: data, as: UTF8.self)
}

struct ShellFailure: Error { let text: String }

/// Every file below a folder with its SHA-256 (large ones: size, time of change and place on the disk), and every folder:
/// equal before and after, nothing was touched.
/// - except: a name left out.
func contents(_ path: String, except: String = "-") throws -> String {
  try shell(
    "cd '\(path)' && find . -mindepth 1 ! -name '\(except)' \\( -type d -print -o -size +1M -printf '%p %s %T@ %i\\n' "
      + "-o -type f -exec sha256sum {} + \\) | LC_ALL=C sort")
}

func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

/// A simulated source, its cohort and a run on it, made once for all tests and changed by none.
struct Study {
  let source: String
  let cohort: String
  let run: String
  /// What `run` was made with.
  let options: [String]
  let outcome: Outcome

  static let protocolFile = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Protocols/liver-bmode.json").path

  /// Overrides that make a run as small as it can be.
  static let small = [
    "input.size=64", "training.epochs=2", "training.batchSize=4", "training.threads=2", "validation.folds=2",
    "network.weights=none", "network.name=efficientnet-lite0",
  ].flatMap { ["--set", $0] }

  static let made = Result { try Study() }
  static func get() throws -> Study { try made.get() }

  private init() throws {
    let sandbox = try Sandbox.lasting()
    (source, cohort, run) = (sandbox("source"), sandbox("liver.cohort"), sandbox("run"))
    try succeed("simulate", "liver", "--patients", "8", "--images-per-lesion", "1", "--seed", "3", "--out", source)
    try succeed("import", source, "--into", cohort)
    options = [Self.protocolFile, "--cohort", cohort] + Self.small
    outcome = try insonate(["run"] + options + ["--out", run, "--json"])
    #expect(outcome.code == 0, "\(outcome.errors)")
  }
}

/// Everything the program is asked as a whole; one at a time, since each uses all cores.
@Suite(.serialized) struct CommandTests {}

func picture(width: Int, height: Int, value: UInt8 = 200) throws -> Data {
  Data(
    try PNG.encode(GreyImage(width: width, height: height, pixels: [UInt8](repeating: value, count: width * height))))
}
