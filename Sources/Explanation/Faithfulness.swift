import Torch

/// Measures of one heat map.
enum Faithfulness {
  /// Share of a map's energy within a region: the energy-based pointing game (Wang et al. 2020, Score-CAM). nil where the map
  /// is nothing but zeros.
  ///
  /// - inside: a flag a pixel.
  static func energy(of heat: HeatMap, inside: [Bool]) -> Double? {
    var (within, all) = (0.0, 0.0)
    for (value, isInside) in zip(heat.values, inside) {
      all += Double(value)
      if isInside { within += Double(value) }
    }
    return all > 0 ? within / all : nil
  }

  /// 1 on the `share` of the places with the largest values, else 0. Equal values: the earlier place first.
  static func top(_ share: Double, of values: [Float]) -> [Float] {
    let count = Int((Double(values.count) * share).rounded())
    guard count > 0, count < values.count else { return values.map { _ in count > 0 ? 1 : 0 } }
    let smallest = values.sorted(by: >)[count - 1]
    var left = count - values.count { $0 > smallest }
    return values.map { value in
      if value > smallest { return 1 }
      guard value == smallest, left > 0 else { return 0 }
      left -= 1
      return 1
    }
  }

  /// The same places moved to elsewhere in the picture, around its edges.
  static func moved(_ mask: [Float], rows: Int, columns: Int, byRows down: Int, byColumns right: Int) -> [Float] {
    var moved = mask
    for row in 0..<rows {
      let target = (row + down) % rows * columns
      for column in 0..<columns { moved[target + (column + right) % columns] = mask[row * columns + column] }
    }
    return moved
  }

  /// Copies of `image` [1, 3, rows, columns] with `blurred` where a mask is 1: [masks, 3, rows, columns].
  static func replaced(_ image: Tensor, by blurred: Tensor, where masks: [[Float]]) throws(TorchError) -> Tensor {
    let shape = try image.shape
    let places = try Tensor(masks.flatMap(\.self), shape: [masks.count, 1, shape[2], shape[3]]).to(image.device)
    return try image + places * (blurred - image)
  }
}

/// Spearman's rank correlation: Pearson's of the ranks, equal values sharing their mean rank.
enum RankCorrelation {
  /// -1...1; nil for fewer than two values, or where one side is constant.
  static func spearman(_ first: [Float], _ second: [Float]) -> Double? {
    guard first.count == second.count, first.count > 1 else { return nil }
    let (a, b) = (ranks(first), ranks(second))
    let mean = Double(first.count + 1) / 2
    var (products, squaresA, squaresB) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      products += (x - mean) * (y - mean)
      squaresA += (x - mean) * (x - mean)
      squaresB += (y - mean) * (y - mean)
    }
    guard squaresA > 0, squaresB > 0 else { return nil }
    return min(1, max(-1, products / (squaresA * squaresB).squareRoot()))
  }

  private static func ranks(_ values: [Float]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start
      while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
      for place in start...end { ranks[order[place]] = Double(start + end) / 2 + 1 }
      start = end + 1
    }
    return ranks
  }
}
