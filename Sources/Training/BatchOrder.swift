import Protocols
import Statistics
import Ultrasound

/// Which samples make which batch of an epoch: a pure function of seed, fold and epoch.
struct BatchOrder {
  /// What a sampler needs to know of a sample.
  struct Member {
    let index: Int
    let label: Label
    let patient: String
    let lesion: String
  }

  let members: [Member]
  let sampler: Sampler
  let batchSize: Int

  /// Batches an epoch; a last batch of one sample is left out, since it has no batch statistics. `p-by-k` makes whole batches.
  var count: Int {
    let full = members.count / batchSize
    if sampler == .classesByLesions { return max(full, 1) }
    return members.count % batchSize >= 2 ? full + 1 : max(full, 1)
  }

  func batches(seed: UInt64) -> [[Int]] {
    var random = SplitMix64(seed: seed)
    switch sampler {
    case .shuffled: return cut(members.map(\.index).shuffled(using: &random))
    case .classBalanced: return cut(classBalanced(&random))
    case .patientBalanced: return cut(patientBalanced(&random))
    case .classesByLesions: return classesByLesions(&random)
    }
  }

  private func cut(_ order: [Int]) -> [[Int]] {
    (0..<count).map { batch in Array(order[(batch * batchSize)..<min((batch + 1) * batchSize, order.count)]) }
  }

  /// Samples of each class that there is.
  private var classes: [[Member]] {
    Label.allCases.map { label in members.filter { $0.label == label } }.filter { !$0.isEmpty }
  }

  /// Class first, each as likely, then a sample of it.
  private func classBalanced(_ random: inout SplitMix64) -> [Int] {
    var rounds = classes.map { Rounds($0.map(\.index)) }
    return members.map { _ in
      let chosen = Int.random(in: 0..<rounds.count, using: &random)
      return rounds[chosen].next(&random)
    }
  }

  /// Patient first, in shuffled rounds, then a sample of the patient.
  private func patientBalanced(_ random: inout SplitMix64) -> [Int] {
    var patients = Groups(members, by: \.patient)
    return members.map { _ in patients.next(&random) }
  }

  /// As many samples of each class in every batch; lesion first, then a sample of it, no lesion twice in a batch while
  /// another is left.
  private func classesByLesions(_ random: inout SplitMix64) -> [[Int]] {
    var lesions = classes.map { Groups($0, by: \.lesion) }
    let share = batchSize / max(1, lesions.count)
    return (0..<count).map { _ in
      lesions.indices.flatMap { place in
        lesions[place].beginBatch()
        return (0..<share).map { _ in lesions[place].next(&random) }
      }
    }
  }
}

/// Draws in shuffled rounds, so that none is left long and none comes again before all have come.
private struct Rounds<Element> {
  private let all: [Element]
  private var left: [Element] = []

  init(_ all: [Element]) { self.all = all }

  /// - later: what a new round keeps for its end.
  mutating func next(_ random: inout SplitMix64, later: (Element) -> Bool = { _ in false }) -> Element {
    if left.isEmpty {
      let shuffled = all.shuffled(using: &random)
      // Taken from the end.
      left = shuffled.filter(later) + shuffled.filter { !later($0) }
    }
    return left.removeLast()
  }
}

/// Samples by patient or lesion: a group in rounds, then a sample of it in rounds.
private struct Groups {
  private var groups: Rounds<Int>
  private var samples: [Rounds<Int>]
  /// Groups drawn in this batch.
  private var drawn = Set<Int>()

  init(_ members: [BatchOrder.Member], by key: (BatchOrder.Member) -> String) {
    let sorted = Dictionary(grouping: members, by: key).sorted { $0.key < $1.key }
    samples = sorted.map { Rounds($0.value.map(\.index)) }
    groups = Rounds(Array(sorted.indices))
  }

  mutating func beginBatch() { drawn = [] }

  mutating func next(_ random: inout SplitMix64) -> Int {
    let group = groups.next(&random) { [drawn] in drawn.contains($0) }
    drawn.insert(group)
    return samples[group].next(&random)
  }
}
