/// Reflectors shared out over the scan's lines: each adds to the two beams beside it and shadows those it is as wide as.
struct Reflections {
  struct Part {
    let sample: Int
    let amplitude: Double
    /// dB.
    let shadow: Double
  }

  /// By line, in order of depth; lines without any are left out.
  private(set) var ofLine: [Int: [Part]] = [:]

  init(_ reflectors: [Reflector], geometry: ScanGeometry) {
    for reflector in reflectors { add(reflector, geometry) }
    for line in ofLine.keys { ofLine[line]?.sort { $0.sample < $1.sample } }
  }

  private mutating func add(_ reflector: Reflector, _ geometry: ScanGeometry) {
    let (depth, across) = geometry.scanPlace(x: reflector.x, z: reflector.z)
    guard geometry.isInside(depth: depth, across: across) else { return }
    let sample = min(geometry.samples - 1, Int(depth / geometry.sampleStep))
    let place = (across + geometry.halfAcross) / geometry.lineStep
    let halfShadow = max(0.5, 0.5 * reflector.shadowWidth / geometry.lineSpacing(depth: depth))
    let amplitude = PortableMath.amplitude(decibels: reflector.level)
    let reach = Int(halfShadow.rounded(.up)) + 1
    for line in max(0, Int(place) - reach)...min(geometry.lines - 1, Int(place) + 1 + reach) {
      let off = abs(Double(line) - place)
      let part = Part(
        sample: sample, amplitude: amplitude * max(0, 1 - off),
        shadow: reflector.shadow * min(1, max(0, halfShadow + 0.5 - off)))
      if part.amplitude > 0 || part.shadow > 0 { ofLine[line, default: []].append(part) }
    }
  }
}
