import Foundation
import Networks
import Torch

/// One batch, ready for the network.
struct Batch {
  /// Place of the batch in the epoch.
  let step: Int
  /// Positions in the ``SampleSource``.
  let indices: [Int]
  /// One tensor an input name, as the network takes them.
  let inputs: [String: Tensor]
  let targets: Targets
}

/// Makes the batches of an epoch on a thread of its own, up to `depth` ahead of the step that uses them.
final class BatchLoader: @unchecked Sendable {
  // Everything below `condition` is read and written only while it is held.
  private let condition = NSCondition()
  private var ready: [Result<Handover<Batch>, TrainingError>] = []
  private var finished = false
  private var cancelled = false

  private static let depth = 3

  /// - make: builds batch `step` from the sample positions. Runs on the loader's thread, with one libtorch thread.
  init(_ batches: [[Int]], make: @escaping @Sendable (Int, [Int]) throws -> Handover<Batch>) {
    let thread = Thread { [self] in
      // A second pool of threads on the same cores would slow the step more than it speeds the loading.
      _ = try? Machine.setThreads(1)
      for (step, indices) in batches.enumerated() {
        let result = Result { () throws(TrainingError) in try asTrainingError { try make(step, indices) } }
        guard push(result) else { return }
        if case .failure = result { break }
      }
      condition.withLock {
        finished = true
        condition.signal()
      }
    }
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// Waits for room. False when nobody wants more.
  private func push(_ result: Result<Handover<Batch>, TrainingError>) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while ready.count >= Self.depth, !cancelled { condition.wait() }
    guard !cancelled else { return false }
    ready.append(result)
    condition.signal()
    return true
  }

  /// The next batch in order; nil after the last, after an error and after `cancel`.
  func next() throws(TrainingError) -> Batch? {
    condition.lock()
    defer { condition.unlock() }
    while ready.isEmpty, !finished, !cancelled { condition.wait() }
    guard !ready.isEmpty else { return nil }
    let result = ready.removeFirst()
    condition.signal()
    return try result.get().content
  }

  /// Ends the thread after the batch it is at.
  func cancel() {
    condition.withLock {
      cancelled = true
      ready = []
      condition.broadcast()
    }
  }
}
