import Foundation
import Imaging
import Tables

/// A cohort folder in the making: files go into a folder beside the final one, which is renamed when whole.
struct CohortFolder: Sendable {
  private let final: URL
  private let beside: URL

  /// Makes the unfinished folder with `images/` and `masks/` in it.
  init(final: URL) throws(SimulationError) {
    self.final = final
    guard !FileManager.default.fileExists(atPath: final.path) else { throw .exists(path: final.path) }
    let name = ".\(final.lastPathComponent).\(getpid())-\(UInt32.random(in: 0...UInt32.max)).partial"
    beside = final.deletingLastPathComponent().appendingPathComponent(name)
    for folder in [beside, beside.appendingPathComponent("images"), beside.appendingPathComponent("masks")] {
      guard mkdir(folder.path, 0o777) == 0 else {
        let failure = OutputError.creating(final.path, code: errno)
        discard()
        throw .output(failure)
      }
    }
  }

  /// - Parameter pixels: size x size grey levels.
  func writeGrey(_ pixels: [UInt8], size: Int, to name: String) throws(SimulationError) {
    try writeImage(to: name) { () throws(ImagingError) in
      try PNG.encode(GreyImage(width: size, height: size, pixels: pixels))
    }
  }

  /// - Parameter pixels: size x size x 3 values, red, green and blue together.
  func writeColor(_ pixels: [UInt8], size: Int, to name: String) throws(SimulationError) {
    try writeImage(to: name) { () throws(ImagingError) in
      try PNG.encode(RGBImage(width: size, height: size, pixels: pixels))
    }
  }

  private func writeImage(
    to name: String, encoded: () throws(ImagingError) -> [UInt8]
  ) throws(SimulationError) {
    let bytes: [UInt8]
    do {
      bytes = try encoded()
    } catch {
      throw .output(.writeFailed(path: final.appendingPathComponent(name).path, reason: "\(error)"))
    }
    try write(bytes, to: name)
  }

  func write(_ rows: TableRows, to name: String) throws(SimulationError) {
    let text: String
    do {
      text = try Table(columns: rows.columns, rows: rows.rows, source: name).csv()
    } catch {
      throw .record(path: name, reason: error.description)
    }
    try write(text, to: name)
  }

  func write(record: SimulationRecord) throws(SimulationError) {
    let data: Data
    do {
      data = try record.json()
    } catch {
      throw .record(path: "simulation.json", reason: "\(error)")
    }
    try write(Array(data) + [10], to: "simulation.json")
  }

  func write(_ text: String, to name: String) throws(SimulationError) { try write(Array(text.utf8), to: name) }

  /// The folder as a whole is renamed, so its files need no care of their own.
  private func write(_ bytes: [UInt8], to name: String) throws(SimulationError) {
    let (path, shown) = (beside.appendingPathComponent(name).path, final.appendingPathComponent(name).path)
    guard let file = fopen(path, "wb") else { throw .output(.creating(shown, code: errno)) }
    let written = fwrite(bytes, 1, bytes.count, file)
    let code = errno
    guard fclose(file) == 0, written == bytes.count else {
      throw .output(.writeFailed(path: shown, reason: String(cString: strerror(code == 0 ? errno : code))))
    }
  }

  func finish() throws(SimulationError) {
    // rename(2) would take the place of an empty folder made meanwhile, which loses nothing.
    guard rename(beside.path, final.path) == 0 else { throw .output(.creating(final.path, code: errno)) }
  }

  func discard() { try? FileManager.default.removeItem(at: beside) }
}
