import Foundation
import Protocols

extension ClipChoice {
  /// Places in a clip of `length` frames that a sample takes, ascending; the last frame again where the clip is shorter.
  ///
  /// - phase: 0 ..< 1, where within its freedom the sample begins; nil in evaluation, which takes the middle.
  func places(in length: Int, phase: Double?) -> [Int] {
    guard length > 0 else { return [] }
    let last = length - 1
    switch extent {
    case .whole:
      guard length > frames else { return (0..<frames).map { min($0, last) } }
      let step = Double(length) / Double(frames)
      return (0..<frames).map { min(last, Int((Double($0) + (phase ?? 0.5)) * step)) }
    case .window:
      let span = (frames - 1) * stride + 1
      let free = max(0, length - span)
      let start = min(free, Int((phase ?? 0.5) * Double(free + 1)))
      return (0..<frames).map { min(last, start + $0 * stride) }
    }
  }
}
