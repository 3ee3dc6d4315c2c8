public import Imaging
public import Ultrasound

/// A picture changed in its marks alone.
public struct Twin: Sendable {
  public var picture: RGBImage
  /// 255 where it may differ from the original.
  public var mask: GreyImage

  /// Pixels by which a mark is grown before it is filled: its edge is smeared by lossy compression.
  public static let margin = 2

  /// The picture without its marks. Filled once more where, in the filled picture, a finder still sees a rest beside the first
  /// filling; coloured pixels inside a colour box cover tissue, and what stands there afterwards is made up.
  public static func without(_ kinds: Set<MarkKind>, _ picture: RGBImage, reading: StillReading) -> Twin {
    var mask = reading.mask(of: kinds, margin: margin)
    var twin = Inpainting().filled(picture, mask: mask)
    for _ in 0..<2 {
      let rest = StillReading(of: twin).mask(of: kinds, margin: margin)
      guard rest.pixels.contains(255) else { break }
      mask = GreyImage(
        width: mask.width, height: mask.height, pixels: zip(mask.pixels, rest.pixels).map { max($0, $1) })
      twin = Inpainting().filled(picture, mask: mask)
    }
    return Twin(picture: twin, mask: mask)
  }

  /// The picture with the marks of another, moved so that the two lesions' middles (or the pictures') lie upon each other. What
  /// would fall outside is left out.
  public static func planted(
    _ kinds: Set<MarkKind>, from donor: RGBImage, _ reading: StillReading, donorRegion: PixelBox?,
    onto picture: RGBImage, region: PixelBox?
  ) -> Twin {
    let marks = reading.mask(of: kinds)
    func middle(_ box: PixelBox?, _ width: Int, _ height: Int) -> (x: Double, y: Double) {
      box.map { ($0.x + $0.width / 2, $0.y + $0.height / 2) } ?? (Double(width) / 2, Double(height) / 2)
    }
    let both = donorRegion != nil && region != nil
    let from = middle(both ? donorRegion : nil, donor.width, donor.height)
    let to = middle(both ? region : nil, picture.width, picture.height)
    let (across, down) = (Int((to.x - from.x).rounded()), Int((to.y - from.y).rounded()))
    let leastInk = UInt8(InkMap.Settings().darkest)
    var pixels = picture.pixels
    var mask = [UInt8](repeating: 0, count: picture.width * picture.height)
    for index in marks.pixels.indices where marks.pixels[index] == 255 {
      let (x, y) = (index % donor.width + across, index / donor.width + down)
      guard x >= 0, y >= 0, x < picture.width, y < picture.height else { continue }
      let target = y * picture.width + x
      // A line's mask holds the gaps between its dots; the tissue in them stays behind.
      guard (0..<3).contains(where: { donor.pixels[3 * index + $0] > leastInk }) else { continue }
      mask[target] = 255
      for channel in 0..<3 { pixels[3 * target + channel] = donor.pixels[3 * index + channel] }
    }
    return Twin(
      picture: RGBImage(width: picture.width, height: picture.height, pixels: pixels),
      mask: GreyImage(width: picture.width, height: picture.height, pixels: mask))
  }
}
