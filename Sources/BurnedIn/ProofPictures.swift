import Imaging

/// Small pictures with the mask's outline.
enum ProofPictures {
  /// Columns of a picture on a sheet.
  static let width = 420
  /// Columns of a picture on a page at most: small letters have to be seen there if they were left.
  static let pageWidth = 640
  private static let outline: (UInt8, UInt8, UInt8) = (255, 64, 64)

  static func small(_ image: RGBImage, width: Int = Self.width) -> RGBImage {
    guard image.width > width, image.height > 0 else { return image }
    return image.resized(width: width, height: max(1, image.height * width / image.width))
  }

  /// The picture shrunk, with a line around what the mask covers.
  static func outlined(_ image: RGBImage, mask: GreyImage, width: Int = Self.width) -> RGBImage {
    let picture = small(image, width: width)
    guard mask.width == image.width, mask.height == image.height, picture.width > 0 else { return picture }
    let marks = mask.resizedNearest(width: picture.width, height: picture.height)
    var pixels = picture.pixels
    for y in 0..<picture.height {
      for x in 0..<picture.width where marks.pixels[y * picture.width + x] <= 127 {
        var touches = false
        for row in max(0, y - 1)...min(picture.height - 1, y + 1) {
          for column in max(0, x - 1)...min(picture.width - 1, x + 1) {
            touches = touches || marks.pixels[row * picture.width + column] > 127
          }
        }
        guard touches else { continue }
        let at = 3 * (y * picture.width + x)
        (pixels[at], pixels[at + 1], pixels[at + 2]) = outline
      }
    }
    return RGBImage(width: picture.width, height: picture.height, pixels: pixels)
  }
}

/// All pictures of a sheet as one: a row a frame, before on the left, after on the right.
enum ContactSheet {
  /// Rows of pictures at most; a sheet for a thousand files would be no picture any more. The page holds all of them.
  static let rows = 60
  private static let gap = 6

  static func image(_ entries: [ProofSheet.Entry]) -> RGBImage? {
    let pairs = entries.flatMap { entry in
      entry.frames.map { frame in
        (
          ProofPictures.outlined(frame.before, mask: entry.text.mask),
          // Without an outline, which would hide what sticks out of the mask.
          ProofPictures.small(frame.after)
        )
      }
    }.prefix(rows)
    guard !pairs.isEmpty else { return nil }
    let width = 2 * ProofPictures.width + 3 * gap
    let height = pairs.reduce(gap) { $0 + $1.0.height + gap }
    var pixels = [UInt8](repeating: 90, count: width * height * 3)
    var top = gap
    for (before, after) in pairs {
      for (picture, left) in [(before, gap), (after, 2 * gap + ProofPictures.width)] {
        for row in 0..<picture.height {
          let to = 3 * ((top + row) * width + left)
          let from = 3 * row * picture.width
          pixels.replaceSubrange(to..<to + 3 * picture.width, with: picture.pixels[from..<from + 3 * picture.width])
        }
      }
      top += before.height + gap
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }
}
