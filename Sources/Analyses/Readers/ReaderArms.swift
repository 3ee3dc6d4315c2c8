import Foundation
import Statistics
import Tables

/// Readings without and with an aid, each kept only where the reader gave both.
struct ReaderArms {
  /// [without, with][readers][cases].
  typealias Pair<Value> = (unaided: [[Value?]], aided: [[Value?]])

  let readers: [String]
  let cases: [String]
  let positives: [Bool]
  let clusters: [Int]?
  let groups: [String]?
  let ratings: Pair<Double>?
  let calls: Pair<Bool>?
  let aidCalls: [Bool?]?
  let aidScores: [Double?]?
  let options: ReaderStudy.Options
  private(set) var notes: [String]

  init(_ readings: Readings, _ options: ReaderStudy.Options, source: String) throws(AnalysisError) {
    let (without, with) = try Self.arms(readings.treatments, options, source)
    notes = readings.notes
    (readers, cases, positives, groups) = (readings.readers, readings.cases, readings.positives, readings.groups)
    clusters = readings.clusters
    self.options = options
    let ratings = readings.ratings.map { Self.paired($0[without], $0[with]) }
    var calls = readings.calls.map { Self.paired($0[without], $0[with]) }
    if calls == nil, let cutOff = options.cutOff, let ratings {
      calls = (Self.called(ratings.unaided, cutOff), Self.called(ratings.aided, cutOff))
      notes.append("no column of calls: a rating of \(Printed.plain(cutOff)) or more is a positive call")
    }
    if ratings == nil, calls == nil {
      throw .input(source: source, reason: "expected a column of ratings (confidence) or of calls")
    }
    if calls == nil { notes.append("no column of calls and no cut-off: AUCs and agreement of ratings only") }
    (self.ratings, self.calls) = (ratings, calls)
    aidScores = readings.aidScores
    if let known = readings.aidCalls {
      aidCalls = known
    } else if let scores = readings.aidScores {
      let probabilities = scores.allSatisfy { $0.map { (0...1).contains($0) } ?? true }
      let cutOff = options.aidCutOff ?? (probabilities ? 0.5 : nil)
      aidCalls = cutOff.map { cutOff in scores.map { $0.map { $0 >= cutOff } } }
      notes.append(
        cutOff.map { "the aid calls a case positive at a score of \(Printed.plain($0)) or more" }
          ?? "the aid's scores are no probabilities: its calls need a cut-off")
    } else {
      aidCalls = nil
    }
    let unpaired = Self.unpaired(readings, without, with)
    if unpaired > 0 {
      notes.append("\(unpaired) readings without their counterpart in the other arm were left out")
    }
  }

  /// Readings of one arm alone, by calls where there are any.
  private static func unpaired(_ readings: Readings, _ without: Int, _ with: Int) -> Int {
    func count<Value>(_ values: [[[Value?]]]) -> Int {
      zip(values[without], values[with]).reduce(0) { sum, pair in
        sum + zip(pair.0, pair.1).count { ($0.0 == nil) != ($0.1 == nil) }
      }
    }
    return readings.calls.map(count) ?? readings.ratings.map(count) ?? 0
  }

  private static func paired<Value>(_ first: [[Value?]], _ second: [[Value?]]) -> Pair<Value> {
    func keep(_ own: [[Value?]], _ other: [[Value?]]) -> [[Value?]] {
      zip(own, other).map { zip($0, $1).map { $1 == nil ? nil : $0 } }
    }
    return (keep(first, second), keep(second, first))
  }

  private static func called(_ ratings: [[Double?]], _ cutOff: Double) -> [[Bool?]] {
    ratings.map { $0.map { $0.map { $0 >= cutOff } } }
  }

  private static func arms(
    _ names: [String], _ options: ReaderStudy.Options, _ source: String
  ) throws(AnalysisError) -> (Int, Int) {
    func place(_ given: String?, _ usual: [String]) -> Int? {
      names.firstIndex { name in given.map { $0 == name } ?? usual.contains(name.lowercased()) }
    }
    let without = place(
      options.unaided, ["unaided", "without", "without ai", "without_ai", "no ai", "no_ai", "alone", "before", "0"])
    let with = place(options.aided, ["aided", "with", "with ai", "with_ai", "ai", "after", "1"])
    guard let without, let with, without != with else {
      throw .input(
        source: source,
        reason: "expected one arm without and one with the aid (unaided, aided), or their names given; found "
          + names.joined(separator: ", "))
    }
    return (without, with)
  }

  /// Groups by name with their readers' places; all readers first.
  var teams: [(name: String, group: String?, members: [Int])] {
    let all = ("all readers", String?.none, Array(readers.indices))
    guard let groups, Set(groups).count > 1 else { return [all] }
    return [all] + Set(groups).sorted().map { name in (name, name, readers.indices.filter { groups[$0] == name }) }
  }

  func group(_ reader: Int) -> String? { groups?[reader] }

  /// Calls as numbers.
  static func numbers(_ calls: [[Bool?]]) -> [[Double?]] { calls.map { $0.map { $0.map { $0 ? 1 : 0 } } } }

  /// The values that a figure is computed from, in both arms.
  func values(_ figure: FigureOfMerit) -> Pair<Double>? {
    figure == .auc ? ratings : calls.map { (Self.numbers($0.unaided), Self.numbers($0.aided)) }
  }

  func describe(_ result: inout AnalysisResult) {
    result.values["readerNames"] = .list(readers.map(JSONValue.text))
    result.values["cases"] = .number(Double(cases.count))
    result.values["positives"] = .number(Double(positives.count { $0 }))
    guard let clusters else { return }
    let count = Set(clusters).count
    result.values["clusters"] = .number(Double(count))
    result.notes.append("\(cases.count) cases in \(count) clusters, which are the unit of variances")
  }
}
