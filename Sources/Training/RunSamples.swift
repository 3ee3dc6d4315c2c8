public import Cohort
public import Imaging
public import Networks
public import Protocols
public import Ultrasound

/// The samples of a run's images, for those who ask its networks more than their scores.
public struct RunSamples: Sendable {
  let source: SampleSource

  /// Errors: a cohort without images of the protocol's modalities, or with images that its network cannot be given.
  public init(_ cohort: Catalogue, _ study: StudyProtocol) throws(TrainingError) {
    source = try SampleSource(
      try study.selectedImages(cohort), study, inputs: try study.inputs(), forTraining: false)
  }

  /// What the network takes.
  public var inputs: [NetworkInput] { source.inputs }
  public var count: Int { source.samples.count }

  /// Position of each sample by the image that predictions.csv calls it by.
  public var positions: [String: Int] { source.positions }

  /// What lies in an input of a sample: the image and the region cut out of it, of each frame in order of time where the input
  /// takes clips; empty where the sample lacks the input.
  public func parts(_ sample: Int, input: String) -> [(image: ImageRecord, box: PixelBox)] {
    frames(sample, input).map { source.regions.part($0) }
  }

  private func frames(_ sample: Int, _ name: String) -> Frames {
    guard let input = source.inputs.first(where: { $0.name == name }),
      let frames = source.samples[sample].pictures[name]
    else { return [] }
    return input.content == .clip ? frames : source.shown(frames, input, phase: nil)
  }

  /// What the network sees of a frame: size x size.
  public func picture(_ sample: Int, input: String, frame: Int = 0) throws(TrainingError) -> RGBImage {
    let frames = frames(sample, input)
    guard frames.indices.contains(frame) else {
      throw .cohort("\(source.name(sample)): has no frame \(frame) of \(input)")
    }
    let size = source.choice.size
    return RGBImage(width: size, height: size, pixels: try source.regions.pixels(frames[frame]))
  }
}
