import Foundation
import Testing
import Ultrasound

@testable import Cohort

struct TableImportTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var cohort: URL { folder("a.cohort") }

  @Test func keepsEveryColumn() throws {
    try folder.picture("s/a.png", seed: 1)
    try folder.picture("s/b.png", seed: 2, width: 60)
    try folder.mask("s/b_mask.png", columns: 10...20, rows: 5...15, width: 60)
    try folder.write(
      """
      patient;lesion;label;file;modality;pair;exam;date;site;device;histology;size_mm;background;frame;roi_x;roi_y;roi_width;\
      roi_height;mask;split;age;side;background_roi_x;background_roi_y;background_roi_width;background_roi_height
      P1;L1;malignant;a.png;b-mode;p;E1;2020-01-02;north;X1;HCC;12.5;fibrosis;3;1;2;30;20;;train;54;left;0;0;5;5
      P1;L1;Malignant;b.png;ceus;p;E1;2020-01-02;north;X1;;;;;;;;;b_mask.png;train;54;right;;;;

      """, to: "s/t.csv")
    let report = try Importer.run(source: folder("s"), into: cohort, table: folder("s/t.csv"))
    #expect(report.added == 2 && report.patients == 1 && report.lesions == 1 && report.patientsAreKnown)
    let images = try Catalogue.open(cohort).images()
    let a = try #require(images.first)
    let b = try #require(images.last)
    #expect(a.name == "a.png" && a.patient == "P1" && a.lesion == "L1" && a.label == .malignant && a.modality == .bMode)
    #expect(a.pair == "p" && a.exam == "E1" && a.date == "2020-01-02" && a.site == "north" && a.device == "X1")
    #expect(a.histology == "HCC" && a.sizeMillimetres == 12.5 && a.background == .fibrosis && a.frame == "3")
    #expect(a.region == PixelBox(x: 1, y: 2, width: 30, height: 20) && a.split == .train)
    #expect(a.backgroundRegion == PixelBox(x: 0, y: 0, width: 5, height: 5))
    #expect(a.clinical == ["age": .number(54), "side": .text("left")])
    #expect(a.width == 48 && a.height == 40 && FileManager.default.fileExists(atPath: a.file.path))
    // The lesion's facts come from whichever row has them.
    #expect(b.histology == "HCC" && b.sizeMillimetres == 12.5 && b.modality == .contrast)
    #expect(b.region == PixelBox(x: 10, y: 5, width: 10, height: 10) && b.masks.count == 1)
    #expect(b.clinical == ["age": .number(54), "side": .text("right")])
    let summary = try Catalogue.open(cohort).summary()
    #expect(summary.clinical.map(\.name) == ["age", "side"])
    #expect(summary.clinical.map(\.isConstantWithinLesion) == [true, false])
    #expect(summary.clinical.map(\.kind) == [.number, .text])
    #expect(summary.imagesByModality == ["b-mode": 1, "ceus": 1] && summary.patientsByLabel == ["malignant": 1])
  }

  /// A black mask of calcifications says that there are none, which a lesion's mask may not.
  @Test func keepsMasksOfCalcifications() throws {
    for place in 0..<2 { try folder.picture("s/\(place).png", seed: UInt64(place + 1)) }
    try folder.mask("s/c1.png", columns: 10...11, rows: 5...6)
    try folder.mask("s/c2.png", columns: 30...31, rows: 5...6)
    try folder.mask("s/none.png", columns: 0...0, rows: 0...0, value: 0)
    try folder.write(
      """
      patient,lesion,label,file,modality,pair,frame,calcification_mask
      P1,L1,benign,0.png,b-mode,p,0,c1.png;c2.png
      P1,L1,benign,1.png,b-mode,p,1,none.png

      """, to: "s/cohort.csv")
    _ = try Importer.run(source: folder("s"), into: cohort)
    let catalogue = try Catalogue.open(cohort)
    let images = try catalogue.images()
    #expect(images.map(\.calcificationMasks.count) == [2, 1] && images.map(\.masks.count) == [0, 0])
    #expect(images.map(\.region) == [nil, nil] && images.map(\.clinical) == [[:], [:]])
    #expect(
      images.flatMap(\.calcificationMasks).allSatisfy { FileManager.default.fileExists(atPath: $0.path) })
    #expect(try catalogue.check().isSound)
    try Exporter.run(catalogue, to: folder("out"))
    _ = try Importer.run(source: folder("out"), into: folder("b.cohort"))
    #expect(try Catalogue.open(folder("b.cohort")).contentHash() == catalogue.contentHash())
  }

  @Test func aMaskOfCalcificationsOfAnotherSizeIsRefused() throws {
    try folder.picture("s/a.png", seed: 1)
    try folder.mask("s/c.png", columns: 1...2, rows: 1...2, width: 30)
    try folder.write(
      "patient,lesion,label,file,modality,calcification_mask\nP,L,benign,a.png,b-mode,c.png\n", to: "s/cohort.csv")
    let problems = importProblems(folder("s"), into: cohort)
    #expect(problems.first?.message.contains("30 x 40 pixels, its image 48 x 40") == true)
  }

  @Test func theSameSourceTwiceChangesNothing() throws {
    let source = try folder.simpleSource()
    _ = try Importer.run(source: source, into: cohort)
    let (hash, before) = (try Catalogue.open(cohort).contentHash(), folder.paths)
    let again = try Importer.run(source: source, into: cohort)
    #expect(again.added == 0 && again.unchanged == 6 && again.notes.contains { $0.contains("nothing changed") })
    #expect(try Catalogue.open(cohort).contentHash() == hash)
    #expect(
      folder.paths.filter { !$0.contains("catalogue.sqlite-") } == before.filter { !$0.contains("catalogue.sqlite-") })
  }

  @Test func addsWhatIsNewInTheSource() throws {
    _ = try Importer.run(source: folder.simpleSource(), into: cohort)
    let more = try Importer.run(source: folder.simpleSource(count: 9), into: cohort)
    #expect(more.added == 3 && more.unchanged == 6 && more.images == 9)
    _ = try Importer.run(source: folder("source/cohort.csv"), into: folder("b.cohort"))
    #expect(try Catalogue.open(cohort).contentHash() == Catalogue.open(folder("b.cohort")).contentHash())
  }

  @Test func aRowThatChangedIsRefusedAndNothingElseComesIn() throws {
    let source = try folder.simpleSource()
    _ = try Importer.run(source: source, into: cohort)
    let hash = try Catalogue.open(cohort).contentHash()
    _ = try folder.simpleSource(count: 7)
    let text = try String(contentsOf: source, encoding: .utf8).replacingOccurrences(of: ",S1,41", with: ",S1,99")
    try folder.write(text, to: "source/cohort.csv")
    let problems = importProblems(source, into: cohort)
    #expect(problems.map(\.place) == ["\(source.path):3"])
    #expect(problems.first?.message.contains("\"i1.png\" is in the cohort already") == true)
    #expect(try Catalogue.open(cohort).contentHash() == hash)
  }

  @Test func oneStillMayShowTwoLesions() throws {
    try folder.picture("s/a.png", seed: 1)
    try folder.write(
      """
      patient,lesion,label,file,modality,roi_x,roi_y,roi_width,roi_height
      P1,L1,benign,a.png,b-mode,1,1,5,5
      P1,L2,malignant,a.png,b-mode,20,20,5,5

      """, to: "s/t.csv")
    _ = try Importer.run(source: folder("s/t.csv"), into: cohort)
    let images = try Catalogue.open(cohort).images()
    #expect(images.map(\.name) == ["a.png#L1", "a.png#L2"])
    #expect(Set(images.map(\.file)).count == 1)
  }

  @Test func progressCountsEveryImage() throws {
    var seen: [Int] = []
    _ = try Importer.run(source: folder.simpleSource(), into: cohort) { done, total in
      #expect(total == 6)
      seen.append(done)
    }
    #expect(seen.first == 0 && seen.last == 6 && seen == seen.sorted())
  }
}

