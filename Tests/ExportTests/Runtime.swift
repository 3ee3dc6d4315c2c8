import Foundation
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

  /// All jobs in one process, since starting it takes longer than most models.
  static func run(_ jobs: [Job], in folder: URL) throws {
    let list = folder.appending(path: "jobs.json")
    try JSONEncoder().encode(jobs).write(to: list)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/run_onnx.py")
    process.arguments = [script.path, list.path]
    process.environment = ProcessInfo.processInfo.environment.merging(["PYTHONPATH": packages]) { $1 }
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(text: text) }
  }

  struct Failure: Error { let text: String }
}
