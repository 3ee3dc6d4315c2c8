/// How a tissue fills with contrast agent and loses it again: a sigmoid-like wash-in followed by exponential wash-out, the
/// shape of bolus curves in the kidney.
struct ContrastCurve: Sendable {
  /// Seconds from injection to the first bubbles.
  var arrival: Double
  /// Seconds of filling.
  var rise: Double
  /// Time constant of wash-out, s.
  var washOut: Double
  /// Level when full, against renal cortex, dB.
  var peak: Double

  static let floor = -36.0

  /// dB against the peak of renal cortex at `time` seconds after injection.
  func level(at time: Double) -> Double {
    let since = time - arrival
    guard since > 0 else { return Self.floor }
    let u = since / rise
    let filled = 1 - PortableMath.exp(-u * u)
    let kept = PortableMath.exp(-max(0, since - rise) / washOut)
    return max(Self.floor, peak + PortableMath.decibels(amplitude: max(1e-9, filled * kept)))
  }
}

/// The curves of one examination; a patient's circulation delays all of them.
struct ContrastKinetics: Sendable {
  let delay: Double

  private func curve(_ arrival: Double, _ rise: Double, _ washOut: Double, _ peak: Double) -> ContrastCurve {
    ContrastCurve(arrival: arrival + delay, rise: rise, washOut: washOut, peak: peak)
  }

  var cortex: ContrastCurve { curve(7.5, 2.4, 110, 0) }
  /// Pyramids fill from outside inwards and late (S1-05: medullary phase from about 30 s).
  var medulla: ContrastCurve { curve(13, 13, 130, -1) }
  var sinus: ContrastCurve { curve(9, 4, 100, -13) }
  var liver: ContrastCurve { curve(13, 14, 240, -8) }
  var fat: ContrastCurve { curve(14, 8, 120, -21) }
  var muscle: ContrastCurve { curve(16, 12, 160, -15) }
  /// - Parameters:
  ///   - peak: against cortex, dB.
  ///   - washOut: s.
  func lesion(peak: Double, washOut: Double) -> ContrastCurve { curve(8.2, 2.8, washOut, peak) }
}
