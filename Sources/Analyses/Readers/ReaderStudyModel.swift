import Foundation
import Statistics
import Tables

/// Agreement without and with the aid (S0-10), and unaided readers against the aid itself (S0-07, S2-23).
extension ReaderArms {
  func agreementChanges(_ result: inout AnalysisResult) {
    let kinds: [(AgreementChange.Measure, String, Pair<Double>?)] = [
      (.fleissKappa, "Fleiss' kappa of calls", values(.accuracy)),
      (.intraclassCorrelation, "ICC(2,1) of ratings", ratings),
    ]
    var (values, rows): ([JSONValue], [[String]]) = ([], [])
    for (measure, title, arms) in kinds {
      guard let arms else { continue }
      for team in teams where team.members.count > 1 {
        let complete = cases.indices.filter { place in
          team.members.allSatisfy { arms.unaided[$0][place] != nil && arms.aided[$0][place] != nil }
        }
        func table(_ arm: [[Double?]]) -> [[Double]] {
          complete.map { place in team.members.map { arm[$0][place] ?? .nan } }
        }
        do throws(StatisticsError) {
          let change = try AgreementChange(
            measure, table(arms.unaided), table(arms.aided),
            clusters: clusters.map { clusters in complete.map { clusters[$0] } }, resamples: options.resamples,
            seed: options.seed, level: options.level)
          values.append(
            .object([
              "group": .text(team.name), "measure": .text(measure.rawValue), "cases": .number(Double(complete.count)),
              "unaided": .number(change.first), "aided": .number(change.second), "change": change.change.json,
              "resamples": .number(Double(change.resamples)), "undefinedResamples": .number(Double(change.undefined)),
            ]))
          rows.append([
            title, team.name, "\(complete.count)", Printed.number(change.first), Printed.number(change.second),
            Printed.number(change.change.value), Printed.interval(change.change.interval),
          ])
        } catch {
          result.notes.append("\(title), \(team.name), \(complete.count) cases that all read: \(error)")
        }
      }
    }
    guard !rows.isEmpty else { return }
    result.values["agreement"] = .list(values)
    result.tables.append(
      ResultTable(
        "Agreement of readers (intervals by bootstrap over \(clusters == nil ? "cases" : "clusters"))",
        ["", "readers", "cases", "unaided", "aided", "change", "interval"], rows))
  }

  // MARK: Against the model

  func againstModel(_ result: inout AnalysisResult) {
    var (values, rows): ([JSONValue], [[String]]) = ([], [])
    for figure in FigureOfMerit.allCases {
      let model = figure == .auc ? aidScores : aidCalls.map { $0.map { $0.map { $0 ? 1 : 0 } } }
      guard let model, let arms = self.values(figure) else { continue }
      // The model is judged on the cases it has a value of and its readers could read.
      for team in teams where team.members.count > 1 {
        do throws(StatisticsError) {
          let ratings = team.members.map { reader in
            zip(arms.unaided[reader], model).map { $1 == nil ? nil : $0 }
          }.filter { $0.contains { $0 != nil } }
          let against = try ModelAgainstReaders(
            figure, ratings: ratings, model: model, positives: positives, clusters: clusters, level: options.level)
          values.append(json(against, team.name))
          rows.append([
            figure.rawValue, team.name, Printed.number(against.model), Printed.number(against.meanReader),
            Printed.number(-against.difference.value), Printed.interval(against.difference.negated.interval),
            Printed.p(against.p), Printed.p(against.fixedReadersP),
            "\(against.below), \(against.equal), \(against.above)", Printed.p(against.rankP),
          ])
        } catch {
          result.notes.append("model against \(team.name), \(figure.rawValue): \(error)")
        }
      }
    }
    guard !rows.isEmpty else { return }
    result.values["modelAgainstReaders"] = .list(values)
    result.tables.append(
      ResultTable(
        "The aid alone against unaided readers",
        [
          "figure", "readers", "model", "mean reader", "model - mean", "interval", "p", "p, these readers",
          "below, equal, above", "p of rank",
        ], rows))
    result.notes.append(
      "model against readers: p generalises to other readers and cases; p of rank (exact Mann-Whitney of one value against the "
        + "readers') takes the cases as all there are, and with n readers cannot fall below 2/(n + 1)")
    eachAgainstModel(&result)
  }

  private func json(_ against: ModelAgainstReaders, _ name: String) -> JSONValue {
    .object([
      "group": .text(name), "figure": .text(against.figure.rawValue), "model": .number(against.model),
      "meanReader": .number(against.meanReader), "difference": against.difference.negated.json,
      "standardError": .number(against.standardError), "degrees": .number(against.degrees), "p": .number(against.p),
      "differenceFixedReaders": against.fixedReaders.negated.json, "pFixedReaders": .number(against.fixedReadersP),
      "below": .number(Double(against.below)), "equal": .number(Double(against.equal)),
      "above": .number(Double(against.above)), "rankP": .number(against.rankP),
    ])
  }

  /// The aid's AUC against each unaided reader's, with Holm's adjustment.
  private func eachAgainstModel(_ result: inout AnalysisResult) {
    guard let ratings, let aidScores else { return }
    var found: [(reader: Int, comparison: AUCComparison)] = []
    for reader in readers.indices {
      let rows = cases.indices.filter { ratings.unaided[reader][$0] != nil && aidScores[$0] != nil }
      let (own, model) = (rows.map { ratings.unaided[reader][$0] ?? .nan }, rows.map { aidScores[$0] ?? .nan })
      let truth = rows.map { positives[$0] }
      do throws(StatisticsError) {
        let comparison =
          if let clusters {
            try DeLongTest.pairedClustered(
              model, own, positives: truth, clusters: rows.map { clusters[$0] }, level: options.level)
          } else { try DeLongTest.paired(model, own, positives: truth, level: options.level) }
        found.append((reader, comparison))
      } catch {
        result.notes.append("model against reader \(readers[reader]): \(error)")
      }
    }
    guard let adjusted = try? Multiplicity.holm(found.map(\.comparison.p)), !found.isEmpty else { return }
    result.values["modelAgainstEach"] = .list(
      zip(found, adjusted).map { found, holm in
        .object([
          "reader": .text(readers[found.reader]), "model": .number(found.comparison.aucA),
          "auc": .number(found.comparison.aucB),
          "difference": Estimate(value: found.comparison.difference, interval: found.comparison.interval).json,
          "p": .number(found.comparison.p), "pHolm": .number(holm),
        ])
      })
    result.tables.append(
      ResultTable(
        "The aid alone against each unaided reader, AUC",
        ["reader", "model", "reader's", "difference", "interval", "p", "p, Holm"],
        zip(found, adjusted).map { found, holm in
          [
            readers[found.reader], Printed.number(found.comparison.aucA), Printed.number(found.comparison.aucB),
            Printed.number(found.comparison.difference), Printed.interval(found.comparison.interval),
            Printed.p(found.comparison.p), Printed.p(holm),
          ]
        }))
  }

  func model() -> (ROCCurve?, ReaderStudy.Point?) {
    var curve: ROCCurve?
    if let aidScores {
      let rows = cases.indices.filter { aidScores[$0] != nil }
      curve = try? ROCCurve(scores: rows.map { aidScores[$0] ?? .nan }, positives: rows.map { positives[$0] })
    }
    return (curve, aidCalls.flatMap(point))
  }
}

extension Estimate {
  /// Of the difference the other way round.
  fileprivate var negated: Estimate {
    Estimate(
      value: -value, interval: interval.map { Interval(lower: -$0.upper, upper: -$0.lower, level: $0.level) })
  }
}
