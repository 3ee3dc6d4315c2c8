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
  /// Frame of the image, counted from 0, where that is a clip.
  let frame: Int

  init(_ image: Int, _ part: Part = .lesion, frame: Int = 0) {
    (self.image, self.part, self.frame) = (image, part, frame)
  }
}

/// Frames of one sample at one input of a network: one for a still; all frames of a clip, of which an input over stills is given one.
typealias Frames = [Picture]
