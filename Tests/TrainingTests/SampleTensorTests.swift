import Cohort
import Foundation
import Imaging
import Networks
import Protocols
import Testing
import Torch
import Ultrasound

@testable import Training

extension TrainingTests {
  struct SampleBatches {
    private let none = ClinicalEncoder([], standards: [:])

    private func source(
      _ images: [ImageRecord], _ inputs: [NetworkInput], _ change: (inout StudyProtocol) -> Void = { _ in }
    )
      throws -> SampleSource
    {
      try SampleSource(images, systemStudy("muf-net", [:], change), inputs: inputs)
    }

    private func still(_ name: String) -> NetworkInput { NetworkInput(name, .still, [3, 32, 32]) }

    private func change(_ paired: Bool = true, seed: UInt64 = 4, noise: Bool = false) throws -> BatchChange {
      var amount = StudyProtocol().augmentation
      (amount.elastic, amount.speckle, amount.gain) = (0.1, noise ? 0.2 : 0, noise ? 0.2 : 0)
      amount.paired = paired
      return try BatchChange(amount, seed: seed)
    }

    /// Two panels that show the same, so that what differs is the change.
    private func twins() throws -> [ImageRecord] {
      try ExamCohort.get().of(.bMode).flatMap { image -> [ImageRecord] in
        var twin = image
        (twin.modality, twin.name) = (.contrast, image.name.replacing("b-mode", with: "ceus"))
        return [image, twin]
      }.sorted { $0.name < $1.name }
    }

    private func numbers(_ tensor: Tensor?) throws -> [Float] { try #require(tensor).contiguous().scalars() }

    @Test func thePanelsOfASampleMoveAlikeAndHaveNoiseOfTheirOwn() throws {
      let inputs = [still("b-mode"), still("ceus")]
      let source = try source(twins(), inputs)
      let indices = Array(0..<8)
      func panels(_ change: BatchChange?) throws -> ([Float], [Float]) {
        let tensors = try SampleTensors(source, indices, on: .cpu, change: change).inputs(none)
        return (try numbers(tensors["b-mode"]), try numbers(tensors["ceus"]))
      }
      let plain = try panels(nil)
      #expect(plain.0 == plain.1)
      let paired = try panels(change())
      #expect(paired.0 == paired.1 && paired.0 != plain.0)
      let apart = try panels(change(false))
      #expect(apart.0 != apart.1)
      let noisy = try panels(change(noise: true))
      #expect(noisy.0 != noisy.1)
      #expect(try panels(change()).0 == paired.0, "the seed decides")
    }

    @Test func theFramesOfAClipMoveAlike() throws {
      // Every frame the same picture.
      let first = try ExamCohort.get().frames.filter { $0.lesion == "L0" || $0.lesion == "L1" }
      let images = first.map { image -> ImageRecord in
        var image = image
        image.file = image.file.deletingLastPathComponent().appending(path: "\(image.lesion)-frame-0.png")
        return image
      }
      let source = try source(images, [NetworkInput("clip", .clip, [3, 6, 32, 32])]) {
        ($0.input.sample, $0.input.clip.frames) = (.clip, 6)
      }
      let clips = try #require(
        try SampleTensors(source, [0, 1], on: .cpu, change: change()).inputs(none)["clip"])
      #expect(try clips.shape == [2, 3, 6, 32, 32])
      let frames = try (0..<6).map { try numbers(clips.narrowed(2, from: $0, length: 1)) }
      #expect(frames.allSatisfy { $0 == frames[0] })
      let plain = try #require(try SampleTensors(source, [0, 1], on: .cpu).inputs(none)["clip"])
      #expect(try numbers(plain.narrowed(2, from: 0, length: 1)) != frames[0])
      // Speckle is each frame's own.
      let noisy = try #require(
        try SampleTensors(source, [0, 1], on: .cpu, change: change(noise: true)).inputs(none)["clip"])
      #expect(try numbers(noisy.narrowed(2, from: 0, length: 1)) != numbers(noisy.narrowed(2, from: 1, length: 1)))
    }

