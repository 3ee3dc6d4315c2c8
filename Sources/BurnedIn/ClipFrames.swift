public import Foundation
public import Imaging
import Synchronization

/// The frames of a clip in a file, decoded as they are asked for; one is in memory. Going back opens the clip anew.
public final class ClipFrames: FrameSource {
  public let frameCount: Int
  public let width: Int
  public let height: Int
  /// What the clip says of each frame's time, in their order.
  public let times: [Time]
  private let file: URL
  private let limits: ClipLimits
  private let reader: Mutex<ClipReader?>

  /// When a frame is shown.
  public struct Time: Codable, Sendable, Hashable {
    public let seconds: Double
    public let nanoseconds: Int64
    public let timing: ClipFrame.Timing
  }

  /// Decodes the clip once, to count its frames.
  public init(_ file: URL, limits: ClipLimits = .standard) throws(BurnedInError) {
    (self.file, self.limits) = (file, limits)
    var times: [Time] = []
    do throws(ImagingError) {
      let counting = try ClipReader(file, limits: limits)
      (width, height) = (counting.info.width, counting.info.height)
      while let frame = try counting.next() {
        times.append(Time(seconds: frame.time, nanoseconds: frame.nanoseconds, timing: frame.timing))
      }
    } catch { throw .imaging(error) }
    self.times = times
    frameCount = times.count
    reader = Mutex(nil)
  }

  public func frame(_ index: Int) throws(BurnedInError) -> RGBImage {
    guard (0..<frameCount).contains(index) else {
      throw .frame(index: index, reason: "the clip has \(frameCount) frames")
    }
    let outcome: Result<RGBImage?, ImagingError> = reader.withLock { reader in
      do throws(ImagingError) {
        if reader == nil || (reader?.position ?? 0) > index { reader = try ClipReader(file, limits: limits) }
        guard let open = reader else { return .success(nil) }
        try open.skip(index - open.position)
        return .success(try open.next()?.image)
      } catch { return .failure(error) }
    }
    do throws(ImagingError) {
      if let image = try outcome.get() { return image }
    } catch { throw .imaging(error) }
    throw .frame(index: index, reason: "the clip ended before it")
  }
}
