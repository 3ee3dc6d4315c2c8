import Foundation

/// Crosses (upright or turned by 45 degrees) that a measurement leaves, and what belongs to them.
///
/// A cross is four arms of ink of like length around one place, thin, with nothing in its corners. Where one is sure, others of
/// its size and brightness are looked for with less contrast, since calipers come in pairs and stand at bright edges too.
struct CaliperFinder {
  let planes: PicturePlanes
  let ink: [Bool]

  struct Cross: Sendable, Equatable {
    var x: Int
    var y: Int
    /// Length of an arm in pixels.
    var arm: Int
    var level: Int
    var isDiagonal: Bool
    var confidence: Double

    var rect: PixelRect { PixelRect(x - arm, y - arm, x + arm + 1, y + arm + 1) }
  }

  static let arms = 4...16

  private static let upright = [(1, 0), (0, 1), (-1, 0), (0, -1)]
  private static let diagonal = [(1, 1), (-1, 1), (-1, -1), (1, -1)]

  func crosses() -> [Cross] {
    var found: [Cross] = []
    for y in 4..<max(4, planes.height - 4) {
      for x in 4..<max(4, planes.width - 4) where ink[y * planes.width + x] {
        for isDiagonal in [false, true] {
          if let cross = cross(x, y, isDiagonal: isDiagonal) { found.append(cross) }
        }
      }
    }
    found = Self.strongest(found)
    guard let model = found.max(by: { ($0.confidence, -$0.y, -$0.x) < ($1.confidence, -$1.y, -$1.x) }) else {
      return []
    }
    return Self.strongest(found + faint(like: model))
  }

  /// Arms of ink around a place.
  private func cross(_ x: Int, _ y: Int, isDiagonal: Bool) -> Cross? {
    let center = Int(planes.value[y * planes.width + x])
    let lengths = (isDiagonal ? Self.diagonal : Self.upright).map { direction in
      arm(x, y, direction) { index, value in ink[index] && abs(value - center) <= 45 }
    }
    guard let short = lengths.min(), let long = lengths.max(), short >= Self.arms.lowerBound,
      long <= Self.arms.upperBound, long - short <= 2 + short / 4
    else { return nil }
    return judged(x, y, arm: short, level: center, isDiagonal: isDiagonal, leastGap: 24)
  }

  private func arm(_ x: Int, _ y: Int, _ direction: (Int, Int), _ isArm: (Int, Int) -> Bool) -> Int {
    var length = 0
    while length < Self.arms.upperBound + 4 {
      let (column, row) = (x + direction.0 * (length + 1), y + direction.1 * (length + 1))
      guard let value = planes.at(column, row), isArm(row * planes.width + column, value) else { break }
      length += 1
    }
    return length
  }

  /// The cross where its arms stand out against its corners all along and are of one brightness.
  private func judged(_ x: Int, _ y: Int, arm: Int, level: Int, isDiagonal: Bool, leastGap: Double) -> Cross? {
    let (along, between) =
      isDiagonal ? (Self.diagonal, Self.upright) : (Self.upright, Self.diagonal)
    var (arms, count, least) = (0.0, 0.0, 255)
    for direction in along {
      for place in 1...arm {
        guard let value = planes.at(x + direction.0 * place, y + direction.1 * place) else { return nil }
        arms += Double(value)
        count += 1
        least = min(least, value)
      }
    }
    let bright = arms / count
    guard bright - Double(least) <= 45 else { return nil }
    var (gaps, weakest, corners) = (0.0, 255.0, 0.0)
    for direction in between {
      // From just outside the stroke to the cross's corner.
      var (sum, seen) = (0.0, 0.0)
      for place in max(3, arm / 2)...max(3, isDiagonal ? arm : arm - 1) {
        for (across, down) in [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)] {
          guard let value = planes.at(x + direction.0 * place + across, y + direction.1 * place + down) else {
            continue
          }
          sum += Double(value)
          seen += 1
        }
      }
      guard seen > 0 else { continue }
      let gap = bright - sum / seen
      (gaps, weakest, corners) = (gaps + gap, min(weakest, gap), corners + 1)
    }
    guard corners >= 3, gaps / corners >= leastGap, weakest >= leastGap / 3 else { return nil }
    guard standsOut(x, y, arm: arm, along: along, by: leastGap / 2) else { return nil }
    return Cross(
      x: x, y: y, arm: arm, level: Int(bright), isDiagonal: isDiagonal,
      confidence: min(1, gaps / corners / 90) * min(1, Double(arm) / 6))
  }

  /// Whether each arm is brighter than what lies three pixels beside it, on both sides.
  private func standsOut(_ x: Int, _ y: Int, arm: Int, along: [(Int, Int)], by gap: Double) -> Bool {
    along.allSatisfy { direction in
      let side = (-direction.1, direction.0)
      return [3, -3].allSatisfy { distance in
        var (sum, count) = (0.0, 0.0)
        for place in max(3, arm / 2)...max(3, arm) {
          let (column, row) = (x + direction.0 * place, y + direction.1 * place)
          guard let own = planes.at(column, row),
            let beside = planes.at(column + side.0 * distance, row + side.1 * distance)
          else { continue }
          sum += Double(own - beside)
          count += 1
        }
        return count > 0 && sum / count >= gap
      }
    }
  }

  /// Crosses of the model's size and brightness with little contrast.
  private func faint(like model: Cross) -> [Cross] {
    let directions = model.isDiagonal ? Self.diagonal : Self.upright
    var found: [Cross] = []
    for y in 3..<max(3, planes.height - 3) {
      for x in 3..<max(3, planes.width - 3) {
        guard abs(Int(planes.value[y * planes.width + x]) - model.level) <= 14 else { continue }
        let lengths = directions.map { arm(x, y, $0) { _, value in abs(value - model.level) <= 20 } }
        // An arm may run into what is bright or over the picture's rim; three must be as long as the model's.
        let fitting = lengths.filter { abs($0 - model.arm) <= 1 }.count
        guard fitting >= 3, lengths.allSatisfy({ $0 >= model.arm - 1 }) else { continue }
        if let cross = judged(
          x, y, arm: model.arm, level: model.level, isDiagonal: model.isDiagonal, leastGap: 14)
        {
          found.append(cross)
        }
      }
    }
    return found
  }

  /// Of crosses at one place the surest, in reading order.
  private static func strongest(_ crosses: [Cross]) -> [Cross] {
    let sorted = crosses.sorted {
      ($1.arm, $1.confidence, $0.y, $0.x) < ($0.arm, $0.confidence, $1.y, $1.x)
    }
    var kept: [Cross] = []
    for cross in sorted
    where !kept.contains(where: { abs($0.x - cross.x) <= $0.arm && abs($0.y - cross.y) <= $0.arm }) {
      kept.append(cross)
    }
    return kept.sorted { ($0.y, $0.x) < ($1.y, $1.x) }
  }
}
