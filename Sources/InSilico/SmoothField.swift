/// A random texture in mm: standard normals on a lattice, smoothly interpolated, about zero mean and unit variance.
struct SmoothField: Sendable {
  private let spacing: Double
  private let side: Int
  private let values: [Double]

  /// The lattice repeats after `side` cells: keep `side * spacing` above what one picture shows.
  init(spacing: Double, side: Int = 128, stream: inout RandomStream) {
    (self.spacing, self.side) = (spacing, side)
    // Smooth interpolation averages neighbours; 1.4 brings the mean variance over a cell back to one.
    values = (0..<side * side).map { _ in 1.4 * stream.normal() }
  }

  func value(x: Double, z: Double) -> Double {
    let (u, v) = (x / spacing, z / spacing)
    let (left, upper) = (u.rounded(.down), v.rounded(.down))
    let (a, b) = (u - left, v - upper)
    let (s, t) = (a * a * (3 - 2 * a), b * b * (3 - 2 * b))
    let (i, j) = (wrap(left), wrap(upper))
    let (k, l) = (i + 1 == side ? 0 : i + 1, j + 1 == side ? 0 : j + 1)
    let top = values[j * side + i] * (1 - s) + values[j * side + k] * s
    let bottom = values[l * side + i] * (1 - s) + values[l * side + k] * s
    return top * (1 - t) + bottom * t
  }

  private func wrap(_ cell: Double) -> Int {
    let rest = Int(cell) % side
    return rest < 0 ? rest + side : rest
  }
}

/// A random texture in space, about zero mean and unit variance: two independent planes that fade into each other with the
/// elevation of the slice, so that neighbouring slices are alike and distant ones are not.
struct SolidTexture: Sendable {
  private let first: SmoothField
  private let second: SmoothField?
  private var cosine = 1.0
  private var sine = 0.0

  /// A plane, for stills.
  init(_ field: SmoothField) { (first, second) = (field, nil) }

  /// A solid.
  init(spacing: Double, side: Int = 128, stream: inout RandomStream) {
    first = SmoothField(spacing: spacing, side: side, stream: &stream)
    second = SmoothField(spacing: spacing, side: side, stream: &stream)
  }

  /// The slice at an elevation given in spacings of the texture.
  func slice(at elevation: Double) -> SolidTexture {
    var slice = self
    (slice.cosine, slice.sine) = (PortableMath.cosine(elevation), PortableMath.sine(elevation))
    return slice
  }

  func value(x: Double, z: Double) -> Double {
    guard let second, sine != 0 else { return cosine * first.value(x: x, z: z) }
    return cosine * first.value(x: x, z: z) + sine * second.value(x: x, z: z)
  }
}
