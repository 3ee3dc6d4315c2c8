import Foundation

/// The one way resamples are run: resample i draws from stream i of the seed, so that the results are the same on any number
/// of threads.
enum Resamples {
  /// More draws than this for one resample mean that the data hardly hold what the statistic needs.
  static let drawLimit = 1000

  static func check(_ count: Int) throws(StatisticsError) {
    if count < 100 { throw .tooFew(what: "resamples", needed: 100, found: count) }
    if count > 10_000_000 { throw .tooLarge(what: "resamples", limit: "10000000", found: "\(count)") }
  }

  /// What `body` gives for each of `count` resamples, in the order of their numbers.
  /// - Parameters:
  ///   - workspace: memory that a thread's resamples use one after the other.
  ///   - threads: nil lets the system choose.
  static func run<Workspace, Result>(
    _ count: Int, seed: UInt64, threads: Int?, workspace: @Sendable () -> Workspace,
    body: @Sendable (inout Workspace, inout SplitMix64) -> Result
  ) -> [Result] {
    let chunks = max(1, min(threads ?? 64, count))
    return [Result](unsafeUninitializedCapacity: count) { buffer, filled in
      let target = SharedBuffer(base: buffer)
      @Sendable func run(_ range: Range<Int>) {
        var own = workspace()
        for index in range {
          var random = SplitMix64(seed: seed, stream: UInt64(index))
          target.base.initializeElement(at: index, to: body(&own, &random))
        }
      }
      if chunks == 1 {
        run(0..<count)
      } else {
        DispatchQueue.concurrentPerform(iterations: chunks) { chunk in
          run(chunk * count / chunks..<(chunk + 1) * count / chunks)
        }
      }
      filled = count
    }
  }
}

/// Memory that chunks write to at places of their own.
private struct SharedBuffer<Element>: @unchecked Sendable {
  let base: UnsafeMutableBufferPointer<Element>
}
