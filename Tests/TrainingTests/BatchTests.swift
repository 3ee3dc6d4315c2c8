import Foundation
import Networks
import Protocols
import Synchronization
import Testing
import Torch
import Ultrasound

@testable import Training

extension TrainingTests {
  struct Batches {
    private func order(_ count: Int, malignant: Int, _ sampler: Protocols.Sampler = .shuffled, size: Int = 4)
      -> BatchOrder
    {
      let members = (0..<count).map {
        BatchOrder.Member(index: $0, label: $0 < malignant ? .malignant : .benign, patient: "P\($0)", lesion: "L\($0)")
      }
      return BatchOrder(members: members, sampler: sampler, batchSize: size)
    }

    @Test func everyImageComesOnceAnEpoch() {
      for count in [2, 3, 4, 6, 8, 11, 40] {
        let batches = order(count, malignant: 1).batches(seed: 5)
        #expect(batches.joined().sorted() == Array(0..<count))
        #expect(batches.allSatisfy { (2...4).contains($0.count) })
        #expect(batches.count == order(count, malignant: 1).count)
      }
    }

    @Test func aLastBatchOfOneIsLeftOut() {
      let batches = order(9, malignant: 4).batches(seed: 5)
      #expect(batches.map(\.count) == [4, 4])
      // Another image each time.
      let missing = (0..<40).map { seed in Set(0..<9).subtracting(order(9, malignant: 4).batches(seed: seed).joined()) }
      #expect(Set(missing).count > 4)
    }

    @Test func theSeedDecidesAndNothingElse() {
      let order = order(30, malignant: 10)
      #expect(order.batches(seed: 1) == order.batches(seed: 1))
      #expect(order.batches(seed: 1) != order.batches(seed: 2))
    }

    @Test func classesAreDrawnAlikeOften() {
      // S1-16: one in ten is malignant, one draw in two.
      let order = order(200, malignant: 20, .classBalanced, size: 10)
      var (malignant, all) = (0, 0)
      for seed in 0..<40 {
        let drawn = order.batches(seed: UInt64(seed)).flatMap(\.self)
        #expect(drawn.count == 200)
        malignant += drawn.count { $0 < 20 }
        all += drawn.count
      }
      #expect(abs(Double(malignant) / Double(all) - 0.5) < 0.02)
      // A class's images come in rounds: none twice as often as another, none left out.
      var drawn = [Int](repeating: 0, count: 20)
      for index in order.batches(seed: 3).joined() where index < 20 { drawn[index] += 1 }
      #expect((drawn.max() ?? 0) - (drawn.min() ?? 9) <= 1)
    }

    @Test func oneClassAloneIsDrawnToo() {
      let batches = order(8, malignant: 0, .classBalanced).batches(seed: 1)
      #expect(batches.joined().sorted() == Array(0..<8))
    }
  }

  struct Loading {
    private struct Failure: Error {}

    /// Runs `body` on another thread, and fails if it has not ended after ten seconds.
    private func inTime(_ body: @escaping @Sendable () throws -> Void, location: SourceLocation = #_sourceLocation) {
      let done = DispatchSemaphore(value: 0)
      Thread {
        do { try body() } catch { Issue.record(error, sourceLocation: location) }
        done.signal()
      }.start()
      #expect(done.wait(timeout: .now() + 10) == .success, "deadlock", sourceLocation: location)
    }

    private func batch(_ step: Int, _ indices: [Int]) throws -> Handover<Batch> {
      Handover(Batch(step: step, indices: indices, inputs: ["input": try Tensor.zeros([1])], targets: Targets(labels: [])))
    }

    @Test func batchesComeInOrderAndThenNone() {
      inTime {
        let loader = BatchLoader((0..<50).map { [$0] }) { step, indices in
          if step % 7 == 0 { usleep(2000) }
          return try batch(step, indices)
        }
        var steps: [Int] = []
        while let batch = try loader.next() {
          #expect(batch.indices == [batch.step])
          steps.append(batch.step)
        }
        #expect(steps == Array(0..<50))
        let further = try loader.next()
        #expect(further == nil)
      }
    }

    @Test func noBatchesAreNoDeadlock() {
      inTime {
        let none = try BatchLoader([]) { try batch($0, $1) }.next()
        #expect(none == nil)
      }
    }

    @Test func anErrorArrivesInItsPlaceAndEndsTheEpoch() {
      inTime {
        let loader = BatchLoader((0..<9).map { [$0] }) { step, indices in
          if step == 4 { throw TrainingError.cohort("image 4 is broken") }
          return try batch(step, indices)
        }
        for step in 0..<4 {
          let batch = try loader.next()
          #expect(batch?.step == step)
        }
        do {
          _ = try loader.next()
          Issue.record("expected an error")
        } catch {
          #expect("\(error)".contains("image 4"))
        }
        let further = try loader.next()
        #expect(further == nil)
      }
    }

    private final class Token: Sendable {}
    private final class Watch: @unchecked Sendable { weak var token: Token? }

    @Test func cancellingEndsTheThread() {
      let made = Mutex(0)
      let watch = Watch()
      inTime {
        let token = Token()
        watch.token = token
        let loader = BatchLoader((0..<1000).map { [$0] }) { step, indices in
          _ = token
          made.withLock { $0 += 1 }
          return try batch(step, indices)
        }
        _ = try loader.next()
        usleep(50_000)
        loader.cancel()
        let further = try loader.next()
        #expect(further == nil)
      }
      // The thread ends and lets go of what it held.
      let limit = Date().addingTimeInterval(10)
      while watch.token != nil, Date() < limit { usleep(1000) }
      #expect(watch.token == nil)
      // It was never further ahead than its store, the batch taken and the one in hand.
      #expect(made.withLock { $0 } <= 6)
    }
  }
}
