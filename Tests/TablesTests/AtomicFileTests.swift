import Foundation
import Tables
import Testing

final class AtomicFileTests {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("atomic-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func contents() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path) }

  @Test func writesAndReplaces() throws {
    let file = folder.appendingPathComponent("a.txt")
    try AtomicFile.write("one", to: file)
    try AtomicFile.write([UInt8]("two".utf8), to: file)
    #expect(try String(contentsOf: file, encoding: .utf8) == "two")
    #expect(try contents() == ["a.txt"])
  }

  @Test(arguments: ["missing/a.txt", "plain/a.txt"]) func cannotCreate(path: String) throws {
    // A regular file stands where a folder is needed: refused for root too, unlike a read-only folder.
    try AtomicFile.write("x", to: folder.appendingPathComponent("plain"))
    let file = folder.appendingPathComponent(path)
    let error = #expect(throws: OutputError.self) { try AtomicFile.write("y", to: file) }
    guard case .cannotCreate(file.path, _) = error else {
      Issue.record("expected cannotCreate, found \(String(describing: error))")
      return
    }
    #expect(try contents() == ["plain"])
  }

  @Test func aFolderIsNotReplaced() throws {
    #expect(throws: OutputError.cannotCreate(path: folder.path, reason: "it is a folder")) {
      try AtomicFile.write("y", to: folder)
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full"))
  func aFullDiskIsNamedAndDevicesAreNotReplaced() {
    let full = URL(fileURLWithPath: "/dev/full")
    #expect(throws: OutputError.writeFailed(path: "/dev/full", reason: "No space left on device")) {
      try AtomicFile.write("y", to: full)
    }
    #expect(FileManager.default.fileExists(atPath: "/dev/full"))
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self"), "needs /proc"))
  func aReadOnlyFolderIsNamed() throws {
    let table = try Table(columns: ["a"], rows: [], source: "m")
    let error = #expect(throws: TableError.self) { try table.write(to: URL(fileURLWithPath: "/proc/a.csv")) }
    guard case .output(.cannotCreate("/proc/a.csv", _)) = error else {
      Issue.record("expected cannotCreate, found \(String(describing: error))")
      return
    }
  }
}
