import Cohort
import Networks
import Protocols
import Ultrasound

/// What one score is of: the images that are brought together, and what each of a network's inputs is given of them.
struct Sample: Sendable {
  /// Position of the image it is called by in predictions.csv; no two samples have the same.
  let image: Int
  /// Positions of all its images.
  let images: [Int]
  /// By input name: one picture of a still, every frame of a clip. Inputs that the sample lacks are not named.
  let pictures: [String: Frames]
  /// One cell a variable of the protocol's clinical schema.
  let clinical: [ClinicalCell]

  /// Whether it has what the input asks for.
  func has(_ input: NetworkInput) -> Bool {
    input.content == .clinical ? clinical.contains { $0 != .missing } : pictures[input.name] != nil
  }
}

/// Images that make one sample: as the protocol's `input.sample` says.
struct SampleGroup: Equatable {
  /// Position of the image the sample is called by.
  let image: Int
  /// The image of each modality.
  let stills: [Modality: Int]
  /// A clip's images in order of time; empty where the samples are stills.
  let frames: [Int]

  var images: [Int] { frames.isEmpty ? stills.values.sorted() : frames }
}

extension InputChoice.Sample {
  /// The samples of images, in order of the image they are called by.
  func groups(of images: [ImageRecord]) throws(TrainingError) -> [SampleGroup] {
    switch self {
    case .image:
      return images.indices.map { SampleGroup(image: $0, stills: [images[$0].modality: $0], frames: []) }
    case .lesion: return matched(keyed(images) { SampleKey($0) }, images)
    case .pair:
      // An image without a partner is a sample by itself.
      return matched(keyed(images) { SampleKey($0, pair: $0.pair ?? "image " + $0.name) }, images)
    case .clip:
      // A clip in a file of its own is a sample by itself.
      let clips = keyed(images) {
        SampleKey($0, modality: $0.modality, pair: $0.extent.frames > 1 ? "clip " + $0.name : $0.pair)
      }
      let groups = clips.map { clip in
        let frames = clip.inOrder(images)
        return SampleGroup(image: frames[0], stills: [:], frames: frames)
      }
      return groups.sorted { $0.image < $1.image }
    }
  }

  /// One image a modality: the first of each, then the second, and so on, a modality that has fewer beginning again. The
  /// sample is called by the image of the modality that has most.
  private func matched(_ members: [[Int]], _ images: [ImageRecord]) -> [SampleGroup] {
    var groups: [SampleGroup] = []
    for member in members {
      let modalities = Dictionary(grouping: member.inOrder(images)) { images[$0].modality }
      let order = Modality.allCases.compactMap { modality in modalities[modality].map { (modality, $0) } }
      guard let longest = order.map(\.1).max(by: { $0.count < $1.count }) else { continue }
      for (place, name) in longest.enumerated() {
        let stills = order.map { ($0.0, $0.1[place % $0.1.count]) }
        groups.append(SampleGroup(image: name, stills: Dictionary(uniqueKeysWithValues: stills), frames: []))
      }
    }
    return groups.sorted { $0.image < $1.image }
  }

  private func keyed(_ images: [ImageRecord], by key: (ImageRecord) -> SampleKey) -> [[Int]] {
    Array(Dictionary(grouping: images.indices) { key(images[$0]) }.values)
  }
}

private struct SampleKey: Hashable {
  let patient, lesion: String
  let modality: Modality?
  let pair: String?

  init(_ image: ImageRecord, modality: Modality? = nil, pair: String? = nil) {
    (patient, lesion) = (image.patient, image.lesion)
    (self.modality, self.pair) = (modality, pair)
  }
}

extension [Int] {
  /// Positions of images by `frame`, numbers by value before words, then by name.
  fileprivate func inOrder(_ images: [ImageRecord]) -> [Int] {
    func key(_ index: Int) -> (Double, String, String) {
      let frame = images[index].frame ?? ""
      return (Double(frame) ?? .infinity, frame, images[index].name)
    }
    return sorted { key($0) < key($1) }
  }
}
