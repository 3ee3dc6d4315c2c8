import Protocols
import Statistics
import Ultrasound

/// Which images make which batch of an epoch: a pure function of seed, fold and epoch.
struct BatchOrder {
  let indices: [Int]
  let labels: [Label]
  let sampler: Sampler
  let batchSize: Int

  /// Batches an epoch; a last batch of one image is left out, since it has no batch statistics.
  var count: Int {
    let full = indices.count / batchSize
    return indices.count % batchSize >= 2 ? full + 1 : max(full, 1)
  }

  func batches(seed: UInt64) -> [[Int]] {
    var random = SplitMix64(seed: seed)
    let order =
      switch sampler {
      case .shuffled: indices.shuffled(using: &random)
      case .classBalanced: classBalanced(&random)
      }
    return (0..<count).map { batch in
      Array(order[(batch * batchSize)..<min((batch + 1) * batchSize, order.count)])
    }
  }

  /// Class first, each as likely, then an image of it; a class's images come in shuffled rounds, so that none is left long.
  private func classBalanced(_ random: inout SplitMix64) -> [Int] {
    let classes = Label.allCases.map { label in indices.filter { labels[$0] == label } }.filter { !$0.isEmpty }
    var rounds = classes.map { _ in [Int]() }
    return indices.map { _ in
      let chosen = Int.random(in: 0..<classes.count, using: &random)
      if rounds[chosen].isEmpty { rounds[chosen] = classes[chosen].shuffled(using: &random) }
      return rounds[chosen].removeLast()
    }
  }
}
