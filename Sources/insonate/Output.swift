import ArgumentParser
import Foundation

struct OutputOptions: ParsableArguments {
  @Flag(help: "Print one JSON object on standard output; messages go to standard error.")
  var json = false

  /// Prints `value` as JSON if asked for, else the lines.
  func print(_ value: some Encodable, lines: @autoclosure () -> [String]) throws {
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      Output.write(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n", to: STDOUT_FILENO)
    } else {
      Output.write(lines().joined(separator: "\n") + "\n", to: STDOUT_FILENO)
    }
  }
}

enum Output {
  static let isTerminal = isatty(STDERR_FILENO) == 1

  /// A line on standard error.
  static func error(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

  static func write(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress?.advanced(by: done), bytes.count - done) }
      // A reader that went away ends the output, not the work.
      guard written > 0 else { return }
      done += written
    }
  }
}
