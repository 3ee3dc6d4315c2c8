import Ultrasound

/// Finds a square of plain parenchyma beside the lesion.
struct BackgroundRegion {
  let geometry: ScanGeometry
  let scene: LiverScene

  /// Cells of the coarse map a side.
  private static let side = 80

  /// The largest of a few sizes that is all parenchyma, else the best of the smallest.
  func box() -> PixelBox {
    let sums = integral(of: parenchymaMap())
    var fallback = (row: 0, column: 0, share: -1.0, cells: 4)
    for cells in [13, 11, 9, 7, 5] {
      let found = best(cells: cells, sums: sums)
      if found.share > 0.999 { return pixels(row: found.row, column: found.column, cells: cells) }
      fallback = (found.row, found.column, found.share, cells)
    }
    return pixels(row: fallback.row, column: fallback.column, cells: fallback.cells)
  }

  private var cell: Double { Double(geometry.imageSize) / Double(Self.side) }

  private func pixels(row: Int, column: Int, cells: Int) -> PixelBox {
    let (left, top) = ((Double(column) * cell).rounded(), (Double(row) * cell).rounded())
    let width = (Double(cells) * cell).rounded(.down)
    return PixelBox(x: left, y: top, width: width, height: width)
  }

  private func centre(row: Int, column: Int) -> (x: Double, z: Double) {
    geometry.place(column: Int((Double(column) + 0.5) * cell), row: Int((Double(row) + 0.5) * cell))
  }

  private func parenchymaMap() -> [Int] {
    (0..<Self.side * Self.side).map { index in
      let (x, z) = centre(row: index / Self.side, column: index % Self.side)
      return isParenchyma(x: x, z: z) ? 1 : 0
    }
  }

  private func isParenchyma(x: Double, z: Double) -> Bool {
    let (depth, angle) = geometry.scanPlace(x: x, z: z)
    let anatomy = scene.anatomy
    let lesion = scene.lesion
    guard geometry.isInside(depth: depth + 2, across: abs(angle) + 0.03), depth > anatomy.wallDepth + 4,
      anatomy.distanceToDiaphragm(x: x, z: z) > 5
    else { return false }
    if let vessel = anatomy.nearestVessel(x: x, z: z), vessel.distance < 1.8 { return false }
    let clear = max(lesion.haloWidth, lesion.look.margin * lesion.radius) + 2
    if let distance = lesion.distance(x: x, z: z, within: clear), distance < clear { return false }
    let (lesionDepth, lesionAngle) = geometry.scanPlace(x: lesion.x, z: lesion.z)
    let shadow = (lesion.reach + 2) / geometry.millimetresAcross(depth: lesionDepth)
    return depth < lesionDepth || abs(angle - lesionAngle) > shadow
  }

  private func integral(of map: [Int]) -> [Int] {
    let width = Self.side + 1
    var sums = [Int](repeating: 0, count: width * width)
    for row in 0..<Self.side {
      for column in 0..<Self.side {
        sums[(row + 1) * width + column + 1] =
          map[row * Self.side + column] + sums[row * width + column + 1] + sums[(row + 1) * width + column]
          - sums[row * width + column]
      }
    }
    return sums
  }

  /// Of the squares with the highest share of parenchyma the one nearest to the lesion's depth.
  private func best(cells: Int, sums: [Int]) -> (row: Int, column: Int, share: Double) {
    let width = Self.side + 1
    let lesionDepth = geometry.scanPlace(x: scene.lesion.x, z: scene.lesion.z).depth
    var best = (row: 0, column: 0, share: -1.0, off: Double.infinity)
    for row in 0...Self.side - cells {
      for column in 0...Self.side - cells {
        let count =
          sums[(row + cells) * width + column + cells] - sums[row * width + column + cells]
          - sums[(row + cells) * width + column] + sums[row * width + column]
        let share = Double(count) / Double(cells * cells)
        guard share >= best.share else { continue }
        let (x, z) = centre(row: row + cells / 2, column: column + cells / 2)
        let off = abs(geometry.scanPlace(x: x, z: z).depth - lesionDepth)
        if share > best.share || off < best.off { best = (row, column, share, off) }
      }
    }
    return (best.row, best.column, best.share)
  }
}
