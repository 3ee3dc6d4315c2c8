import Figures
import Statistics
import Wording

/// Readers among themselves: agreement, majority vote, and what the AI's calls did to theirs.
struct ReaderGroupTables {
  let readers: ReaderStudy
  let study: StudyContext

  private var words: Wording { study.words }

  var parts: [ReportSection.Part] { agreement + votes + bias }

  // MARK: Agreement

  private var agreement: [ReportSection.Part] {
    guard readers.readers.count > 1 else { return [] }
    var rows: [[String]] = []
    var notes: [String] = []
    for arm in readers.arms.indices {
      let calls = readers.cases.indices.map { row in readers.calls[arm].map { $0[row].map { $0 ? 1 : 0 } } }
      do throws(StatisticsError) {
        let kappa = try FleissVariance(ratings: calls)
        rows.append([
          words("Calls: Fleiss’ kappa"), words(ReaderTables.arm(readers.arms[arm])), Text.count(kappa.objectsCompared),
          study.brief(Estimate(value: kappa.kappa, interval: kappa.interval)),
        ])
      } catch {
        notes.append(
          words("Fleiss’ kappa, \(ReaderTables.arm(readers.arms[arm])): none: \("\(error)")."))
      }
      guard let complete = complete(arm) else { continue }
      do throws(StatisticsError) {
        let icc = try IntraclassCorrelation(complete)
        rows.append([
          words("Confidence: ICC(2,1)"), words(ReaderTables.arm(readers.arms[arm])), Text.count(complete.count),
          study.brief(icc.agreement.estimate),
        ])
      } catch {
        notes.append(words("ICC(2,1), \(ReaderTables.arm(readers.arms[arm])): none: \("\(error)")."))
      }
    }
    rows += changes
    var parts: [ReportSection.Part] = []
    if !rows.isEmpty {
      parts.append(
        .table(
          ReportTable(
            "readers-agreement",
            caption: words(
              "Agreement of the readers with each other. The change is aided less unaided, with a percentile interval of 1,000 resamples of the cases that everybody read in both arms."
            ),
            columns: [
              .text(words("Agreement")), .text(words("Arm")), .number(words("Cases")),
              .number(words("Value (95 % CI)")),
            ], rows: rows)))
    }
    return notes.isEmpty ? parts : parts + [.notes(notes)]
  }

  /// [cases][readers] of the cases that everybody rated in an arm; nil without confidences or with fewer than two cases.
  private func complete(_ arm: Int) -> [[Double]]? {
    guard let confidence = readers.confidence else { return nil }
    let rows = readers.cases.indices.map { row in confidence[arm].compactMap { $0[row] } }
      .filter { $0.count == readers.readers.count }
    return rows.count > 1 ? rows : nil
  }

  private var changes: [[String]] {
    guard readers.arms.count == 2 else { return [] }
    let rows = readers.cases.indices.filter { row in
      readers.calls.allSatisfy { $0.allSatisfy { $0[row] != nil } }
    }
    func ratings(_ arm: Int) -> [[Double]] {
      rows.map { row in readers.calls[arm].map { $0[row] == true ? 1 : 0 } }
    }
    var found: [[String]] = []
    func add(_ name: Phrase, _ change: AgreementChange?) {
      guard let change else { return }
      found.append([words(name), words("change"), Text.count(rows.count), study.brief(change.change)])
    }
    let clusters = readers.isClustered ? rows.map { readers.clusters[$0] } : nil
    add(
      "Calls: Fleiss’ kappa",
      try? AgreementChange(.fleissKappa, ratings(0), ratings(1), clusters: clusters, resamples: 1000))
    if let confidence = readers.confidence {
      let whole = rows.filter { row in confidence.allSatisfy { $0.allSatisfy { $0[row] != nil } } }
      func numbers(_ arm: Int) -> [[Double]] { whole.map { row in confidence[arm].compactMap { $0[row] } } }
      add(
        "Confidence: ICC(2,1)",
        try? AgreementChange(
          .intraclassCorrelation, numbers(0), numbers(1),
          clusters: readers.isClustered ? whole.map { readers.clusters[$0] } : nil, resamples: 1000))
    }
    return found
  }

  // MARK: Majority

  private var votes: [ReportSection.Part] {
    let names = readers.groups.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    var groups = names.map { name in (name, readers.readers.indices.filter { readers.groups[$0] == name }) }
    if names.count > 1 { groups.append((words("All"), Array(readers.readers.indices))) }
    var rows: [[String]] = []
    for (name, members) in groups where members.count > 2 {
      for arm in readers.arms.indices {
        guard
          let vote = try? MajorityVote(members.map { readers.calls[arm][$0] }, positives: readers.positives)
        else { continue }
        rows.append([
          name.isEmpty ? words("Readers") : name, words(ReaderTables.arm(readers.arms[arm])), Text.count(members.count),
          Text.count(vote.matrix.total), Text.count(vote.ties.count), study.percent(vote.matrix.sensitivity),
          study.percent(vote.matrix.specificity), study.percent(vote.matrix.accuracy),
        ])
      }
    }
    guard !rows.isEmpty else { return [] }
    return [
      .table(
        ReportTable(
          "readers-majority",
          caption: words(
            "The majority of three and more readers on each case, in per cent with Wilson’s interval; tied cases are left out."
          ),
          columns: [
            .text(words("Group")), .text(words("Arm")), .number(words("Readers")), .number(words("Cases")),
            .number(words("Ties")), .number(words("Sensitivity")), .number(words("Specificity")),
            .number(words("Accuracy")),
          ], rows: rows))
    ]
  }

  // MARK: Automation bias

  /// Every case a reader called in both arms and the model called too.
  static func biased(_ readers: ReaderStudy) -> [AutomationBias.Reading] {
    guard readers.arms.count == 2, let model = readers.model else { return [] }
    return readers.readers.indices.flatMap { reader in
      readers.cases.indices.compactMap { row -> AutomationBias.Reading? in
        guard let unaided = readers.calls[0][reader][row], let aided = readers.calls[1][reader][row],
          let aid = model.calls[row]
        else { return nil }
        return .init(reader: reader, truth: readers.positives[row], unaided: unaided, aided: aided, aid: aid)
      }
    }
  }

  private var bias: [ReportSection.Part] {
    let readings = ReaderGroupTables.biased(readers)
    guard !readings.isEmpty, let found = try? AutomationBias(readings) else { return [] }
    func row(_ name: Phrase, _ share: AutomationBias.Share) -> [String] {
      [words(name), "\(Text.count(share.changed)) / \(Text.count(share.total))", study.percent(share.estimate)]
    }
    return [
      .table(
        ReportTable(
          "readers-bias",
          caption: words(
            "What the AI’s calls did to the readers’: \(Text.count(found.readings)) readings of both arms. Right calls given up where the AI is wrong are automation bias."
          ),
          columns: [.text(words("Change")), .number(words("Readings")), .number(words("Per cent (95 % CI)"))],
          rows: [
            row("AI wrong: right became wrong", found.rightToWrong),
            row("AI wrong: wrong became right all the same", found.wrongToRightDespite),
            row("AI right: wrong became right", found.wrongToRight),
            row("AI right: right became wrong all the same", found.rightToWrongDespite),
            row("Differed from the AI, which was right: followed it", found.followedRight),
            row("Differed from the AI, which was wrong: followed it", found.followedWrong),
          ]))
    ]
  }
}
