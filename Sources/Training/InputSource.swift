import Cohort
import Networks
import Protocols
import Ultrasound

/// What a cohort gives to one input of a network, found by the input's name.
enum InputSource: Equatable {
  /// The sample's image of a modality.
  case modality(Modality)
  /// The sample's image, whatever its modality: inputs called `input`, `lesion` or `still`.
  case image
  /// The region beside the lesion in the sample's image: `background` (S2-10).
  case background
  case clip
  case clinical

  init(_ input: NetworkInput, of network: String) throws(TrainingError) {
    switch input.content {
    case .clinical: self = .clinical
    case .clip: self = .clip
    case .still:
      if let modality = Modality(rawValue: input.name) {
        self = .modality(modality)
      } else if ["input", "lesion", "still"].contains(input.name) {
        self = .image
      } else if input.name == "background" {
        self = .background
      } else {
        throw .cohort("\(network): nothing in a cohort is known for its input \(input.name)")
      }
    }
    guard input.content == .clinical || input.shape.first == 3 else {
      throw .cohort("\(network): its input \(input.name) has \(input.shape.first ?? 0) channels, pictures have 3")
    }
  }

  /// Pictures of a group's images, nil where it has none of them.
  func pictures(_ group: SampleGroup, _ regions: RegionSource) -> Frames? {
    switch self {
    case .modality(let modality): group.stills[modality].map { regions.frames(of: $0) }
    case .image: regions.frames(of: group.image)
    case .background: regions.hasBackground(group.image) ? regions.frames(of: group.image, .background) : nil
    case .clip: group.frames.isEmpty ? nil : group.frames.flatMap { regions.frames(of: $0) }
    case .clinical: nil
    }
  }
}
