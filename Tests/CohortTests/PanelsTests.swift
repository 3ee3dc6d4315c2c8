import Annotations
import Foundation
import Imaging
import Testing
import Ultrasound

@testable import Cohort

/// Screens of two panels as pairs of images of a cohort (S1-09).
struct PanelsTests {
  private static let (width, height) = (120, 100)
  private static let (left, right, top) = (20.0, 146.0, 30.0)
  let folder: TemporaryFolder

  private static func tissue(_ x: Int, _ y: Int, seed: UInt32) -> UInt8 {
    var hash = UInt32(truncatingIfNeeded: x / 2 * 7919 + y / 2 * 104_729) &+ seed &* 2_654_435_761
    hash = (hash ^ (hash >> 15)) &* 2_246_822_519
    hash = (hash ^ (hash >> 13)) &* 3_266_489_917
    return UInt8(40 + (hash >> 16) % 160)
  }

  /// Flow on the left of its B-mode picture, or one picture alone.
  private static func screen(seed: UInt32, isPair: Bool = true) -> RGBImage {
    let (wide, high) = (2 * width + 46, height + 60)
    var pixels = [UInt8](repeating: 0, count: wide * high * 3)
    for (place, hasFlow) in isPair ? [(20, true), (146, false)] : [(20, false)] {
      for y in 0..<height {
        for x in 0..<width {
          let (at, level) = (((30 + y) * wide + place + x) * 3, tissue(x, y, seed: seed))
          let isFlow = hasFlow && (x - 60) * (x - 60) + (y - 50) * (y - 50) < 400
          let colour: [UInt8] = !isFlow ? [level, level, level] : x < 60 ? [210, 30, 10] : [10, 40, 220]
          for channel in 0..<3 { pixels[at + channel] = colour[channel] }
        }
      }
    }
    return RGBImage(width: wide, height: high, pixels: pixels)
  }

  private static func mask(_ box: PixelBox) -> GreyImage {
    let (wide, high) = (2 * width + 46, height + 60)
    return GreyImage(
      width: wide, height: high,
      pixels: (0..<wide * high).map { at in
        let (x, y) = (Double(at % wide), Double(at / wide))
        return x >= box.x && x < box.maxX && y >= box.y && y < box.maxY ? 255 : 0
      })
  }

  init() throws {
    folder = try TemporaryFolder()
    for (name, seed) in [("one", 1), ("two", 2), ("drawn", 3)] as [(String, UInt32)] {
      try folder.write(PNG.encode(Self.screen(seed: seed)), to: "s/\(name).png")
    }
    try folder.write(PNG.encode(Self.screen(seed: 4, isPair: false)), to: "s/single.png")
    try folder.write(
      PNG.encode(Self.mask(PixelBox(x: Self.right + 30, y: Self.top + 40, width: 20, height: 10))), to: "s/mask.png")
    try folder.write(
      Array(
        """
        patient,lesion,label,file,modality,mask,roi_x,roi_y,roi_width,roi_height,site,age
        p1,l1,malignant,one.png,b-mode,mask.png,,,,,A,61
        p2,l2,benign,two.png,b-mode,,30,40,20,15,A,
        p3,l3,benign,drawn.png,b-mode,,,,,,B,44
        p4,l4,malignant,single.png,b-mode,,,,,,B,50

        """.utf8), to: "s/cohort.csv")
    _ = try Importer.run(source: folder("s"), into: folder("a.cohort"))
  }

  private func open() throws -> Catalogue { try Catalogue.open(folder("a.cohort")) }

  private func divided() throws -> (Catalogue, PanelReport, [String: ImageRecord]) {
    let catalogue = try open()
    let report = try catalogue.divide(try catalogue.findPanels())
    return (catalogue, report, Dictionary(uniqueKeysWithValues: try catalogue.images().map { ($0.name, $0) }))
  }

  @Test func screensBecomePairsOfImagesAndOthersStay() throws {
    let (catalogue, report, images) = try divided()
    #expect(report.failures.isEmpty)
    #expect(report.pairs.map(\.image) == ["drawn.png", "one.png", "two.png"])
    #expect(report.whole.map(\.file) == ["single.png"])
    #expect(images.count == 7)
    let flow = try #require(images["two.png#color-doppler"])
    let grey = try #require(images["two.png#b-mode"])
    #expect(flow.modality == .colorDoppler && grey.modality == .bMode)
    #expect(flow.pair == "two.png" && grey.pair == "two.png")
    #expect(flow.file == grey.file && flow.lesion == "l2" && grey.label == .benign && grey.site == "A")
    #expect((flow.width, flow.height) == (grey.width, grey.height))
    // The pixels of a part are those of the screen.
    let screen = Self.screen(seed: 2)
    for image in [flow, grey] {
      let crop = try #require(image.crop)
      #expect(try PictureReader().frame(0, of: image) == screen.cropped(crop))
    }
    #expect(images["one.png#b-mode"]?.clinical["age"] == .number(61))
    // A part is a copy of no other part: they are together by their file alone.
    #expect(flow.duplicateGroup == grey.duplicateGroup)
    #expect(flow.duplicateGroup != images["one.png#b-mode"]?.duplicateGroup)
    #expect(try catalogue.check().problems.isEmpty)
    // Divided once; there is nothing more to do.
    #expect(try catalogue.divide(try catalogue.findPanels()).pairs.isEmpty)
  }

