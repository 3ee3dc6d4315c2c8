import Statistics

/// A reader study as arrays: every reader's confidence and calls by arm and case, beside what a model said of the same cases.
struct ReaderStudy: Sendable {
  let arms: [ReadingTable.Arm]
  let readers: [String]
  /// Group of each reader; empty where not given.
  let groups: [String]
  /// Name of each case.
  let cases: [String]
  let positives: [Bool]
  /// Patient of each case, by number.
  let clusters: [Int]
  let isClustered: Bool
  /// [arms][readers][cases], 0 to 100; nil where there are none at all.
  let confidence: [[[Double?]]]?
  /// [arms][readers][cases].
  let calls: [[[Bool?]]]
  /// Whether calls were made from confidences of 50 and above.
  let callsAreDerived: Bool
  /// The model that the readings are compared with: its score and call of each case; nil where it has none of them.
  let model: Model?
  let skipped: Int

  struct Model: Sendable {
    let name: String
    let scores: [Double?]
    let calls: [Bool?]

    var count: Int { scores.count { $0 != nil } }
  }

  private struct CaseKey: Hashable {
    let patient: String
    let name: String
  }

  init(_ table: ReadingTable, _ study: StudyContext) {
    let known = ReaderStudy.scores(study, isOfImages: table.isOfImages)
    var (place, names, positives, patients): ([CaseKey: Int], [String], [Bool], [String]) = ([:], [], [], [])
    for reading in table.readings {
      let key = CaseKey(patient: reading.patient ?? "", name: reading.name)
      guard place[key] == nil else { continue }
      place[key] = names.count
      names.append(reading.name)
      positives.append(reading.isMalignant)
      patients.append(
        reading.patient ?? known.first { $0.rows[reading.name] != nil }?.rows[reading.name]?.patient ?? reading.name)
    }
    arms = table.arms
    readers = table.readers
    groups = table.readers.map { table.experience[$0] ?? "" }
    (cases, self.positives) = (names, positives)
    let number = Dictionary(Set(patients).sorted().enumerated().map { ($1, $0) }) { first, _ in first }
    clusters = patients.map { number[$0] ?? 0 }
    isClustered = number.count < names.count

    let empty = [[[Double?]]](
      repeating: [[Double?]](repeating: [Double?](repeating: nil, count: names.count), count: table.readers.count),
      count: table.arms.count)
    var (confidence, calls) = (empty, empty.map { $0.map { $0.map { _ in Bool?.none } } })
    let reader = Dictionary(table.readers.enumerated().map { ($1, $0) }) { first, _ in first }
    for reading in table.readings {
      guard let arm = table.arms.firstIndex(of: reading.arm), let reader = reader[reading.reader],
        let row = place[CaseKey(patient: reading.patient ?? "", name: reading.name)]
      else { continue }
      confidence[arm][reader][row] = reading.confidence
      calls[arm][reader][row] = table.hasCalls ? reading.call : reading.confidence.map { $0 >= 50 }
    }
    self.confidence = table.hasConfidence ? confidence : nil
    (self.calls, callsAreDerived, skipped) = (calls, !table.hasCalls, table.skipped)
    model = known.first.flatMap { first in
      let rows = names.indices.map { place -> ScoredCase? in
        guard let found = first.rows[names[place]], found.isMalignant == positives[place] else { return nil }
        return found
      }
      return rows.contains { $0 != nil }
        ? Model(name: first.name, scores: rows.map { $0?.score }, calls: rows.map { $0?.call }) : nil
    }
  }

  struct ScoredCase {
    let patient: String
    let score: Double
    let call: Bool
    let isMalignant: Bool
  }

  /// The first model's scores by name over all test parts; a name that two patients share is left out.
  private static func scores(
    _ study: StudyContext, isOfImages: Bool
  ) -> [(name: String, rows: [String: ScoredCase])] {
    guard let first = study.parts.first?.models.first?.name else { return [] }
    var (rows, shared): ([String: ScoredCase], Set<String>) = ([:], [])
    for part in study.parts {
      for model in part.models where model.name == first {
        guard let evaluation = isOfImages ? model.ofImages : model.evaluation else { continue }
        for row in evaluation.rows {
          let call = evaluation.cutOff(of: row).map { row.score >= $0 } ?? false
          let scored = ScoredCase(
            patient: row.patient, score: row.score, call: call, isMalignant: row.isMalignant)
          if let other = rows.updateValue(scored, forKey: row.name), other.patient != row.patient {
            shared.insert(row.name)
          }
        }
      }
    }
    for name in shared { rows[name] = nil }
    return [(first, rows)]
  }

