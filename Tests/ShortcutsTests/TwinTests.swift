import Foundation
import Imaging
import Tables
import Testing
import Ultrasound

@testable import Cohort
@testable import Shortcuts

/// Twins: what was drawn is gone, and nothing else differs.
@Suite struct TwinTests {
  @Test(arguments: 31...34) func marksAreFilledAndNothingElseChanges(seed: UInt64) {
    let clean = Drawn(seed: seed)
    var drawn = clean
    drawn.calipers()
    drawn.write("LT3", 20, 170)
    let reading = StillReading(of: drawn.picture)
    let twin = Twin.without(Set(MarkKind.allCases), drawn.picture, reading: reading)
    for index in twin.mask.pixels.indices where twin.mask.pixels[index] == 0 {
      for channel in 0..<3 { #expect(twin.picture.pixels[3 * index + channel] == drawn.pixels[3 * index + channel]) }
    }
    #expect(drawn.truth.allSatisfy { twin.mask.pixels[$0] == 255 })
    #expect(StillReading(of: twin.picture).marks.isEmpty)
    // No ink is left: what stands there is as bright as speckle.
    #expect(drawn.truth.allSatisfy { twin.picture.pixels[3 * $0] <= 180 })
    let quality = FillQuality(twin.picture, mask: twin.mask)
    #expect(quality.places > 0)
    #expect((quality.meanWithin ?? 0) >= 0.5 && (quality.speckleWithin ?? 0) >= 0.5)
    #expect((quality.speckleRatio ?? 0) > 0.75 && (quality.speckleRatio ?? 9) < 1.25)
  }

  @Test func plantedMarksAreFoundWhereTheyWerePut() {
    var donor = Drawn(seed: 41)
    donor.calipers()
    let plain = Drawn(width: 260, height: 220, seed: 42).picture
    let twin = Twin.planted(
      [.caliper], from: donor.picture, StillReading(of: donor.picture), donorRegion: nil, onto: plain, region: nil)
    #expect(StillReading(of: twin.picture).has(.caliper))
    for index in twin.mask.pixels.indices where twin.mask.pixels[index] == 0 {
      #expect(twin.picture.pixels[3 * index] == plain.pixels[3 * index])
    }
  }

  @Test func aCohortOfTwinsImportsAgain() throws {
    let base = FileManager.default.temporaryDirectory.appending(path: "twins-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: base) }
    for (place, label) in ["benign", "benign", "malignant"].enumerated() {
      let folder = base.appending(path: "source/\(label)/images")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      var drawn = Drawn(seed: UInt64(51 + place))
      if place > 0 { drawn.calipers() }
      try Data(try PNG.encode(drawn.picture)).write(to: folder.appending(path: "p\(place).png"))
    }
    _ = try Importer.run(source: base.appending(path: "source"), into: base.appending(path: "c.cohort"), table: nil)
    let records = try Catalogue.open(base.appending(path: "c.cohort")).images()
    let request = TwinCohort.Request(kinds: Set(MarkKind.allCases), plants: false, seed: 1)
    let twins = try TwinCohort.write(records, request: request, to: base.appending(path: "twins"))
    #expect(twins.pictures == 3 && twins.changed == 2)
    #expect(twins.marksAfter.values.allSatisfy { $0 == 0 })
    #expect(twins.residualShare == 0)
    let table = try Table(contentsOf: base.appending(path: "twins/cohort.csv"))
    #expect(try table.column("twin").sorted() == records.map(\.name).sorted())
    #expect(try table.column("twin_made").sorted() == ["filled", "filled", "unchanged"])
    let again = try Importer.run(
      source: base.appending(path: "twins"), into: base.appending(path: "t.cohort"), table: nil)
    #expect(again.images == 3)
    #expect(throws: CohortError.self) {
      try TwinCohort.write(records, request: request, to: base.appending(path: "twins"))
    }
    let planted = try TwinCohort.write(
      records, request: TwinCohort.Request(kinds: [.caliper], plants: true, seed: 1),
      to: base.appending(path: "planted"))
    #expect(planted.changed == 1 && planted.residualShare == nil)
  }

  @Test func aFileThatIsGoneIsNamed() throws {
    let record = ImageRecord(
      id: 1, name: "gone.png", patient: "p", lesion: "l", label: .benign, modality: .bMode,
      file: URL(fileURLWithPath: "/nowhere/gone.png"), width: 1, height: 1)
    let readings = CohortReadings(of: [record], columns: [])
    #expect(readings.pictures.isEmpty)
    #expect(readings.failures.first?.hasPrefix("gone.png: ") == true)
  }
}
