import ArgumentParser
import DICOM
import Foundation
import Imaging
import Synchronization
import Tables

extension DICOMCommand {
  struct Frames: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes each frame as a PNG of 8-bit RGB, named in the order of the frames.",
      discussion: """
        Grey goes through the file's rescale and first window; without a window 8-bit grey stays as it is and deeper grey is \
        spread from its smallest to its largest value over all frames.
        """)
    @Argument(help: "The DICOM file.") var file: String
    @Option(help: "The folder to make; one that is there must be empty.") var out: String
    @OptionGroup var output: OutputOptions

    private struct Summary: Encodable {
      let folder: String, frames: Int, rows: Int, columns: Int
      let notes: [String]
    }

    func run() throws {
      let opened = try DICOMFile(URL(fileURLWithPath: file))
      let reader = try FrameReader(opened)
      let folder = try FrameFolder(URL(fileURLWithPath: out))
      let progress = ItemProgress(what: "frames written")
      // How many frames are written, and notes by frame.
      let done = Mutex((count: 0, notes: [Int: String]()))
      do {
        try reader.forEachFrame(upTo: ProcessInfo.processInfo.activeProcessorCount) { index, frame in
          try folder.write(PNG.encode(try reader.rgb(frame)), index: index, of: reader.frameCount)
          done.withLock { done in
            if !frame.isWhole {
              done.notes[index] =
                "frame \(index + 1) is only \(frame.filled.columns) x \(frame.filled.rows); the rest is black"
            }
            done.count += 1
            progress(done.count, reader.frameCount)
          }
        }
        try folder.publish()
      } catch {
        folder.discard()
        throw error
      }
      let notes = opened.notes + done.withLock { $0.notes.sorted { $0.key < $1.key }.map(\.value) }
      let (rows, columns) = (reader.layout.rows, reader.layout.columns)
      try output.print(
        Summary(folder: out, frames: reader.frameCount, rows: rows, columns: columns, notes: notes),
        lines: ["\(reader.frameCount) frames of \(columns) x \(rows) in \(out)"] + notes.map { "note: \($0)" })
    }
  }
}

/// A folder of frames that gets its name when it is whole.
private struct FrameFolder: Sendable {
  private let folder: URL
  private let beside: URL

  init(_ folder: URL) throws(OutputError) {
    self.folder = folder
    let path = folder.path
    if let there = try? FileManager.default.contentsOfDirectory(atPath: path), !there.isEmpty {
      throw .cannotCreate(path: path, reason: "it is there and not empty")
    }
    beside = folder.deletingLastPathComponent()
      .appending(path: ".\(folder.lastPathComponent).\(getpid())-\(UInt32.random(in: 0...UInt32.max)).partial")
    guard mkdir(beside.path, 0o777) == 0 else { throw .creating(path, code: errno) }
  }

  func write(_ bytes: [UInt8], index: Int, of count: Int) throws(OutputError) {
    let digits = String(index + 1)
    let width = max(4, String(count).count)
    let name = "frame-" + String(repeating: "0", count: width - digits.count) + digits + ".png"
    try AtomicFile.write(bytes, to: beside.appending(path: name), flush: false)
  }

  func publish() throws(OutputError) {
    guard rename(beside.path, folder.path) == 0 else { throw .creating(folder.path, code: errno) }
  }

  func discard() { try? FileManager.default.removeItem(at: beside) }
}
