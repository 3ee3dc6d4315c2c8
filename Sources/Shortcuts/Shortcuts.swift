// Shortcuts: what a picture shows that is not tissue (calipers, text, body marks, colour boxes, device banners, scales) and how
// the picture was made, found in the pixels; how well label, site and device can be told from these alone; and twins of a
// cohort without them, or with them where they were not. Reads a cohort, never changes one; no tensors, no network. May import
// Ultrasound, Imaging, Cohort, Statistics and Tables.

/// What stands in a picture that the patient's tissue did not put there.
public enum MarkKind: String, Codable, Sendable, CaseIterable, Hashable {
  /// Crosses, the dots between them, traces, and the small numbers beside them: somebody measured here.
  case caliper
  /// Words that an examiner or the device wrote over the picture.
  case text
  /// A pictogram of the body part with the probe's place.
  case bodyMark = "body-mark"
  /// Coloured pixels (Doppler, elastography) and the outline of their box.
  case color
  /// Logos, orientation marks and words at the picture's rim or outside the insonated field.
  case banner
  /// Depth ticks, grey bars, focus markers.
  case scale

  /// Its value in a map of kinds; 0 is none.
  var code: UInt8 { UInt8((Self.allCases.firstIndex(of: self) ?? 0) + 1) }
}

/// Pixels from `left` to below `right`, `top` to below `bottom`.
struct PixelRect: Sendable, Equatable {
  var left: Int
  var top: Int
  var right: Int
  var bottom: Int

  var width: Int { right - left }
  var height: Int { bottom - top }
  var centerX: Double { Double(left + right) / 2 }
  var centerY: Double { Double(top + bottom) / 2 }

  init(_ left: Int, _ top: Int, _ right: Int, _ bottom: Int) {
    (self.left, self.top, self.right, self.bottom) = (left, top, right, bottom)
  }

  func union(_ other: PixelRect) -> PixelRect {
    PixelRect(
      min(left, other.left), min(top, other.top), max(right, other.right), max(bottom, other.bottom))
  }

  func grown(by margin: Int) -> PixelRect {
    PixelRect(left - margin, top - margin, right + margin, bottom + margin)
  }

  func overlaps(_ other: PixelRect) -> Bool {
    left < other.right && other.left < right && top < other.bottom && other.top < bottom
  }

  func clipped(width: Int, height: Int) -> PixelRect {
    PixelRect(max(0, left), max(0, top), min(width, right), min(height, bottom))
  }
}
