import Foundation
import GRDB
import Imaging
import Testing
import Ultrasound

@testable import Cohort

/// Folders of any files: what comes in, with what label and masks, and what is left out.
struct MixedFolderTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func imported(_ options: ImportOptions = ImportOptions()) throws -> (ImportReport, [String: ImageRecord]) {
    let report = try Importer.run(source: folder("s"), into: folder("a.cohort"), options: options)
    let images = try Catalogue.open(folder("a.cohort")).images()
    return (report, Dictionary(uniqueKeysWithValues: images.map { ($0.name, $0) }))
  }

  @Test func filesAreToldByTheirContent() throws {
    try folder.picture("s/still", seed: 1)
    try folder.picture("s/a/still.txt", seed: 2)
    try folder.write(DICOMBytes().bytes, to: "s/a/IM0001")
    // An old file without preamble.
    try folder.write(Array(DICOMBytes(instance: "1.9", seed: 2).bytes.dropFirst(132)), to: "s/a/old.png")
    try folder.write(ClipBytes.avi(seed: 1, frames: 5), to: "s/b/clip.dat")
    try folder.write("patient,age\nP1,50\n", to: "s/patients.csv")
    try folder.write("BMI is a number", to: "s/README")
    try folder.write("%PDF-1.4 \u{1}", to: "s/report.pdf")
    try folder.write("hidden", to: "s/.DS_Store")
    let (report, images) = try imported()
    #expect(report.failures.isEmpty && report.added == 5 && report.leftOut == 4)
    #expect(report.notes.contains("4 left out: not a picture (csv 1, pdf 1, text 1, hidden files and cohorts 1)"))
    #expect(Set(images.keys) == ["still", "a/still.txt", "a/IM0001", "a/old.png", "b/clip.dat"])
    #expect(images.values.allSatisfy { $0.label == nil })
    #expect(images["b/clip.dat"]?.extent == .clip(frames: 5) && images["a/IM0001"]?.extent == .still)
    let summary = try Catalogue.open(folder("a.cohort")).summary()
    #expect(summary.imagesByLabel == ["unlabelled": 5] && summary.imagesByKind == ["still": 4, "clip": 1])
    #expect(summary.patientsByLabel.values.reduce(0, +) == summary.patients)
    #expect(try Catalogue.open(folder("a.cohort")).check().isSound)
  }

  @Test func classFoldersAnywhereGiveLabelsAndMasks() throws {
    try folder.picture("s/breast/benign/images/a.png", seed: 1)
    try folder.mask("s/breast/benign/mask/a_mask.png", columns: 5...10, rows: 6...8)
    try folder.mask("s/breast/benign/mask/a_mask_1.png", columns: 20...30, rows: 7...20)
    try folder.picture("s/breast/normal/images/n.png", seed: 2)
    try folder.mask("s/breast/normal/mask/n_mask.png", columns: 0...0, rows: 0...0, value: 0)
    try folder.picture("s/thyroid/sample/Malignant/1.png", seed: 3)
    try folder.mask("s/thyroid/sample/Malignant/masks/1.png", columns: 2...4, rows: 2...4)
    try folder.picture("s/loose/x.png", seed: 4)
    try folder.mask("s/loose/x_mask_left.png", columns: 1...9, rows: 2...9)
    try folder.mask("s/loose/x_mask_calcification.png", columns: 3...4, rows: 3...4)
    try folder.picture("s/loose/the_mask_of_zorro.png", seed: 5)
    let (report, images) = try imported()
    #expect(report.failures.isEmpty && report.added == 5)
    let a = try #require(images["breast/benign/images/a.png"])
    #expect(a.label == .benign && a.masks.count == 2 && a.region == PixelBox(x: 5, y: 6, width: 25, height: 14))
    let normal = try #require(images["breast/normal/images/n.png"])
    #expect(normal.label == nil && normal.masks.isEmpty && normal.clinical["class_folder"] == .text("normal"))
    let malignant = try #require(images["thyroid/sample/Malignant/1.png"])
    #expect(malignant.label == .malignant && malignant.region == PixelBox(x: 2, y: 2, width: 2, height: 2))
    let loose = try #require(images["loose/x.png"])
    #expect(loose.label == nil && loose.masks.count == 1 && loose.calcificationMasks.count == 1)
    #expect(images["loose/the_mask_of_zorro.png"] != nil)
  }

  @Test func theSameFolderTwiceChangesNothing() throws {
    for place in 0..<4 { try folder.picture("s/x/\(place).png", seed: UInt64(place)) }
    try folder.write(DICOMBytes().bytes, to: "s/d/1.dcm")
    try folder.write(DICOMBytes().bytes, to: "s/d/2.dcm")
    try folder.write(ClipBytes.avi(seed: 1, frames: 4), to: "s/c.avi")
    try folder.write("no DICOM", to: "s/broken.dcm")
    try folder.write("text", to: "s/notes.txt")
    let (first, _) = try imported()
    #expect(first.added == 6 && first.unchanged == 1 && first.failures.map(\.file) == ["broken.dcm"])
    #expect(first.notes.contains { $0.hasPrefix("1 files hold a picture again") })
    let catalogue = try Catalogue.open(folder("a.cohort"))
    let (hash, failures) = (try catalogue.contentHash(), try catalogue.importFailures())
    let tables = try Self.dump(catalogue)
    try catalogue.close()
    let (again, _) = try imported()
    #expect(again.added == 0 && again.unchanged == 7 && again.failures == first.failures)
    #expect(again.leftOut == 1)
    let opened = try Catalogue.open(folder("a.cohort"))
    #expect(try opened.contentHash() == hash && opened.importFailures() == failures)
    #expect(try Self.dump(opened) == tables)
    // What is mended comes in, and is no failure any more.
    try opened.close()
    try folder.write(DICOMBytes(instance: "1.7", seed: 9).bytes, to: "s/broken.dcm")
    let (mended, _) = try imported()
    #expect(mended.added == 1 && mended.failures.isEmpty)
    #expect(try Catalogue.open(folder("a.cohort")).importFailures().isEmpty)
  }

  /// Every row of every table.
  static func dump(_ catalogue: Catalogue) throws -> [String] {
    try catalogue.read { database in
      let sql = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
      return try String.fetchAll(database, sql: sql).flatMap { table in
        try Row.fetchAll(database, sql: "SELECT * FROM \(table)").map { "\(table) \($0.description)" }.sorted()
      }
    }
  }

  @Test func unlabelledImagesAreDividedAsAClassOfTheirOwn() throws {
    for place in 0..<6 {
      try folder.picture("s/x/benign/\(place).png", seed: UInt64(place))
      try folder.picture("s/x/malignant/\(place).png", seed: UInt64(place + 10))
      try folder.picture("s/y/\(place).png", seed: UInt64(place + 20))
    }
    _ = try imported()
    let catalogue = try Catalogue.open(folder("a.cohort"))
    let images = try catalogue.images()
    let request = SplitRequest.kFold(folds: 3, validationFraction: 0.25, seed: 1)
    let folds = try Splitter.folds(of: images, request: request)
    for fold in folds {
      for label in [Label.benign, .malignant, nil] {
        let names = Set(images.filter { $0.label == label }.map(\.name))
        #expect(fold.test.filter(names.contains).count == 2 && fold.validation.filter(names.contains).count == 1)
      }
    }
    #expect(try catalogue.proof(of: folds, images: images, request: request).isIntact)
    // They change no draw of the labelled.
    let labelled = images.filter { $0.label != nil }
    let names = Set(labelled.map(\.name))
    let alone = try Splitter.folds(of: labelled, request: request)
    #expect(folds.map { $0.train.filter(names.contains) } == alone.map(\.train))
    let parts = SplitRequest(method: .parts([0.6, 0.2, 0.2]))
    let bare = images.filter { $0.label == nil }
    let part = try Splitter.folds(of: bare, request: parts)[0]
    #expect(part.train.count + part.validation.count + part.test.count == 6 && !part.validation.isEmpty)
    #expect(throws: CohortError.self) { try Splitter.folds(of: bare, request: .kFold(folds: 7)) }
    // And come back from an export.
    try Exporter.run(catalogue, to: folder("out"))
    _ = try Importer.run(source: folder("out"), into: folder("b.cohort"))
    #expect(try Catalogue.open(folder("b.cohort")).contentHash() == catalogue.contentHash())
  }

  @Test func clipsAndDICOMComeBackFromAnExport() throws {
    try folder.write(DICOMBytes(frames: 3, frameTime: "40", region: (1, 0.02)).bytes, to: "s/d/1.dcm")
    try folder.write(ClipBytes.avi(seed: 1, frames: 4), to: "s/c.avi")
    _ = try imported()
    let catalogue = try Catalogue.open(folder("a.cohort"))
    try Exporter.run(catalogue, to: folder("out"))
    _ = try Importer.run(source: folder("out"), into: folder("b.cohort"))
    #expect(try Catalogue.open(folder("b.cohort")).contentHash() == catalogue.contentHash())
  }
}
