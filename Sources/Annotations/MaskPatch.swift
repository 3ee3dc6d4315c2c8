import Imaging
import Ultrasound

/// A rectangle of marked and unmarked pixels, laid into a picture.
struct MaskPatch {
  let left: Int
  let top: Int
  let width: Int
  let height: Int
  /// height x width, rows from the top.
  let isMarked: [Bool]

  /// The part inside a picture; nil where nothing marked lies there.
  func mask(inWidth pictureWidth: Int, height pictureHeight: Int) -> (mask: RunLengthMask, isCut: Bool)? {
    var runs: [Int] = []
    var (end, marked, inside) = (0, 0, 0)
    for row in 0..<height {
      for column in 0..<width where isMarked[row * width + column] {
        marked += 1
        let (x, y) = (left + column, top + row)
        guard (0..<pictureWidth).contains(x), (0..<pictureHeight).contains(y) else { continue }
        inside += 1
        let place = y * pictureWidth + x
        if place == end, !runs.isEmpty {
          runs[runs.count - 1] += 1
        } else {
          runs += [place - end, 1]
        }
        end = place + 1
      }
    }
    guard inside > 0 else { return nil }
    runs.append(pictureWidth * pictureHeight - end)
    return RunLengthMask(width: pictureWidth, height: pictureHeight, runs: runs).map { ($0, inside < marked) }
  }
}

extension PictureDraft {
  /// Adds what of a patch lies inside the picture, whose size must be known.
  mutating func add(_ patch: MaskPatch, name: String, others: [String] = [], frame: Int? = nil, at place: String)
    throws(AnnotationError)
  {
    guard let width = picture.width, let height = picture.height else {
      throw source.wrong(place, "the picture's width and height, which a mask needs", "none")
    }
    guard let (mask, isCut) = patch.mask(inWidth: width, height: height) else {
      throw source.wrong(
        place, "a mask with pixels inside the picture of \(width) x \(height)",
        patch.isMarked.contains(true)
          ? "one at column \(patch.left), row \(patch.top), of \(patch.width) x \(patch.height)" : "one without any")
    }
    if isCut { note("\(place) reached beyond the picture of \(width) x \(height) and was cut at its edge") }
    try add(.mask(mask), name: name, others: others, frame: frame, at: place)
  }
}
