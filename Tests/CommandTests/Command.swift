import Foundation
import Testing

/// What a finished command left.
struct Outcome {
  let arguments: [String]
  let code: Int32
  /// The signal that ended it, if one did.
  let signal: Int32?
  let output: String
  let errors: String

  /// Lines of standard error that are the message of a refusal.
  var messages: [Substring] {
    errors.split(separator: "\n").filter { $0.hasPrefix("insonate: ") || $0.hasPrefix("Error: ") }
  }
}

/// The `insonate` that was built beside the test bundle, started as a user starts it.
final class Command {
  private let process = Process()
  private let arguments: [String]
  private let folder: URL

  /// Found in this process's memory map, since the bundle is either the program or loaded by it.
  static let program: URL = {
    let maps = (try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)) ?? ""
    let bundle = maps.split(separator: "\n").compactMap { line in line.firstIndex(of: "/").map { String(line[$0...]) } }
      .first { $0.hasSuffix(".xctest") }
    return URL(fileURLWithPath: bundle ?? "/").deletingLastPathComponent().appendingPathComponent("insonate")
  }()

  /// - shell: commands of bash to run first, in the process that becomes the program (limits, traps).
  init(_ arguments: [String], in place: URL? = nil, shell: String? = nil) throws {
    self.arguments = arguments
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("command-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    if let shell {
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      process.arguments = ["-c", shell + #"; exec "$0" "$@""#, Self.program.path] + arguments
    } else {
      process.executableURL = Self.program
      process.arguments = arguments
    }
    // Tests of other targets run beside this one: threads that wait must not keep a core. No number depends on it.
    process.environment = ProcessInfo.processInfo.environment.merging(["OMP_WAIT_POLICY": "PASSIVE"]) { own, _ in own }
    if let place { process.currentDirectoryURL = place }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try handle("out")
    process.standardError = try handle("err")
    try process.run()
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func handle(_ name: String) throws -> FileHandle {
    let file = folder.appendingPathComponent(name)
    try Data().write(to: file)
    return try FileHandle(forWritingTo: file)
  }

  private func text(_ name: String) -> String {
    (try? Data(contentsOf: folder.appendingPathComponent(name))).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  var isRunning: Bool { process.isRunning }
  var errors: String { text("err") }
  func kill() { Foundation.kill(process.processIdentifier, SIGKILL) }

  func finish() -> Outcome {
    process.waitUntilExit()
    let signalled = process.terminationReason == .uncaughtSignal
    return Outcome(
      arguments: arguments, code: signalled ? -1 : process.terminationStatus,
      signal: signalled ? process.terminationStatus : nil, output: text("out"), errors: text("err"))
  }
}

/// Runs the program to its end.
@discardableResult
func insonate(_ arguments: String..., shell: String? = nil) throws -> Outcome {
  try Command(arguments, shell: shell).finish()
}

func insonate(_ arguments: [String], shell: String? = nil) throws -> Outcome {
  try Command(arguments, shell: shell).finish()
}

/// Runs it to its end and expects success.
@discardableResult
func succeed(_ arguments: String..., location: SourceLocation = #_sourceLocation) throws -> Outcome {
  let outcome = try Command(arguments).finish()
  #expect(outcome.code == 0, "\(arguments): \(outcome.errors)", sourceLocation: location)
  return outcome
}

/// Expects one clear message on standard error, nothing on standard output, the exit code, and no signal.
/// - naming: what the message must hold: file, row or key.
func expectRefusal(
  _ outcome: Outcome, _ code: Int32, naming words: String..., location: SourceLocation = #_sourceLocation
) {
  let what = "\(outcome.arguments.joined(separator: " ")): code \(outcome.code), \(outcome.errors)"
  #expect(outcome.signal == nil, "ended by a signal: \(what)", sourceLocation: location)
  #expect(outcome.code == code, "\(what)", sourceLocation: location)
  #expect(outcome.output.isEmpty, "wrote on standard output: \(outcome.output)", sourceLocation: location)
  #expect(outcome.messages.count == 1, "expected one message: \(what)", sourceLocation: location)
  for word in words where !word.isEmpty {
    #expect(outcome.errors.contains(word), "not named: \(word) in \(what)", sourceLocation: location)
  }
  for trace in ["Fatal error", "Error Domain=", "NSError", "Stack dump"] {
    #expect(!outcome.errors.contains(trace), "\(what)", sourceLocation: location)
  }
}

/// The one JSON object of an output.
func object(_ outcome: Outcome, location: SourceLocation = #_sourceLocation) throws -> [String: Any] {
  let value = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
  return try #require(value as? [String: Any], "expected a JSON object: \(outcome.output)", sourceLocation: location)
}
