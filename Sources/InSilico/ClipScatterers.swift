/// Scatterer strengths of one slice.
struct Scatterers: Sendable {
  var real: PolarGrid
  var imaginary: PolarGrid
}

/// The scatterers that a probe sweeps over. Planes of independent scatterers lie one frame apart; the beam is a few planes thick
/// (a Gaussian slice profile), so echoes of frames k apart correlate as exp(-(k step)^2 / (4 thickness^2)).
struct ClipScatterers: Sendable {
  /// Planes by look, then in order of elevation.
  private let planes: [[Scatterers]]
  private let weights: [Float]

  /// - Parameters:
  ///   - step: elevation between frames, mm.
  ///   - thickness: standard deviation of the slice's amplitude profile, mm.
  init(
    rows: Int, columns: Int, frames: Int, looks: Int, step: Double, thickness: Double, stream: inout RandomStream
  ) {
    let reach = max(1, Int((2.5 * thickness / step).rounded(.up)))
    let raw = (-reach...reach).map { tap in
      let u = Double(tap) * step / thickness
      return PortableMath.exp(-u * u / 2)
    }
    let energy = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
    weights = raw.map { Float($0 / energy) }
    var planes: [[Scatterers]] = []
    for _ in 0..<looks {
      var ofLook: [Scatterers] = []
      for _ in 0..<frames + 2 * reach { ofLook.append(Self.plane(rows: rows, columns: columns, stream: &stream)) }
      planes.append(ofLook)
    }
    self.planes = planes
  }

  private static func plane(rows: Int, columns: Int, stream: inout RandomStream) -> Scatterers {
    var plane = Scatterers(
      real: PolarGrid(rows: rows, columns: columns), imaginary: PolarGrid(rows: rows, columns: columns))
    for index in plane.real.values.indices {
      let (a, b) = stream.normalPair()
      (plane.real.values[index], plane.imaginary.values[index]) = (Float(a), Float(b))
    }
    return plane
  }

  /// - Parameters:
  ///   - frame: 0..<frames.
  ///   - look: 0..<looks.
  func slice(frame: Int, look: Int) -> Scatterers {
    let first = planes[look][frame]
    var sum = Scatterers(
      real: PolarGrid(rows: first.real.rows, columns: first.real.columns),
      imaginary: PolarGrid(rows: first.real.rows, columns: first.real.columns))
    for (tap, weight) in weights.enumerated() {
      let plane = planes[look][frame + tap]
      for index in sum.real.values.indices {
        sum.real.values[index] += weight * plane.real.values[index]
        sum.imaginary.values[index] += weight * plane.imaginary.values[index]
      }
    }
    return sum
  }
}
