import Foundation
import Statistics
import Tables

/// Automation bias and majority votes.
extension ReaderArms {
  func automationBias(_ result: inout AnalysisResult) {
    guard let calls else { return }
    guard let aidCalls else {
      result.notes.append("no call of the aid itself: automation bias cannot be told")
      return
    }
    func readings(_ members: [Int]) -> [AutomationBias.Reading] {
      members.flatMap { reader in
        cases.indices.compactMap { place in
          guard let before = calls.unaided[reader][place], let after = calls.aided[reader][place],
            let aid = aidCalls[place]
          else { return nil }
          return AutomationBias.Reading(
            reader: reader, truth: positives[place], unaided: before, aided: after, aid: aid)
        }
      }
    }
    let each = readers.indices.map { (name: readers[$0], members: [$0]) }
    var (values, rows): ([JSONValue], [[String]]) = ([], [])
    for team in teams.map({ (name: $0.name, members: $0.members) }) + each {
      do throws(StatisticsError) {
        let bias = try AutomationBias(readings(team.members), level: options.level)
        let shares: [(String, AutomationBias.Share)] = [
          ("rightToWrongAidWrong", bias.rightToWrong), ("wrongToRightAidRight", bias.wrongToRight),
          ("wrongToRightAidWrong", bias.wrongToRightDespite), ("rightToWrongAidRight", bias.rightToWrongDespite),
          ("followedAidRight", bias.followedRight), ("followedAidWrong", bias.followedWrong),
          ("adherence", bias.adherence), ("agreementBefore", bias.agreementBefore),
        ]
        var value = Dictionary(uniqueKeysWithValues: shares.map { ($0.0, json($0.1)) })
        value["who"] = .text(team.name)
        value["readers"] = .number(Double(team.members.count))
        value["readings"] = .number(Double(bias.readings))
        value["netBenefit"] = .number(bias.netBenefit)
        value["netBenefitAidRight"] = .number(bias.netBenefitAidRight)
        value["netBenefitAidWrong"] = .number(bias.netBenefitAidWrong)
        values.append(.object(value))
        rows.append(
          [team.name] + [bias.rightToWrong, bias.wrongToRight, bias.adherence].flatMap(cells)
            + [Printed.number(bias.netBenefit * 100, 1)])
      } catch {
        result.notes.append("automation bias, \(team.name): \(error)")
      }
    }
    result.values["automationBias"] = .list(values)
    result.tables.append(
      ResultTable(
        "Where the aid is wrong: right calls that became wrong; where it is right: wrong calls that became right",
        [
          "", "right to wrong", "share", "interval", "wrong to right", "share", "interval", "as the aid", "share",
          "interval", "net, points",
        ], rows))
    if readers.count > 1, readers.count < 10 {
      result.notes.append(
        "pooled intervals of automation bias allow for readers, of whom there are only \(readers.count): read with care"
      )
    }
  }

  private func json(_ share: AutomationBias.Share) -> JSONValue {
    var value = share.estimate.json.object
    value["changed"] = .number(Double(share.changed))
    value["total"] = .number(Double(share.total))
    return .object(value)
  }

  private func cells(_ share: AutomationBias.Share) -> [String] {
    [
      "\(share.changed) of \(share.total)", Printed.number(share.estimate.value),
      Printed.interval(share.estimate.interval),
    ]
  }

  // MARK: Votes

  func majorityVotes(_ result: inout AnalysisResult) {
    guard let calls else { return }
    var (values, rows): ([JSONValue], [[String]]) = ([], [])
    for team in teams {
      for (arm, own) in [("unaided", calls.unaided), ("aided", calls.aided)] {
        guard let vote = try? MajorityVote(team.members.map { own[$0] }, positives: positives) else { continue }
        let figures: [(String, KeyPath<ConfusionMatrix, Estimate>)] = [
          ("sensitivity", \.sensitivity), ("specificity", \.specificity), ("accuracy", \.accuracy), ("ppv", \.ppv),
          ("npv", \.npv),
        ]
        let matrix = vote.matrix
        let ties = vote.ties.map { cases[$0] }
        values.append(
          .object([
            "group": .text(team.name), "arm": .text(arm), "decided": .number(Double(matrix.total)),
            "ties": .list(ties.map(JSONValue.text)),
            "decidedCases": .object(
              Dictionary(uniqueKeysWithValues: figures.map { ($0.0, matrix[keyPath: $0.1].json) })),
            "tiesPositive": .object(
              Dictionary(uniqueKeysWithValues: figures.map { ($0.0, vote.tiesPositive[keyPath: $0.1].json) })),
            "tiesNegative": .object(
              Dictionary(uniqueKeysWithValues: figures.map { ($0.0, vote.tiesNegative[keyPath: $0.1].json) })),
          ]))
        rows.append(
          [team.name, arm, "\(matrix.total)", "\(ties.count)"]
            + [matrix.sensitivity, matrix.specificity, matrix.accuracy].flatMap {
              [Printed.number($0.value), Printed.interval($0.interval)]
            })
        if !ties.isEmpty {
          result.notes.append(
            "majority vote of \(team.name), \(arm): \(ties.count) tied, left out of its figures ("
              + ties.prefix(8).joined(separator: ", ") + (ties.count > 8 ? ", ..." : "") + ")")
        }
      }
    }
    result.values["majorityVote"] = .list(values)
    result.tables.append(
      ResultTable(
        "Majority vote",
        [
          "readers", "arm", "decided", "ties", "sensitivity", "interval", "specificity", "interval", "accuracy",
          "interval",
        ], rows))
    if clusters != nil {
      result.notes.append("intervals of votes take cases as independent (Wilson), though they come in clusters")
    }
  }
}
