/// A straight piece of a vessel with flow.
struct FlowSegment: Sendable {
  let x0, z0, x1, z1: Double
  /// mm.
  let radius: Double
  /// cm/s from the first end to the second.
  let speed: Double
}

/// What a lesion's vessels are like.
struct Vascularity: Sendable {
  /// How many stems are filled, with fractions: the last one is thinner. 0...`LesionVessels.pool`.
  let stems: Double
  /// 0: few branches along the rim; 1: winding branches into the middle.
  let disorder: Double
  /// Radius of a stem, mm.
  let calibre: Double
}

/// Branching vessels in and around a lesion. The stems come from a fixed pool that nuisance draws; the factors only say how
/// many of them are filled, how wide and how they run.
struct LesionVessels: Sendable {
  static let pool = 16
  private(set) var segments: [FlowSegment] = []

  init(of lesion: LesionShape, _ vascularity: Vascularity, stream: inout RandomStream) {
    for stem in 0..<Self.pool {
      let filled = min(1, max(0, vascularity.stems - Double(stem)))
      let key = Int(stream.next() >> 33)
      guard filled > 0 else { continue }
      // A stream a stem: what one stem draws must not change the next.
      var own = RandomStream(seed: UInt64(key), purpose: "stem", stem)
      let calibre = vascularity.calibre * filled.squareRoot() * own.uniform(0.7...1.2)
      grow(of: lesion, disorder: vascularity.disorder, calibre: calibre, stream: &own)
    }
  }

  private mutating func grow(
    of lesion: LesionShape, disorder: Double, calibre: Double, stream: inout RandomStream
  ) {
    let angle = stream.uniform(-PortableMath.pi...PortableMath.pi)
    let edge = lesion.edge(atAngle: angle)
    let start = edge * stream.uniform(0.94...1.12)
    let inwards = angle + PortableMath.pi
    // Along the rim where ordered, inwards where not.
    let turn = (stream.chance(0.5) ? 1 : -1) * (1.35 * (1 - disorder) + 0.25 * stream.normal())
    let speed = stream.uniform(4...13) * (stream.chance(0.75) ? 1 : -1)
    walk(
      x: lesion.x + start * PortableMath.cosine(angle), z: lesion.z + start * PortableMath.sine(angle),
      heading: inwards + turn, pieces: 12 + stream.index(below: 8), length: 0.075 * lesion.radius, calibre: calibre,
      speed: speed, disorder: disorder, mayBranch: true, stream: &stream)
  }

  private mutating func walk(
    x: Double, z: Double, heading: Double, pieces: Int, length: Double, calibre: Double, speed: Double,
    disorder: Double, mayBranch: Bool, stream: inout RandomStream
  ) {
    var (x, z, heading, bend) = (x, z, heading, 0.0)
    for piece in 0..<pieces {
      bend = 0.6 * bend + (0.08 + 0.22 * disorder) * stream.normal()
      heading += bend
      let (nextX, nextZ) = (x + length * PortableMath.cosine(heading), z + length * PortableMath.sine(heading))
      let radius = calibre * (1 - 0.55 * Double(piece) / Double(pieces))
      segments.append(FlowSegment(x0: x, z0: z, x1: nextX, z1: nextZ, radius: radius, speed: speed))
      (x, z) = (nextX, nextZ)
      if mayBranch && stream.chance(0.06 + 0.16 * disorder) {
        walk(
          x: x, z: z, heading: heading + (stream.chance(0.5) ? 0.8 : -0.8), pieces: 7, length: 0.8 * length,
          calibre: 0.7 * radius, speed: 0.8 * speed, disorder: disorder, mayBranch: false, stream: &stream)
      }
    }
  }

  /// Vessels of the tissue around, at any side of the lesion: nuisance.
  static func passing(
    _ count: Int, at lesion: LesionShape, calibre: Double, stream: inout RandomStream
  ) -> [FlowSegment] {
    var segments: [FlowSegment] = []
    for _ in 0..<count {
      let angle = stream.uniform(-PortableMath.pi...PortableMath.pi)
      let away = lesion.edge(atAngle: angle) + stream.uniform(1.5...6)
      var (x, z) = (lesion.x + away * PortableMath.cosine(angle), lesion.z + away * PortableMath.sine(angle))
      var heading = angle + PortableMath.pi / 2 + 0.3 * stream.normal()
      let (radius, speed) = (calibre * stream.uniform(0.7...1.2), stream.uniform(-14...14))
      for _ in 0..<4 + stream.index(below: 4) {
        heading += 0.12 * stream.normal()
        let (nextX, nextZ) = (x + 1.8 * PortableMath.cosine(heading), z + 1.8 * PortableMath.sine(heading))
        segments.append(FlowSegment(x0: x, z0: z, x1: nextX, z1: nextZ, radius: radius, speed: speed))
        (x, z) = (nextX, nextZ)
      }
    }
    return segments
  }
}
