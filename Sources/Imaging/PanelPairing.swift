public import Ultrasound

/// Makes one pair of pictures of a screen with two panels (S1-09): by the file's ultrasound regions where it has them, else by
/// what the pixels show: a dark gutter between outlines of one shape, one side tinted, or one panel's picture found again beside it.
/// A screen with one picture is left whole, and one with several, or of different places, is refused with the reason.
public struct PanelPairing: Sendable {
  /// Pairs less certain than this are refused.
  public var minimumConfidence = 0.75

  public let width: Int
  public let height: Int
  /// The brightest that each pixel was, and the sum of all.
  private var peak: [UInt8]
  private var sums: [UInt32]
  private var frames = 0

  /// - Precondition: width and height are at least 1.
  public init(width: Int, height: Int) {
    precondition(width >= 1 && height >= 1, "PanelPairing: a frame has pixels")
    (self.width, self.height) = (width, height)
    peak = [UInt8](repeating: 0, count: width * height * 3)
    sums = [UInt32](repeating: 0, count: width * height * 3)
  }

  /// The panels of a still.
  public static func find(in still: RGBImage, regions: [CalibratedRegion] = []) -> PanelPairingFinding {
    guard still.width >= 1, still.height >= 1 else { return .none(reason: "the picture has no pixels") }
    var pairing = PanelPairing(width: still.width, height: still.height)
    pairing.add(still)
    return pairing.find(regions: regions)
  }

  /// Contrast arrives late, so frames of the whole clip are to be added; up to 100,000.
  /// - Returns: false where the frame is of another size, and so was not used.
  @discardableResult
  public mutating func add(_ frame: RGBImage) -> Bool {
    guard frame.width == width, frame.height == height, frames < 100_000 else { return false }
    frames += 1
    frame.pixels.withUnsafeBufferPointer { pixels in
      peak.withUnsafeMutableBufferPointer { peak in
        sums.withUnsafeMutableBufferPointer { sums in
          for at in pixels.indices {
            if pixels[at] > peak[at] { peak[at] = pixels[at] }
            sums[at] += UInt32(pixels[at])
          }
        }
      }
    }
    return true
  }

  /// - Parameter overlay: pixels above 127 are not looked at; of the frames' size, else it is not used.
  public func find(regions: [CalibratedRegion] = [], overlay: GreyImage? = nil) -> PanelPairingFinding {
    guard frames > 0 else { return .none(reason: "no frame was given") }
    let count = UInt32(frames)
    let mean = RGBImage(width: width, height: height, pixels: sums.map { UInt8($0 / count) })
    let bright = RGBImage(width: width, height: height, pixels: peak)
    let described = PanelRegions(regions)
    if described.panels.count >= 2 { return fromRegions(described, mean) }
    let search = PanelSearch(peak: bright, mean: mean, overlay: overlay, minimumConfidence: minimumConfidence)
    return search.find()
  }

  private func fromRegions(_ described: PanelRegions, _ mean: RGBImage) -> PanelPairingFinding {
    switch described.pair() {
    case .failure(let refusal): return .none(reason: refusal.reason)
    case .success(let (first, second, arrangement)):
      let split = PanelSplit(left: first.box, right: second.box, confidence: 1)
      let pair = PanelSearch.pair(
        split, arrangement, .regions, mean, regions: (first.contents, second.contents))
      // Two grey pictures beside each other may be two cuts.
      if pair.firstContent == pair.secondContent, pair.alignment == nil {
        return .none(reason: "the two pictures are of one kind and do not show the same place")
      }
      return .pair(pair)
    }
  }
}