  // MARK: Arrays for the statistics

  /// Ratings of a figure of merit: confidences for the AUC, calls as 0 and 1 for shares; nil without confidences.
  func ratings(_ figure: FigureOfMerit) -> [[[Double?]]]? {
    figure == .auc ? confidence : calls.map { $0.map { $0.map { $0.map { $0 ? 1 : 0 } } } }
  }

  func ratings(of model: Model, _ figure: FigureOfMerit) -> [Double?] {
    figure == .auc ? model.scores : model.calls.map { $0.map { $0 ? 1 : 0 } }
  }

  var figures: [FigureOfMerit] { (confidence == nil ? [] : [.auc]) + [.sensitivity, .specificity, .accuracy] }

  var clustersIfAny: [Int]? { isClustered ? clusters : nil }

  /// Cases a reader read in an arm.
  func read(_ arm: Int, _ reader: Int) -> [Int] {
    cases.indices.filter { calls[arm][reader][$0] != nil || confidence?[arm][reader][$0] != nil }
  }

  /// One reader's AUC in an arm, with its interval.
  func auc(_ arm: Int, _ reader: Int) -> Estimate? {
    guard let scores = confidence?[arm][reader] else { return nil }
    let rows = cases.indices.filter { scores[$0] != nil }
    return ReaderStudy.auc(
      rows.compactMap { scores[$0] }, rows.map { positives[$0] }, isClustered ? rows.map { clusters[$0] } : nil)
  }

  static func auc(_ scores: [Double], _ positives: [Bool], _ clusters: [Int]?) -> Estimate? {
    if let clusters, let area = try? ClusteredAUC(scores: scores, positives: positives, clusters: clusters) {
      return Estimate(value: area.auc, interval: area.variance > 0 ? area.logit() : nil)
    }
    guard let area = try? DeLong(scores: scores, positives: positives) else { return nil }
    return Estimate(value: area.auc, interval: area.variance > 0 ? area.logit() : nil)
  }

  /// The share of right calls of a reader in an arm, of the cases the figure is about.
  func share(_ figure: FigureOfMerit, _ arm: Int, _ reader: Int) -> Estimate? {
    share(figure, calls[arm][reader])
  }

  func share(_ figure: FigureOfMerit, _ calls: [Bool?]) -> Estimate? {
    let rows = rows(figure).filter { calls[$0] != nil }
    guard !rows.isEmpty else { return nil }
    let right = rows.map { calls[$0] == positives[$0] }
    if isClustered, let found = try? ClusteredProportion(right, clusters: rows.map { clusters[$0] }) {
      return found.estimate
    }
    return Proportion.wilson(successes: right.count { $0 }, of: right.count)
  }

  /// Cases a share is of.
  func rows(_ figure: FigureOfMerit) -> [Int] {
    positives.indices.filter { figure == .accuracy || positives[$0] == (figure == .sensitivity) }
  }

  /// Two-sided p of a reader's change from the first arm to the second, on the cases read in both; nil where there is none.
  func change(_ figure: FigureOfMerit, _ reader: Int) -> (change: Estimate, p: Double?)? {
    guard arms.count == 2 else { return nil }
    if figure == .auc {
      guard let confidence else { return nil }
      let (first, second) = (confidence[0][reader], confidence[1][reader])
      let rows = cases.indices.filter { first[$0] != nil && second[$0] != nil }
      let (a, b) = (rows.compactMap { second[$0] }, rows.compactMap { first[$0] })
      let truth = rows.map { positives[$0] }
      let tested =
        isClustered
        ? try? DeLongTest.pairedClustered(a, b, positives: truth, clusters: rows.map { clusters[$0] })
        : try? DeLongTest.paired(a, b, positives: truth)
      guard let tested else { return nil }
      let hasVariance = tested.standardError > 0
      return (
        Estimate(value: tested.difference, interval: hasVariance ? tested.interval : nil), hasVariance ? tested.p : nil
      )
    }
    let (first, second) = (calls[0][reader], calls[1][reader])
    let rows = rows(figure).filter { first[$0] != nil && second[$0] != nil }
    let paired = try? PairedProportions(
      rows.map { first[$0] == positives[$0] }, rows.map { second[$0] == positives[$0] },
      clusters: isClustered ? rows.map { clusters[$0] } : nil)
    return paired.map { ($0.difference, $0.p.isFinite ? $0.p : nil) }
  }
}
