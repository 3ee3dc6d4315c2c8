/// The face that touches the skin, and with it the shape of the picture.
enum ProbeFace: Sendable {
  /// A sector: radius of the face in mm, half the opening angle in radians.
  case convex(radius: Double, halfAngle: Double)
  /// A rectangle: width in mm.
  case linear(width: Double)
}

/// A probe and the machine behind it.
struct Device: Sendable {
  let name: String
  let frequencyMHz: Double
  let face: ProbeFace
  /// Width of the receiving aperture in mm.
  let aperture: Double
  /// Frames of independent speckle averaged after detection (spatial compounding).
  let looks: Int
  /// Weight of the S-shaped part of the grey map, 0...1: how hard the machine drives contrast about the middle greys.
  let greyContrast: Double
  /// Level of electronic noise against parenchyma under the probe, dB.
  let noise: Double
  /// The surround: some machines export dark grey, not black.
  let surround: UInt8
}

/// What the operator set.
struct ScanSetting: Sendable {
  /// Depth shown, mm.
  let depth: Double
  /// Overall gain against the preset, dB.
  let gain: Double
  /// Errors of the time-gain sliders, dB, evenly spaced from skin to the full depth.
  let sliders: [Double]
  /// How well the probe's face couples, dB, evenly spaced from its left to its right end.
  let contact: [Double]

  init(_ exam: Exam, stream: inout RandomStream) {
    depth = exam.depth
    gain = exam.gain + 0.6 * stream.normal()
    sliders = (0..<6).map { _ in 0.9 * stream.normal() }
    contact = (0..<28).map { _ in 1.1 * stream.normal() - (stream.chance(0.05) ? 5 : 0) }
  }

  init(depth: Double, gain: Double, sliders: [Double], contact: [Double]) {
    (self.depth, self.gain, self.sliders, self.contact) = (depth, gain, sliders, contact)
  }

  /// The same settings at another gain.
  func louder(by decibels: Double) -> ScanSetting {
    ScanSetting(depth: depth, gain: gain + decibels, sliders: sliders, contact: contact)
  }
}

/// What a point of tissue does to sound.
struct TissuePoint {
  /// Scattered level against normal parenchyma, dB.
  var echo: Double
  /// Level of a smooth interface, dB; very low where there is none.
  var specular: Double
  /// Attenuation, dB/cm/MHz, one way.
  var attenuation: Double
}

/// Tissue under the probe: x in mm to the right of the probe's middle, z in mm down from the highest point of its face,
/// `depth` in mm from the face along the beam.
protocol Tissue {
  func point(x: Double, z: Double, depth: Double) -> TissuePoint
  /// Reflectors smaller than the grid, such as microcalcifications.
  var reflectors: [Reflector] { get }
}

extension Tissue {
  var reflectors: [Reflector] { [] }
}

/// A small bright point.
struct Reflector: Sendable {
  let x: Double
  let z: Double
  /// Coherent level against the scatter of normal parenchyma, dB.
  let level: Double
  /// What the beam loses by it, dB, over this width in mm.
  let shadow: Double
  let shadowWidth: Double
}

/// From tissue to an 8-bit picture: attenuation along each beam, speckle, time-gain compensation, log compression over
/// 60 dB, scan conversion.
struct Scanner {
  static let dynamicRange = 60.0
  /// Attenuation the machine compensates for, dB/cm/MHz.
  static let compensated = 0.5
  /// Where normal parenchyma lies in the dynamic range at the preset gain, dB above black.
  static let parenchymaLevel = 29.0

  let geometry: ScanGeometry
  let setting: ScanSetting

  /// - Returns: grey levels row by row, `imageSize` squared.
  func picture(of tissue: some Tissue, stream: inout RandomStream) -> [UInt8] {
    picture(of: tissue) { _, speckle, diffuse, specular in
      speckle.envelope(diffuse: diffuse, specular: specular, stream: &stream)
    }
  }

  /// A frame of a clip: the scatterers are the slice's own, so that neighbouring frames share most of their speckle.
  func picture(of tissue: some Tissue, frame: Int, of scatterers: ClipScatterers) -> [UInt8] {
    picture(of: tissue) { look, speckle, diffuse, specular in
      speckle.envelope(diffuse: diffuse, specular: specular, scatterers: scatterers.slice(frame: frame, look: look))
    }
  }

  private func picture(
    of tissue: some Tissue, envelope: (Int, Speckle, _ diffuse: PolarGrid, _ specular: PolarGrid) -> PolarGrid
  ) -> [UInt8] {
    let (diffuse, specular) = insonify(tissue)
    let speckle = Speckle(rows: geometry.samples, columns: geometry.lines, spread: pointSpread())
    var sum = PolarGrid(rows: geometry.samples, columns: geometry.lines)
    for look in 0..<geometry.device.looks {
      let seen = envelope(look, speckle, diffuse, specular)
      for index in sum.values.indices { sum.values[index] += seen.values[index] }
    }
    return scanConvert(compress(sum))
  }

