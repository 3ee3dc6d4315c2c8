public import Imaging

/// What of a text may stay.
public enum BlankingPolicy: String, Sendable, Codable, CaseIterable {
  /// All text goes.
  case everything
  /// What may tell who the patient is goes: dates, times, ids, names, institutions, and what is not known to be harmless. The words of
  /// scanner and sonographer stay, and so do scales.
  case identity
}

/// How text is looked for.
public struct BlankingOptions: Sendable, Hashable {
  public var policy: BlankingPolicy
  /// Numbers of depth scales and colour bars, TI and MI stay, since measurements are read back by them.
  public var keepsScales: Bool
  /// Tesseract's names of languages.
  public var languages: [String]
  /// A word that Tesseract reads in the blanked picture with this confidence or more (0...100) counts as left.
  public var leftoverConfidence: Double

  public init(
    policy: BlankingPolicy = .everything, keepsScales: Bool = false, languages: [String] = ["eng", "chi_sim"],
    leftoverConfidence: Double = 60
  ) {
    (self.policy, self.keepsScales, self.languages) = (policy, keepsScales, languages)
    self.leftoverConfidence = leftoverConfidence
  }
}

/// The text found in a picture or clip, and what is to be blanked for it.
public struct BurnedInText: Sendable {
  /// What speaks for a finding.
  public enum Evidence: String, Sendable, Codable, CaseIterable {
    /// Strokes like those of letters.
    case strokes
    /// Read by Tesseract.
    case reading
    /// It stays while the picture moves.
    case still
    /// It lies outside what the scanner shows of the body.
    case outside
    /// Tesseract read it in the picture that had been blanked already.
    case leftover
  }

  public struct Finding: Sendable, Codable, Hashable {
    /// What is blanked for it.
    public var box: PixelRectangle
    /// Nil where nothing was read.
    public var text: String?
    /// 0...1: of its being text.
    public var confidence: Double
    public var evidence: [Evidence]
    public var kind: TextKind
    /// Whether it stays in the picture, by the policy.
    public var isKept: Bool
  }

  /// 255 where the picture is blanked, else 0.
  public var mask: GreyImage
  public var findings: [Finding]
  /// Why a person has to look; empty where nobody need to.
  public var reasons: [String]
  /// Pixels of tissue, and those of them that the mask covers.
  public var tissuePixels: Int
  public var blankedTissuePixels: Int

  public var needsReview: Bool { !reasons.isEmpty }

  /// `frame` with black where the mask says so, and every other byte as it was. A frame of another size comes back black.
  public func blank(_ frame: RGBImage) -> RGBImage { Self.blank(frame, mask) }

  /// - mask: 255 (any value above 127) blanks.
  public static func blank(_ frame: RGBImage, _ mask: GreyImage) -> RGBImage {
    var pixels = frame.pixels
    guard frame.width == mask.width, frame.height == mask.height else {
      return RGBImage(
        width: frame.width, height: frame.height, pixels: [UInt8](repeating: 0, count: pixels.count))
    }
    for at in mask.pixels.indices where mask.pixels[at] > 127 {
      (pixels[3 * at], pixels[3 * at + 1], pixels[3 * at + 2]) = (0, 0, 0)
    }
    return RGBImage(width: frame.width, height: frame.height, pixels: pixels)
  }
}
