import Annotations
import Foundation
import GRDB
import Imaging
import Testing
import Ultrasound

@testable import Cohort

/// Marks of other programs in a cohort of two stills, a clip and a DICOM file.
struct RegionsAnnotateTests {
  let folder: TemporaryFolder
  let catalogue: Catalogue

  init() throws {
    folder = try TemporaryFolder()
    try folder.picture("s/x/a.png", seed: 1)
    try folder.picture("s/y/a.png", seed: 2)
    try folder.picture("s/x/benign/b.png", seed: 3)
    try folder.write(ClipBytes.avi(seed: 4, frames: 6), to: "s/c.avi")
    try folder.write(DICOMBytes(instance: "1.2.3.9").bytes, to: "s/d.dcm")
    _ = try Importer.run(source: folder("s"), into: folder("a.cohort"))
    catalogue = try Catalogue.open(folder("a.cohort"))
  }

  private func labelMe(_ picture: String, _ shapes: String, width: Int = 48, height: Int = 40, flags: String = "")
    -> String
  {
    """
    {"version": "5.4.1", "flags": {\(flags)}, "imagePath": "\(picture)", "imageWidth": \(width), "imageHeight": \(height),
     "shapes": [\(shapes)]}
    """
  }

  private func shape(_ name: String, _ points: [[Double]], _ type: String = "rectangle") -> String {
    #"{"label": "\#(name)", "points": \#(points), "shape_type": "\#(type)"}"#
  }

  /// Pictures with regions in the project's own JSON.
  private func own(_ picture: String, _ regions: [RegionOfInterest], width: Int, height: Int) throws -> [UInt8] {
    [UInt8](
      try AnnotationFile.json([
        AnnotatedPicture(pictureName: picture, width: width, height: height, regions: regions)
      ]))
  }

  private func image(_ name: String) throws -> ImageRecord {
    try #require(try catalogue.images().first { $0.name == name })
  }

  /// The only failure of a file.
  private func failure(_ text: String, vocabulary: RegionVocabulary = .standard) throws -> String {
    let before = try MixedFolderTests.dump(catalogue)
    try folder.write(text, to: "bad.json")
    let report = try catalogue.annotate([folder("bad.json")], vocabulary: vocabulary)
    #expect(report.applied.isEmpty && report.failures.map(\.file) == ["bad.json"])
    #expect(try MixedFolderTests.dump(catalogue) == before)
    return report.failures.first?.reason ?? ""
  }

