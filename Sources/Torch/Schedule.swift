import Foundation

/// Learning rate (and, for one-cycle, momentum) as a pure function of the step, so that resuming needs no state.
public enum Schedule: Sendable, Equatable {
  case constant
  /// Multiplied by `factor` every `epochs` epochs (S1-18: 0.5 every 10).
  case step(epochs: Int, factor: Double)
  /// Half a cosine from the peak to `final` times it.
  case cosine(final: Double)
  /// Smith & Topin 2018, as PyTorch's OneCycleLR: cosine up from peak / `start` during `warmUp` of the steps, then cosine
  /// down to peak / `start` / `end`; momentum moves between `momentum.upperBound` and `.lowerBound` the other way.
  case oneCycle(
    warmUp: Double = 0.3, start: Double = 25, end: Double = 1e4, momentum: ClosedRange<Double>? = 0.85...0.95)

  /// - step: 0 ..< totalSteps; stepsPerEpoch at least 1.
  /// - warmUpSteps: a straight rise from 0 before the schedule proper (not for one-cycle, which has its own).
  public func rates(peak: Double, step: Int, totalSteps: Int, stepsPerEpoch: Int, warmUpSteps: Int = 0)
    -> (learningRate: Double, momentum: Double?)
  {
    if warmUpSteps > 0, step < warmUpSteps { return (peak * Double(step + 1) / Double(warmUpSteps), nil) }
    switch self {
    case .constant:
      return (peak, nil)
    case .step(let epochs, let factor):
      return (peak * pow(factor, Double(step / max(1, stepsPerEpoch) / max(1, epochs))), nil)
    case .cosine(let final):
      let span = Double(max(1, totalSteps - warmUpSteps))
      let low = peak * final
      return (low + (peak - low) * 0.5 * (1 + cos(.pi * Double(step - warmUpSteps) / span)), nil)
    case .oneCycle(let warmUp, let start, let end, let momentum):
      let top = warmUp * Double(totalSteps) - 1
      let last = Double(totalSteps - 1)
      let (initial, final) = (peak / start, peak / start / end)
      let at = Double(step)
      if at <= top {
        let fraction = top > 0 ? at / top : 1
        return (
          Self.cosine(initial, peak, fraction), momentum.map { Self.cosine($0.upperBound, $0.lowerBound, fraction) }
        )
      }
      let fraction = last > top ? (at - top) / (last - top) : 1
      return (Self.cosine(peak, final, fraction), momentum.map { Self.cosine($0.lowerBound, $0.upperBound, fraction) })
    }
  }

  private static func cosine(_ from: Double, _ to: Double, _ fraction: Double) -> Double {
    to + (from - to) / 2 * (1 + cos(.pi * fraction))
  }
}
