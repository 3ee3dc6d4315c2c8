import ArgumentParser
import Foundation
import Networks
import Torch

/// Does the work when a line on standard input says `go`, and answers with the milliseconds it took.
struct Turns {
  private let work: String
  private let options: WorkOptions

  init(work: String, _ options: WorkOptions) { (self.work, self.options) = (work, options) }

  func serve(_ body: () throws(TorchError) -> Void) throws {
    let device = try Device(named: options.device)
    for _ in 0..<options.warmUp { try body() }
    try Machine.synchronize(device)
    try say("ready " + json(Ready(options, work: work, libtorch: Machine.libtorchVersion(), device: device)))
    turns: while let line = readLine() {
      switch line {
      case "go":
        let start = ContinuousClock.now
        try body()
        try Machine.synchronize(device)
        try say(String(format: "%.4f", (ContinuousClock.now - start) / .milliseconds(1)))
      case "quit": break turns
      default: throw ValidationError("expected a line go or quit, found \(line)")
      }
    }
    try say(json(Peak(peakMebibytes: Peak.residentMebibytes())))
  }

  private func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// Unbuffered, since the reader waits for the line.
  private func say(_ line: String) throws { try FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8)) }
}

/// What is run, so that a reader of the numbers need not trust the command line.
private struct Ready: Encodable {
  let work, network, precision, device, libtorch: String
  let batch, size, frames, threads: Int
  let checkpointing: Bool

  init(_ options: WorkOptions, work: String, libtorch: String, device: Device) throws(TorchError) {
    (self.work, self.libtorch) = (work, libtorch)
    (network, precision) = (options.network.rawValue, options.precision.rawValue)
    (batch, size, frames) = (options.batch, options.rows, options.clipFrames)
    (threads, checkpointing) = (try Machine.threads(), options.checkpointing)
    self.device = "\(device)"
  }
}

private struct Peak: Encodable {
  let peakMebibytes: Double?

  /// The most memory this process ever had in RAM, as the kernel counts it (VmHWM); nil where it does not say.
  static func residentMebibytes() -> Double? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    let kibibytes = line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Double($0) }
    return kibibytes.map { $0 / 1024 }
  }
}
