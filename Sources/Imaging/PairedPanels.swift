public import Ultrasound

/// Two panels of one screen that belong together: the same place at the same time, shown in two ways (S1-09).
public struct PairedPanels: Sendable, Hashable, Codable {
  public enum Content: String, Sendable, Codable {
    case bMode = "b-mode"
    case contrast = "ceus"
    case colorDoppler = "color-doppler"
    case shearWave = "swe"
  }

  public enum Arrangement: String, Sendable, Codable {
    case sideBySide = "side-by-side"
    case stacked
  }

  public enum Evidence: String, Sendable, Codable {
    /// The file's calibrated ultrasound regions.
    case regions
    /// A dark gutter between two outlines of one shape.
    case gutter
    /// One panel's picture found again in the other.
    case `repeat`
    /// One side tinted, the other grey.
    case tint
  }

  /// Left or upper, in whole pixels.
  public let first: PixelBox
  /// Right or lower; of the same size as `first`.
  public let second: PixelBox
  public let firstContent: Content
  public let secondContent: Content
  public let arrangement: Arrangement
  public let evidence: Evidence
  /// 0...1.
  public let confidence: Double
  /// How far the second panel's picture still lies from the first's; nil where the two have too little in common to tell, as before
  /// contrast arrives.
  public let alignment: Translation?
  public let notes: [String]

  public init(
    first: PixelBox, second: PixelBox, firstContent: Content, secondContent: Content, arrangement: Arrangement,
    evidence: Evidence, confidence: Double, alignment: Translation?, notes: [String] = []
  ) {
    (self.first, self.second) = (first, second)
    (self.firstContent, self.secondContent, self.arrangement) = (firstContent, secondContent, arrangement)
    (self.evidence, self.confidence, self.alignment, self.notes) = (evidence, confidence, alignment, notes)
  }

  /// Both panels of a frame, of one size.
  public func crops(of frame: RGBImage) -> (first: RGBImage, second: RGBImage) {
    (frame.cropped(first), frame.cropped(second))
  }

  /// A box drawn on one panel, at the same place of the other; nil where its middle lies in neither.
  public func counterpart(of box: PixelBox) -> PixelBox? {
    let (x, y) = (box.x + box.width / 2, box.y + box.height / 2)
    func holds(_ panel: PixelBox) -> Bool { x >= panel.x && x < panel.maxX && y >= panel.y && y < panel.maxY }
    let (dx, dy) = (alignment?.dx ?? 0, alignment?.dy ?? 0)
    if holds(first) {
      return PixelBox(
        x: box.x - first.x + second.x + dx, y: box.y - first.y + second.y + dy, width: box.width, height: box.height)
    }
    guard holds(second) else { return nil }
    return PixelBox(
      x: box.x - second.x + first.x - dx, y: box.y - second.y + first.y - dy, width: box.width, height: box.height)
  }
}

/// What a screen was found to hold.
public enum PanelPairingFinding: Sendable, Equatable {
  case pair(PairedPanels)
  /// One picture, or panels that make no pair: more than two, of different sizes, or of different places.
  case none(reason: String)
}
