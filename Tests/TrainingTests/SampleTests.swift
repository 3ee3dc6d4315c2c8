import Cohort
import Foundation
import Networks
import Protocols
import Testing
import Ultrasound

@testable import Training

extension TrainingTests {
  struct Samples {
    private func image(
      _ name: String, _ lesion: String, _ modality: Modality, pair: String? = nil, frame: String? = nil
    )
      -> ImageRecord
    {
      ImageRecord(
        id: 0, name: name, patient: "P", lesion: lesion, label: .benign, modality: modality, pair: pair, frame: frame,
        file: URL(fileURLWithPath: "/nowhere"), width: 8, height: 8)
    }

    private func names(_ groups: [SampleGroup], _ images: [ImageRecord]) -> [[String]] {
      groups.map { group in group.images.map { images[$0].name } }
    }

    @Test func imagesAreSamplesByThemselves() throws {
      let images = [image("a", "L", .bMode), image("b", "L", .contrast)]
      let groups = try InputChoice.Sample.image.groups(of: images)
      #expect(
        groups == [
          .init(image: 0, stills: [.bMode: 0], frames: []), .init(image: 1, stills: [.contrast: 1], frames: []),
        ])
    }

    @Test func aPairIsOneImageAModality() throws {
      let images = [
        image("a", "L", .bMode, pair: "1"), image("b", "L", .contrast, pair: "1"), image("c", "L", .bMode, pair: "2"),
        image("d", "M", .contrast, pair: "1"), image("e", "L", .bMode), image("f", "L", .contrast),
      ]
      let groups = try InputChoice.Sample.pair.groups(of: images)
      // The same pair of another lesion is another pair, and what has no partner stands alone.
      #expect(names(groups, images) == [["a", "b"], ["c"], ["d"], ["e"], ["f"]])
      #expect(groups[0].stills == [.bMode: 0, .contrast: 1])
    }

    @Test func aLesionsModalitiesAreMatchedInOrder() throws {
      let images = [
        image("b1", "L", .bMode, frame: "10"), image("b2", "L", .bMode, frame: "9"), image("s1", "L", .shearWave),
        image("s2", "L", .shearWave), image("s3", "L", .shearWave), image("t", "M", .shearWave),
      ]
      let groups = try InputChoice.Sample.lesion.groups(of: images)
      // Frame 9 comes before frame 10; the two B-mode images begin again for the third SWE image.
      #expect(names(groups, images) == [["b2", "s1"], ["b1", "s2"], ["b2", "s3"], ["t"]])
      // Each is called by an image that no other sample is called by.
      #expect(groups.map { images[$0.image].name } == ["s1", "s2", "s3", "t"])
    }

    @Test func aClipIsALesionsFramesInOrderOfTime() throws {
      let images = [
        image("a", "L", .bMode, frame: "12"), image("b", "L", .bMode, frame: "4"),
        image("c", "L", .bMode, frame: "100"),
        image("d", "L", .contrast, frame: "1"), image("e", "L", .bMode, pair: "2", frame: "1"),
      ]
      let groups = try InputChoice.Sample.clip.groups(of: images)
      #expect(names(groups, images) == [["b", "a", "c"], ["d"], ["e"]])
    }

    @Test func framesAreSpreadOverALongClipAndRepeatTheLastOfAShortOne() {
      var choice = StudyProtocol().input.clip
      choice.frames = 4
      #expect(choice.places(in: 8, phase: nil) == [1, 3, 5, 7])
      #expect(choice.places(in: 8, phase: 0) == [0, 2, 4, 6])
      #expect(choice.places(in: 3, phase: 0.7) == [0, 1, 2, 2])
      #expect(choice.places(in: 4, phase: 0.3) == [0, 1, 2, 3])
      choice.extent = .window
      choice.stride = 2
      #expect(choice.places(in: 11, phase: nil) == [2, 4, 6, 8])
      #expect(choice.places(in: 11, phase: 0) == [0, 2, 4, 6])
      #expect(choice.places(in: 11, phase: 0.999) == [4, 6, 8, 10])
      #expect(choice.places(in: 5, phase: 0.5) == [0, 2, 4, 4])
      for length in 1...40 {
        for phase in [Double?.none, 0, 0.31, 0.9999] {
          for extent in [ClipChoice.Extent.whole, .window] {
            choice.extent = extent
            let places = choice.places(in: length, phase: phase)
            #expect(places.count == 4 && places == places.sorted() && places.allSatisfy { (0..<length).contains($0) })
          }
        }
      }
    }

