import Foundation
import Imaging
import Testing

@testable import Cohort

/// Every kind of file that cannot come in: each is named with its reason, and the others are imported.
struct BadFileTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.picture("s/good.png", seed: 1)
    try folder.write(DICOMBytes(seed: 7).bytes, to: "s/good.dcm")
  }

  /// Reasons by file; what is good is in the cohort.
  private func failures() throws -> [String: String] {
    let report = try Importer.run(source: folder("s"), into: folder("a.cohort"))
    #expect(report.added == 2 && report.images == 2)
    #expect(try Catalogue.open(folder("a.cohort")).check().isSound)
    #expect(try Catalogue.open(folder("a.cohort")).importFailures() == report.failures.sorted { $0.file < $1.file })
    return Dictionary(report.failures.map { ($0.file, $0.reason) }) { first, _ in first }
  }

  @Test func filesThatAreNotWhatTheyClaim() throws {
    let whole = [UInt8](try Data(contentsOf: folder("s/good.png")))
    try folder.write("just text", to: "s/text.dcm")
    try folder.write("just text", to: "s/text.png")
    try folder.write([UInt8](), to: "s/empty.dcm")
    try folder.write([UInt8](), to: "s/empty")
    try folder.write(Array(whole.prefix(whole.count / 2)), to: "s/cut.png")
    try folder.write((0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 / 256) }, to: "s/noise")
    let clip = ClipBytes.avi(seed: 1, frames: 6)
    try folder.write(Array(clip.prefix(clip.count * 2 / 3)), to: "s/cut.avi")
    let clips = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("ImagingTests/Fixtures/clips")
    try folder.write([UInt8](try Data(contentsOf: clips.appendingPathComponent("sound.mp4"))), to: "s/sound.mp4")
    try folder.write(DICOMBytes(storage: "1.2.840.10008.5.1.4.1.1.88.11", modality: "SR").bytes, to: "s/report")
    let found = try failures()
    let expected = [
      "text.dcm": "found text", "text.png": "found text", "empty.dcm": "found an empty file",
      "empty": "found an empty file", "cut.png": "the image", "noise": "found other content", "cut.avi": "cut short",
      "sound.mp4": "moving pictures", "report": "modality SR",
    ]
    #expect(Set(found.keys) == Set(expected.keys))
    for (file, reason) in expected { #expect(found[file]?.contains(reason) == true, "\(file): \(found[file] ?? "")") }
  }

  /// A PNG that declares 60,000 x 60,000 pixels of one colour.
  @Test func aPictureThatWouldFillTheMemory() throws {
    var bytes = try PNG.encode(GreyImage(width: 8, height: 8, pixels: [UInt8](repeating: 0, count: 64)))
    bytes.replaceSubrange(16..<24, with: [0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60])
    let checksum = Self.crc(Array(bytes[12..<29]))
    bytes.replaceSubrange(29..<33, with: (0..<4).map { UInt8(truncatingIfNeeded: checksum >> (24 - 8 * UInt32($0))) })
    try folder.write(bytes, to: "s/bomb.png")
    #expect(try failures()["bomb.png"]?.contains("60000 x 60000 pixels, more than the limit") == true)
  }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(UInt32.max) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { word, _ in word & 1 == 1 ? word >> 1 ^ 0xEDB8_8320 : word >> 1 }
    }
  }

  @Test func linksPipesAndWhatMayNotBeRead() throws {
    try folder.picture("outside/x.png", seed: 5)
    let files = FileManager.default
    try files.createDirectory(at: folder("s/sub"), withIntermediateDirectories: true)
    try files.createSymbolicLink(at: folder("s/out.png"), withDestinationURL: folder("outside/x.png"))
    try files.createSymbolicLink(at: folder("s/outfolder"), withDestinationURL: folder("outside"))
    try files.createSymbolicLink(atPath: folder("s/sub/up").path, withDestinationPath: "..")
    try files.createSymbolicLink(atPath: folder("s/sub/self").path, withDestinationPath: "self")
    try files.createSymbolicLink(atPath: folder("s/gone.png").path, withDestinationPath: "nowhere.png")
    // Inside: the picture comes in once, under its first name.
    try files.createSymbolicLink(atPath: folder("s/sub/again.png").path, withDestinationPath: "../good.png")
    #expect(mkfifo(folder("s/pipe.dcm").path, 0o600) == 0)
    let found = try failures()
    let expected = [
      "out.png": "a link out of the folder", "outfolder": "a link out of the folder",
      "sub/self": "a link that leads to itself",
      "gone.png": "a link to what is not there", "pipe.dcm": "pipe or device",
    ]
    #expect(Set(found.keys) == Set(expected.keys))
    for (file, reason) in expected { #expect(found[file]?.contains(reason) == true, "\(file): \(found[file] ?? "")") }
  }

  @Test(.enabled(if: geteuid() != 0, "root may read everything")) func whatMayNotBeRead() throws {
    try folder.picture("s/locked.png", seed: 5)
    #expect(chmod(folder("s/locked.png").path, 0) == 0)
    #expect(try failures()["locked.png"]?.contains("cannot be read") == true)
  }

  @Test func aLostOrUnfitMask() throws {
    try folder.picture("s/x/a.png", seed: 5)
    try folder.mask("s/x/a_mask.png", columns: 1...2, rows: 1...2, width: 20)
    try folder.mask("s/x/lost_mask.png", columns: 1...2, rows: 1...2)
    let found = try failures()
    #expect(found["x/a.png"]?.contains("has 20 x 40 pixels, its image 48 x 40") == true)
    #expect(found["x/lost_mask.png"] == "a mask whose picture \"lost\" is missing" && found.count == 2)
  }

  @Test func whereNothingCanBeImportedNoCohortIsMade() throws {
    try FileManager.default.removeItem(at: folder("s"))
    try folder.write("text", to: "s/a.dcm")
    let report = try Importer.run(source: folder("s"), into: folder("a.cohort"))
    #expect(report.images == 0 && report.failures.count == 1)
    #expect(report.notes.contains("nothing could be imported, and no cohort was made"))
    #expect(!folder.paths.contains { $0.contains("cohort") })
  }

  /// A table is all or nothing, unless failures are allowed.
  @Test func goodRowsOfATableEnterWhereFailuresAreAllowed() throws {
    try folder.picture("outside/x.png", seed: 5)
    try folder.picture("s/b.png", seed: 6)
    let rows = [
      "patient,lesion,label,file,modality", "P1,L1,benign,good.png,b-mode", "P2,L2,benign,../outside/x.png,b-mode",
      "P3,L3,benign,\(folder("outside/x.png").path),b-mode", "P4,L4,unsure,b.png,b-mode",
      "P1,L1,malignant,b.png,b-mode",
      "P5,L5,malignant,b.png,b-mode",
    ]
    try folder.write(rows.joined(separator: "\n") + "\n", to: "s/t.csv")
    let problems = importProblems(folder("s/t.csv"), into: folder("a.cohort"))
    let places = problems.map { $0.place.split(separator: ":").last ?? "" }
    #expect(places == ["3", "4", "5", "6"])
    #expect(problems[0].message == "file \"../outside/x.png\" lies outside the folder of the table and the source")
    #expect(!folder.paths.contains { $0.contains("cohort") })
    let report = try Importer.run(
      source: folder("s/t.csv"), into: folder("a.cohort"), options: ImportOptions(allowsFailures: true))
    #expect(report.added == 2 && report.failures.map(\.file) == problems.map(\.place))
    #expect(try Catalogue.open(folder("a.cohort")).images().map(\.lesion).sorted() == ["L1", "L5"])
  }
}
