import Dispatch
import Foundation
import Synchronization

/// `transform` of each element, in order, computed on all cores, or by `jobs` threads at most.
func parallelMap<Element: Sendable, Value: Sendable>(
  _ elements: [Element], jobs: Int? = nil, _ transform: @Sendable (Element) -> Value
) -> [Value] {
  let values = Mutex([(place: Int, value: Value)]())
  let next = Atomic(0)
  let threads = max(1, min(jobs ?? ProcessInfo.processInfo.activeProcessorCount, elements.count))
  DispatchQueue.concurrentPerform(iterations: elements.isEmpty ? 0 : threads) { _ in
    while true {
      let place = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard place < elements.count else { return }
      let value = transform(elements[place])
      values.withLock { $0.append((place, value)) }
    }
  }
  return values.withLock { $0 }.sorted { $0.place < $1.place }.map(\.value)
}
