public import Ultrasound

extension CalibratedRegion {
  /// A region of the Sequence of Ultrasound Regions. Nil where it lies outside the picture.
  public init?(_ region: UltrasoundRegion, width: Int, height: Int) {
    guard let box = region.box(inWidth: width, height: height) else { return nil }
    let content: Content =
      switch (region.dataType, region.spatialFormat) {
      case (1, 0), (1, 1): .tissue
      case (2, 0), (2, 1): .colorFlow
      case (3...4, _), (_, 3): .spectral
      default: .other
      }
    var spacing: PixelSpacing?
    if let x = region.horizontal.millimetres, let y = region.vertical.millimetres { spacing = PixelSpacing(x: x, y: y) }
    self.init(box: box, content: content, spacing: spacing)
  }
}
