import Cohort
import Foundation
import Networks
import Protocols
import Testing

@testable import Training

extension TrainingTests {
  /// The protocols that come with the platform, against the networks they name.
  struct ShippedProtocols {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Protocols").standardizedFileURL

    private static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
      .filter { $0.hasSuffix(".json") }.sorted()

    @Test func everySystemHasOne() throws {
      let networks = try Self.names.map { try StudyProtocol(contentsOf: Self.folder.appending(path: $0)).network.name }
      for system in System.allCases { #expect(networks.contains(system.rawValue), "\(system.rawValue)") }
    }

    @Test(arguments: names) func itsNetworkCanBeMadeAndGivenItsSamples(name: String) throws {
      let study = try StudyProtocol(contentsOf: Self.folder.appending(path: name))
      let inputs = try study.inputs()
      // The samples and sizes go with the inputs; there is no image yet that could lack one.
      _ = try SampleSource([], study, inputs: inputs, forTraining: false)
      let clinical = inputs.filter { $0.content == .clinical }
      #expect(clinical.isEmpty == study.clinical.isEmpty)
      #expect(study.objective(counts: [10, 10]).tripletWeight >= 0)
    }

    @Test func theValuesOfThePapersStand() throws {
      func study(_ name: String) throws -> StudyProtocol {
        try StudyProtocol(contentsOf: Self.folder.appending(path: name + ".json"))
      }
      let renal = try study("muf-net")  // S1-10, S1-13, S1-15, S1-16, S1-18
      #expect(renal.input.size == 300 && renal.network.classes == 2 && renal.sampler == .classBalanced)
      #expect(renal.loss.kind == .classBalancedFocal && renal.loss.beta == 0.9999 && renal.loss.gamma == 2)
      #expect(renal.optimiser.kind == .sgd && renal.optimiser.learningRate == 0.05 && renal.training.epochs == 100)
      #expect(renal.schedule.kind == .step && renal.schedule.stepEpochs == 10 && renal.schedule.stepFactor == 0.5)
      #expect(renal.augmentation.paired && renal.validation.folds == 5)
      for branch in ["muf-net-b-mode", "muf-net-ceus"] {
        #expect(try study(branch).optimiser == renal.optimiser && study(branch).cohort.modalities.count == 1)
      }
      let liver = try study("dcnn-us-l")  // S2-11
      #expect(liver.loss.kind == .binaryCrossEntropy && liver.loss.tripletWeight > 0)
      #expect(liver.sampler == .classesByLesions && liver.network.classes == 1)
      let clips = try study("calcification-attention")  // S3: 16 to 64 frames of 224 x 224
      #expect(clips.input.sample == .clip && clips.input.clip.frames == 16 && clips.input.size == 224)
    }
  }
}
