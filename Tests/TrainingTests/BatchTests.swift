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

  struct Samplers {
    /// `count` samples: lesion and patient by the closures, malignant from `benign` on.
    private func order(
      _ count: Int, benign: Int, _ sampler: Protocols.Sampler, size: Int, lesion: (Int) -> Int, patient: (Int) -> Int
    ) -> BatchOrder {
      let members = (0..<count).map {
        BatchOrder.Member(
          index: $0, label: $0 < benign ? .benign : .malignant, patient: "P\(patient($0))", lesion: "L\(lesion($0))")
      }
      return BatchOrder(members: members, sampler: sampler, batchSize: size)
    }

    @Test func everyBatchHoldsAsManyOfEachClassFromDifferentLesions() {
      // 60 benign samples of 6 lesions, 12 malignant ones of 4.
      let order = order(
        72, benign: 60, .classesByLesions, size: 8, lesion: { $0 < 60 ? $0 / 10 : 6 + $0 % 4 }, patient: { $0 })
      for seed in 0..<10 {
        let batches = order.batches(seed: UInt64(seed))
        #expect(batches.count == 9 && batches.allSatisfy { $0.count == 8 })
        for batch in batches {
          #expect(batch.count { $0 < 60 } == 4)
          #expect(Set(batch.map { $0 < 60 ? $0 / 10 : 6 + $0 % 4 }).count == 8, "no lesion twice")
          #expect(Set(batch).count == 8)
        }
        #expect(order.batches(seed: UInt64(seed)) == batches)
      }
    }

    @Test func fewLesionsComeAgainRatherThanLeaveABatchShort() {
      let order = order(10, benign: 8, .classesByLesions, size: 8, lesion: { $0 < 8 ? $0 : 8 }, patient: { $0 })
      let batches = order.batches(seed: 1)
      #expect(batches.map(\.count) == [8] && batches[0].count { $0 >= 8 } == 4)
      // The lesion's two samples in turn.
      #expect(batches[0].count { $0 == 8 } == 2 && batches[0].count { $0 == 9 } == 2)
    }

    @Test func patientsAreDrawnAlikeOften() {
      // One patient has 30 of the 39 samples.
      let order = order(39, benign: 20, .patientBalanced, size: 5, lesion: { $0 }, patient: { $0 < 30 ? 0 : $0 })
      var drawn: [Int: Int] = [:]
      for seed in 0..<20 {
        let batches = order.batches(seed: UInt64(seed))
        #expect(batches.flatMap(\.self).count == 39 && batches.last?.count == 4)
        for sample in batches.joined() { drawn[sample < 30 ? 0 : sample, default: 0] += 1 }
      }
      // 10 patients, 780 draws; in rounds, so within one of each other in an epoch.
      #expect(drawn.count == 10 && drawn.values.allSatisfy { abs($0 - 78) <= 20 })
      let one = order.batches(seed: 3).joined().map { $0 < 30 ? 0 : $0 }
      let counts = Dictionary(grouping: one) { $0 }.values.map(\.count)
      #expect((counts.max() ?? 9) - (counts.min() ?? 0) <= 1)
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
      Handover(
        Batch(step: step, indices: indices, inputs: ["input": try Tensor.zeros([1])], targets: Targets(labels: [])))
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
