/// A rectangular grid of numbers in scan order: `rows` samples along the beam, `columns` scan lines.
struct PolarGrid: Sendable {
  let rows: Int
  let columns: Int
  var values: [Float]

  init(rows: Int, columns: Int, repeating value: Float = 0) {
    (self.rows, self.columns) = (rows, columns)
    values = [Float](repeating: value, count: rows * columns)
  }
}

/// Width of the point-spread function at one depth, as standard deviations of the amplitude in grid steps.
struct PointSpread: Sendable {
  let axial: Double
  let lateral: Double
}

/// Speckle as an envelope of scattered waves. Every grid cell holds many scatterers of random place, so its demodulated
/// echo is a circular complex normal number (the carrier's phase is uniform over the cell, which makes complex baseband
/// scatterers equal in law to real ones under a pulse at the carrier). Convolution with the separable point-spread
/// function and detection give fully developed speckle: Rayleigh amplitude, mean/standard deviation 1.91
/// (Burckhardt 1978; Wagner et al. 1983, IEEE Trans Sonics Ultrason 30:156).
struct Speckle {
  let rows: Int
  let columns: Int
  private let axialKernels: Kernels
  private let lateralKernels: Kernels

  /// - Parameter spread: one point-spread function a row, so that the beam can widen with depth.
  init(rows: Int, columns: Int, spread: [PointSpread]) {
    (self.rows, self.columns) = (rows, columns)
    axialKernels = Kernels(spread.map(\.axial))
    lateralKernels = Kernels(spread.map(\.lateral))
  }

  /// One detected frame.
  ///
  /// - Parameters:
  ///   - diffuse: standard deviation of the scattered amplitude, one a cell.
  ///   - specular: coherent amplitude of smooth interfaces, one a cell, added in phase.
  /// - Returns: envelope; its mean square is that of `diffuse` where tissue is homogeneous.
  func envelope(diffuse: PolarGrid, specular: PolarGrid, stream: inout RandomStream) -> PolarGrid {
    var real = PolarGrid(rows: rows, columns: columns)
    var imaginary = real
    let half: Float = 0.70710678
    for index in diffuse.values.indices {
      let (a, b) = stream.normalPair()
      let amplitude = diffuse.values[index] * half
      real.values[index] = amplitude * Float(a) + specular.values[index]
      imaginary.values[index] = amplitude * Float(b)
    }
    return detect(&real, &imaginary)
  }

  /// One detected frame over scatterers that are given.
  ///
  /// - Parameter scatterers: independent standard normals, one pair a cell.
  func envelope(diffuse: PolarGrid, specular: PolarGrid, scatterers: Scatterers) -> PolarGrid {
    var (real, imaginary) = (scatterers.real, scatterers.imaginary)
    let half: Float = 0.70710678
    for index in diffuse.values.indices {
      let amplitude = diffuse.values[index] * half
      real.values[index] = amplitude * real.values[index] + specular.values[index]
      imaginary.values[index] *= amplitude
    }
    return detect(&real, &imaginary)
  }

  /// - Returns: the envelope, in the memory of `real`.
  private func detect(_ real: inout PolarGrid, _ imaginary: inout PolarGrid) -> PolarGrid {
    spread(&real)
    spread(&imaginary)
    for index in real.values.indices {
      let (a, b) = (real.values[index], imaginary.values[index])
      real.values[index] = (a * a + b * b).squareRoot()
    }
    return real
  }

  private func spread(_ grid: inout PolarGrid) {
    var between = [Float](repeating: 0, count: rows * columns)
    grid.values.withUnsafeBufferPointer { source in
      between.withUnsafeMutableBufferPointer { axial(source, $0) }
    }
    between.withUnsafeBufferPointer { source in
      grid.values.withUnsafeMutableBufferPointer { lateral(source, $0) }
    }
  }

  /// Along the beam: whole rows are added, so the inner loop runs over neighbouring memory.
  private func axial(_ source: UnsafeBufferPointer<Float>, _ target: UnsafeMutableBufferPointer<Float>) {
    for row in 0..<rows {
      let reach = axialKernels.reach[row]
      for tap in max(-reach, -row)...min(reach, rows - 1 - row) {
        let weight = axialKernels.weight(row: row, tap: tap)
        let (from, to) = ((row + tap) * columns, row * columns)
        for column in 0..<columns { target[to + column] += weight * source[from + column] }
      }
    }
  }

  private func lateral(_ source: UnsafeBufferPointer<Float>, _ target: UnsafeMutableBufferPointer<Float>) {
    for row in 0..<rows {
      let start = row * columns
      for column in 0..<columns { target[start + column] = 0 }
      let reach = min(lateralKernels.reach[row], columns - 1)
      for tap in -reach...reach {
        let weight = lateralKernels.weight(row: row, tap: tap)
        for column in max(0, -tap)..<min(columns, columns - tap) {
          target[start + column] += weight * source[start + column + tap]
        }
      }
    }
  }
}

/// Gaussian kernels of unit energy, one a row, cut at three standard deviations.
private struct Kernels {
  let reach: [Int]
  private let offsets: [Int]
  private let weights: [Float]

  init(_ deviations: [Double]) {
    var (reach, offsets, weights) = ([Int](), [Int](), [Float]())
    for deviation in deviations {
      let taps = max(1, Int((3 * deviation).rounded(.up)))
      let raw = (-taps...taps).map { tap in
        let u = Double(tap) / max(deviation, 1e-3)
        return PortableMath.exp(-u * u / 2)
      }
      let energy = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
      offsets.append(weights.count + taps)
      reach.append(taps)
      weights.append(contentsOf: raw.map { Float($0 / energy) })
    }
    (self.reach, self.offsets, self.weights) = (reach, offsets, weights)
  }

  func weight(row: Int, tap: Int) -> Float { weights[offsets[row] + tap] }
}