struct ClassFolderImportTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func imported(_ source: String) throws -> (ImportReport, [ImageRecord]) {
    let report = try Importer.run(source: folder(source), into: folder("a.cohort"))
    return (report, try Catalogue.open(folder("a.cohort")).images())
  }

  @Test func joinsSeveralMasksOfAStill() throws {
    try folder.picture("s/benign/images/a.png", seed: 1)
    try folder.mask("s/benign/mask/a_mask.png", columns: 5...10, rows: 6...8)
    try folder.mask("s/benign/mask/a_mask_1.png", columns: 20...30, rows: 7...20)
    try folder.picture("s/malignant/images/b.png", seed: 2)
    try folder.picture("s/normal/images/n.png", seed: 3)
    let (report, images) = try imported("s")
    #expect(images.map(\.name) == ["benign/images/a.png", "malignant/images/b.png"])
    #expect(images[0].region == PixelBox(x: 5, y: 6, width: 25, height: 14) && images[0].masks.count == 2)
    #expect(images[1].region == nil && images[1].label == .malignant)
    #expect(report.notes.first == "folder \"normal\" is neither benign nor malignant: 1 stills left out")
  }

  @Test func readsBUSIAsPublished() throws {
    try folder.picture("s/benign/benign (1).png", seed: 1)
    try folder.mask("s/benign/benign (1)_mask.png", columns: 1...3, rows: 1...3)
    try folder.mask("s/benign/benign (1)_mask_1.png", columns: 5...9, rows: 1...3)
    try folder.picture("s/malignant/malignant (1).png", seed: 2)
    try folder.mask("s/malignant/malignant (1)_mask.png", columns: 1...3, rows: 1...3)
    let (_, images) = try imported("s")
    #expect(images.map(\.name) == ["benign/benign (1).png", "malignant/malignant (1).png"])
    #expect(images.map(\.masks.count) == [2, 1])
  }

  @Test func looksAlikeAreOnePatient() throws {
    for place in 0..<4 { try folder.picture("s/benign/b\(place).png", seed: UInt64(place)) }
    try folder.picture("s/malignant/m.png", seed: 9)
    try folder.picture("s/benign/twin.png", seed: 2, brighter: 9)
    let (report, images) = try imported("s")
    #expect(!report.patientsAreKnown && report.patients == 5 && report.nearDuplicateGroups == 1)
    let twins = images.filter { ["benign/b2.png", "benign/twin.png"].contains($0.name) }
    #expect(Set(twins.map(\.patient)).count == 1 && twins.allSatisfy { $0.patient.hasPrefix("group-") })
    #expect(Set(images.map(\.lesion)).count == 6)
    let check = try Catalogue.open(folder("a.cohort")).check()
    #expect(check.duplicates == [["benign/b2.png", "benign/twin.png"]] && check.isSound)
  }

  @Test func aMaskWithoutItsStillIsNamed() throws {
    try folder.picture("s/benign/a.png", seed: 1)
    try folder.mask("s/benign/b_mask.png", columns: 1...3, rows: 1...3)
    let problems = importProblems(folder("s"), into: folder("a.cohort"))
    #expect(problems.count == 1 && problems.first?.place.hasSuffix("benign/b_mask.png") == true)
  }
}
