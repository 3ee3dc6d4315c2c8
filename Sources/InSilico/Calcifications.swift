/// A calcification in a nodule, from the nodule's middle: x to the right, z down, y along the sweep.
struct Calcification: Sendable {
  let x: Double
  let z: Double
  let y: Double
  /// mm.
  let diameter: Double

  /// Large ones shadow.
  var isCoarse: Bool { diameter > 0.75 }
}

/// All calcifications of a nodule: how many, how fine and how close together follows the factors, where they lie is nuisance.
struct Calcifications: Sendable {
  let all: [Calcification]

  /// Count, size and closeness: what the calcification factors say.
  struct Pattern: Sendable, Hashable {
    let count: Int
    /// Median diameter, mm.
    let diameter: Double
    /// Standard deviation of places about the cluster's middle as a share of the nodule's radius.
    let spread: Double
  }

  init(of nodule: LesionShape, pattern: Pattern, elevation: Double, stream: inout RandomStream) {
    // The middle of the cluster lies off the nodule's as far as the cluster is smaller than the nodule.
    let slack = max(0, 0.55 - pattern.spread)
    let middle = (slack * stream.normal(), slack * stream.normal(), 0.7 * slack * stream.normal())
    var all: [Calcification] = []
    for _ in 0..<pattern.count {
      let diameter = min(1.8, max(0.3, pattern.diameter * PortableMath.exp(0.25 * stream.normal())))
      all.append(
        Self.inside(nodule, elevation: elevation, diameter: diameter, stream: &stream) { stream in
          (
            middle.0 + pattern.spread * stream.normal(), middle.1 + pattern.spread * stream.normal(),
            middle.2 + pattern.spread * stream.normal()
          )
        })
    }
    self.all = all
  }

  /// Draws until a place lies within the nodule; after many draws the last is pulled inside.
  private static func inside(
    _ nodule: LesionShape, elevation: Double, diameter: Double, stream: inout RandomStream,
    draw: (inout RandomStream) -> (Double, Double, Double)
  ) -> Calcification {
    var place = (0.0, 0.0, 0.0)
    var length = 0.0
    for _ in 0..<30 {
      place = draw(&stream)
      let edge = nodule.edge(atAngle: PortableMath.angle(y: place.1, x: place.0)) / nodule.radius
      length = (place.0 * place.0 + place.1 * place.1 + place.2 * place.2).squareRoot() / max(0.3, min(1, edge))
      if length < 0.88 { break }
    }
    let pull = length < 0.88 ? 1 : 0.8 / length
    return Calcification(
      x: place.0 * pull * nodule.radius, z: place.1 * pull * nodule.radius, y: place.2 * pull * elevation,
      diameter: diameter)
  }

  /// What a slice of the given thickness shows of them.
  ///
  /// - Parameters:
  ///   - elevation: of the slice, mm.
  ///   - thickness: standard deviation of the beam's amplitude across the slice, mm.
  func visible(in nodule: LesionShape, elevation: Double, thickness: Double) -> [(Calcification, weight: Double)] {
    all.compactMap { calcification in
      let off = max(0, abs(calcification.y - elevation) - 0.4 * calcification.diameter) / thickness
      let weight = PortableMath.exp(-off * off / 2)
      return weight > 0.12 ? (calcification, weight) : nil
    }
  }
}
