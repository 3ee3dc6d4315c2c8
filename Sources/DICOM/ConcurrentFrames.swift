import Foundation
import Synchronization

extension FrameReader {
  /// Decodes all frames on up to `threads` threads and hands each to `body` with its index, from the first on, though one may
  /// be done before another that was begun earlier. No more than `threads` frames lie in memory.
  /// - Throws: what went wrong at the earliest frame; no frame is begun after that is known.
  public func forEachFrame(
    upTo threads: Int, _ body: @Sendable (Int, StoredFrame) throws -> Void
  ) throws {
    let next = Atomic<Int>(0)
    let failure = Mutex<(index: Int, error: any Error)?>(nil)
    DispatchQueue.concurrentPerform(iterations: max(1, min(threads, frameCount))) { _ in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < self.frameCount, failure.withLock({ $0 == nil }) else { return }
        do {
          try body(index, self.storedFrame(index))
        } catch {
          failure.withLock { found in
            if found.map({ index < $0.index }) ?? true { found = (index, error) }
          }
        }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure.error }
  }
}
