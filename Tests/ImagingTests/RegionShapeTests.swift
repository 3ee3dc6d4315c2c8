import Imaging
import Testing
import Ultrasound

struct RegionShapeTests {
  private func mask(_ rows: String...) -> GreyImage {
    GreyImage(
      width: rows.first?.count ?? 0, height: rows.count, pixels: rows.joined().map { $0 == "1" ? 255 : 0 })
  }

  private func random(_ width: Int, _ height: Int, seed: UInt64) -> GreyImage {
    var generator = SplitMix(state: seed)
    return GreyImage(
      width: width, height: height, pixels: (0..<width * height).map { _ in generator.next() % 3 == 0 ? 255 : 0 })
  }

  @Test func boxesOnTheEdgesOfPixelsAreExact() {
    let box = RegionOfInterest.Shape.box(PixelBox(x: 1, y: 2, width: 3, height: 1))
    #expect(RegionRaster.mask(of: box, width: 5, height: 4) == mask("00000", "00000", "01110", "00000"))
    #expect(RegionRaster.area(of: box, width: 5, height: 4) == 3)
    // Neighbours share no pixel, also through a centre.
    let left = RegionOfInterest.Shape.box(PixelBox(x: 0, y: 0, width: 2.5, height: 4))
    let right = RegionOfInterest.Shape.box(PixelBox(x: 2.5, y: 0, width: 2.5, height: 4))
    #expect(RegionRaster.area(of: left, width: 5, height: 4) == 8)
    #expect(RegionRaster.area(of: right, width: 5, height: 4) == 12)
    let beyond = RegionOfInterest.Shape.box(PixelBox(x: -100, y: -1e9, width: 1e12, height: 1e12))
    #expect(RegionRaster.area(of: beyond, width: 5, height: 4) == 20)
    let wrong = RegionOfInterest.Shape.box(PixelBox(x: .nan, y: 0, width: 1, height: 1))
    #expect(RegionRaster.mask(of: wrong, width: 5, height: 4) == nil && RegionRaster.boundingBox(of: wrong) == nil)
  }

  @Test func ringsTakeTurns() {
    func square(_ from: Double, _ to: Double) -> [PixelPoint] {
      [PixelPoint(x: from, y: from), PixelPoint(x: to, y: from), PixelPoint(x: to, y: to), PixelPoint(x: from, y: to)]
    }
    let shape = RegionOfInterest.Shape.polygon([square(0, 5), square(1, 4), square(2, 3)])
    #expect(
      RegionRaster.mask(of: shape, width: 5, height: 5) == mask("11111", "10001", "10101", "10001", "11111"))
    #expect(RegionRaster.boundingBox(of: shape) == PixelBox(x: 0, y: 0, width: 5, height: 5))
  }

  @Test func aDiscHasItsArea() throws {
    let ring = (0..<360).map { index -> PixelPoint in
      let (x, y) = Self.circle(index)
      return PixelPoint(x: 60 + 40 * x, y: 50 + 40 * y)
    }
    let area = try #require(RegionRaster.area(of: .polygon([ring]), width: 120, height: 100))
    #expect(abs(Double(area) - .pi * 1600) < 15)
  }

  /// Cosine and sine of degrees, by turning step by step.
  private static func circle(_ degrees: Int) -> (Double, Double) {
    var (x, y) = (1.0, 0.0)
    let (c, s) = (0.9998476951563913, 0.01745240643728351)
    for _ in 0..<degrees { (x, y) = (x * c - y * s, x * s + y * c) }
    return (x, y)
  }

  @Test(arguments: [UInt64(1), 2, 3, 4, 5])
  func outlinesAndRunsGiveTheMaskBack(seed: UInt64) throws {
    let image = random(9 + Int(seed) * 3, 17, seed: seed)
    let rings = MaskOutline.rings(of: image)
    #expect(RegionRaster.mask(of: .polygon(rings), width: image.width, height: image.height) == image)
    let runs = try #require(RunLengthMask(image))
    #expect(GreyImage(runs) == image && runs.markedPixels == image.pixels.count { $0 > 0 })
    let box = try #require(runs.boundingBox)
    #expect(RegionRaster.boundingBox(of: .polygon(rings)) == box)
    let edges = try #require(MaskBox.boundingBox(ofMask: image))
    #expect(box == PixelBox(x: edges.x, y: edges.y, width: edges.width + 1, height: edges.height + 1))
  }

  @Test func outlinesHaveHolesAndCorners() {
    let holed = mask("111", "101", "111")
    #expect(MaskOutline.rings(of: holed).map(\.count) == [4, 4])
    #expect(MaskOutline.rings(of: mask("10", "01")).map(\.count) == [4, 4])
    #expect(MaskOutline.polygon(of: mask("00", "00")) == nil && RunLengthMask(mask("00", "00"))?.boundingBox == nil)
  }

  @Test func sizesInMillimetres() throws {
    let spacing = PixelSpacing(x: 0.2, y: 0.1)
    let bar = try #require(MaskMeasures(of: mask("00000", "01110", "00000"), spacing: spacing))
    #expect(abs(bar.area - 0.06) < 1e-12 && abs(bar.greatestDiameter - (0.36 + 0.01).squareRoot()) < 1e-12)
    // Two parts, corner to corner.
    let parts = try #require(MaskMeasures(of: mask("1000", "0000", "0001"), spacing: PixelSpacing(x: 1, y: 1)))
    #expect(parts.area == 2 && parts.greatestDiameter == 5)
    #expect(MaskMeasures(of: mask("00"), spacing: spacing) == nil)
  }

  @Test func greatestDiameterIsThatOfAllPairs() throws {
    let image = random(14, 11, seed: 9)
    let spacing = PixelSpacing(x: 0.31, y: 0.17)
    var greatest = 0.0
    let marked = image.pixels.indices.filter { image.pixels[$0] > 0 }.map { ($0 % 14, $0 / 14) }
    for (x0, y0) in marked {
      for (x1, y1) in marked {
        for (dx, dy) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
          for (ex, ey) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let x = Double(x0 + dx - x1 - ex) * spacing.x
            let y = Double(y0 + dy - y1 - ey) * spacing.y
            greatest = max(greatest, (x * x + y * y).squareRoot())
          }
        }
      }
    }
    let measures = try #require(MaskMeasures(of: image, spacing: spacing))
    #expect(abs(measures.greatestDiameter - greatest) < 1e-9)
  }

  @Test func shapesAreCutAtTheEdge() {
    let triangle = RegionOfInterest.Shape.polygon([
      [PixelPoint(x: -10, y: 5), PixelPoint(x: 15, y: -20), PixelPoint(x: 15, y: 30)]
    ])
    let cut = RegionClip.clipped(triangle, width: 10, height: 10)
    #expect(
      cut.flatMap { RegionRaster.mask(of: $0, width: 10, height: 10) }
        == RegionRaster.mask(of: triangle, width: 10, height: 10))
    #expect(cut.flatMap { RegionRaster.boundingBox(of: $0) } == PixelBox(x: 0, y: 0, width: 10, height: 10))
    let away = RegionOfInterest.Shape.box(PixelBox(x: 20, y: 0, width: 5, height: 5))
    #expect(RegionClip.clipped(away, width: 10, height: 10) == nil)
    let beside = RegionOfInterest.Shape.polygon([
      [PixelPoint(x: 10, y: 1), PixelPoint(x: 14, y: 1), PixelPoint(x: 14, y: 5)]
    ])
    #expect(RegionClip.clipped(beside, width: 10, height: 10) == nil)
  }
}
