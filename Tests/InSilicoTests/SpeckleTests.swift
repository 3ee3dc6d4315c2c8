import Testing

@testable import InSilico

@Suite struct SpeckleTests {
  /// Grid with a beam four times as wide at the bottom as at the top.
  private static func homogeneous(seed: UInt64) -> PolarGrid {
    let (rows, columns) = (400, 160)
    let spread = (0..<rows).map { PointSpread(axial: 1.3, lateral: 1.2 + 3.6 * Double($0) / Double(rows)) }
    let tissue = PolarGrid(rows: rows, columns: columns, repeating: 1)
    let silent = PolarGrid(rows: rows, columns: columns)
    var stream = RandomStream(seed: seed, purpose: "test")
    return Speckle(rows: rows, columns: columns, spread: spread)
      .envelope(diffuse: tissue, specular: silent, stream: &stream)
  }

  private static func inner(_ grid: PolarGrid, rows: Range<Int>) -> [Double] {
    rows.flatMap { row in (16..<grid.columns - 16).map { Double(grid.values[row * grid.columns + $0]) } }
  }

  @Test func homogeneousTissueGivesFullyDevelopedSpeckle() {
    let values = Self.inner(Self.homogeneous(seed: 3), rows: 8..<392)
    let ratio = mean(values) / deviation(values)
    #expect(abs(ratio - 1.91) < 0.05, "amplitude mean/standard deviation \(ratio)")
  }

  @Test func meanPowerIsThatOfTheTissueAtEveryDepth() {
    let grid = Self.homogeneous(seed: 4)
    for rows in [8..<140, 140..<270, 270..<392] {
      let power = mean(Self.inner(grid, rows: rows).map { $0 * $0 })
      #expect(abs(power - 1) < 0.1, "rows \(rows): \(power)")
    }
  }

  @Test func specklesWidenWithDepth() {
    let grid = Self.homogeneous(seed: 5)
    func neighbourCorrelation(_ rows: Range<Int>) -> Double {
      let lag = 3
      var (left, right) = ([Double](), [Double]())
      for row in rows {
        for column in 16..<grid.columns - 16 - lag {
          left.append(Double(grid.values[row * grid.columns + column]))
          right.append(Double(grid.values[row * grid.columns + column + lag]))
        }
      }
      return correlation(left, right)
    }
    let (shallow, deep) = (neighbourCorrelation(8..<100), neighbourCorrelation(300..<392))
    #expect(shallow < 0.35)
    #expect(deep > 0.55)
  }

  @Test func aPointWithoutScatterersStaysDark() {
    let (rows, columns) = (60, 60)
    var tissue = PolarGrid(rows: rows, columns: columns, repeating: 1)
    for row in 15..<45 { for column in 15..<45 { tissue.values[row * columns + column] = 0 } }
    let silent = PolarGrid(rows: rows, columns: columns)
    let spread = Array(repeating: PointSpread(axial: 1.5, lateral: 2), count: rows)
    var stream = RandomStream(seed: 1, purpose: "test")
    let image = Speckle(rows: rows, columns: columns, spread: spread)
      .envelope(diffuse: tissue, specular: silent, stream: &stream)
    #expect(image.values[30 * columns + 30] == 0)
    #expect(image.values[5 * columns + 30] > 0)
  }
}
