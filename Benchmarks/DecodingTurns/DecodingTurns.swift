// decoding-turns WORK FILE: our side of the decoding contest (bench.py). Prints `ready` with the file's frames, then for each
// line `go` opens the file anew, decodes all frames and prints the milliseconds that took, and at `quit` its peak memory.

import DICOM
import Foundation
import Imaging
import Synchronization

struct Usage: Error, CustomStringConvertible { let description = "usage: decoding-turns rgb|tensors FILE" }

enum Work: String { case rgb, tensors }

/// The sum of every 997th value, as the peer takes it.
func sample<Value: BinaryInteger>(_ values: [Value]) -> Double {
  stride(from: 0, to: values.count, by: 997).reduce(0) { $0 + Double(values[$1]) }
}

func sample(_ values: [Float]) -> Double {
  stride(from: 0, to: values.count, by: 997).reduce(0) { $0 + Double(values[$1]) }
}

/// Every frame, by as many threads as there are cores; nothing is kept but a sum that the compiler cannot leave out.
func decode(_ file: URL, _ work: Work) throws -> Double {
  let reader = try FrameReader(DICOMFile(file))
  let sum = Mutex(0.0)
  try reader.forEachFrame(upTo: ProcessInfo.processInfo.activeProcessorCount) { _, frame in
    let image = try reader.rgb(frame)
    let part =
      switch work {
      case .rgb: sample(image.pixels)
      case .tensors: sample(image.unitPlanes())
      }
    sum.withLock { $0 += part }
  }
  return sum.withLock { $0 }
}

func say(_ line: String) throws { try FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8)) }

/// The most memory this process ever had in RAM (VmHWM), MiB.
func peakMebibytes() throws -> Double {
  let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
  return (Double(line.filter(\.isNumber)) ?? .nan) / 1024
}

@main
enum DecodingTurns {
  static func main() throws {
    guard CommandLine.arguments.count == 3, let work = Work(rawValue: CommandLine.arguments[1]) else { throw Usage() }
    let file = URL(fileURLWithPath: CommandLine.arguments[2])
    let reader = try FrameReader(DICOMFile(file))
    let layout = reader.layout
    let sum = try decode(file, work)
    try say(
      "ready {\"frames\": \(reader.frameCount), \"rows\": \(layout.rows), \"columns\": \(layout.columns), \"sum\": \(sum)}"
    )
    while let line = readLine(), line != "quit" {
      let start = ContinuousClock.now
      _ = try decode(file, work)
      try say(String(format: "%.3f", (ContinuousClock.now - start) / .milliseconds(1)))
    }
    try say("{\"peakMebibytes\": \(try peakMebibytes())}")
  }
}
