/// Bars of the B-mode grey map: columns side by side that go steadily from bright to dark over the same rows.
struct GreyBarSearch {
  var least = 40
  var thickness = 4...60

  struct Wedge {
    var columns: Range<Int>
    var rows: Range<Int>
  }

  func wedges(_ plane: ScreenPlane) -> [Wedge] {
    var found: [Wedge] = []
    var open: Wedge?
    func close() {
      if let wedge = open, thickness.contains(wedge.columns.count) { found.append(wedge) }
      open = nil
    }
    for x in 0..<plane.width {
      guard let ramp = ramp(plane, column: x) else {
        close()
        continue
      }
      if var wedge = open, abs(wedge.rows.lowerBound - ramp.lowerBound) <= 4,
        abs(wedge.rows.upperBound - ramp.upperBound) <= 8
      {
        wedge.columns = wedge.columns.lowerBound..<x + 1
        wedge.rows = min(wedge.rows.lowerBound, ramp.lowerBound)..<max(wedge.rows.upperBound, ramp.upperBound)
        open = wedge
      } else {
        close()
        open = Wedge(columns: x..<x + 1, rows: ramp)
      }
    }
    close()
    return found
  }

  /// The longest part of a column that falls, or rises, by at least 120 levels without going back by more than 6.
  private func ramp(_ plane: ScreenPlane, column: Int) -> Range<Int>? {
    var best: Range<Int>?
    plane.pixels.withUnsafeBufferPointer { pixels in
      for sign in [-1, 1] {
        var (start, extreme, startLevel, lastChange) = (0, 0, 0, 0)
        func close(at end: Int) {
          let length = lastChange + 1 - start
          guard length >= least, abs(extreme - startLevel) >= 120, length > best?.count ?? 0 else { return }
          best = start..<lastChange + 1
        }
        var isOpen = false
        for y in 0..<plane.height {
          let at = (y * plane.width + column) * 3
          let (red, green, blue) = (Int(pixels[at]), Int(pixels[at + 1]), Int(pixels[at + 2]))
          let level = (red + green + blue) / 3
          let isGrey = max(red, green, blue) - min(red, green, blue) <= 24
          let goesOn = isOpen && isGrey && (level - extreme) * sign >= -6 && (level - extreme) * sign <= 24
          if goesOn {
            if (level - extreme) * sign > 0 { (extreme, lastChange) = (level, y) }
            // A level that stays for long is the screen, not the bar.
            if lastChange == start { (start, lastChange) = (y, y) }
          } else {
            if isOpen { close(at: y) }
            isOpen = isGrey
            (start, extreme, startLevel, lastChange) = (y, level, level, y)
          }
        }
        if isOpen { close(at: plane.height) }
      }
    }
    return best
  }
}
