import Foundation
import Synchronization
import Testing
import Torch

/// ONNX Runtime, where the tests' setup has installed it.
enum Runtime {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  private static let python = root.appending(path: ".deps/venv/bin/python").path
  private static let packages = root.appending(path: ".deps/onnxruntime").path

  static let isInstalled =
    FileManager.default.isExecutableFile(atPath: python)
    && FileManager.default.fileExists(atPath: packages + "/onnxruntime")

  static let absence: Comment = "needs ONNX Runtime, which Tools/setup.sh --tests installs into .deps/onnxruntime"

  struct Job: Encodable {
    struct Run: Encodable { let inputs: String, outputs: String }
    let model: String
    let runs: [Run]
  }

  struct Failure: Error { let text: String }

  private static let worker = Mutex<Worker?>(nil)

  /// In one process for all tests, since starting it takes longer than most models.
  static func run(_ job: Job) throws {
    try worker.withLock { worker in
      let current = try worker ?? Worker(python: python, packages: packages)
      worker = current
      let answer = try current.answer(to: JSONEncoder().encode(job))
      guard answer == "done" else { throw Failure(text: answer) }
    }
  }
}

/// The script in a process; it ends when its standard input does, with the tests.
private final class Worker: Sendable {
  private let requests: FileHandle
  private let answers: FileHandle

  init(python: String, packages: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/run_onnx.py")
    process.arguments = [script.path]
    process.environment = ProcessInfo.processInfo.environment.merging(["PYTHONPATH": packages]) { $1 }
    let (input, output) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    (requests, answers) = (input.fileHandleForWriting, output.fileHandleForReading)
  }

  func answer(to request: Data) throws -> String {
    try requests.write(contentsOf: request + [UInt8(ascii: "\n")])
    var line: [UInt8] = []
    while let byte = try answers.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") { line.append(byte) }
    return String(decoding: line, as: UTF8.self)
  }
}
