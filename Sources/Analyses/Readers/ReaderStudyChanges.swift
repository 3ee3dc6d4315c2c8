import Foundation
import Statistics
import Tables

/// Each reader, and each group's mean, without and with the aid (S0-09, S3-07).
extension ReaderArms {
  /// A bar for each reader and figure; what cannot be computed is noted.
  func changes(_ result: inout AnalysisResult) -> [ReaderStudy.Bar] {
    var bars: [ReaderStudy.Bar] = []
    for figure in FigureOfMerit.allCases {
      guard let values = values(figure) else { continue }
      for reader in readers.indices {
        do throws(StatisticsError) {
          let change = try change(figure, values.unaided[reader], values.aided[reader])
          bars.append(
            ReaderStudy.Bar(
              reader: readers[reader], group: group(reader), figure: figure, unaided: change.unaided,
              aided: change.aided, difference: change.difference, p: change.p))
        } catch {
          result.notes.append("reader \(readers[reader]), \(figure.rawValue): \(error)")
        }
      }
    }
    result.values["readers"] = .list(
      bars.map { bar in
        .object([
          "reader": .text(bar.reader), "group": bar.group.map(JSONValue.text) ?? .null,
          "figure": .text(bar.figure.rawValue), "unaided": bar.unaided.json, "aided": bar.aided.json,
          "difference": bar.difference.json, "p": .number(bar.p),
          "test": .text(testName(bar.figure)),
        ])
      })
    for figure in FigureOfMerit.allCases {
      let own = bars.filter { $0.figure == figure }
      if own.isEmpty { continue }
      result.tables.append(
        ResultTable(
          "\(figure.title) of each reader (\(testName(figure)))",
          ["reader", "group", "unaided", "interval", "aided", "interval", "change", "interval", "p"],
          own.map {
            [
              $0.reader, $0.group ?? "", Printed.number($0.unaided.value), Printed.interval($0.unaided.interval),
              Printed.number($0.aided.value), Printed.interval($0.aided.interval),
              Printed.number($0.difference.value), Printed.interval($0.difference.interval), Printed.p($0.p),
            ]
          }))
    }
    return bars
  }

  private func testName(_ figure: FigureOfMerit) -> String {
    switch (figure, clusters) {
    case (.auc, nil): "paired DeLong"
    case (.auc, _): "paired, clustered: Obuchowski 1997"
    case (_, nil): "McNemar, exact; interval of Newcombe"
    default: "clustered: Obuchowski 1998"
    }
  }

  private func change(
    _ figure: FigureOfMerit, _ unaided: [Double?], _ aided: [Double?]
  ) throws(StatisticsError) -> (unaided: Estimate, aided: Estimate, difference: Estimate, p: Double) {
    let rows = positives.indices.filter {
      unaided[$0] != nil && aided[$0] != nil
        && (figure == .auc || figure == .accuracy || positives[$0] == (figure == .sensitivity))
    }
    let truth = rows.map { positives[$0] }
    let (before, after) = (rows.map { unaided[$0] ?? .nan }, rows.map { aided[$0] ?? .nan })
    let own = clusters.map { clusters in rows.map { clusters[$0] } }
    if figure == .auc {
      let comparison =
        if let own {
          try DeLongTest.pairedClustered(after, before, positives: truth, clusters: own, level: options.level)
        } else { try DeLongTest.paired(after, before, positives: truth, level: options.level) }
      func single(_ auc: Double, _ variance: Double) -> Estimate {
        let reach = NormalDistribution.critical(level: options.level) * max(0, variance).squareRoot()
        return Estimate(
          value: auc,
          interval: Interval(lower: auc - reach, upper: auc + reach, level: options.level).clipped(to: 0...1))
      }
      return (
        single(comparison.aucB, comparison.varianceB), single(comparison.aucA, comparison.varianceA),
        Estimate(
          value: comparison.difference, interval: comparison.standardError > 0 ? comparison.interval : nil),
        comparison.p
      )
    }
    let pairs = try PairedProportions(
      zip(before, truth).map { ($0 == 1) == $1 }, zip(after, truth).map { ($0 == 1) == $1 }, clusters: own,
      level: options.level)
    return (pairs.first, pairs.second, pairs.difference, pairs.p)
  }