    @Test func aClipsFramesAreInOrderOfTime() throws {
      let images = try ExamCohort.get().frames
      let source = try source(images, [NetworkInput("clip", .clip, [3, 8, 32, 32])]) {
        ($0.input.sample, $0.input.clip.frames) = (.clip, 8)
      }
      let sample = try #require(source.samples.indices.first { source.record($0).lesion == "L1" })
      let clip = try #require(try SampleTensors(source, [sample], on: .cpu).inputs(none)["clip"])
      let frames = images.indices.filter { images[$0].lesion == "L1" }
      #expect(frames.count == 6)
      for place in 0..<8 {
        // The seventh and eighth are the last again.
        let pixels = try source.regions.pixels([Picture(frames[min(place, 5)])])
        let expected = try Pixels.normalised(Pixels.images(pixels, size: 32))
        #expect(try numbers(clip.narrowed(2, from: place, length: 1)) == numbers(expected))
      }
    }

    @Test func whatIsThereIsTold() throws {
      let all = try ExamCohort.get().of(.bMode, .contrast)
      let images = all.filter { $0.lesion != "L3" || $0.modality == .contrast }
      let source = try source(images, [still("b-mode"), still("ceus")])
      let tensors = try SampleTensors(source, Array(source.samples.indices), on: .cpu).inputs(none)
      let lone = try #require(source.samples.indices.first { source.record($0).lesion == "L3" })
      let present = try numbers(tensors["present"])
      for sample in source.samples.indices {
        #expect(Array(present[(2 * sample)..<(2 * sample + 2)]) == (sample == lone ? [0, 1] : [1, 1]))
      }
      #expect(try tensors["b-mode"]?.shape == [16, 3, 32, 32])
      // One input needs no telling.
      let single = try self.source(all.filter { $0.modality == .bMode }, [still("input")])
      #expect(try SampleTensors(single, [0], on: .cpu).inputs(none)["present"] == nil)
    }

    /// Marks in a clip's frames, which move as the frames do; a frame without a mask leaves its clip unknown.
    @Test func marksOfCalcificationsMoveWithTheirFrames() throws {
      let folder = try TemporaryFolder()
      let side = ExamCohort.side
      var bright = [UInt8](repeating: 0, count: side * side)
      for row in 20..<26 { for column in 40..<46 { bright[row * side + column] = 255 } }
      try Data(PNG.encode(GreyImage(width: side, height: side, pixels: bright))).write(to: folder("mask.png"))
      let images = try ExamCohort.get().frames.map { image -> ImageRecord in
        var image = image
        // The picture shows the mark itself, so that both must come out alike.
        if image.lesion == "L0" { image.file = folder("mask.png") }
        image.calcificationMasks = image.lesion == "L0" || image.name == "L1-frame-0.png" ? [folder("mask.png")] : []
        return image
      }
      let source = try source(images, [NetworkInput("clip", .clip, [3, 4, 32, 32])]) {
        ($0.input.sample, $0.input.clip.frames, $0.loss.attentionWeight) = (.clip, 4, 0.5)
      }
      let indices = ["L0", "L1"].compactMap { lesion in
        source.samples.indices.first { source.record($0).lesion == lesion }
      }
      for change in [nil, try change()] {
        let tensors = try SampleTensors(source, indices, on: .cpu, change: change)
        let (inputs, targets) = (try tensors.inputs(none), try tensors.targets())
        #expect(targets.calcificationKnown == [true, false])
        let marks = try #require(targets.calcification)
        #expect(try marks.shape == [2, 1, 4, 32, 32])
        let shown = try #require(inputs["clip"]).narrowed(0, from: 0, length: 1).narrowed(1, from: 0, length: 1)
        let seen = try numbers(shown).map { $0 * Float(ImageNet.deviation[0]) + Float(ImageNet.mean[0]) }
        let marked = try numbers(marks.narrowed(0, from: 0, length: 1))
        #expect(zip(seen, marked).allSatisfy { abs($0 - $1) < 1e-4 } && marked.contains { $0 > 0.9 })
      }
      #expect {
        try SampleSource(
          ExamCohort.get().frames, systemStudy("r3d-18") { ($0.input.sample, $0.loss.attentionWeight) = (.clip, 1) },
          inputs: [NetworkInput("clip", .clip, [3, 4, 32, 32])])
      } throws: { "\($0)".contains("calcification_mask") }
    }

    @Test func targetsAreOfTheSamples() throws {
      let images = try ExamCohort.get().of(.bMode)
      let source = try source(images, [still("lesion")])
      let targets = try SampleTensors(source, [0, 1, 5], on: .cpu).targets()
      let records = [0, 1, 5].map { source.record($0) }
      #expect(targets.labels == records.map { $0.label?.value })
      #expect(targets.backgrounds == records.map { $0.background == .normal ? 0 : $0.background == .steatosis ? 1 : 2 })
    }
  }
}
