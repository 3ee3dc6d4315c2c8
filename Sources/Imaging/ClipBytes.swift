internal import CFFmpeg
import Foundation

/// Hands the bytes of a clip to CFFmpeg as it asks for them.
final class ClipBytes {
  private let read: (Int, UnsafeMutableRawBufferPointer) -> Bool

  init(_ read: @escaping (Int, UnsafeMutableRawBufferPointer) -> Bool) { self.read = read }

  /// `context` is a `ClipBytes` that outlives the clip.
  static let entry: cff_read = { context, position, to, count in
    guard let context, let to, count > 0 else { return 0 }
    let bytes = Unmanaged<ClipBytes>.fromOpaque(context).takeUnretainedValue()
    return bytes.read(Int(position), UnsafeMutableRawBufferPointer(start: to, count: Int(count))) ? count : -EIO
  }
}
