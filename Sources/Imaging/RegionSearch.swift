/// Looks for a patch in a frame around a pose.
struct RegionSearch: Sendable {
  struct Finding: Sendable {
    var pose: RegionPose
    /// Of the patch and the frame there, -1...1.
    var likeness: Double
    /// How much less the best other place, at least three spacings away, is like the patch; 1 where there is none.
    var lead: Double
  }

  let patch: RegionPatch
  let frame: CoarseFrame

  /// Tries all places within `reach` pixels of `start`, then moves and scales in ever smaller steps about the best.
  func best(near start: RegionPose, reach: Double) -> Finding {
    let step = patch.grid.spacing
    let count = max(1, Int((reach / step).rounded(.up)))
    var tried: [(x: Int, y: Int, likeness: Float)] = []
    tried.reserveCapacity((2 * count + 1) * (2 * count + 1))
    for y in -count...count {
      for x in -count...count where x * x + y * y <= (count + 1) * (count + 1) {
        let pose = RegionPose(x: start.x + Double(x) * step, y: start.y + Double(y) * step, scale: start.scale)
        tried.append((x, y, patch.likeness(to: frame, at: pose, isCoarse: true)))
      }
    }
    // Of two places alike the nearer is likelier.
    func rank(_ place: (x: Int, y: Int, likeness: Float)) -> Float {
      place.likeness - 0.05 * Float(place.x * place.x + place.y * place.y) / Float(count * count)
    }
    guard let best = tried.max(by: { rank($0) < rank($1) }) else { return refined(start) }
    let others = tried.filter { ($0.x - best.x) * ($0.x - best.x) + ($0.y - best.y) * ($0.y - best.y) > 9 }
    let second = others.map(\.likeness).max().map { Double(best.likeness - $0) } ?? 1
    var finding = refined(
      RegionPose(x: start.x + Double(best.x) * step, y: start.y + Double(best.y) * step, scale: start.scale))
    finding.lead = second
    return finding
  }

  /// Climbs from a pose to the nearest maximum.
  func refined(_ start: RegionPose) -> Finding {
    var (pose, best) = (start, patch.likeness(to: frame, at: start))
    let half = patch.grid.spacing * Double(patch.grid.few.count).squareRoot()
    for divisor in [2.0, 4, 8, 16] {
      let step = patch.grid.spacing / divisor
      for _ in 0..<8 {
        let before = best
        for (x, y, scale) in [(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)] {
          let moved = RegionPose(
            x: pose.x + Double(x) * step, y: pose.y + Double(y) * step,
            scale: pose.scale * (1 + Double(scale) * step / half))
          // Speckle pulls the scale to and fro where it hardly matters.
          let found = patch.likeness(to: frame, at: moved) - (scale == 0 ? 0 : 0.0005)
          if found > best { (pose, best) = (moved, found) }
        }
        if best == before { break }
      }
    }
    return Finding(pose: pose, likeness: Double(best), lead: 1)
  }
}
