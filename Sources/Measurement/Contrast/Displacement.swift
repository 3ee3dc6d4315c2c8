import Imaging
import Ultrasound

/// How far a frame's content lies from the reference frame's.
public struct Displacement: Sendable, Hashable, Codable {
  /// Pixels to the right and down.
  public let dx: Double
  public let dy: Double
  /// Correlation (Pearson) of the panel, moved back, with the reference: falls when the plane is left. Absent where the panel
  /// does not vary.
  public let similarity: Double?
  /// False where no translation was found, and the last known one stands in.
  public let isMeasured: Bool
}

/// Follows the picture through a clip. With a B-mode panel every frame is compared with the reference frame, so nothing drifts;
/// with a contrast panel alone, whose picture fades in and out, with a frame at most a second old, and the steps are added up; there
/// bubbles twinkle, so a step is believed only where the picture fits better after it, and is no longer than breathing makes it.
/// Translation is by phase correlation (Kuglin and Hines, 1975), of a panel reduced to at most 256 pixels a side.
struct DisplacementTracker: Sendable {
  /// Seconds after which a key frame is replaced, where keys are replaced, and after which a lost one is given up.
  private static let keyLife = 1.0
  private static let lostLife = 3.0

  private let panel: PixelBox
  private let cover: GreyImage?
  private let factor: Int
  private let replacesKeys: Bool
  private var key: (estimator: TranslationEstimator, picture: GreyImage, place: (x: Double, y: Double), time: Double?)
  private var last: (x: Double, y: Double) = (0, 0)
  /// Times at which the track was lost and taken up anew where it was.
  private(set) var restarts: [Double] = []

  /// - Parameters:
  ///   - panel: in whole pixels, inside the reference.
  ///   - cover: overlay and what never lights up; of the reference's size.
  /// - Returns: nil where the panel is too small to compare.
  init?(reference: GreyImage, panel: PixelBox, cover: GreyImage?, replacesKeys: Bool) {
    (self.panel, self.replacesKeys) = (panel, replacesKeys)
    factor = max(1, Int((max(panel.width, panel.height) / 256).rounded(.up)))
    self.cover = cover.map { Self.reduced($0, panel, by: Self.factor(panel)) }
    let picture = Self.reduced(reference, panel, by: factor)
    guard let estimator = TranslationEstimator(reference: picture, overlay: self.cover) else { return nil }
    key = (estimator, picture, (0, 0), nil)
  }

  mutating func displacement(of frame: GreyImage, time: Double) -> Displacement {
    let picture = Self.reduced(frame, panel, by: factor)
    let found = key.estimator.translation(of: picture)
    let kept = ((last.x - key.place.x) / Double(factor), (last.y - key.place.y) / Double(factor))
    var step = found.map { ($0.dx, $0.dy) }
    var similarity = Self.similarity(key.picture, picture, cover, step ?? kept)
    if replacesKeys, let far = step, !isBelievable(far, similarity, picture, kept) {
      step = nil
      similarity = Self.similarity(key.picture, picture, cover, kept)
    }
    if let step {
      last = (key.place.x + step.0 * Double(factor), key.place.y + step.1 * Double(factor))
    }
    if replacesKeys { renewKey(picture, time: time, isMeasured: step != nil) }
    return Displacement(dx: last.x, dy: last.y, similarity: similarity, isMeasured: step != nil)
  }

  private func isBelievable(
    _ step: (Double, Double), _ similarity: Double?, _ picture: GreyImage, _ kept: (Double, Double)
  ) -> Bool {
    let place = (key.place.x + step.0 * Double(factor), key.place.y + step.1 * Double(factor))
    let farthest = 0.2 * min(panel.width, panel.height)
    guard abs(place.0) <= farthest, abs(place.1) <= farthest, let similarity, similarity >= 0.3 else { return false }
    let (dx, dy) = (step.0 - kept.0, step.1 - kept.1)
    if dx * dx + dy * dy < 1 { return true }
    return similarity >= (Self.similarity(key.picture, picture, cover, kept) ?? 0) + 0.05
  }

  private mutating func renewKey(_ picture: GreyImage, time: Double, isMeasured: Bool) {
    let since = time - (key.time ?? time)
    if key.time == nil { key.time = time }
    guard since >= (isMeasured ? Self.keyLife : Self.lostLife) else { return }
    guard let estimator = TranslationEstimator(reference: picture, overlay: cover) else { return }
    if !isMeasured { restarts.append(time) }
    key = (estimator, picture, last, time)
  }

  private static func factor(_ panel: PixelBox) -> Int {
    max(1, Int((max(panel.width, panel.height) / 256).rounded(.up)))
  }

  /// The panel with `factor` x `factor` pixels made one by their mean; a remainder at the right and lower edge is left out.
  private static func reduced(_ frame: GreyImage, _ panel: PixelBox, by factor: Int) -> GreyImage {
    guard factor > 1 else { return frame.cropped(panel) }
    let (left, top) = (Int(panel.x), Int(panel.y))
    let (width, height) = (Int(panel.width) / factor, Int(panel.height) / factor)
    let pixels = [UInt8](unsafeUninitializedCapacity: width * height) { to, filled in
      frame.pixels.withUnsafeBufferPointer { from in
        for y in 0..<height {
          for x in 0..<width {
            var sum = 0
            for row in 0..<factor {
              let start = (top + y * factor + row) * frame.width + left + x * factor
              for column in 0..<factor { sum += Int(from[start + column]) }
            }
            to[y * width + x] = UInt8((sum + factor * factor / 2) / (factor * factor))
          }
        }
      }
      filled = width * height
    }
    return GreyImage(width: width, height: height, pixels: pixels)
  }

  /// Pearson's correlation of the two where both are seen, the frame looked at between its pixels.
  private static func similarity(
    _ reference: GreyImage, _ frame: GreyImage, _ cover: GreyImage?, _ by: (Double, Double)
  ) -> Double? {
    let (width, height) = (reference.width, reference.height)
    let (wholeX, wholeY) = (by.0.rounded(.down), by.1.rounded(.down))
    guard abs(wholeX) < Double(width), abs(wholeY) < Double(height) else { return nil }
    let (fx, fy) = (by.0 - wholeX, by.1 - wholeY)
    let (sx, sy) = (Int(wholeX), Int(wholeY))
    var (n, a, b, aa, bb, ab) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    for y in max(0, -sy)..<max(max(0, -sy), min(height, height - 1 - sy)) {
      for x in max(0, -sx)..<max(max(0, -sx), min(width, width - 1 - sx)) {
        let (at, to) = (y * width + x, (y + sy) * width + x + sx)
        if let cover, cover.pixels[at] > 127 || cover.pixels[to] > 127 { continue }
        let upper = Double(frame.pixels[to]) * (1 - fx) + Double(frame.pixels[to + 1]) * fx
        let lower = Double(frame.pixels[to + width]) * (1 - fx) + Double(frame.pixels[to + width + 1]) * fx
        let (p, q) = (Double(reference.pixels[at]), upper * (1 - fy) + lower * fy)
        n += 1
        a += p
        b += q
        aa += p * p
        bb += q * q
        ab += p * q
      }
    }
    let (va, vb) = (aa - a * a / max(n, 1), bb - b * b / max(n, 1))
    guard n > 16, va > 0.25 * n, vb > 0.25 * n else { return nil }
    return (ab - a * b / n) / (va * vb).squareRoot()
  }
}
