public import NN
public import Torch

/// Weights of a network over stills for the network of the same names over clips (Carreira & Zisserman 2017, section
/// 2.1): each kernel [out, in, rows, columns] is repeated over the frames that the clip network's kernel spans and
/// divided by their number, so that where border frames are repeated a still repeated in time gives the same output.
///
/// - weights: by the still network's names. What has the clip network's rank already is left as it is, and so is what
///   the clip network does not know, so that loading it says what does not fit.
/// - parameters: of the clip network, or of a system whose names for it begin with `prefix`.
public func inflated(_ weights: [String: Tensor], for parameters: Parameters, under prefix: String = "")
  throws(TorchError) -> [String: Tensor]
{
  var found = weights
  for (name, weight) in weights {
    guard let own = parameters[prefix + name] else { continue }
    let (still, clip) = (try weight.shape, try own.shape)
    guard still.count == 4, clip.count == 5, clip[2] > 0 else { continue }
    let frames = [still[0], still[1], clip[2], still[2], still[3]]
    found[name] = try (weight.to(.float32) / Double(clip[2])).unsqueezed(2).expanded(frames)
  }
  return found
}
