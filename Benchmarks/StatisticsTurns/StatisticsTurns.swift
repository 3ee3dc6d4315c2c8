// statistics-turns WORK SCORES.csv: our side of the statistics contest (bench.py). Reads a table `label,score`, prints `ready` with the
// interval it finds, then for each line `go` the milliseconds of the work, and at `quit` its peak memory.

import Foundation
import Statistics
import Tables

struct Usage: Error, CustomStringConvertible { let description = "usage: statistics-turns delong|bootstrap SCORES.csv" }

/// ROC curve, AUC and DeLong's interval, or 10,000 stratified bootstrap resamples.
func interval(_ work: String, _ scores: [Double], _ positives: [Bool]) throws -> (auc: Double, Interval) {
  switch work {
  case "delong":
    let curve = try ROCCurve(scores: scores, positives: positives)
    return (curve.auc, try DeLong(scores: scores, positives: positives).waldClipped(level: 0.95))
  case "bootstrap":
    let bootstrap = try BootstrapAUC(scores: scores, positives: positives, resamples: 10_000, seed: 1)
    return (bootstrap.auc, bootstrap.interval)
  default: throw Usage()
  }
}

func say(_ line: String) throws { try FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8)) }

/// The most memory this process ever had in RAM (VmHWM), MiB.
func peakMebibytes() throws -> Double {
  let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
  return (Double(line.filter(\.isNumber)) ?? .nan) / 1024
}

@main
enum StatisticsTurns {
  static func main() throws {
    guard CommandLine.arguments.count == 3 else { throw Usage() }
    let work = CommandLine.arguments[1]
    let table = try Table(contentsOf: URL(fileURLWithPath: CommandLine.arguments[2]))
    let scores = try table.numbers("score")
    let positives = try table.numbers("label").map { $0 == 1 }
    let found = try interval(work, scores, positives)
    try say("ready {\"auc\": \(found.auc), \"lower\": \(found.1.lower), \"upper\": \(found.1.upper)}")
    while let line = readLine(), line != "quit" {
      let start = ContinuousClock.now
      _ = try interval(work, scores, positives)
      try say(String(format: "%.3f", (ContinuousClock.now - start) / .milliseconds(1)))
    }
    try say("{\"peakMebibytes\": \(try peakMebibytes())}")
  }
}