  @Test func anOutlineBecomesRegionMaskAndLabel() throws {
    let shapes = [
      shape("malignant", [[10, 8], [30, 8], [30, 20], [10, 20]], "polygon"),
      shape("calcification", [[12, 10], [14, 11]]), shape("liver", [[0, 30], [9, 40]]),
    ].joined(separator: ",")
    try folder.write(labelMe("x/a.png", shapes), to: "a.json")
    let hash = try catalogue.contentHash()
    let report = try catalogue.annotate([folder("a.json")])
    #expect(report.failures.isEmpty && report.applied == ["a.json"] && report.regions == 3 && report.images == 1)
    #expect(report.boxes == 1 && report.masks == 1 && report.calcificationMasks == 1 && report.labels == 1)
    let record = try image("x/a.png")
    #expect(record.region == PixelBox(x: 10, y: 8, width: 20, height: 12) && record.label == .malignant)
    #expect(record.backgroundRegion == PixelBox(x: 0, y: 30, width: 9, height: 10) && record.frameRegions.isEmpty)
    let mask = try Stills.decode(#require(record.masks.first)).grey()
    #expect(mask.pixels.count { $0 == 255 } == 20 * 12 && mask.pixels[8 * 48 + 10] == 255)
    let calcification = try Stills.decode(#require(record.calcificationMasks.first)).grey()
    #expect(calcification.pixels.count { $0 == 255 } == 2)
    let regions = try catalogue.regionsOfInterest(of: record)
    #expect(regions.map(\.role) == [.lesion, .calcification, .background] && regions[0].name == "malignant")
    #expect(try catalogue.regionsOfInterest() == ["x/a.png": regions])
    #expect(try image("y/a.png").region == nil)
    #expect(try catalogue.check().isSound && catalogue.contentHash() != hash)
    // The same file again, under another name too.
    let tables = try MixedFolderTests.dump(catalogue)
    try folder.write(labelMe("x/a.png", shapes), to: "again.json")
    let again = try catalogue.annotate([folder("a.json"), folder("again.json")])
    #expect(again.unchanged == ["a.json", "again.json"] && again.applied.isEmpty && again.regions == 0)
    #expect(try MixedFolderTests.dump(catalogue) == tables)
    // Written in another way it marks the same.
    try folder.write(labelMe("x/a.png", shapes) + "\n", to: "spaced.json")
    #expect(try catalogue.annotate([folder("spaced.json")]).repeated == 3)
    #expect(try catalogue.regionsOfInterest(of: record) == regions)
  }

  @Test func picturesAreFoundByPathEndingAndName() throws {
    let box = shape("mass", [[1, 1], [9, 9]])
    try folder.write(labelMe("b.png", box), to: "m/1.json")
    try folder.write(labelMe("other/b.jpg", shape("mass", [[2, 2], [20, 20]])), to: "m/2.json")
    try folder.write(labelMe("benign/b.png", shape("mass", [[30, 2], [40, 20]])), to: "m/3.json")
    let report = try catalogue.annotate([folder("m")])
    #expect(report.failures.isEmpty && report.regions == 3)
    #expect(try catalogue.regionsOfInterest().keys.sorted() == ["x/benign/b.png"])
    // What is marked at once is one lesion, and boxes make no mask.
    let record = try image("x/benign/b.png")
    #expect(record.region == PixelBox(x: 1, y: 1, width: 39, height: 19) && record.masks.isEmpty)
    #expect(record.label == .benign)
  }

  /// Frames that were written as pictures, and LabelMe's files beside their pictures.
  @Test func framesOfAClipAndNeighboursAreFound() throws {
    let box = shape("mass", [[1, 1], [9, 9]])
    try folder.write(labelMe("000004.png", box, width: 64, height: 48), to: "m/c/000004.json")
    try folder.write(labelMe("frames/c_2.png", box, width: 64, height: 48), to: "m/2.json")
    try folder.write(labelMe("a.png", box), to: "m/y/a.json")
    try folder.write(labelMe("..\\\\a.png", box), to: "x/a.json")
    let report = try catalogue.annotate([folder("m"), folder("x/a.json")])
    #expect(report.failures.isEmpty && report.regions == 4)
    let regions = try catalogue.regionsOfInterest()
    #expect(regions.keys.sorted() == ["c.avi", "x/a.png", "y/a.png"])
    #expect(regions["c.avi"]?.map(\.frame) == [2, 4])
    let late = labelMe("c/000006.png", box, width: 64, height: 48)
    #expect(try failure(late).hasSuffix("is in frame 6, counted from 0; image \"c.avi\" has 6 frames"))
  }

  @Test func whatDoesNotFitIsRefusedWithAReason() throws {
    let box = shape("mass", [[1, 1], [9, 9]])
    #expect(try failure(labelMe("z.png", box)) == "picture \"z.png\" is no image of the cohort")
    #expect(
      try failure(labelMe("a.jpg", box))
        == "picture \"a.jpg\" may be any of 2 images: \"x/a.png\", \"y/a.png\"")
    #expect(
      try failure(labelMe("x/a.png", box, width: 40, height: 48))
        == "\"x/a.png\" is 40 x 48 pixels there, image \"x/a.png\" 48 x 40")
    let contradiction = shape("malignant", [[1, 1], [9, 9]])
    #expect(
      try failure(labelMe("b.png", contradiction))
        == "image \"x/benign/b.png\" is called malignant there; its lesion is benign in the cohort")
    #expect(try failure(labelMe("b.png", box, flags: #""malignant": true"#)).contains("is called malignant there"))
    #expect(
      try failure(labelMe("x/a.png", contradiction + "," + shape("benign", [[20, 20], [30, 30]])))
        == "the lesion of image \"x/a.png\" is called benign and malignant")
    let later = RegionOfInterest(role: .lesion, shape: .box(PixelBox(x: 1, y: 1, width: 9, height: 9)), frame: 6)
    for (name, has) in [("c.avi", "has 6 frames"), ("x/a.png", "is a still")] {
      let (width, height) = name == "c.avi" ? (64, 48) : (48, 40)
      let text = String(decoding: try own(name, [later], width: width, height: height), as: UTF8.self)
      #expect(try failure(text) == "region 1 of \"\(name)\" is in frame 6, counted from 0; image \"\(name)\" \(has)")
    }
    #expect(try failure("{\"a\": [1, 2").contains("cut short"))
    #expect(try failure("{\"a\": 1}").contains("JSON with the keys"))
    #expect(throws: CohortError.self) { try catalogue.annotate([folder("nowhere")]) }
  }

  @Test func aHalfBadFileChangesNothingAndOthersGoOn() throws {
    let good = #"{"id": 1, "file_name": "x/a.png", "width": 48, "height": 40}"#
    let coco = """
      {"images": [\(good), {"id": 2, "file_name": "nowhere.png", "width": 48, "height": 40}],
       "categories": [{"id": 1, "name": "mass"}], "annotations": [
       {"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 1, 5, 5]},
       {"id": 2, "image_id": 2, "category_id": 1, "bbox": [1, 1, 5, 5]}]}
      """
    try folder.write(coco, to: "m/a.json")
    try folder.write(labelMe("y/a.png", shape("mass", [[1, 1], [9, 9]])), to: "m/b.json")
    try folder.write("{\"settings\": true}", to: "m/c.json")
    try folder.write("<html></html>", to: "m/d.xml")
    try folder.write(coco, to: "m/e.json")
    try folder.write("{", to: "m/f.json")
    let report = try catalogue.annotate([folder("m")])
    #expect(report.applied == ["b.json"] && report.leftOut == 2 && report.unchanged.isEmpty)
    #expect(report.failures.map(\.file) == ["a.json", "e.json", "f.json"])
    #expect(report.failures[0].reason == "picture \"nowhere.png\" is no image of the cohort")
    #expect(try catalogue.regionsOfInterest().keys.sorted() == ["y/a.png"])
    // Where absent pictures are allowed the others come in, and the file is read again until they are there.
    for round in 0..<2 {
      let lenient = try catalogue.annotate([folder("m/a.json")], allowsAbsent: true)
      #expect(lenient.applied == ["a.json"] && lenient.failures == [report.failures[0]])
      #expect(lenient.regions == 1 - round && lenient.repeated == round)
    }
    // A picture that is listed and not marked need not be there.
    let listed = coco.replacingOccurrences(of: #""image_id": 2"#, with: #""image_id": 1"#)
    try folder.write(listed, to: "m/a.json")
    let whole = try catalogue.annotate([folder("m/a.json")])
    #expect(whole.failures.isEmpty && whole.regions + whole.repeated == 2)
  }

  @Test func aClipKeepsItsRegionsByFrame() throws {
    func lesion(_ x: Double, _ frame: Int?, _ origin: RegionOfInterest.Origin = .drawn) -> RegionOfInterest {
      RegionOfInterest(
        role: .lesion, shape: .box(PixelBox(x: x, y: 4, width: 10, height: 8)), frame: frame, origin: origin,
        confidence: origin == .drawn ? nil : 0.75)
    }
    let framed = [lesion(2, 1), lesion(20, 1), lesion(30, 1, .tracked), lesion(8, 4, .tracked)]
    try folder.write(try own("c.avi", framed, width: 64, height: 48), to: "c.json")
    let report = try catalogue.annotate([folder("c.json")])
    #expect(report.failures.isEmpty && report.regions == 4 && report.boxes == 0 && report.masks == 0)
    let clip = try image("c.avi")
    #expect(try clip.region == nil && catalogue.regionsOfInterest(of: clip) == framed)
    // What is drawn goes before what was tracked into the same frame.
    let drawn = PixelBox(x: 2, y: 4, width: 28, height: 8)
    let tracked = PixelBox(x: 8, y: 4, width: 10, height: 8)
    #expect(clip.frameRegions == [1: drawn, 4: tracked])
    #expect([0, 1, 2, 3, 5].map { clip.lesionRegion(inFrame: $0) } == [drawn, drawn, drawn, tracked, tracked])
    #expect(try catalogue.summary().imagesWithRegion == 1)
    // Without a frame it holds for every frame that has none of its own.
    try folder.write(try own("c.avi", [lesion(40, nil)], width: 64, height: 48), to: "all.json")
    #expect(try catalogue.annotate([folder("all.json")]).boxes == 1)
    let all = try image("c.avi")
    let whole = PixelBox(x: 40, y: 4, width: 10, height: 8)
    #expect(all.region == whole && all.frameRegions.count == 6)
    #expect(all.frameRegions[0] == whole && all.frameRegions[1] == drawn && all.frameRegions[4] == tracked)
    #expect(try catalogue.check().isSound)
    let still = try image("x/a.png")
    #expect(still.lesionRegion(inFrame: 0) == nil)
  }

  @Test func marksOfAFileMoveIntoItsPanels() throws {
    // The right half of the clip as an image of its own, and the left.
    try catalogue.write { database in
      try database.execute(
        sql: """
          UPDATE image SET name = 'c.avi#left', crop_x = 0, crop_y = 0, crop_width = 32, crop_height = 48, width = 32
            WHERE name = 'c.avi';
          INSERT INTO image (name, lesion_id, file_id, width, height, modality, hash, thumbnail, fingerprint, kind, frames,
            crop_x, crop_y, crop_width, crop_height)
          SELECT 'c.avi#right', lesion_id, file_id, 30, 44, modality, hash, thumbnail, fingerprint, kind, frames,
            34, 4, 30, 44 FROM image WHERE name = 'c.avi#left'
          """)
    }
    func mask(_ columns: ClosedRange<Int>) throws -> RegionOfInterest.Shape {
      var pixels = [UInt8](repeating: 0, count: 64 * 48)
      for row in 10...12 { for column in columns { pixels[row * 64 + column] = 255 } }
      return .mask(try #require(RunLengthMask(GreyImage(width: 64, height: 48, pixels: pixels))))
    }
    let regions = [
      RegionOfInterest(role: .lesion, shape: .box(PixelBox(x: 2, y: 5, width: 10, height: 10)), frame: 0),
      RegionOfInterest(role: .lesion, shape: .box(PixelBox(x: 30, y: 0, width: 14, height: 10)), frame: 0),
      RegionOfInterest(role: .calcification, shape: try mask(40...41), frame: 2),
    ]
    try folder.write(try own("c.avi", regions, width: 64, height: 48), to: "panels.json")
    let report = try catalogue.annotate([folder("panels.json")])
    #expect(report.failures.isEmpty && report.images == 2)
    let found = try catalogue.regionsOfInterest()
    #expect(found["c.avi#left"]?.map(\.shape) == [.box(PixelBox(x: 2, y: 5, width: 10, height: 10))])
    let right = try #require(found["c.avi#right"])
    // Cut where the panel begins.
    #expect(right.first?.shape == .box(PixelBox(x: 0, y: 0, width: 10, height: 6)))
    #expect(RegionRaster.boundingBox(of: right[1].shape) == PixelBox(x: 6, y: 6, width: 2, height: 3))
    // In the image's own pixels, as an export has them.
    try folder.write(try own("c.avi#right", [right[0]], width: 30, height: 44), to: "own.json")
    #expect(try catalogue.annotate([folder("own.json")]).repeated == 1)
    try folder.write(try own("c.avi#right", [right[0]], width: 31, height: 44), to: "wrong.json")
    let reason = try catalogue.annotate([folder("wrong.json")]).failures.first?.reason
    #expect(
      reason == "\"c.avi#right\" is 31 x 44 pixels there, image \"c.avi#right\" 30 x 44, its file 64 x 48")
    #expect(try catalogue.check().problems.isEmpty)
  }

  @Test func anExportBringsTheMarksBack() throws {
    let outline = RegionOfInterest(
      role: .lesion,
      shape: .polygon([[PixelPoint(x: 1.5, y: 2.25), PixelPoint(x: 20, y: 3.1), PixelPoint(x: 9, y: 30)]]),
      label: .malignant, name: "mass \"1\"")
    let tracked = RegionOfInterest(
      role: .background, shape: .box(PixelBox(x: 0.1, y: 0.2, width: 9.3, height: 8)), frame: 3, origin: .tracked,
      confidence: 0.8125)
    try folder.write(try own("x/a.png", [outline], width: 48, height: 40), to: "1.json")
    try folder.write(try own("c.avi", [tracked], width: 64, height: 48), to: "2.json")
    let none = try catalogue.contentHash()
    #expect(try catalogue.annotate([folder("1.json"), folder("2.json")]).failures.isEmpty)
    try Exporter.run(catalogue, to: folder("out"))
    var report = try Importer.run(source: folder("out"), into: folder("b.cohort"))
    try Importer.annotate(&report, source: folder("out"))
    #expect(report.failures.isEmpty && report.annotations?.regions == 2)
    let copy = try Catalogue.open(folder("b.cohort"))
    #expect(try copy.regionsOfInterest() == catalogue.regionsOfInterest())
    #expect(try copy.contentHash() == catalogue.contentHash() && copy.contentHash() != none)
    #expect(try copy.check().isSound)
  }

  /// The segmentation refers to the second and third frame of the instance 2.25.11 of 13 x 11 pixels.
  @Test func aFolderIsImportedWithItsSegmentation() throws {
    let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "AnnotationsTests/Fixtures")
    let segmentation = [UInt8](try Data(contentsOf: fixtures.appending(path: "seg-binary.dcm")))
    try folder.write(segmentation, to: "m/seg")
    try folder.write(DICOMBytes(instance: "2.25.11", columns: 13, rows: 11, frames: 3).bytes, to: "m/clip")
    try folder.write([UInt8](try Data(contentsOf: fixtures.appending(path: "seg-highdicom.dcm"))), to: "m/stray.dcm")
    for _ in 0..<2 {
      var report = try Importer.run(source: folder("m"), into: folder("m.cohort"))
      #expect(report.failures.count == 2)
      try Importer.annotate(&report, source: folder("m"))
      let annotations = try #require(report.annotations)
      #expect(annotations.applied + annotations.unchanged == ["seg"])
      #expect(
        report.failures == [
          ImportFailure(file: "stray.dcm", reason: "no image has the SOP Instance UID 2.25.61")
        ])
      let opened = try Catalogue.open(folder("m.cohort"))
      #expect(try opened.importFailures() == report.failures)
      let regions = try #require(try opened.regionsOfInterest()["clip"])
      #expect(regions.map(\.frame) == [1, 2, 2] && regions.map(\.role) == [.lesion, .lesion, .calcification])
      #expect(try opened.images().first?.label == .malignant && opened.check().isSound)
      try opened.close()
    }
  }

  /// In a cohort of de-identified files the instance has another UID, and nobody's words are kept.
  @Test func deidentifiedImagesAreFoundByTheirPseudonym() throws {
    let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "AnnotationsTests/Fixtures")
    try folder.write([UInt8](try Data(contentsOf: fixtures.appending(path: "seg-binary.dcm"))), to: "m/seg")
    try folder.write(DICOMBytes(instance: "2.25.99", columns: 13, rows: 11, frames: 3).bytes, to: "m/clip")
    var report = try Importer.run(source: folder("m"), into: folder("m.cohort"))
    try Importer.annotate(&report, source: folder("m")) { $0 == "2.25.11" ? "2.25.99" : $0 }
    #expect(report.failures.isEmpty && report.annotations?.regions == 3)
    let regions = try #require(try Catalogue.open(folder("m.cohort")).regionsOfInterest()["clip"])
    #expect(
      regions.allSatisfy { $0.name == nil } && regions[0].label == .malignant && regions[2].role == .calcification)
  }
}
