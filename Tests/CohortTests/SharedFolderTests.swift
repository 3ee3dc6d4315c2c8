import Foundation
import Imaging
import Testing
import Ultrasound

@testable import Cohort

/// Real files of several makers, and files that are broken in every way.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: sharedFolder.path), "needs ../shared"))
struct SharedFolderTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func realDICOMFiles() throws {
    let report = try Importer.run(
      source: sharedFolder.appendingPathComponent("data/dicom-us"), into: folder("a.cohort"))
    // Three files are others saved again under the same SOP Instance UID.
    #expect(report.added == 9 && report.failures.count == 3)
    #expect(report.failures.allSatisfy { $0.reason.contains("SOP Instance UID") })
    let catalogue = try Catalogue.open(folder("a.cohort"))
    let images = try catalogue.images()
    let cine = try #require(images.first { $0.name == "pydicom/examples_ybr_color.dcm" })
    #expect(cine.extent == .clip(frames: 30) && cine.date == "2016-05-03" && cine.device == "SonoSite, Inc. Turbo")
    let times = try #require(try catalogue.frameTimes(of: cine))
    #expect(times.count == 30 && times[0] == 0 && zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
    #expect(cine.spacing.map { abs($0.x - 0.5105) < 1e-4 } == true && !cine.regions.isEmpty)
    let frames = try PictureReader().frames([0, 12, 29], of: cine)
    #expect(frames.allSatisfy { $0.width == cine.width && $0.height == cine.height })
    // One picture in two transfer syntaxes.
    let twins = images.filter { ["pydicom-data/US1_UNCI.dcm", "pydicom-data/US1_UNCR.dcm"].contains($0.name) }
    #expect(twins.count == 2 && twins[0].duplicateGroup != nil && twins[0].duplicateGroup == twins[1].duplicateGroup)
    #expect(try catalogue.check().isSound)
  }

  @Test func mixedFoldersOfStillsWithMasks() throws {
    for name in ["thyroid-tinet", "thyroid-calcification", "breast-doppler"] {
      let report = try Importer.run(
        source: sharedFolder.appendingPathComponent("data/\(name)"), into: folder("a.cohort"))
      #expect(report.failures.isEmpty && report.added > 0)
    }
    let images = try Catalogue.open(folder("a.cohort")).images()
    #expect(images.count == 10 && images.count { $0.label == .benign } == 3 && images.count { $0.label == nil } == 4)
    #expect(images.map(\.calcificationMasks.count).reduce(0, +) == 1)
  }

  /// Each file is an image, an image again, or a failure with its reason.
  @Test func brokenDICOMFiles() throws {
    let source = sharedFolder.appendingPathComponent("conformance/dicom/malformed")
    let files = try FileManager.default.contentsOfDirectory(atPath: source.path).count
    let report = try Importer.run(source: source, into: folder("a.cohort"))
    #expect(report.added + report.unchanged + report.failures.count == files && report.failures.count > files / 2)
    #expect(report.failures.allSatisfy { !$0.reason.isEmpty && !$0.reason.contains(source.path) })
    #expect(try Catalogue.open(folder("a.cohort")).check().isSound)
  }
}