  // MARK: Means

  func meanChanges(_ result: inout AnalysisResult) {
    var (values, rows): ([JSONValue], [[String]]) = ([], [])
    var narrow: [String] = []
    for figure in FigureOfMerit.allCases {
      guard let arms = self.values(figure) else { continue }
      for team in teams {
        do throws(StatisticsError) {
          let used = team.members.filter { arms.unaided[$0].contains { $0 != nil } }
          let change = try MeanChange(
            ReaderFigures(
              figure, ratings: [used.map { arms.unaided[$0] }, used.map { arms.aided[$0] }], positives: positives,
              clusters: clusters), level: options.level)
          if change.isNarrowerForOtherReaders { narrow.append("\(figure.rawValue) of \(team.name)") }
          values.append(json(change, team.name))
          rows.append(row(change, team.name))
        } catch {
          result.notes.append("mean \(figure.rawValue) of \(team.name): \(error)")
        }
      }
    }
    if !narrow.isEmpty {
      result.notes.append(
        "readers differ less than the error of their cases explains, so that the interval for other readers is the narrower one, "
          + "and the wider is the safer: " + narrow.joined(separator: ", "))
    }
    result.values["means"] = .list(values)
    if rows.isEmpty { return }
    result.tables.append(
      ResultTable(
        "Mean of readers: change generalised to other readers and cases, to other cases alone, and relative",
        [
          "figure", "readers", "n", "unaided", "aided", "change", "interval", "p", "interval, these readers", "p",
          "relative", "interval",
        ], rows))
  }

  private func json(_ change: MeanChange, _ name: String) -> JSONValue {
    .object([
      "group": .text(name), "figure": .text(change.figure.rawValue), "readers": .number(Double(change.readers)),
      "unaided": .number(change.first), "aided": .number(change.second), "change": change.change?.json ?? .null,
      "p": change.p.map(JSONValue.number) ?? .null, "changeFixedReaders": change.fixedReaders.json,
      "pFixedReaders": .number(change.fixedReadersP), "relativeChange": change.relative.json,
    ])
  }

  private func row(_ change: MeanChange, _ name: String) -> [String] {
    [
      change.figure.rawValue, name, "\(change.readers)", Printed.number(change.first), Printed.number(change.second),
      Printed.number(change.second - change.first), Printed.interval(change.change?.interval),
      change.p.map { Printed.p($0) } ?? "n/a", Printed.interval(change.fixedReaders.interval),
      Printed.p(change.fixedReadersP), Printed.number(change.relative.value * 100, 1) + " %",
      change.relative.interval.map {
        "\(Printed.number($0.lower * 100, 1)) to \(Printed.number($0.upper * 100, 1)) %"
      } ?? "n/a",
    ]
  }

  // MARK: Figures

  func arrows() -> [ReaderStudy.Arrow] {
    guard let calls else { return [] }
    return readers.indices.compactMap { reader in
      guard let from = point(calls.unaided[reader]), let to = point(calls.aided[reader]) else { return nil }
      return ReaderStudy.Arrow(reader: readers[reader], group: group(reader), unaided: from, aided: to)
    }
  }

  func point(_ calls: [Bool?]) -> ReaderStudy.Point? {
    let rows = calls.indices.filter { calls[$0] != nil }
    let matrix = try? ConfusionMatrix(calls: rows.map { calls[$0] ?? false }, positives: rows.map { positives[$0] })
    guard let matrix, matrix.positives > 0, matrix.negatives > 0 else { return nil }
    return ReaderStudy.Point(
      falsePositiveRate: 1 - matrix.specificity.value, sensitivity: matrix.sensitivity.value)
  }
}

extension MeanChange {
  fileprivate var isNarrowerForOtherReaders: Bool {
    guard let own = change?.interval, let fixed = fixedReaders.interval else { return false }
    return own.upper - own.lower < fixed.upper - fixed.lower
  }
}

extension FigureOfMerit {
  var title: String { self == .auc ? "AUC" : rawValue.capitalized }
}
