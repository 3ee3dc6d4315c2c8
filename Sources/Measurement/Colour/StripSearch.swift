/// Strips of colour with straight edges: where bars may be.
struct StripSearch {
  /// Colours farther from grey than this begin and end a strip.
  var leastChroma = 36
  /// Widths in pixels.
  var thickness = 6...60
  /// How far an edge may lie from the strip's own, since compression blurs colours.
  var slack = 2

  struct Strip {
    var columns: Range<Int>
    var rows: Range<Int>
    /// Rows whose edges were where the strip's are.
    var straight: Int
  }

  private struct Track {
    var left: Double
    var right: Double
    var first: Int
    var last: Int
    var lefts: [Int]
    var rights: [Int]
  }

  func strips(_ plane: ScreenPlane) -> [Strip] {
    var (open, closed): ([Track], [Track]) = ([], [])
    for y in 0..<plane.height {
      for run in runs(plane, row: y) {
        let match = open.indices.last {
          abs(open[$0].left - Double(run.lowerBound)) <= Double(slack)
            && abs(open[$0].right - Double(run.upperBound)) <= Double(slack)
        }
        guard let match else {
          open.append(
            Track(
              left: Double(run.lowerBound), right: Double(run.upperBound), first: y, last: y,
              lefts: [run.lowerBound], rights: [run.upperBound]))
          continue
        }
        guard open[match].last < y else { continue }
        open[match].last = y
        open[match].lefts.append(run.lowerBound)
        open[match].rights.append(run.upperBound)
        // The mean of all its rows.
        let count = Double(open[match].lefts.count)
        open[match].left += (Double(run.lowerBound) - open[match].left) / count
        open[match].right += (Double(run.upperBound) - open[match].right) / count
      }
      let isOver = { (track: Track) in y - track.last > max(4, track.lefts.count * 4 / 5) }
      closed += open.filter(isOver)
      open.removeAll(where: isOver)
    }
    let strips = (closed + open).compactMap(strip)
    return joined(strips) + strips
  }

  /// Two strips in one line, as the halves of a two-sided bar on each side of a dark baseline are where compression moved their
  /// edges apart.
  private func joined(_ strips: [Strip]) -> [Strip] {
    strips.flatMap { upper in
      strips.compactMap { lower -> Strip? in
        let gap = lower.rows.lowerBound - upper.rows.upperBound
        let left = abs(lower.columns.lowerBound - upper.columns.lowerBound)
        let right = abs(lower.columns.upperBound - upper.columns.upperBound)
        guard gap >= 0, 2 * gap <= upper.rows.count + lower.rows.count, max(left, right) <= slack + 2 else {
          return nil
        }
        let columns =
          max(
            upper.columns.lowerBound, lower.columns.lowerBound)..<min(
            upper.columns.upperBound, lower.columns.upperBound)
        guard columns.count >= thickness.lowerBound else { return nil }
        return Strip(
          columns: columns, rows: upper.rows.lowerBound..<lower.rows.upperBound,
          straight: upper.straight + lower.straight)
      }
    }
  }

  private func strip(_ track: Track) -> Strip? {
    let rows = track.first..<track.last + 1
    let (lefts, rights) = (track.lefts.sorted(), track.rights.sorted())
    let columns = lefts[lefts.count / 2]..<rights[rights.count / 2]
    guard track.lefts.count >= 12, rows.count >= 12, 2 * track.lefts.count >= rows.count,
      thickness.contains(columns.count)
    else { return nil }
    return Strip(columns: columns, rows: rows, straight: track.lefts.count)
  }

  /// Coloured pixels without a gap, as wide as a bar may be.
  private func runs(_ plane: ScreenPlane, row: Int) -> [Range<Int>] {
    plane.pixels.withUnsafeBufferPointer { pixels in
      var runs: [Range<Int>] = []
      var start: Int?
      let base = row * plane.width * 3
      for x in 0...plane.width {
        var isColoured = false
        if x < plane.width {
          let (red, green, blue) = (
            Int(pixels[base + 3 * x]), Int(pixels[base + 3 * x + 1]), Int(pixels[base + 3 * x + 2])
          )
          isColoured = max(red, green, blue) - min(red, green, blue) > leastChroma
        }
        if isColoured {
          start = start ?? x
        } else if let first = start {
          if thickness.contains(x - first) { runs.append(first..<x) }
          start = nil
        }
      }
      return runs
    }
  }
}
