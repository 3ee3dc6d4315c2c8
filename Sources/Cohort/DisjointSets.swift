/// Disjoint sets of 0..<count (union by size, path halving).
struct DisjointSets {
  private var parent: [Int]
  private var size: [Int]

  init(count: Int) {
    parent = Array(0..<count)
    size = Array(repeating: 1, count: count)
  }

  mutating func root(of element: Int) -> Int {
    var element = element
    while parent[element] != element {
      parent[element] = parent[parent[element]]
      element = parent[element]
    }
    return element
  }

  mutating func join(_ first: Int, _ second: Int) {
    var (large, small) = (root(of: first), root(of: second))
    if large == small { return }
    if size[large] < size[small] { swap(&large, &small) }
    parent[small] = large
    size[large] += size[small]
  }

  /// Joins the elements that have the same key; nil keys join nothing.
  mutating func join<Key: Hashable>(by keys: some Sequence<Key?>) {
    var first: [Key: Int] = [:]
    for (element, key) in keys.enumerated() {
      guard let key else { continue }
      if let other = first[key] { join(other, element) } else { first[key] = element }
    }
  }

  /// The sets, each ascending, in the order of their first elements.
  mutating func sets() -> [[Int]] {
    var place: [Int: Int] = [:]
    var sets: [[Int]] = []
    for element in parent.indices {
      let root = root(of: element)
      if let known = place[root] {
        sets[known].append(element)
      } else {
        place[root] = sets.count
        sets.append([element])
      }
    }
    return sets
  }
}
