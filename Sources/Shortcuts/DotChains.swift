import Foundation

/// Chains of dots at even distances that bend little: the trace around a lesion, or a line whose ends were not seen.
struct DotChains {
  let dots: [InkComponent]
  static let fewest = 10

  init(_ components: [InkComponent]) {
    dots = components.filter {
      $0.rect.width <= 4 && $0.rect.height <= 4 && $0.pixels.count <= 12 && $0.step >= 40
    }
  }

  /// Places in `dots` of each chain, longest first. A dot is in one chain at most.
  func chains() -> [[Int]] {
    let centers = dots.map { ($0.rect.centerX, $0.rect.centerY) }
    var near = [[Int]](repeating: [], count: dots.count)
    // Dots stand in reading order, so the neighbours in y are close in the list.
    for one in dots.indices {
      for other in dots.index(after: one)..<dots.count {
        if centers[other].1 - centers[one].1 > 16 { break }
        let distance = hypot(centers[one].0 - centers[other].0, centers[one].1 - centers[other].1)
        if distance >= 2.5, distance <= 14, abs(dots[one].level - dots[other].level) <= 30 {
          near[one].append(other)
          near[other].append(one)
        }
      }
    }
    var found: [[Int]] = []
    for start in dots.indices {
      for second in near[start] where second > start {
        var chain = [start, second]
        extend(&chain, centers, near)
        chain.reverse()
        extend(&chain, centers, near)
        if chain.count >= Self.fewest { found.append(chain) }
      }
    }
    found.sort { ($1.count, $0[0]) < ($0.count, $1[0]) }
    var taken: Set<Int> = []
    return found.filter { chain in
      guard taken.isDisjoint(with: chain) else { return false }
      taken.formUnion(chain)
      return true
    }
  }

  private func extend(_ chain: inout [Int], _ centers: [(Double, Double)], _ near: [[Int]]) {
    var members = Set(chain)
    while true {
      let (last, before) = (chain[chain.count - 1], chain[chain.count - 2])
      let (dx, dy) = (centers[last].0 - centers[before].0, centers[last].1 - centers[before].1)
      let step = hypot(dx, dy)
      let next = near[last].filter { !members.contains($0) }.map { candidate -> (place: Int, error: Double) in
        let (ex, ey) = (centers[candidate].0 - centers[last].0, centers[candidate].1 - centers[last].1)
        return (candidate, hypot(ex - dx, ey - dy))
      }.min { ($0.error, $0.place) < ($1.error, $1.place) }
      guard let next, next.error <= max(1.6, 0.42 * step) else { return }
      chain.append(next.place)
      members.insert(next.place)
    }
  }
}
