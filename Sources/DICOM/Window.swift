import Foundation

/// From values to 0...255 by the first window (PS3.3 C.11.2.1.2, C.11.2.1.3).
struct Window: Sendable {
  let center: Double
  let width: Double
  let shape: Shape

  /// VOI LUT Function.
  enum Shape: String {
    case linear = "LINEAR"
    case exact = "LINEAR_EXACT"
    case sigmoid = "SIGMOID"
  }

  /// nil where the file has none.
  init?(_ set: DataSet) throws(DICOMError) {
    guard let center = try set.number(.windowCenter), let width = try set.number(.windowWidth), center.isFinite,
      width.isFinite
    else { return nil }
    // A function that the standard does not know is taken as the default.
    shape = try set.string(.voiLUTFunction).flatMap(Shape.init) ?? .linear
    (self.center, self.width) = (center, width)
  }

  func grey(_ value: Double) -> Double {
    switch shape {
    case .linear:
      if value <= center - 0.5 - (width - 1) / 2 { return 0 }
      if value > center - 0.5 + (width - 1) / 2 { return 255 }
      return ((value - (center - 0.5)) / (width - 1) + 0.5) * 255
    case .exact:
      if value <= center - width / 2 { return 0 }
      if value > center + width / 2 { return 255 }
      return ((value - center) / width + 0.5) * 255
    case .sigmoid:
      return 255 / (1 + exp(-4 * (value - center) / width))
    }
  }
}
