import Wording

/// An enrolment log counted: stage by stage, who came to it and who was excluded there for what.
struct EnrolmentFlow: Sendable {
  struct Exclusion: Sendable, Equatable {
    var reason: String
    var count: Int
  }

  struct Stage: Sendable {
    /// Empty where the log names no stage.
    var name: String
    /// How many came to it.
    var entering: Int
    var exclusions: [Exclusion]

    var excluded: Int { exclusions.reduce(0) { $0 + $1.count } }
    var leaving: Int { entering - excluded }
  }

  let stages: [Stage]
  let isOfLesions: Bool
  /// How many are in the study by the log.
  let included: Int
  /// First and last date; nil where the log has none, or dates not written year first.
  let dates: (first: String, last: String)?
  /// Counts that do not add up.
  let notes: [Phrase]

  var screened: Int { stages.first?.entering ?? included }
  var excluded: Int { stages.reduce(0) { $0 + $1.excluded } }

  init(_ log: EnrolmentLog) {
    switch log {
    case .entries(let entries, _): self.init(entries)
    case .counts(let counts, _): self.init(counts)
    }
  }

  private init(_ entries: [EnrolmentLog.Entry]) {
    let excluded = entries.filter { !$0.isIncluded }
    var remaining = entries.count
    stages = EnrolmentFlow.distinct(excluded.map(\.stage)).map { name in
      let here = excluded.filter { $0.stage == name }
      let stage = Stage(
        name: name, entering: remaining,
        exclusions: EnrolmentFlow.distinct(here.map(\.reason)).map { reason in
          Exclusion(reason: reason, count: here.count { $0.reason == reason })
        }.sorted { $0.count > $1.count })
      remaining = stage.leaving
      return stage
    }
    included = entries.count { $0.isIncluded }
    isOfLesions = entries.contains { $0.lesion != nil }
    let known = entries.map(\.date).filter { $0.prefixMatch(of: /\d{4}/) != nil }
    dates = known.min().flatMap { first in known.max().map { (first, $0) } }
    notes = []
  }

  /// Those who came to a stage are as counted; where no count is given, as many as left the one before.
  private init(_ counts: [EnrolmentLog.Count]) {
    var stages: [Stage] = []
    var notes: [Phrase] = []
    var remaining: Int?
    for name in EnrolmentFlow.distinct(counts.map(\.stage)) {
      let here = counts.filter { $0.stage == name }
      let exclusions = here.filter { !$0.reason.isEmpty }.map { Exclusion(reason: $0.reason, count: $0.count) }
      let counted = here.first { $0.reason.isEmpty }?.count
      if let counted, let remaining, counted != remaining {
        notes.append(
          "The log counts \(counted) at “\(name)”, where the counts before leave \(remaining): a difference of \(counted - remaining)."
        )
      }
      let total = exclusions.reduce(0) { $0 + $1.count }
      let entering = counted ?? remaining ?? EnrolmentFlow.total(counts)
      if total > entering {
        notes.append("At “\(name)” the log excludes \(total) of \(entering).")
      }
      stages.append(Stage(name: name, entering: entering, exclusions: exclusions))
      remaining = entering - total
    }
    // The last stage without exclusions is where the included stand.
    if let last = stages.last, last.exclusions.isEmpty, stages.count > 1 {
      included = last.entering
      stages.removeLast()
    } else {
      included = max(0, remaining ?? 0)
    }
    (self.stages, isOfLesions, dates, self.notes) = (stages, false, nil, notes)
  }

  /// Where no stage is counted, all that the log excludes.
  private static func total(_ counts: [EnrolmentLog.Count]) -> Int { counts.reduce(0) { $0 + $1.count } }

  private static func distinct(_ names: [String]) -> [String] {
    var seen = Set<String>()
    return names.filter { seen.insert($0).inserted }
  }
}