  /// Amplitudes that come back from each cell, noise included: noise and scatter are independent normals, so their
  /// powers add.
  private func insonify(_ tissue: some Tissue) -> (diffuse: PolarGrid, specular: PolarGrid) {
    var diffuse = PolarGrid(rows: geometry.samples, columns: geometry.lines)
    var specular = diffuse
    let noise = PortableMath.amplitude(decibels: geometry.device.noise)
    let step = geometry.sampleStep
    let reflections = Reflections(tissue.reflectors, geometry: geometry)
    for line in 0..<geometry.lines {
      let beam = geometry.beam(line)
      var lost = 0.0
      var due = reflections.ofLine[line]?[...] ?? []
      for sample in 0..<geometry.samples {
        let depth = (Double(sample) + 0.5) * step
        let (x, z) = beam.place(depth: depth)
        let point = tissue.point(x: x, z: z, depth: depth)
        lost += 2 * point.attenuation * geometry.device.frequencyMHz * step / 10
        let scattered = PortableMath.amplitude(decibels: point.echo - lost)
        let index = sample * geometry.lines + line
        diffuse.values[index] = Float((scattered * scattered + noise * noise).squareRoot())
        if point.specular > -40 {
          specular.values[index] = Float(PortableMath.amplitude(decibels: point.specular - lost))
        }
        while let next = due.first, next.sample <= sample {
          specular.values[index] += Float(next.amplitude * PortableMath.amplitude(decibels: -lost))
          lost += next.shadow
          due.removeFirst()
        }
      }
    }
    return (diffuse, specular)
  }

  /// Two-cycle pulse; lateral width wavelength times f-number, which grows once the whole aperture is in use.
  private func pointSpread() -> [PointSpread] {
    let wavelength = 1.54 / geometry.device.frequencyMHz
    let step = geometry.sampleStep
    return (0..<geometry.samples).map { sample in
      let depth = (Double(sample) + 0.5) * step
      let fNumber = max(2.0, depth / geometry.device.aperture)
      let lineSpacing = geometry.lineSpacing(depth: depth)
      // The pulse loses its high frequencies on the way and lengthens a little.
      let axial = 0.6 * wavelength * (1 + 0.002 * depth)
      return PointSpread(axial: max(0.6, axial / step), lateral: max(0.6, 0.5 * wavelength * fNumber / lineSpacing))
    }
  }

  /// dB over the dynamic range, through the grey map, 0...255.
  private func compress(_ envelope: PolarGrid) -> PolarGrid {
    var grey = envelope
    let average = PortableMath.decibels(amplitude: Double(geometry.device.looks))
    let contact = (0..<geometry.lines).map { interpolate(setting.contact, at: Double($0) / Double(geometry.lines - 1)) }
    let curve = geometry.device.greyContrast
    for sample in 0..<geometry.samples {
      let depth = (Double(sample) + 0.5) * geometry.sampleStep
      let compensation = 2 * Self.compensated * geometry.device.frequencyMHz * depth / 10
      let level =
        Self.parenchymaLevel + setting.gain + interpolate(setting.sliders, at: depth / geometry.depth) + compensation
        - average
      for line in 0..<geometry.lines {
        let index = sample * geometry.lines + line
        let amplitude = max(1e-12, Double(envelope.values[index]))
        let decibels = PortableMath.decibels(amplitude: amplitude) + level + contact[line]
        let share = min(1, max(0, decibels / Self.dynamicRange))
        grey.values[index] = Float(255 * (share + curve * share * (1 - share) * (2 * share - 1)))
      }
    }
    return grey
  }

  /// Straight lines between evenly spaced values.
  ///
  /// - Parameter place: 0 at the first value, 1 at the last.
  private func interpolate(_ values: [Double], at place: Double) -> Double {
    guard values.count > 1 else { return values.first ?? 0 }
    let scaled = min(1, max(0, place)) * Double(values.count - 1)
    let low = min(values.count - 2, Int(scaled))
    let share = scaled - Double(low)
    return values[low] * (1 - share) + values[low + 1] * share
  }

  /// Bilinear between the four nearest samples.
  private func scanConvert(_ grey: PolarGrid) -> [UInt8] {
    let size = geometry.imageSize
    var picture = [UInt8](repeating: geometry.device.surround, count: size * size)
    for row in 0..<size {
      for column in 0..<size {
        let (x, z) = geometry.place(column: column, row: row)
        let (depth, across) = geometry.scanPlace(x: x, z: z)
        guard geometry.isInside(depth: depth, across: across) else { continue }
        let sample = min(max(0, depth / geometry.sampleStep - 0.5), Double(geometry.samples) - 1.001)
        let line = min(max(0, (across + geometry.halfAcross) / geometry.lineStep), Double(geometry.lines) - 1.001)
        let corner = Int(sample) * geometry.lines + Int(line)
        let (down, aside) = (Float(sample - sample.rounded(.down)), Float(line - line.rounded(.down)))
        let upper = grey.values[corner] * (1 - aside) + grey.values[corner + 1] * aside
        let below = corner + geometry.lines
        let lower = grey.values[below] * (1 - aside) + grey.values[below + 1] * aside
        picture[row * size + column] = UInt8(min(255, max(0, upper * (1 - down) + lower * down + 0.5)))
      }
    }
    return picture
  }
}
