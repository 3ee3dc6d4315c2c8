import Annotations
import Foundation
import Imaging
import Testing
import Ultrasound

@testable import Cohort

/// Regions carried through a clip of smooth texture that moves 2 pixels a frame to the right.
struct RegionsTrackTests {
  let folder: TemporaryFolder
  let catalogue: Catalogue
  static let frames = 14

  /// The texture is moved; from frame `cut` on it is another one.
  private static func clip(cut: Int = .max) -> [UInt8] {
    func value(_ x: Int, _ y: Int, _ seed: Int) -> UInt8 {
      let (x, y) = (Double(x), Double(y))
      let phase = Double(seed) * 1.7
      let sum =
        sin(x * 0.31 + y * 0.12 + phase) + sin(x * 0.11 - y * 0.27 + 2 * phase)
        + sin(x * 0.07 + y * 0.05 + phase)
        * sin(y * 0.4 + 3 * phase)
      return UInt8(min(max(128 + 38 * sum, 0), 255))
    }
    return ClipBytes.avi(
      (0..<frames).map { frame in
        let pixels = (0..<96).flatMap { y in
          (0..<128).map { x in frame < cut ? value(x - 2 * frame, y, 1) : value(2 * y + x, 5 * x, 9) }
        }
        return GreyImage(width: 128, height: 96, pixels: pixels)
      })
  }

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(Self.clip(), to: "s/c.avi")
    try folder.write(Self.clip(cut: 9), to: "s/cut.avi")
    try folder.picture("s/a.png", seed: 1)
    _ = try Importer.run(source: folder("s"), into: folder("a.cohort"))
    catalogue = try Catalogue.open(folder("a.cohort"))
  }

  private func lesion(_ frame: Int?, x: Double, side: Double = 24, role: RegionOfInterest.Role = .lesion)
    -> RegionOfInterest
  {
    RegionOfInterest(
      role: role, shape: .box(PixelBox(x: x, y: 30, width: side, height: side)), frame: frame, label: nil,
      name: "mass")
  }

  private func draw(_ regions: [RegionOfInterest], in clip: String = "c.avi") throws {
    let picture = AnnotatedPicture(pictureName: clip, width: 128, height: 96, regions: regions)
    try folder.write([UInt8](try AnnotationFile.json([picture])), to: "marks.json")
    #expect(try catalogue.annotate([folder("marks.json")]).failures.isEmpty)
  }

  @Test func aRegionIsCarriedBothWaysAndReplacedWhenRunAgain() throws {
    let drawn = lesion(5, x: 40)
    try draw([drawn, lesion(5, x: 90, side: 3, role: .calcification)])
    let report = try catalogue.track(images: ["c.avi"])
    let clip = try #require(report.clips.first)
    #expect(clip.frames == 14 && clip.drawnFrames == 1 && clip.trackedFrames == 13 && clip.lesionFrames == 14)
    // Too small to be followed, either way.
    #expect(clip.losses.map(\.isForwards) == [true, false])
    #expect(clip.losses.allSatisfy { $0.role == .calcification && $0.drawnFrame == 5 && $0.lastFrame == 5 })
    #expect(clip.losses.first?.reason.contains("6 x 6 pixels or more, found 3.0 x 3.0") == true)
    let record = try #require(try catalogue.images().first { $0.name == "c.avi" })
    for frame in 0..<Self.frames {
      let box = try #require(record.frameRegions[frame])
      #expect(abs(box.x - (40 + 2 * Double(frame - 5))) < 1 && abs(box.y - 30) < 1, "frame \(frame): \(box)")
    }
    let regions = try catalogue.regionsOfInterest(of: record)
    let tracked = regions.filter { $0.origin == .tracked }
    #expect(tracked.count == 13 && regions.contains(drawn))
    #expect(tracked.allSatisfy { ($0.confidence ?? 0) >= 0.5 && $0.name == "mass" })
    #expect(try catalogue.check().problems.isEmpty)
    let again = try catalogue.track(jobs: 1)
    #expect(try again == report && catalogue.regionsOfInterest(of: record) == regions)
    // And back from an export as it was.
    try Exporter.run(catalogue, to: folder("out"))
    var copy = try Importer.run(source: folder("out"), into: folder("b.cohort"))
    try Importer.annotate(&copy, source: folder("out"))
    #expect(try Catalogue.open(folder("b.cohort")).contentHash() == catalogue.contentHash())
  }

  /// The second is drawn 6 pixels beside the first's way, so that one can tell from which a frame was carried.
  @Test func betweenTwoDrawnFramesEachTakesOne() throws {
    try draw([lesion(2, x: 34), lesion(11, x: 58)])
    let report = try catalogue.track(images: ["c.avi"])
    #expect(report.clips.first?.trackedFrames == 12 && report.clips.first?.losses.isEmpty == true)
    let record = try #require(try catalogue.images().first { $0.name == "c.avi" })
    func shift(_ frame: Int) -> Double { (record.frameRegions[frame]?.x ?? -100) - (30 + 2 * Double(frame)) }
    for frame in [0, 1, 2, 3] { #expect(abs(shift(frame)) < 1.5, "frame \(frame)") }
    for frame in [10, 11, 12, 13] { #expect(abs(shift(frame) - 6) < 1.5, "frame \(frame)") }
    let regions = try catalogue.regionsOfInterest(of: record)
    #expect(Set(regions.map(\.frame)).count == 14 && regions.count == 14)
    #expect(regions.filter { $0.origin == .drawn }.map(\.frame) == [2, 11])
  }

  @Test func aCutEndsTheWayAndIsNamed() throws {
    try draw([lesion(4, x: 38)], in: "cut.avi")
    let clip = try #require(try catalogue.track().clips.first)
    #expect(clip.image == "cut.avi" && clip.trackedFrames == 8 && clip.lesionFrames == 9)
    try #require(clip.losses.count == 1)
    #expect(clip.losses[0].lastFrame == 8 && clip.losses[0].isForwards && clip.losses[0].drawnFrame == 4)
    let record = try #require(try catalogue.images().first { $0.name == "cut.avi" })
    #expect(record.frameRegions.keys.sorted() == Array(0...8))
  }

  @Test func whatCannotBeTrackedIsSaid() throws {
    #expect(try catalogue.track().clips.isEmpty)
    func reason(_ name: String) -> String? {
      do {
        _ = try catalogue.track(images: [name])
        return nil
      } catch { return error.description }
    }
    #expect(reason("z.avi") == "image \"z.avi\": the cohort has no image of this name")
    #expect(reason("a.png") == "image \"a.png\": it is no clip")
    #expect(reason("c.avi") == "image \"c.avi\": no region is drawn in a frame of it")
    try draw([lesion(5, x: 40)])
    let file = try #require(try catalogue.images().first { $0.name == "c.avi" }).file
    try Data("no clip".utf8).write(to: file)
    let report = try catalogue.track()
    #expect(report.clips.isEmpty && report.failures.map(\.file) == ["c.avi"])
    #expect(try catalogue.regionsOfInterest()["c.avi"]?.count == 1)
  }
}
