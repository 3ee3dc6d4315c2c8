import Foundation
import Imaging
import Tables
import Testing

@testable import InSilico

@Suite struct CohortFolderTests {
  private static let small = LiverSettings(
    patients: 5, imagesPerLesion: 1, lesionsPerPatient: 1.2, seed: 8, imageSize: 96)

  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("insilico-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  @Test func writesACohortThatReadsBack() throws {
    try withFolder { parent in
      let folder = parent.appendingPathComponent("liver")
      let cohort = try Simulator.liver(Self.small)
      try cohort.write(to: folder)
      #expect(try FileManager.default.contentsOfDirectory(atPath: parent.path) == ["liver"])

      let table = try Table(contentsOf: folder.appendingPathComponent("cohort.csv"))
      #expect(table.rowCount == cohort.imageCount)
      for name in ["patient", "lesion", "label", "file", "modality", "mask", "background_roi_width", "afp", "halo"] {
        #expect(table.has(name), "\(name)")
      }
      #expect(!table.columns.contains { $0.hasPrefix("z_") || $0.hasPrefix("llr") })
      for file in try table.column("file") + table.column("mask") {
        #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent(file).path), "\(file)")
      }
      let readme = try String(contentsOf: folder.appendingPathComponent("README.txt"), encoding: .utf8)
      #expect(readme.contains("simulated"))

      let truth = try SimulationTruth(folder: folder)
      #expect(truth.record == cohort.record)
      #expect(truth.record.isInSilico)
      #expect(truth.lesions == cohort.lesions.map(\.id))
      let first = try #require(cohort.lesions.first)
      #expect(truth.scores(.bmode)[first.id] == cohort.model.bmode.logLikelihoodRatio(first.bmode))
      #expect(abs((truth.record.efficiency(ofAUC: 0.95, against: .bmode) ?? 0) - 1) < 1e-9)
      #expect(truth.record.efficiency(ofAUC: 0.9, against: .clinicalRecorded) == nil)
      let json = try String(contentsOf: folder.appendingPathComponent("simulation.json"), encoding: .utf8)
      #expect(json.contains("\"in silico\" : true"))
    }
  }

  /// Threads share nothing: what a parallel run wrote is what a picture rendered alone gives.
  @Test func bytesDependOnTheSettingsAlone() throws {
    try withFolder { parent in
      let (a, b) = (parent.appendingPathComponent("a"), parent.appendingPathComponent("b"))
      let cohort = try Simulator.liver(Self.small)
      try cohort.write(to: a)
      try Simulator.liver(Self.small).write(to: b)
      for file in try files(in: a) where file.contains(".") {
        #expect(
          try Data(contentsOf: a.appendingPathComponent(file)) == Data(contentsOf: b.appendingPathComponent(file)))
      }
      #expect(try files(in: a) == files(in: b))
      let last = cohort.lesionCount - 1
      let image = cohort.render(lesion: last, image: 0)
      let written = try Data(contentsOf: a.appendingPathComponent("images/" + cohort.imageName(lesion: last, image: 0)))
      #expect(try PNG.encode(GreyImage(width: 96, height: 96, pixels: image.pixels)) == [UInt8](written))
    }
  }

  @Test func whatIsThereStays() throws {
    try withFolder { parent in
      let folder = parent.appendingPathComponent("liver")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data("mine".utf8).write(to: folder.appendingPathComponent("note"))
      let cohort = try Simulator.liver(Self.small)
      #expect(throws: SimulationError.exists(path: folder.path)) { try cohort.write(to: folder) }
      #expect(try files(in: parent) == ["liver", "liver/note"])
    }
  }

  @Test func anOutputThatCannotBeMadeIsNamed() throws {
    try withFolder { parent in
      let file = parent.appendingPathComponent("file")
      try Data("x".utf8).write(to: file)
      let cohort = try Simulator.liver(Self.small)
      let folder = file.appendingPathComponent("liver")
      let error = #expect(throws: SimulationError.self) { try cohort.write(to: folder) }
      #expect(error?.description.contains(folder.path) == true)
      #expect(try files(in: parent) == ["file"])
    }
  }

  /// The unfinished folder is taken away in the middle of the work: one clear error, nothing under the final name.
  @Test func afterAFailureNothingIsLeft() throws {
    try withFolder { parent in
      let cohort = try Simulator.liver(Self.small)
      let folder = parent.appendingPathComponent("liver")
      #expect(throws: SimulationError.self) {
        try cohort.write(to: folder) { done, _ in
          guard done == 1, let names = try? FileManager.default.contentsOfDirectory(atPath: parent.path) else { return }
          for name in names { try? FileManager.default.removeItem(at: parent.appendingPathComponent(name)) }
        }
      }
      #expect(try files(in: parent).isEmpty)
    }
  }

  @Test func aBrokenRecordIsNamed() throws {
    try withFolder { folder in
      let record = folder.appendingPathComponent("simulation.json")
      #expect(!SimulationTruth.exists(in: folder))
      #expect(throws: SimulationError.record(path: record.path, reason: "no such file")) {
        try SimulationTruth(folder: folder)
      }
      try Data("{\"in silico\": tr".utf8).write(to: record)
      let cut = #expect(throws: SimulationError.self) { try SimulationTruth(folder: folder) }
      #expect(cut?.description.contains(record.path) == true)
      try Simulator.liver(Self.small).record.json().write(to: record)
      let truth = folder.appendingPathComponent("truth.csv")
      try Data("lesion,label\nL0001,benign\n".utf8).write(to: truth)
      let missing = #expect(throws: SimulationError.self) { try SimulationTruth(folder: folder) }
      #expect(missing?.description.contains("llr_bmode") == true)
    }
  }

  private func files(in folder: URL) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
  }
}
