public import Imaging

/// Looks over some frames of a clip before it is measured: which pixels are overlay, and which never light up. Both stay where they
/// are when the picture moves, and would hold the motion at 0.
public struct ContrastSurvey: Sendable {
  /// Pixels whose luma is never above this are not lit.
  public var darkest: UInt8 = 6
  private var finder: StaticOverlayFinder
  private var brightest: [UInt8]
  private let size: (width: Int, height: Int)

  /// - Precondition: width and height are at least 1.
  public init(width: Int, height: Int) {
    finder = StaticOverlayFinder(width: width, height: height)
    brightest = [UInt8](repeating: 0, count: width * height)
    size = (width, height)
  }

  /// Frames from all over the clip; about fifty are enough. A frame of another size is not used.
  public mutating func add(_ frame: RGBImage) {
    guard finder.add(frame) else { return }
    let grey = frame.grey()
    for at in brightest.indices where grey.pixels[at] > brightest[at] { brightest[at] = grey.pixels[at] }
  }

  /// 255 where overlay stands; nil where it cannot be told, or there is none.
  public var overlay: GreyImage? {
    guard case .found(let overlay) = finder.find(), !overlay.isEmpty else { return nil }
    return overlay.mask
  }

  /// 255 where the picture never lights up.
  public var unlit: GreyImage {
    GreyImage(width: size.width, height: size.height, pixels: brightest.map { $0 <= darkest ? 255 : 0 })
  }
}