  @Test func marksOfOnePanelAreInBothInTheirOwnPixels() throws {
    let (_, _, images) = try divided()
    // A mask drawn in the right panel, 30 and 40 pixels from its corner.
    for name in ["one.png#color-doppler", "one.png#b-mode"] {
      let image = try #require(images[name])
      let region = try #require(image.region)
      #expect(abs(region.x - 30) <= 2 && abs(region.y - 40) <= 2, "\(region)")
      #expect((region.width, region.height) == (19, 9))
      let mask = try Stills.decode(try #require(image.masks.first)).grey()
      #expect((mask.width, mask.height) == (image.width, image.height))
      #expect(mask.pixels.count { $0 > 127 } == 200)
    }
    // A box of the table in the left panel.
    for name in ["two.png#color-doppler", "two.png#b-mode"] {
      let region = try #require(images[name]?.region)
      #expect(abs(region.x - 10) <= 2 && abs(region.y - 10) <= 2 && region.width == 20 && region.height == 15)
    }
  }

  @Test func whatWasAnnotatedMovesWithItsPanel() throws {
    let catalogue = try open()
    func box(_ x: Double, _ role: RegionOfInterest.Role = .lesion) -> RegionOfInterest {
      RegionOfInterest(role: role, shape: .box(PixelBox(x: x, y: 60, width: 16, height: 12)))
    }
    // A lesion drawn in both, a background in one.
    let marks = [box(Self.left + 20), box(Self.right + 26), box(Self.right + 70, .background)]
    let screen = Self.screen(seed: 3)
    try folder.write(
      [UInt8](
        try AnnotationFile.json([
          AnnotatedPicture(pictureName: "drawn.png", width: screen.width, height: screen.height, regions: marks)
        ])), to: "marks.json")
    #expect(try catalogue.annotate([folder("marks.json")]).failures.isEmpty)
    let report = try catalogue.divide(try catalogue.findPanels(images: ["drawn.png"]))
    #expect(report.pairs.count == 1 && report.failures.isEmpty)
    let regions = try catalogue.regionsOfInterest()
    for (name, lesion) in [("drawn.png#color-doppler", 20.0), ("drawn.png#b-mode", 26)] {
      let own = try #require(regions[name])
      #expect(own.map(\.role).sorted { $0.rawValue < $1.rawValue } == [.background, .lesion])
      for region in own {
        guard case .box(let box) = region.shape else { throw Wrong() }
        #expect(abs(box.x - (region.role == .lesion ? lesion : 70)) <= 2 && box.width == 16 && region.origin == .drawn)
      }
    }
    let image = try #require(try catalogue.images().first { $0.name == "drawn.png#b-mode" })
    #expect(image.backgroundRegion?.width == 16 && image.region?.width == 16)
    #expect(try catalogue.check().problems.isEmpty)
  }

  @Test func theSourceAgainAndTheExportChangeNothing() throws {
    let (catalogue, _, _) = try divided()
    let before = try catalogue.contentHash()
    let again = try Importer.run(source: folder("s"), into: folder("a.cohort"))
    #expect(again.added == 0 && again.unchanged == 4)
    // Touched files are read again.
    try folder.write(PNG.encode(Self.screen(seed: 1)), to: "s/one.png")
    #expect(try Importer.run(source: folder("s"), into: folder("a.cohort")).added == 0)
    #expect(try open().contentHash() == before)
    try Exporter.run(try open(), to: folder("out"))
    _ = try Importer.run(source: folder("out"), into: folder("b.cohort"))
    #expect(try Catalogue.open(folder("b.cohort")).contentHash() == before)
  }

  @Test func panelsOfAClipAreClips() throws {
    let grey = (0..<5).map { Self.screen(seed: UInt32(10 + $0)) }
    try folder.write(DICOMBytes.colour(grey), to: "d/cine.dcm")
    _ = try Importer.run(source: folder("d"), into: folder("d.cohort"))
    let catalogue = try Catalogue.open(folder("d.cohort"))
    let report = try catalogue.divide(try catalogue.findPanels())
    #expect(report.pairs.count == 1)
    let images = try catalogue.images()
    #expect(images.map(\.name) == ["cine.dcm#b-mode", "cine.dcm#color-doppler"])
    for image in images {
      #expect(image.extent == .clip(frames: 5))
      let crop = try #require(image.crop)
      #expect(try PictureReader().frame(3, of: image) == grey[3].cropped(crop))
    }
    #expect(try Importer.run(source: folder("d"), into: folder("d.cohort")).added == 0)
  }

  @Test func aMarkBesideBothPanelsKeepsTheScreenWhole() throws {
    try folder.write(
      Array(
        """
        patient,lesion,label,file,modality,roi_x,roi_y,roi_width,roi_height
        p1,l1,malignant,one.png,b-mode,100,50,100,20
        p2,l2,benign,two.png,b-mode,0,0,10,10

        """.utf8), to: "s/cohort.csv")
    _ = try Importer.run(source: folder("s"), into: folder("c.cohort"))
    let catalogue = try Catalogue.open(folder("c.cohort"))
    let before = try catalogue.contentHash()
    let report = try catalogue.divide(try catalogue.findPanels())
    #expect(report.pairs.isEmpty)
    #expect(report.failures.map(\.file) == ["one.png", "two.png"])
    #expect(report.failures.allSatisfy { $0.reason == "the lesion's box lies in neither panel alone" })
    #expect(try catalogue.contentHash() == before)
  }

  @Test(arguments: [
    ("3.5,2,40,40", "whole pixels"), ("0,0,400,40", "is not inside the image"), ("1,2,3,", "without crop_height"),
  ]) func aPartInATableIsChecked(crop: String, reason: String) throws {
    try folder.write(
      Array(
        "patient,lesion,label,file,modality,crop_x,crop_y,crop_width,crop_height\np,l,benign,one.png,b-mode,\(crop)\n"
          .utf8),
      to: "s/cohort.csv")
    #expect {
      _ = try Importer.run(source: folder("s"), into: folder("c.cohort"))
    } throws: {
      "\($0)".contains(reason)
    }
  }

  private struct Wrong: Error {}
}
