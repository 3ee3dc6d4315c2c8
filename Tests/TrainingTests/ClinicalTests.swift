import Cohort
import Foundation
import Networks
import Protocols
import Tables
import Testing
import Ultrasound

@testable import Training

extension TrainingTests {
  struct Clinical {
    private func image(_ values: [String: ClinicalValue], size: Double? = nil) -> ImageRecord {
      ImageRecord(
        id: 0, name: "a.png", patient: "P", lesion: "L", label: .benign, background: .steatosis, sizeMillimetres: size,
        file: URL(fileURLWithPath: "/nowhere"), width: 8, height: 8, clinical: values)
    }

    private let schema: [ClinicalVariable] = [
      .init("age", .number), .init("afp", .number, log: true), .init("halo", .flag),
      .init("sex", .flag, levels: ["female", "male"]), .init("background", .category, levels: ["normal", "steatosis"]),
      .init("stage", .ordinal, levels: ["0", "1", "2"]), .init("size_mm", .number),
    ]

    private func record(_ values: [String: ClinicalValue], size: Double? = nil) throws -> [ClinicalCell] {
      try schema.map { try $0.cell(of: image(values, size: size)) }
    }

    @Test func cellsAreReadByTheirKind() throws {
      let cells = try record(
        ["age": .number(61), "afp": .number(0), "halo": .text("Yes"), "sex": .text("male"), "stage": .number(1)],
        size: 12)
      #expect(cells == [.number(61), .number(0), .level(1), .level(1), .level(1), .level(1), .number(12)])
      let missing = try record(["halo": .number(0)])
      #expect(missing == [.missing, .missing, .level(0), .missing, .level(1), .missing, .missing])
    }

    @Test func aMissingValueHasAPlaceOfItsOwn() throws {
      let records = try [20.0, 40].map { try record(["age": .number($0), "afp": .number($0), "sex": .text("male")]) }
      let encoder = ClinicalEncoder(schema, training: records)
      #expect(encoder.width == 2 * 6 + 3)
      let (known, unknown) = (try record(["age": .number(40), "stage": .number(2)], size: 5), try record([:]))
      // age (mean 30, deviation 10), afp, halo, sex, background (normal, steatosis, missing), stage, size.
      #expect(encoder.encoded(known) == [1, 0] + [0, 1] + [0, 1] + [0, 1] + [0, 1, 0] + [1, 0] + [5, 0])
      #expect(encoder.encoded(unknown) == [0, 1] + [0, 1] + [0, 1] + [0, 1] + [0, 1, 0] + [0, 1] + [0, 1])
      #expect(
        encoder.encoded([.missing, .missing, .missing, .missing, .missing, .missing, .missing])[8...10] == [0, 0, 1])
      // Of a logarithm the values are 3.04 and 3.71.
      let standard = try #require(encoder.standards["afp"])
      #expect(abs(standard.mean - (log1p(20) + log1p(40)) / 2) < 1e-12)
    }

    @Test func whatIsNotOfItsKindIsNamed() throws {
      let wrong: [(String, ClinicalValue)] = [
        ("age", .text("old")), ("afp", .number(-1)), ("halo", .text("perhaps")), ("sex", .text("Male")),
        ("stage", .number(3)),
      ]
      for (column, value) in wrong {
        #expect { try record([column: value]) } throws: {
          "\($0)".contains("image a.png, column \(column): expected") && "\($0)".contains("found \"")
        }
      }
      let state = ClinicalVariable("background", .category, levels: ["normal", "fibrosis"])
      #expect { try state.cell(of: image([:])) } throws: { "\($0)".contains("found \"steatosis\"") }
    }

    @Test func aColumnThatNoImageHasIsAnErrorInTrainingOnly() throws {
      let images = try ExamCohort.get().of(.bMode, .colorDoppler)
      let study = systemStudy("uc-sttnet", ["backbone": .text("resnet18")]) { $0.clinical = [.init("weight", .number)] }
      let inputs = try study.inputs()
      #expect { try SampleSource(images, study, inputs: inputs) } throws: { "\($0)".contains("column weight") }
      let source = try SampleSource(images, study, inputs: inputs, forTraining: false)
      #expect(source.presence(0).last == false)
    }

    @Test func theNetworkIsMadeForTheSchema() throws {
      let study = systemStudy("uc-sttnet", ["backbone": .text("resnet18")]) {
        $0.clinical = [.init("age", .number), .init("sex", .category, levels: ["female", "male"])]
      }
      #expect(try study.inputs().first { $0.content == .clinical }?.shape == [5])
      // A network that takes none refuses the schema.
      let images = try ExamCohort.get().of(.bMode, .contrast)
      let other = systemStudy("muf-net", ["backbone": .text("resnet18")]) { $0.clinical = study.clinical }
      #expect { try SampleSource(images, other, inputs: try other.inputs()) } throws: {
        "\($0)".contains("takes no clinical values")
      }
    }

    /// Values of the test part, however far out, do not move what the training part is standardised by.
    @Test func nothingLeaksFromOutsideTheTrainingPart() throws {
      let images = try ExamCohort.get().of(.bMode, .colorDoppler)
      let study = systemStudy("uc-sttnet", ["backbone": .text("resnet18"), "width": .integer(16)]) {
        $0.clinical = [.init("age", .number), .init("hepatitis", .ordinal, levels: ["0", "1", "2", "3"])]
      }
      let training = images.filter { $0.patient.count == 2 }.map(\.name)  // P0 to P9
      let rest = images.filter { $0.patient.count > 2 }.map(\.name)
      func standards(shifted: Double) throws -> [String: ClinicalEncoder.Standard]? {
        let changed = images.map { image -> ImageRecord in
          var image = image
          if rest.contains(image.name) { image.clinical["age"] = .number(50 + shifted) }
          return image
        }
        let folder = try TemporaryFolder()
        let run = RunFolder(folder.url)
        let fold = Fold(index: 0, train: training, validation: rest, test: [])
        _ = try trainer(study, changed, fold: fold, run: run).train()
        return try Checkpoint(contentsOf: run.chosenCheckpoint(0), protocolHash: "h", fold: 0).progress.clinical
      }
      let near = try standards(shifted: 0)
      #expect(near == ["age": .init(of: (0..<10).map { Double(40 + $0) })])
      #expect(try standards(shifted: 1e6) == near)
    }
  }
}
