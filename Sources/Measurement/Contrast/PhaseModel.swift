public import Foundation

/// The vascular phases of an examination, counted from the injection or from the arrival of contrast.
public struct PhaseModel: Sendable, Hashable, Codable {
  public enum Origin: String, Sendable, Codable, CaseIterable { case injection, arrival }

  /// From `start` up to, without, `end`, in seconds.
  public struct Phase: Sendable, Hashable, Codable {
    public var name: String
    public var start: Double
    /// Absent: until contrast is gone, or the clip ends.
    public var end: Double?

    public init(name: String, start: Double, end: Double? = nil) {
      (self.name, self.start, self.end) = (name, start, end)
    }

    /// "name=start-end", or "name=start-" for a phase without an end.
    public init(argument: String) throws(ContrastError) {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let bounds =
        parts.count == 2 ? parts[1].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false) : []
      guard bounds.count == 2, let start = Double(bounds[0]), bounds[1].isEmpty || Double(bounds[1]) != nil else {
        throw .setting(
          name: "phase", expected: "name=start-end in seconds, as cortical=10-30, or medullary=30-", found: argument)
      }
      self.init(name: String(parts[0]), start: start, end: Double(bounds[1]))
    }
  }

  public let name: String
  public let origin: Origin
  public let phases: [Phase]

  /// - Throws: `phases` for none, a phase without a name or with another's, bounds that are not finite, not after the start, or
  ///   before the end of the phase before.
  public init(name: String, origin: Origin, phases: [Phase]) throws(ContrastError) {
    guard !phases.isEmpty else { throw .phases(name: name, reason: "expected at least one phase, found none") }
    for (at, phase) in phases.enumerated() {
      func wrong(_ reason: String) -> ContrastError { .phases(name: name, reason: "\(phase.name): \(reason)") }
      guard !phase.name.trimmingCharacters(in: .whitespaces).isEmpty else {
        throw .phases(name: name, reason: "phase \(at + 1): expected a name")
      }
      guard !phases[..<at].contains(where: { $0.name == phase.name }) else { throw wrong("the name stands twice") }
      guard phase.start.isFinite, phase.end?.isFinite ?? true else {
        throw wrong("expected bounds in seconds, found \(phase.start) to \(phase.end.map { "\($0)" } ?? "the end")")
      }
      if let end = phase.end, end <= phase.start {
        throw wrong("expected an end after its start at \(phase.start) s, found \(end) s")
      }
      guard at > 0 else { continue }
      let before = phases[at - 1]
      guard let end = before.end else { throw wrong("comes after \(before.name), which has no end") }
      guard phase.start >= end else {
        throw wrong("expected a start at or after \(end) s, where \(before.name) ends, found \(phase.start) s")
      }
    }
    (self.name, self.origin, self.phases) = (name, origin, phases)
  }

  /// - Throws: `phases` where the JSON is none, or says what no phases can be.
  public init(json: Data, name: String) throws(ContrastError) {
    let read: Unchecked
    do {
      read = try JSONDecoder().decode(Unchecked.self, from: json)
    } catch {
      throw .phases(
        name: name, reason: "expected JSON with name, origin (injection or arrival) and phases of name, start, end")
    }
    try self.init(name: read.name ?? name, origin: read.origin, phases: read.phases)
  }

  public init(from decoder: any Decoder) throws {
    let read = try Unchecked(from: decoder)
    try self.init(name: read.name ?? "given", origin: read.origin, phases: read.phases)
  }

  private struct Unchecked: Decodable {
    var name: String?
    var origin: Origin
    var phases: [Phase]
  }

  private init(unchecked name: String, _ origin: Origin, _ phases: [Phase]) {
    (self.name, self.origin, self.phases) = (name, origin, phases)
  }

  /// Cortical from 10 s (it begins 10-15 s after the injection), medullary from 30 s (30-45 s) until contrast is gone: S1-05;
  /// EFSUMB 2017 on non-hepatic use. The earliest bounds are taken.
  public static let renal = PhaseModel(
    unchecked: "renal", .injection, [Phase(name: "cortical", start: 10, end: 30), Phase(name: "medullary", start: 30)])

  /// Arterial from 10-20 s to 30-45 s, portal to 120 s, late beyond: WFUMB and EFSUMB 2020 (Dietrich et al., Ultrasound Med Biol
  /// 2020;46:2579). The earliest bounds are taken.
  public static let liver = PhaseModel(
    unchecked: "liver", .injection,
    [
      Phase(name: "arterial", start: 10, end: 30), Phase(name: "portal", start: 30, end: 120),
      Phase(name: "late", start: 120),
    ])

  /// For organs without a guideline's phases: the first half minute of contrast, up to two minutes, and beyond. A convention of
  /// ours.
  public static let generic = PhaseModel(
    unchecked: "generic", .arrival,
    [
      Phase(name: "early", start: 0, end: 30), Phase(name: "middle", start: 30, end: 120),
      Phase(name: "late", start: 120),
    ])

  public static let builtIn: [PhaseModel] = [.renal, .liver, .generic]
}
