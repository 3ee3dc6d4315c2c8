import Foundation
import Imaging
import Statistics

@testable import Measurement

extension ContrastPhantom {
  /// The whole clip measured, its overlay found first.
  func recording(followsMotion: Bool = true) throws -> ContrastRecording {
    let reference = frame(0)
    var survey = ContrastSurvey(width: reference.width, height: reference.height)
    for index in stride(from: 0, to: count, by: max(1, count / 30)) { survey.add(frame(index)) }
    var scanner = try ContrastScanner(
      regions: regions, reference: reference, compression: LogCompression(), overlay: survey.overlay,
      unlit: survey.unlit, followsMotion: followsMotion)
    for index in 0..<count { try scanner.add(frame(index), index: index, time: time(index)) }
    return try scanner.recording()
  }
}

/// Curves and recordings in numbers, without pictures.
enum ContrastNumbers {
  static let bolus = ContrastPhantom.lognormal(area: 1.2, onset: 12, mu: 2.6, sigma: 0.5)

  /// A level with multiplicative noise of `noise` dB over a floor of -55 dB.
  static func curve(
    seconds: Double = 90, rate: Double = 10, begin: Double = 0, noise: Double = 0.3, seed: UInt64 = 3,
    _ power: (Double) -> Double
  ) throws -> TimeIntensityCurve {
    let times = (0..<Int(seconds * rate)).map { begin + Double($0) / rate }
    return try TimeIntensityCurve(times: times, powers: noisy(times.map { power($0) + 3e-6 }, noise, seed))
  }

  static func noisy(_ powers: [Double], _ decibels: Double, _ seed: UInt64) -> [Double] {
    var generator = SplitMix64(seed: seed)
    return powers.map { power in
      // Nearly normal: a sum of twelve.
      let away = (0..<12).reduce(-6.0) { sum, _ in sum + generator.uniform() }
      return power * pow(10, decibels * away / 10)
    }
  }

  /// Frames ten a second whose panel, lesion and reference are given by time.
  static func recording(
    seconds: Double = 60, rate: Double = 10, lesion: (Double) -> Double = bolus,
    reference: (Double) -> Double = ContrastPhantom.lognormal(area: 1.6, onset: 12, mu: 3.2, sigma: 0.7),
    gain: (Double) -> Double = { _ in 0 }, similarity: (Double) -> Double = { _ in 0.9 },
    isRepeated: (Int) -> Bool = { _ in false }
  ) throws -> ContrastRecording {
    let times = (0..<Int(seconds * rate)).map { Double($0) / rate }
    func levels(_ power: (Double) -> Double, _ seed: UInt64) -> [RegionLevel] {
      noisy(times.map { (power($0) + 3e-6) * pow(10, gain($0) / 10) }, 0.15, seed)
        .map { RegionLevel(power: $0, saturated: 0, seen: 1) }
    }
    let (inside, around) = (levels(lesion, 1), levels(reference, 2))
    let panel = levels({ 0.2 * lesion($0) + 0.8 * reference($0) }, 3)
    return ContrastRecording(
      samples: times.indices.map { at in
        ContrastSample(
          index: at, time: times[at], panel: panel[at], lesion: inside[at], reference: around[at],
          displacement: Displacement(dx: 0, dy: 0, similarity: similarity(times[at]), isMeasured: true),
          sharpness: Double(at % 7), isRepeated: isRepeated(at))
      }, hasLesion: true, hasReference: true, registersToOneFrame: true, compression: try LogCompression(), notes: [])
  }
}
