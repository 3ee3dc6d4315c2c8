import Cohort
import Foundation
import Imaging
import NN
import Protocols
import Tables
import Testing
import Torch
import Ultrasound

@testable import Training

/// Examinations of 16 lesions drawn by hand, one a patient: each modality shows a dark disc, bright in its core where the
/// lesion is malignant; beside it the organ, whose state shows in its grey. Made once.
struct ExamCohort: Sendable {
  static let made = Result { try ExamCohort() }
  static func get() throws -> ExamCohort { try made.get() }

  static let side = 64
  static let modalities: [Modality] = [.bMode, .colorDoppler, .superbMicrovascular, .shearWave, .contrast]

  /// A B-mode, Doppler, SMI, SWE and CEUS image of each lesion, sharing `pair`.
  let stills: [ImageRecord]
  /// Clips of 5 to 8 frames a lesion.
  let frames: [ImageRecord]
  let folder: URL
  private let kept: TemporaryFolder

  private init() throws {
    kept = try TemporaryFolder()
    folder = kept.url
    removeAtExit(folder.path)
    var (stills, frames): ([ImageRecord], [ImageRecord]) = ([], [])
    for lesion in 0..<16 {
      for (place, modality) in Self.modalities.enumerated() {
        let name = "L\(lesion)-\(modality.rawValue).png"
        try Self.draw(lesion, seed: lesion * 10 + place, to: folder.appending(path: name))
        stills.append(Self.record(stills.count, name, lesion, modality, folder))
      }
      for frame in 0..<(5 + lesion % 4) {
        let name = "L\(lesion)-frame-\(frame).png"
        try Self.draw(lesion, seed: 1000 + lesion * 10 + frame, to: folder.appending(path: name))
        var record = Self.record(frames.count, name, lesion, .bMode, folder)
        (record.pair, record.frame) = (nil, String(frame * 4))
        frames.append(record)
      }
    }
    (self.stills, self.frames) = (stills.sorted { $0.name < $1.name }, frames.sorted { $0.name < $1.name })
  }

  static func label(_ lesion: Int) -> Label { lesion % 2 == 1 ? .malignant : .benign }

  private static func record(
    _ id: Int, _ name: String, _ lesion: Int, _ modality: Modality, _ folder: URL
  ) -> ImageRecord {
    ImageRecord(
      id: Int64(id), name: name, patient: "P\(lesion)", lesion: "L\(lesion)", label: label(lesion), modality: modality,
      pair: "pair-\(lesion)", background: Background.allCases[lesion % 3], sizeMillimetres: 10 + Double(lesion),
      file: folder.appending(path: name), width: side, height: side,
      region: PixelBox(x: 16, y: 8, width: 40, height: 40),
      backgroundRegion: PixelBox(x: 0, y: 48, width: 16, height: 16),
      clinical: [
        "age": .number(Double(40 + lesion)), "hepatitis": lesion == 3 ? .missing : .number(Double(lesion % 4)),
        "sex": .text(lesion % 3 == 0 ? "female" : "male"), "halo": lesion == 5 ? .missing : .text("yes"),
      ])
  }

  private static func draw(_ lesion: Int, seed: Int, to file: URL) throws {
    let noise: [Float] = try Generator(seed: UInt64(seed)).uniform([side * side]).scalars()
    // Coarse echoes of its own, so that no two pictures look alike.
    let echoes: [Float] = try Generator(seed: UInt64(seed) + 5000).uniform([64]).scalars()
    let organ = Float(90 + lesion % 3 * 40)
    let pixels = (0..<side * side).map { place -> UInt8 in
      let (y, x) = (place / side - 28, place % side - 36)
      let distance = x * x + y * y
      let isBright = label(lesion) == .malignant && distance < 64
      let echo = 0.6 + 0.7 * echoes[place / side / 8 * 8 + place % side / 8]
      return UInt8((distance >= 225 ? organ * echo : isBright ? 220 : 30) * (0.9 + 0.2 * noise[place]))
    }
    try Data(PNG.encode(GreyImage(width: side, height: side, pixels: pixels))).write(to: file)
  }

  /// The images of some modalities.
  func of(_ wanted: Modality...) -> [ImageRecord] { stills.filter { wanted.contains($0.modality) } }

  /// A cohort of `images`, made in `folder` from a cohort table; patients from P10 on are the test part.
  static func imported(_ images: [ImageRecord], into folder: URL) throws -> Catalogue {
    let columns = [
      "patient", "lesion", "label", "modality", "file", "pair", "roi_x", "roi_y", "roi_width", "roi_height",
      "split",
    ]
    let rows = images.map { image in
      [
        image.patient, image.lesion, image.label?.rawValue ?? "", image.modality.rawValue,
        image.file.lastPathComponent,
        image.pair ?? "",
        "16", "8", "40", "40", (image.patient.count == 2 ? Split.train : .internalTest).rawValue,
      ]
    }
    let source = folder.appending(path: "source")
    try FileManager.default.createDirectory(at: source, withIntermediateDirectories: true)
    for image in images {
      try FileManager.default.copyItem(at: image.file, to: source.appending(path: image.file.lastPathComponent))
    }
    try Table(columns: columns, rows: rows, source: "cohort.csv").write(to: source.appending(path: "cohort.csv"))
    _ = try Importer.run(source: source, into: folder.appending(path: "cohort"))
    return try Catalogue.open(folder.appending(path: "cohort"))
  }
}

/// A study of a system over the drawn examinations.
func systemStudy(
  _ name: String, _ settings: [String: JSONValue] = [:], _ change: (inout StudyProtocol) -> Void = { _ in }
) -> StudyProtocol {
  smallStudy {
    ($0.network.name, $0.network.settings) = (name, settings)
    $0.input.sample = .pair
    $0.input.margin = 0
    $0.training.batchSize = 8
    ($0.augmentation.flip, $0.augmentation.rotation, $0.augmentation.scale) = (0, 0, 0)
    ($0.augmentation.translation, $0.augmentation.gain) = (0, 0)
    change(&$0)
  }
}

/// The trainer of one fold over some images.
func trainer(_ study: StudyProtocol, _ images: [ImageRecord], fold: Fold, run: RunFolder) throws -> FoldTrainer {
  try FileManager.default.createDirectory(at: run.checkpoints, withIntermediateDirectories: true)
  return FoldTrainer(
    study: study, protocolHash: "h", fold: fold, source: try SampleSource(images, study, inputs: try study.inputs()),
    compute: try Compute(study.training), run: run, report: { _ in })
}
