import Foundation
import Tables
import Testing
import Ultrasound

@testable import InSilico

@Suite struct StudyFolderTests {
  @Test(arguments: SimulatedSystem.allCases) func writesAFolderThatReadsBack(system: SimulatedSystem) throws {
    let parent = FileManager.default.temporaryDirectory.appendingPathComponent("insilico-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: parent) }
    var settings = CohortSettings(of: system)
    (settings.patients, settings.imageSize, settings.imagesPerLesion) = (4, 96, min(2, settings.imagesPerLesion))
    if settings.frames != nil { settings.frames = 4 }
    let cohort = try Simulator.cohort(of: system, settings: settings)
    let folder = parent.appendingPathComponent("cohort")
    try cohort.write(to: folder, progress: nil)

    let table = try Table(contentsOf: folder.appendingPathComponent("cohort.csv"))
    #expect(table.rowCount == cohort.imageCount)
    #expect(!table.columns.contains { $0.hasPrefix("z_") || $0.hasPrefix("llr") })
    #expect(Set(table.columns).count == table.columns.count)
    var files = try table.column("file") + table.column("mask")
    if system == .calcifiedThyroid {
      files += try table.column("calcification_mask")
      // Frames of a clip, in order.
      let clips = Dictionary(grouping: zip(try table.column("pair"), try table.numbers("frame")), by: \.0)
      #expect(clips.count == cohort.lesionCount && clips.values.allSatisfy { $0.map(\.1) == [0, 1, 2, 3] })
    }
    for file in files {
      #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent(file).path), "\(file)")
    }
    if system != .liver {
      let pairs = Dictionary(grouping: zip(try table.column("pair"), try table.column("modality")), by: \.0)
      let modalities = Set(cohort.record.groups.compactMap { $0.modality?.rawValue })
      #expect(pairs.values.allSatisfy { Set($0.map(\.1)) == modalities })
      #expect(try table.numbers("roi_width").allSatisfy { $0 > 3 })
    }
    let truth = try SimulationTruth(folder: folder)
    #expect(truth.record == cohort.record && truth.record.system == system.rawValue && truth.record.isInSilico)
    #expect(truth.lesions.count == cohort.lesionCount)
    for group in cohort.record.groups { #expect(truth.scores(group.observer).count == cohort.lesionCount) }
    // What all modalities show together is what the observer of the images knows.
    let together = truth.scores(of: Set(cohort.record.groups.compactMap(\.modality)))
    let images = truth.scores(system == .liver ? .bmode : .images)
    for lesion in truth.lesions { #expect(abs((together[lesion] ?? .nan) - (images[lesion] ?? 0)) < 1e-9) }
    let readme = try String(contentsOf: folder.appendingPathComponent("README.txt"), encoding: .utf8)
    #expect(readme.hasPrefix("In silico"))
    let left = try FileManager.default.contentsOfDirectory(atPath: parent.path)
    #expect(left == ["cohort"])
  }
}
