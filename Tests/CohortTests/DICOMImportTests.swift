import Foundation
import GRDB
import Imaging
import Testing
import Ultrasound

@testable import Cohort

/// What a catalogue has of DICOM files, and what it has not.
struct DICOMImportTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func imported(_ options: ImportOptions = ImportOptions()) throws -> (ImportReport, Catalogue) {
    let report = try Importer.run(source: folder("s"), into: folder("a.cohort"), options: options)
    return (report, try Catalogue.open(folder("a.cohort")))
  }

  @Test func factsComeFromTheirAttributes() throws {
    var file = DICOMBytes(
      issuer: "CLINIC", institution: "North", frames: 4, frameTimes: "0\\40\\50\\40", region: (2, 0.025))
    try folder.write(file.bytes, to: "s/cine.dcm")
    (file.instance, file.frames, file.frameTimes, file.agent) = ("1.5", nil, nil, "SonoVue")
    (file.region, file.seed) = ((1, 0.03), 2)
    try folder.write(file.bytes, to: "s/contrast.dcm")
    (file.instance, file.agent, file.region, file.seed) = ("1.6", nil, (3, 0.03), 3)
    (file.patient, file.date, file.institution, file.study) = (nil, "unknown", nil, nil)
    try folder.write(file.bytes, to: "s/bare.dcm")
    let (report, catalogue) = try imported()
    #expect(report.failures.isEmpty && report.added == 3)
    let images = try catalogue.images()
    let (bare, cine, contrast) = (images[0], images[1], images[2])
    #expect(cine.patient == "P1@CLINIC" && cine.exam == "1.2.3" && cine.date == "2020-05-31" && cine.site == "North")
    #expect(cine.device == "ACME Scan 7" && cine.modality == .colorDoppler && cine.extent == .clip(frames: 4))
    #expect(try catalogue.frameTimes(of: cine) == [0, 40, 90, 130])
    #expect(cine.spacing == PixelSpacing(x: 0.25, y: 0.25))
    #expect(
      cine.regions == [
        CalibratedRegion(
          box: PixelBox(x: 2, y: 3, width: 19, height: 16), content: .colorFlow, spacing: PixelSpacing(x: 0.25, y: 0.25)
        )
      ])
    let made = try #require(try catalogue.acquisition(of: contrast))
    #expect(made.contrastAgent == "SonoVue" && made.mechanicalIndex == 0.08 && made.transducer == "C5-1")
    #expect(made.sopInstance == "1.5" && contrast.modality == .contrast && contrast.extent == .still)
    #expect(contrast.patient == cine.patient && contrast.lesion != cine.lesion && contrast.label == nil)
    #expect(try catalogue.frameTimes(of: contrast) == nil)
    // Without Patient ID the patient is not known, whatever the name.
    #expect(bare.patient.hasPrefix("group-") && bare.exam == nil && bare.date == nil && bare.site == nil)
    #expect(bare.modality == .bMode && bare.regions.map(\.content) == [.spectral] && bare.spacing == nil)
    #expect(report.notes.contains { $0.hasPrefix("1 images have no patient id") })
  }

  /// The copies are the source files; the catalogue has no name, birth date or address.
  @Test func identityStaysInTheFile() throws {
    let file = DICOMBytes()
    try folder.write(file.bytes, to: "s/a.dcm")
    let (_, catalogue) = try imported()
    let copy = try #require(try catalogue.images().first?.file)
    #expect([UInt8](try Data(contentsOf: copy)) == file.bytes)
    try catalogue.close()
    let stored = [UInt8](try Data(contentsOf: folder("a.cohort/catalogue.sqlite")))
    for word in ["DOE", "JANE", "doe", "jane", "19500102", "HIDDEN"] {
      #expect(!stored.indices.contains { stored[$0...].starts(with: Array(word.utf8)) }, "\(word) is in the catalogue")
    }
  }

  @Test func oneInstanceTwice() throws {
    try folder.write(DICOMBytes().bytes, to: "s/a.dcm")
    try folder.write(DICOMBytes().bytes, to: "s/b.dcm")
    try folder.write(DICOMBytes(seed: 2).bytes, to: "s/c.dcm")
    let (report, _) = try imported()
    #expect(report.added == 1 && report.unchanged == 1)
    #expect(
      report.failures == [
        ImportFailure(file: "c.dcm", reason: "its SOP Instance UID is that of a.dcm, which has other content")
      ])
  }

  @Test(arguments: [("ROE^JANE", "19500102"), ("DOE^JANE", "19510102")])
  func twoPatientsWithOneID(name: String, birth: String) throws {
    try folder.write(DICOMBytes().bytes, to: "s/a.dcm")
    // The same person, written otherwise, and without a birth date.
    try folder.write(DICOMBytes(instance: "1.2", name: "Doe^Jane^^", birth: nil, seed: 2).bytes, to: "s/b.dcm")
    try folder.write(DICOMBytes(instance: "1.3", name: name, birth: birth, seed: 3).bytes, to: "s/c.dcm")
    let (report, catalogue) = try imported()
    #expect(report.added == 2 && report.failures.map(\.file) == ["c.dcm"])
    let reason = try #require(report.failures.first?.reason)
    #expect(reason == "two patients with one id: its Patient ID is that of a.dcm, its name or birth date is not")
    #expect(try catalogue.images().allSatisfy { $0.patient == "P1" })
    // A later import remembers, without having kept the name.
    try catalogue.close()
    try FileManager.default.removeItem(at: folder("s"))
    try folder.write(DICOMBytes(instance: "1.4", name: name, birth: birth, seed: 4).bytes, to: "s/d.dcm")
    try folder.write(DICOMBytes(instance: "1.5", seed: 5).bytes, to: "s/e.dcm")
    let (later, _) = try imported()
    #expect(later.added == 1 && later.failures.map(\.file) == ["d.dcm"])
  }

  @Test func anExamWithTwoDates() throws {
    try folder.write(DICOMBytes().bytes, to: "s/a.dcm")
    try folder.write(DICOMBytes(instance: "1.2", date: "20200601", seed: 2).bytes, to: "s/b.dcm")
    let (report, _) = try imported()
    #expect(report.added == 1 && report.failures.map(\.file) == ["b.dcm"])
    #expect(report.failures.first?.reason.contains("has date \"2020-06-01\" here and \"2020-05-31\" at a.dcm") == true)
  }

  @Test(arguments: [
    (DICOMBytes(storage: "1.2.840.10008.5.1.4.1.1.2", modality: "CT"), "holds no ultrasound picture: modality CT"),
    (DICOMBytes(storage: "1.2.840.10008.5.1.4.1.1.6.2"), "holds a volume"),
    (DICOMBytes(frames: 2, declaredFrames: "9"), "Number of Frames"),
    (DICOMBytes(declaredFrames: "0"), "Number of Frames"),
    (DICOMBytes(missing: 100), "cut short"),
  ]) func whatIsNoUsablePicture(file: DICOMBytes, reason: String) throws {
    try folder.write(file.bytes, to: "s/a.dcm")
    try folder.write(DICOMBytes(instance: "1.2", seed: 2).bytes, to: "s/b.dcm")
    let (report, _) = try imported()
    #expect(report.added == 1 && report.failures.map(\.file) == ["a.dcm"])
    #expect(report.failures.first?.reason.contains(reason) == true, "\(report.failures)")
  }

  /// Frames of DICOM files and clips by a table; its own words go before the file's.
  @Test func aTableMayNameFramesOfClips() throws {
    try folder.write(DICOMBytes(frames: 5, frameTime: "20").bytes, to: "s/cine.dcm")
    try folder.write(ClipBytes.avi(seed: 1, frames: 4), to: "s/clip.avi")
    let rows = [
      "patient,lesion,label,file,modality,frame,site", "A,L1,benign,cine.dcm,ceus,3,Here",
      "A,L1,benign,cine.dcm,ceus,,Here",
      "B,L2,malignant,clip.avi,b-mode,2,", "B,L2,,clip.avi,b-mode,,",
    ]
    try folder.write(rows.joined(separator: "\n") + "\n", to: "s/cohort.csv")
    let (_, catalogue) = try imported()
    let images = try catalogue.images()
    #expect(images.map(\.name) == ["cine.dcm#", "cine.dcm#3", "clip.avi#", "clip.avi#2"])
    #expect(images.map(\.extent) == [.clip(frames: 5), .frame(3), .clip(frames: 4), .frame(2)])
    #expect(
      images.map(\.patient) == ["A", "A", "B", "B"] && images[0].modality == .contrast && images[0].site == "Here")
    #expect(images[0].exam == "1.2.3" && images[2].exam == nil && images[2].label == .malignant)
    #expect(try catalogue.frameTimes(of: images[1]) == [60])
    #expect(try catalogue.frameTimes(of: images[2])?.map { $0.rounded() } == [0, 100, 200, 300])
    // Frames of one file are together whatever they show.
    #expect(images[0].duplicateGroup == images[1].duplicateGroup && images[0].duplicateGroup != nil)
    try Exporter.run(catalogue, to: folder("out"))
    _ = try Importer.run(source: folder("out"), into: folder("b.cohort"))
    #expect(try Catalogue.open(folder("b.cohort")).contentHash() == catalogue.contentHash())
  }

  @Test(arguments: [
    ("frame", "9", "frame \"9\": expected a number from 0 to 3, or nothing for the whole clip"),
    ("frame", "first", "frame \"first\": expected a number from 0 to 3, or nothing for the whole clip"),
    ("frames", "1-3", "frames \"1-3\": parts of a clip are not read; expected frame, or neither for the whole clip"),
  ]) func framesThatAreNotThere(column: String, cell: String, message: String) throws {
    try folder.write(ClipBytes.avi(seed: 1, frames: 4), to: "s/clip.avi")
    try folder.write(
      "patient,lesion,label,file,modality,\(column)\nP,L,benign,clip.avi,b-mode,\(cell)\n", to: "s/t.csv")
    let problems = importProblems(folder("s/t.csv"), into: folder("a.cohort"))
    #expect(problems.map(\.message) == [message] && problems[0].place.hasSuffix("t.csv:2"))
  }

  /// An intake changes the bytes that are read and kept, and each file goes through it once.
  @Test func anIntakeMayChangeTheFiles() throws {
    let file = DICOMBytes()
    try folder.write(file.bytes, to: "s/a.dcm")
    let intake = FileIntake(name: "rename") { source, target in
      let text = try Data(contentsOf: source)
      var bytes = [UInt8](text)
      let place = try #require(bytes.indices.first { bytes[$0...].starts(with: Array("P1".utf8)) })
      bytes[place + 1] = UInt8(ascii: "9")
      try Data(bytes).write(to: target)
    }
    let (_, catalogue) = try imported(ImportOptions(intake: intake))
    let image = try #require(try catalogue.images().first)
    #expect(image.patient == "P9")
    #expect([UInt8](try Data(contentsOf: image.file)) != file.bytes)
    #expect(try catalogue.check().isSound)
    // Files and folders are named after people: the cohort calls the image by patient and instance.
    #expect(image.name.hasPrefix("P9/") && image.name.hasSuffix(".dcm") && image.lesion == image.name)
    let again = try Importer.run(source: folder("s"), into: catalogue.folder, options: ImportOptions(intake: intake))
    #expect(again.added == 0 && again.unchanged == 1)
  }
}
