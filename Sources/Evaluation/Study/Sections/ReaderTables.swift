import Figures
import Statistics
import Wording

/// Each reader, the readers' mean, and the readers against the model.
struct ReaderTables {
  let readers: ReaderStudy
  let study: StudyContext

  private var words: Wording { study.words }

  static func name(_ figure: FigureOfMerit) -> Phrase {
    switch figure {
    case .auc: "AUC"
    case .sensitivity: "Sensitivity"
    case .specificity: "Specificity"
    case .accuracy: "Accuracy"
    }
  }

  static func arm(_ arm: ReadingTable.Arm) -> Phrase { arm == .unaided ? "unaided" : "aided" }

  var parts: [ReportSection.Part] {
    var parts: [ReportSection.Part] = []
    for figure in readers.figures { parts.append(.table(each(figure))) }
    parts += means
    parts += againstModel
    return parts
  }

  // MARK: Each reader

  private func each(_ figure: FigureOfMerit) -> ReportTable {
    let isPaired = readers.arms.count == 2
    let name = words(ReaderTables.name(figure))
    func text(_ estimate: Estimate?) -> String { figure == .auc ? study.brief(estimate) : study.percent(estimate) }
    var columns: [ReportTable.Column] = [.text(words("Reader")), .text(words("Group")), .number(words("Cases"))]
    columns += readers.arms.map { .number(words("\(name), \(ReaderTables.arm($0))")) }
    if isPaired { columns += [.number(words("Change (95 % CI)")), .number(words("p"))] }
    return ReportTable(
      "readers-\(figure.rawValue)",
      caption: figure == .auc
        ? words(
          "Each reader’s AUC of the confidences; the change by DeLong’s paired test on the cases read in both arms.")
        : words(
          "\(name) of each reader’s calls, in per cent; the change on the cases read in both arms, by McNemar’s exact test, or Obuchowski’s where cases are clustered."
        ),
      columns: columns,
      rows: readers.readers.indices.map { reader in
        let group = readers.groups[reader]
        var row = [
          readers.readers[reader], group.isEmpty ? StudyContext.none : group,
          readers.arms.indices.map { Text.count(readers.read($0, reader).count) }.joined(separator: " / "),
        ]
        row += readers.arms.indices.map {
          text(figure == .auc ? readers.auc($0, reader) : readers.share(figure, $0, reader))
        }
        if isPaired {
          let change = readers.change(figure, reader)
          row += [text(change?.change), study.p(change?.p)]
        }
        return row
      })
  }

  // MARK: Mean of the readers

  /// The readers' means under both arms and their change, to other readers and cases and to other cases of these readers.
  static func analysis(
    _ readers: ReaderStudy, _ figure: FigureOfMerit
  ) throws(StatisticsError) -> MultiReaderAnalysis? {
    guard readers.arms.count == 2, let ratings = readers.ratings(figure) else { return nil }
    return try MultiReaderAnalysis(
      ReaderFigures(figure, ratings: ratings, positives: readers.positives, clusters: readers.clustersIfAny))
  }

  private var means: [ReportSection.Part] {
    guard readers.arms.count == 2 else { return [] }
    var rows: [[String]] = []
    var notes: [String] = []
    for figure in readers.figures {
      let name = words(ReaderTables.name(figure))
      do throws(StatisticsError) {
        guard let analysis = try ReaderTables.analysis(readers, figure) else { continue }
        func text(_ estimate: Estimate?) -> String {
          figure == .auc ? study.brief(estimate) : study.percent(estimate)
        }
        func change(_ kind: MultiReaderAnalysis.Generalisation) -> [String] {
          guard let difference = analysis.differences(kind).first else {
            return [StudyContext.none, StudyContext.none]
          }
          let interval = difference.estimate.interval.map {
            Interval(lower: -$0.upper, upper: -$0.lower, level: $0.level)
          }
          let p = difference.p.isFinite ? difference.p : nil
          return [text(Estimate(value: -difference.estimate.value, interval: interval)), study.p(p)]
        }
        rows.append(
          [name] + [0, 1].map { text(analysis.single($0, .readersAndCases)?.estimate) } + change(.readersAndCases)
            + change(.casesOnly))
        if analysis.test(.readersAndCases).statistic.isNaN {
          notes.append(words("\(name): arms and readings do not vary; there is nothing to test."))
        }
      } catch {
        notes.append(words("\(name): no analysis of the readers’ mean: \("\(error)")."))
      }
    }
    var parts: [ReportSection.Part] = []
    if !rows.isEmpty {
      parts.append(
        .table(
          ReportTable(
            "readers-mean",
            caption: words(
              "Mean of the readers (Obuchowski and Rockette, degrees of freedom by Hillis, covariances by the jackknife). Shares in per cent; the change is aided less unaided."
            ),
            columns: [
              .text(words("Measure")), .number(words("Mean unaided")), .number(words("Mean aided")),
              .number(words("Change, to other readers and cases")), .number(words("p")),
              .number(words("Change, these readers, other cases")), .number(words("p")),
            ], rows: rows)))
    }
    return notes.isEmpty ? parts : parts + [.notes(notes)]
  }

  // MARK: Against the model

  private var againstModel: [ReportSection.Part] {
    guard let model = readers.model else { return [] }
    var rows: [[String]] = []
    var notes: [String] = []
    for figure in readers.figures {
      guard let ratings = readers.ratings(figure) else { continue }
      for arm in readers.arms.indices {
        let name = words("\(ReaderTables.name(figure)), \(ReaderTables.arm(readers.arms[arm]))")
        do throws(StatisticsError) {
          let found = try ModelAgainstReaders(
            figure, ratings: ratings[arm], model: readers.ratings(of: model, figure), positives: readers.positives,
            clusters: readers.clustersIfAny)
          func text(_ estimate: Estimate) -> String {
            figure == .auc ? study.brief(estimate) : study.percent(estimate)
          }
          let interval = found.difference.interval.map {
            Interval(lower: -$0.upper, upper: -$0.lower, level: $0.level)
          }
          rows.append([
            name, text(Estimate(value: found.model)), text(Estimate(value: found.meanReader)),
            text(Estimate(value: -found.difference.value, interval: interval)),
            study.p(found.p.isFinite ? found.p : nil), "\(found.below) / \(found.equal) / \(found.above)",
            study.p(found.rankP),
          ])
        } catch {
          notes.append(words("\(name): no comparison with the model: \("\(error)")."))
        }
      }
    }
    var parts: [ReportSection.Part] = []
    if !rows.isEmpty {
      parts.append(
        .table(
          ReportTable(
            "readers-model",
            caption: words(
              "The model \(study.label(model.name)) against the readers’ mean, generalised to other readers and cases; and by its rank among them (Mann–Whitney of one value against many, S2-23)."
            ),
            columns: [
              .text(words("Measure")), .number(words("Model")), .number(words("Mean of the readers")),
              .number(words("Model less mean (95 % CI)")), .number(words("p")),
              .number(words("Readers below / equal / above")), .number(words("p (rank)")),
            ], rows: rows)))
    }
    return notes.isEmpty ? parts : parts + [.notes(notes)]
  }
}
