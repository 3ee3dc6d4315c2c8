import Foundation

/// The results of `body` for 0..<count in their order, whatever thread each ran on.
func concurrentMap<Value: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Value) -> [Value] {
  [Value](unsafeUninitializedCapacity: count) { buffer, filled in
    let places = Places(base: buffer.baseAddress)
    DispatchQueue.concurrentPerform(iterations: count) { index in
      places.base.map { ($0 + index).initialize(to: body(index)) }
    }
    filled = count
  }
}

/// Memory in which each index has a place of its own.
private struct Places<Value>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Value>?
}
