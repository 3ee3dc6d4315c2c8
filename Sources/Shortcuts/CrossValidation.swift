import Dispatch
import Foundation
import Statistics

/// Scores of pictures by models that never saw a picture of their cluster.
struct CrossValidation: Sendable {
  /// [pictures][features]
  let rows: [[Double]]
  let clusters: [Int]
  var folds = 5
  var innerFolds = 4

  /// Penalties tried, on standardised coefficients.
  static let penalties = [1.0, 3, 10, 30, 100, 300, 1000]

  /// Log-odds of each picture, from the model of the other folds; its penalty is chosen in them alone, by log-loss.
  func scores(_ outcomes: [Bool], seed: UInt64) throws(StatisticsError) -> [Double] {
    let fold = Self.assign(clusters, outcomes, Array(rows.indices), folds: folds, seed: seed)
    var scores = [Double](repeating: 0, count: rows.count)
    for held in 0..<folds {
      let train = rows.indices.filter { fold[$0] != held }
      let model = try fit(train, outcomes, penalty: try choose(train, outcomes, seed: seed &+ UInt64(held) &+ 1))
      for row in rows.indices where fold[row] == held { scores[row] = model.logOdds(rows[row]) }
    }
    return scores
  }

  /// The penalty of least log-loss in the inner folds; the larger of two that are as good.
  func choose(_ members: [Int], _ outcomes: [Bool], seed: UInt64) throws(StatisticsError) -> Double {
    let fold = Self.assign(clusters, outcomes, members, folds: innerFolds, seed: seed)
    var best = (penalty: Self.penalties[Self.penalties.count - 1], loss: Double.infinity)
    for penalty in Self.penalties.reversed() {
      var loss = 0.0
      for held in 0..<innerFolds {
        let train = zip(members, fold).filter { $0.1 != held }.map(\.0)
        let test = zip(members, fold).filter { $0.1 == held }.map(\.0)
        let positives = train.filter { outcomes[$0] }.count
        // A fold without one of the classes teaches nothing.
        guard positives > 0, positives < train.count, !test.isEmpty else { continue }
        let model = try fit(train, outcomes, penalty: penalty)
        for row in test {
          let odds = model.logOdds(rows[row])
          let margin = outcomes[row] ? odds : -odds
          loss += margin > 0 ? log1p(exp(-margin)) : log1p(exp(margin)) - margin
        }
      }
      if loss < best.loss - 1e-9 { best = (penalty, loss) }
    }
    return best.penalty
  }

  func fit(_ members: [Int], _ outcomes: [Bool], penalty: Double) throws(StatisticsError) -> RidgeLogistic {
    let width = rows.first?.count ?? 0
    let columns = (0..<width).map { column in members.map { rows[$0][column] } }
    return try RidgeLogistic(columns: columns, outcomes: members.map { outcomes[$0] }, penalty: penalty)
  }

  /// The fold of each member: clusters in a random order, largest first, each where its classes are fewest.
  static func assign(
    _ clusters: [Int], _ outcomes: [Bool], _ members: [Int], folds: Int, seed: UInt64
  ) -> [Int] {
    var sizes: [Int: (positives: Int, negatives: Int)] = [:]
    for member in members {
      if outcomes[member] {
        sizes[clusters[member], default: (0, 0)].positives += 1
      } else {
        sizes[clusters[member], default: (0, 0)].negatives += 1
      }
    }
    var random = SplitMix64(seed: seed, stream: 17)
    let order = sizes.keys.sorted().map { (key: $0, place: random.next()) }.sorted { one, other in
      let (a, b) = (sizes[one.key] ?? (0, 0), sizes[other.key] ?? (0, 0))
      return (b.positives + b.negatives, one.place) < (a.positives + a.negatives, other.place)
    }
    var filled = [(positives: Int, negatives: Int)](repeating: (0, 0), count: folds)
    var foldOf: [Int: Int] = [:]
    for (key, _) in order {
      let size = sizes[key] ?? (0, 0)
      func load(_ fold: Int) -> (Int, Int) {
        size.positives >= size.negatives
          ? (filled[fold].positives, filled[fold].negatives) : (filled[fold].negatives, filled[fold].positives)
      }
      let fold = (0..<folds).min { load($0) < load($1) } ?? 0
      foldOf[key] = fold
      filled[fold].positives += size.positives
      filled[fold].negatives += size.negatives
    }
    return members.map { foldOf[clusters[$0]] ?? 0 }
  }

  /// Outcomes dealt out anew among clusters of one size, whole: what belongs together stays together.
  static func permuted(_ outcomes: [Bool], clusters: [Int], seed: UInt64, stream: UInt64) -> [Bool] {
    let members = Dictionary(grouping: clusters.indices) { clusters[$0] }
    let bySize = Dictionary(grouping: members.keys.sorted()) { members[$0]?.count ?? 0 }
    var random = SplitMix64(seed: seed, stream: stream)
    var dealt = outcomes
    for (_, keys) in bySize.sorted(by: { $0.key < $1.key }) {
      var shuffled = keys
      for place in stride(from: shuffled.count - 1, to: 0, by: -1) {
        shuffled.swapAt(place, Int(random.next() % UInt64(place + 1)))
      }
      for (to, from) in zip(keys, shuffled) {
        for (target, source) in zip(members[to] ?? [], members[from] ?? []) { dealt[target] = outcomes[source] }
      }
    }
    return dealt
  }
}

/// The results of `body` for 0..<count in their order, whatever thread each ran on.
func parallelResults<Value: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Value) -> [Value] {
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
