import Foundation
import Imaging
import Testing
import Ultrasound

@testable import Cohort

/// What folders look like that come from hospitals' discs: nothing in them is passed over without a word.
struct HospitalFolderTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func imported(_ options: ImportOptions = ImportOptions()) throws -> (ImportReport, Set<String>) {
    let report = try Importer.run(source: folder("s"), into: folder("a.cohort"), options: options)
    return (report, Set(try Catalogue.open(folder("a.cohort")).images().map(\.name)))
  }

  /// The layout of BUSI knows stills only.
  @Test func classFoldersWithDICOMClipsOrPatientsAreMixed() throws {
    try folder.write(DICOMBytes().bytes, to: "s/benign/IM0001")
    try folder.picture("s/benign/a.png", seed: 1)
    try folder.mask("s/benign/a_mask.png", columns: 5...10, rows: 6...8)
    try folder.picture("s/malignant/P001/b.png", seed: 2)
    try folder.write(ClipBytes.avi(seed: 1, frames: 5), to: "s/other/clip.avi")
    let (report, names) = try imported()
    #expect(report.failures.isEmpty && report.leftOut == 0)
    #expect(names == ["benign/IM0001", "benign/a.png", "malignant/P001/b.png", "other/clip.avi"])
    let labels = try Catalogue.open(folder("a.cohort")).summary().imagesByLabel
    #expect(labels == ["benign": 2, "malignant": 1, "unlabelled": 1])
  }

  @Test func namesThatDifferInTheirBytesOnly() throws {
    try folder.picture("s/cafe\u{301}.png", seed: 1)
    try folder.picture("s/caf\u{e9}.png", seed: 2)
    let (report, names) = try imported()
    #expect(report.added == 1 && names.count == 1 && report.failures.count == 1)
    let failure = try #require(report.failures.first)
    #expect(failure.file.utf8.elementsEqual("caf\u{e9}.png".utf8) && failure.reason.contains("in other bytes"))
    let again = try Importer.run(source: folder("s"), into: folder("a.cohort"))
    #expect(again.added == 0 && again.unchanged == 1 && again.failures == report.failures)
  }

  @Test func namesThatAreNotUTF8() throws {
    try folder.picture("s/a.png", seed: 1)
    // 患 in GBK.
    let path = folder("s").path.utf8.map { CChar(bitPattern: $0) } + [0x2f, -69, -68, 0]
    let made = open(path, O_CREAT | O_WRONLY, 0o644)
    try #require(made >= 0)
    close(made)
    let (report, names) = try imported()
    #expect(names == ["a.png"] && report.failures.count == 1)
    #expect(report.failures.first?.reason.contains("not UTF-8") == true)
  }

  /// Names stand in the pixels of stills and clips, and in their own names.
  @Test func onlyDICOMFilesComeIntoADeidentifiedCohort() throws {
    try folder.write(DICOMBytes().bytes, to: "s/DOE/a.dcm")
    try folder.picture("s/DOE/shot.png", seed: 1)
    let intake = FileIntake(name: "copy") { try Data(contentsOf: $0).write(to: $1) }
    let (report, names) = try imported(ImportOptions(intake: intake))
    #expect(names == ["P1/1.2.3.4.dcm"] && report.failures.map(\.file) == ["DOE/shot.png"])
    #expect(report.failures.first?.reason.contains("only DICOM files are de-identified") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder("a.cohort/images").path).count == 1)
  }

  /// They would bear one name.
  @Test func filesOfOneInstanceComeIntoADeidentifiedCohortOnce() throws {
    try folder.write(DICOMBytes(seed: 1).bytes, to: "s/a.dcm")
    try folder.write(DICOMBytes(seed: 1).bytes, to: "s/b.dcm")
    try folder.write(DICOMBytes(seed: 2).bytes, to: "s/c.dcm")
    let options = ImportOptions(intake: FileIntake(name: "copy") { try Data(contentsOf: $0).write(to: $1) })
    for isFirst in [true, false] {
      let (report, names) = try imported(options)
      #expect(names == ["P1/1.2.3.4.dcm"] && report.added == (isFirst ? 1 : 0))
      #expect(report.unchanged == (isFirst ? 1 : 2))
      #expect(report.failures.map(\.file) == ["c.dcm"])
      #expect(report.failures.first?.reason.contains("which has other content") == true)
    }
    // Read again, all the same.
    try folder.write(DICOMBytes(seed: 1).bytes, to: "s/b.dcm")
    #expect(try imported(options).0.unchanged == 2)
  }

  /// Nothing of a file's name or bytes comes in but what the intake wrote; of a mask its pixels.
  @Test func cleanedPicturesAreCalledByTheirContent() throws {
    try folder.picture("s/benign/images/DOE JANE.png", seed: 1)
    try folder.picture("s/benign/images/again.png", seed: 1)
    try folder.mask("s/benign/mask/DOE JANE_mask.png", columns: 5...10, rows: 6...8)
    try folder.picture("s/malignant/images/ROE.png", seed: 2)
    try folder.picture("s/malignant/images/copy of JANE.png", seed: 1)
    let mask = try Data(contentsOf: folder("s/benign/mask/DOE JANE_mask.png")) + Data("DOE JANE".utf8)
    try mask.write(to: folder("s/benign/mask/DOE JANE_mask.png"))
    var intake = FileIntake(name: "clean") { try Data(contentsOf: $0).write(to: $1) }
    intake.preparePicture = { source, target in
      let file = target.appending(path: "clean.png")
      try Data(PNG.encode(Stills.decode(source).rgb())).write(to: file)
      return file
    }
    let options = ImportOptions(allowsFailures: true, intake: intake)
    let (report, names) = try imported(options)
    #expect(report.added == 2 && names.allSatisfy { $0.wholeMatch(of: /pictures\/[0-9a-f]{16}\.png/) != nil })
    let reasons = report.failures.map(\.reason)
    #expect(reasons.count == 2 && reasons[0].contains("with another mask"))
    #expect(reasons.last?.contains("has label \"malignant\" here and \"benign\"") == true)
    let images = try Catalogue.open(folder("a.cohort")).images()
    #expect(images.map(\.label).sorted { ($0?.rawValue ?? "") < ($1?.rawValue ?? "") } == [.benign, .malignant])
    #expect(images.allSatisfy { !$0.lesion.contains("DOE") && !$0.lesion.contains("ROE") })
    let kept = try #require(images.first { $0.label == .benign }?.masks.first)
    #expect(try Data(contentsOf: kept) != mask && Stills.decode(kept).grey().pixels.contains(255))
    #expect(try imported(options).0.added == 0)
  }

  @Test func pathsOfWindowsInATable() throws {
    try folder.picture("s/sub/a.png", seed: 1)
    try folder.write("patient,lesion,label,file,modality\nP1,L1,benign,sub\\a.png,b-mode\n", to: "s/t.csv")
    let found = importProblems(folder("s/t.csv"), into: folder("a.cohort"))
    #expect(found.count == 1 && found.first?.message.contains("paths are written with /") == true)
  }
}
