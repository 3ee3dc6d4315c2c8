import ArgumentParser
import Foundation
import Tables

struct OutputOptions: ParsableArguments {
  @Flag(help: "Print one JSON object on standard output; messages go to standard error.")
  var json = false

  /// Prints `value` as JSON if asked for, else the lines.
  func print(_ value: some Encodable, lines: @autoclosure () -> [String]) throws {
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try Output.result(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
    } else {
      try Output.result(lines().joined(separator: "\n") + "\n")
    }
  }
}

enum Output {
  static let isTerminal = isatty(STDERR_FILENO) == 1

  /// A line on standard error.
  static func error(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

  /// What the command was asked for, on standard output. A full disk there is an error; a reader that went away is none.
  static func result(_ text: String) throws(OutputError) {
    let code = write(text, to: STDOUT_FILENO)
    guard code == 0 || code == EPIPE else {
      throw .writeFailed(path: "standard output", reason: String(cString: strerror(code)))
    }
  }

  /// 0, or the errno of the write that failed.
  @discardableResult
  static func write(_ text: String, to descriptor: Int32) -> Int32 {
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let written = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress?.advanced(by: done), bytes.count - done)
      }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return written == 0 ? EIO : errno }
      done += written
    }
    return 0
  }
}