    // MARK: Inputs

    private func still(_ name: String) -> NetworkInput { NetworkInput(name, .still, [3, 32, 32]) }

    @Test func inputsAreFoundByName() throws {
      let images = try ExamCohort.get().of(.bMode, .contrast)
      let study = systemStudy("muf-net")
      let source = try SampleSource(images, study, inputs: [still("b-mode"), still("ceus"), still("background")])
      #expect(source.samples.count == 16)
      for (index, sample) in source.samples.enumerated() {
        let record = source.record(index)
        #expect(source.regions.images[try #require(sample.pictures["b-mode"]?.first).image].modality == .bMode)
        #expect(source.regions.images[try #require(sample.pictures["ceus"]?.first).image].modality == .contrast)
        let background = try #require(sample.pictures["background"]?.first)
        #expect(background.part == .background && source.regions.images[background.image].lesion == record.lesion)
        #expect(source.regions.part(background).box == record.backgroundRegion)
      }
    }

    @Test func aSampleWithoutSomeInputsTakesPartAndOneWithoutAnyIsNamed() throws {
      let all = try ExamCohort.get().of(.bMode, .contrast)
      let images = all.filter { $0.lesion != "L3" || $0.modality == .bMode }
      let (study, inputs) = (systemStudy("muf-net"), [still("b-mode"), still("ceus")])
      let source = try SampleSource(images, study, inputs: inputs)
      let lone = try #require(source.samples.indices.first { source.record($0).lesion == "L3" })
      #expect(source.presence(lone) == [true, false])
      #expect { try SampleSource(images, study, inputs: [still("ceus")]) } throws: {
        "\($0)".contains("L3-b-mode.png") && "\($0)".contains("1 of 16")
      }
      #expect { try SampleSource(images, study, inputs: [still("mystery"), still("ceus")]) } throws: {
        "\($0)".contains("mystery")
      }
      #expect(throws: TrainingError.self) {
        try SampleSource(images, study, inputs: [NetworkInput("b-mode", .still, [9, 32, 32])])
      }
    }

    @Test func samplesAndInputsMustGoTogether() throws {
      let images = try ExamCohort.get().frames
      let clip = NetworkInput("clip", .clip, [3, 16, 32, 32], smallest: (32, 8))
      func failure(_ input: NetworkInput, _ change: (inout StudyProtocol) -> Void) -> String {
        let error = #expect(throws: TrainingError.self) {
          try SampleSource(images, systemStudy("resnet18", [:], change), inputs: [input])
        }
        return error?.description ?? ""
      }
      #expect(failure(clip) { $0.input.sample = .image }.contains("input.sample"))
      #expect(
        failure(clip) { ($0.input.sample, $0.input.clip.frames) = (.clip, 7) }.contains("needs 8 or more, found 7"))
      #expect(failure(still("input")) { $0.input.sample = .clip }.contains("input.sample"))
      let large = NetworkInput("input", .still, [3, 96, 96], smallest: (75, 1))
      #expect(failure(large) { ($0.input.sample, $0.input.size) = (.image, 64) }.contains("input.size"))
      #expect(
        failure(still("input")) { ($0.input.sample, $0.clinical) = (.image, [.init("age", .number)]) }.contains(
          "clinical"))
    }

    @Test func aSampleIsInAPartWithAllItsImages() throws {
      let images = try ExamCohort.get().of(.bMode, .contrast)
      let source = try SampleSource(images, systemStudy("muf-net"), inputs: [still("b-mode"), still("ceus")])
      #expect(source.indices(in: images.map(\.name)).count == 16)
      let torn = images.map(\.name).filter { $0 != "L4-ceus.png" }
      #expect(source.indices(in: torn).count == 15)
      #expect(!source.indices(in: torn).contains { source.record($0).lesion == "L4" })
    }
  }
}
