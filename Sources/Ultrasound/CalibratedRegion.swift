/// Millimetres from one pixel to the next.
public struct PixelSpacing: Codable, Sendable, Hashable {
  /// From column to column, above 0.
  public var x: Double
  /// From row to row, above 0.
  public var y: Double

  public init(x: Double, y: Double) {
    (self.x, self.y) = (x, y)
  }
}

/// A part of a picture that the scanner describes (DICOM PS3.3 C.8.5.5, Sequence of Ultrasound Regions).
public struct CalibratedRegion: Codable, Sendable, Hashable {
  public enum Content: String, Codable, Sendable, CaseIterable {
    case tissue
    case colorFlow = "color-flow"
    case spectral
    case elastography
    /// Curves, graphics, or what the standard does not name.
    case other
  }

  public var box: PixelBox
  public var content: Content
  /// Nil where the axes are not lengths.
  public var spacing: PixelSpacing?

  public init(box: PixelBox, content: Content, spacing: PixelSpacing?) {
    (self.box, self.content, self.spacing) = (box, content, spacing)
  }
}
