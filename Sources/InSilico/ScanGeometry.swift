/// The grid that is scanned, and the square picture it is shown in. A place in the grid is a depth along the beam and a place
/// across the beams: radians from the middle line under a convex probe, mm under a linear one.
struct ScanGeometry: Sendable {
  let device: Device
  let depth: Double
  let imageSize: Int
  let lines: Int
  let samples: Int
  /// Millimetres a pixel of the picture.
  let pixel: Double
  private let top: Double

  /// - Parameter imageSize: side of the picture in pixels. The scan fills its height; its sides may be cut, as on machines that
  ///   zoom to the shown depth.
  init(device: Device, depth: Double, imageSize: Int) {
    (self.device, self.depth, self.imageSize) = (device, depth, imageSize)
    pixel = depth * 1.04 / Double(imageSize)
    top = -0.015 * depth
    // A picture of 320 pixels gets 224 lines and, in a sector, a sample each 0.22 mm; a small one needs no finer grid than it
    // shows. A linear probe looks at a few centimetres, so its samples are counted by the picture.
    let fineness = min(1, Double(imageSize) / 320)
    lines = Int((224 * fineness).rounded())
    switch device.face {
    case .convex: samples = Int((depth / 0.22 * fineness).rounded())
    case .linear: samples = Int((400 * fineness).rounded())
    }
  }

  /// Half of what is scanned across: radians or mm.
  var halfAcross: Double {
    switch device.face {
    case .convex(_, let halfAngle): halfAngle
    case .linear(let width): width / 2
    }
  }

  var sampleStep: Double { depth / Double(samples) }
  var lineStep: Double { 2 * halfAcross / Double(lines - 1) }

  /// Place of a pixel's middle in mm.
  func place(column: Int, row: Int) -> (x: Double, z: Double) {
    ((Double(column) + 0.5 - Double(imageSize) / 2) * pixel, (Double(row) + 0.5) * pixel + top)
  }

  /// Column and row, with fractions, of a place in mm; the middle of the first pixel is at 0, 0.
  func pixelPlace(x: Double, z: Double) -> (column: Double, row: Double) {
    (x / pixel + Double(imageSize) / 2 - 0.5, (z - top) / pixel - 0.5)
  }

  /// Place in the grid of a place in mm.
  func scanPlace(x: Double, z: Double) -> (depth: Double, across: Double) {
    switch device.face {
    case .convex(let radius, _):
      let down = z + radius
      return ((x * x + down * down).squareRoot() - radius, PortableMath.angle(y: x, x: down))
    case .linear: return (z, x)
    }
  }

  func isInside(depth: Double, across: Double) -> Bool {
    depth >= 0 && depth <= self.depth && abs(across) <= halfAcross
  }

  /// Distance between neighbouring beams at a depth, mm.
  func lineSpacing(depth: Double) -> Double { lineStep * millimetresAcross(depth: depth) }

  /// Millimetres that one unit across is at a depth.
  func millimetresAcross(depth: Double) -> Double {
    switch device.face {
    case .convex(let radius, _): radius + depth
    case .linear: 1
    }
  }

  func beam(_ line: Int) -> Beam {
    let across = -halfAcross + Double(line) * lineStep
    switch device.face {
    case .convex(let radius, _):
      return Beam(
        radius: radius, origin: 0, sine: PortableMath.sine(across), cosine: PortableMath.cosine(across))
    case .linear: return Beam(radius: 0, origin: across, sine: 0, cosine: 1)
    }
  }
}

/// A straight line of sound.
struct Beam: Sendable {
  fileprivate let radius: Double
  fileprivate let origin: Double
  fileprivate let sine: Double
  fileprivate let cosine: Double

  /// Place in mm of a depth along the beam.
  func place(depth: Double) -> (x: Double, z: Double) {
    let range = radius + depth
    return (origin + range * sine, range * cosine - radius)
  }
}
