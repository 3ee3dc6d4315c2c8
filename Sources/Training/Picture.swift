import Cohort
import Imaging
import Protocols
import Ultrasound

/// What is cut out of one image of a ``RegionSource``.
struct Picture: Hashable, Sendable {
  enum Part: Sendable {
    case lesion, background
    /// The marks of calcifications over the lesion's region: one channel.
    case calcification
  }
  /// Position in the source.
  let image: Int
  let part: Part

  init(_ image: Int, _ part: Part = .lesion) { (self.image, self.part) = (image, part) }
}

/// Frames of one sample at one input of a network: one for a still.
typealias Frames = [Picture]
