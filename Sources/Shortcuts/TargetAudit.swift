import Foundation
public import Statistics

/// How well one yes or no can be told.
public struct TargetAudit: Codable, Sendable {
  public var target: String
  public var positives: Int
  public var negatives: Int
  public var areas: [Area]
  /// By their own AUC's distance from 0.5, furthest first; those that never change are left out.
  public var features: [Feature]
  /// Each kind of mark against the outcome.
  public var marks: [Association]
  public var verdict: String
  /// Cross-validated log-odds from all features, in the order of the pictures.
  var scores: [Double]

  enum CodingKeys: CodingKey { case target, positives, negatives, areas, features, marks, verdict }

  /// A model of one scope.
  public struct Area: Codable, Sendable {
    public var scope: ShortcutFeatures.Scope
    public var auc: Estimate
    /// (1 + permutations at least as large) / (1 + permutations).
    public var permutationP: Double
    /// Mean of the permuted AUCs: what nothing gives under this very procedure.
    public var permutedMean: Double
  }

  public struct Feature: Codable, Sendable {
    public var name: String
    public var auc: Estimate
    /// Of the AUC against 0.5, by its cluster-aware standard error.
    public var p: Double
    /// Holm's, over all features.
    public var adjustedP: Double
    /// In the model of all features, per standard deviation.
    public var coefficient: Double
  }

  /// A 2 x 2 table of a mark and the outcome.
  public struct Association: Codable, Sendable {
    public var kind: MarkKind
    public var withMarkPositive: Int
    public var withMarkNegative: Int
    public var withoutMarkPositive: Int
    public var withoutMarkNegative: Int
    /// ad / bc with Woolf's interval, each count raised by a half where one is 0 (Haldane and Anscombe).
    public var oddsRatio: Estimate
    /// Fisher's, of pictures; it knows of no clusters.
    public var fisherP: Double?
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    target = try values.decode(String.self, forKey: .target)
    positives = try values.decode(Int.self, forKey: .positives)
    negatives = try values.decode(Int.self, forKey: .negatives)
    areas = try values.decode([Area].self, forKey: .areas)
    features = try values.decode([Feature].self, forKey: .features)
    marks = try values.decode([Association].self, forKey: .marks)
    verdict = try values.decode(String.self, forKey: .verdict)
    scores = []
  }

  init(
    _ pictures: [AuditPicture], named target: String, outcomes: [Bool], _ settings: ShortcutAudit.Settings
  ) throws(StatisticsError) {
    self.target = target
    positives = outcomes.filter(\.self).count
    negatives = outcomes.count - positives
    guard positives > 0, negatives > 0 else { throw .oneClassOnly(positives: positives, negatives: negatives) }
    let keys = pictures.map(\.cluster)
    for side in [true, false] {
      let count = Set(zip(keys, outcomes).filter { $0.1 == side }.map(\.0)).count
      guard count >= settings.fewestClusters else {
        throw .tooFew(
          what: "clusters of pictures \(side ? "with" : "without") \(target)", needed: settings.fewestClusters,
          found: count)
      }
    }
    let number = Dictionary(uniqueKeysWithValues: Set(keys).sorted().enumerated().map { ($0.element, $0.offset) })
    let clusters = keys.map { number[$0] ?? 0 }
    let rows = pictures.map(\.features.values)
    (areas, scores) = ([], [])
    for scope in ShortcutFeatures.Scope.allCases {
      let places = ShortcutFeatures.places(of: scope)
      let validation = CrossValidation(
        rows: rows.map { row in places.map { row[$0] } }, clusters: clusters, folds: settings.folds)
      let scores = try validation.scores(outcomes, seed: settings.seed)
      areas.append(try Self.area(scope, scores, validation, outcomes, settings))
      if scope == .all { self.scores = scores }
    }
    features = try Self.features(rows, outcomes, clusters, settings)
    marks = try MarkKind.allCases.map { (kind) throws(StatisticsError) in
      try Association(kind, zip(pictures, outcomes).map { ($0.0.reading.has(kind), $0.1) }, level: settings.level)
    }
    verdict = ""
    verdict = Self.words(target, areas, features, settings)
  }

  private static func area(
    _ scope: ShortcutFeatures.Scope, _ scores: [Double], _ validation: CrossValidation, _ outcomes: [Bool],
    _ settings: ShortcutAudit.Settings
  ) throws(StatisticsError) -> Area {
    let observed = try ClusteredAUC(scores: scores, positives: outcomes, clusters: validation.clusters)
    let permuted = parallelResults(settings.permutations) { number -> Double? in
      let dealt = CrossValidation.permuted(
        outcomes, clusters: validation.clusters, seed: settings.seed, stream: UInt64(number))
      guard let scores = try? validation.scores(dealt, seed: settings.seed) else { return nil }
      return try? ROCCurve(scores: scores, positives: dealt).auc
    }.compactMap(\.self)
    let larger = permuted.filter { $0 >= observed.auc - 1e-12 }.count
    return Area(
      scope: scope, auc: observed.estimate(level: settings.level),
      permutationP: Double(larger + 1) / Double(permuted.count + 1),
      permutedMean: permuted.isEmpty ? .nan : permuted.reduce(0, +) / Double(permuted.count))
  }

  private static func features(
    _ rows: [[Double]], _ outcomes: [Bool], _ clusters: [Int], _ settings: ShortcutAudit.Settings
  ) throws(StatisticsError) -> [Feature] {
    let whole = CrossValidation(rows: rows, clusters: clusters, folds: settings.folds)
    let all = Array(rows.indices)
    let model = try whole.fit(all, outcomes, penalty: try whole.choose(all, outcomes, seed: settings.seed))
    var found: [Feature] = []
    for (place, name) in ShortcutFeatures.names.enumerated() {
      let values = rows.map { $0[place] }
      guard let first = values.first, values.contains(where: { $0 != first }) else { continue }
      let area = try ClusteredAUC(scores: values, positives: outcomes, clusters: clusters)
      let p = area.standardError > 0 ? NormalDistribution.twoSided((area.auc - 0.5) / area.standardError) : 1
      found.append(
        Feature(
          name: name, auc: area.estimate(level: settings.level), p: p, adjustedP: p,
          coefficient: model.coefficients[place]))
    }
    let adjusted = try Multiplicity.holm(found.map(\.p))
    for place in found.indices { found[place].adjustedP = adjusted[place] }
    return found.sorted { (abs($1.auc.value - 0.5), $0.name) < (abs($0.auc.value - 0.5), $1.name) }
  }

  private static func words(
    _ target: String, _ areas: [Area], _ features: [Feature], _ settings: ShortcutAudit.Settings
  ) -> String {
    guard let all = areas.first(where: { $0.scope == .all }), let interval = all.auc.interval else { return "" }
    func number(_ value: Double) -> String { String(format: "%.2f", value) }
    let figures = "AUC \(number(all.auc.value)) (\(number(interval.lower)) to \(number(interval.upper)))"
    let alpha = 1 - settings.level
    let text: String
    if interval.lower > settings.canBeTold && all.permutationP <= alpha {
      text = "\"\(target)\" can be told from what is not tissue: \(figures)."
    } else if interval.upper < settings.hardly {
      text = "\"\(target)\" can hardly be told from what is not tissue: \(figures)."
    } else if interval.lower > 0.5 && all.permutationP <= alpha {
      text = "\"\(target)\" can be told a little from what is not tissue: \(figures)."
    } else {
      text = "No sign that \"\(target)\" can be told from what is not tissue, nor proof that it cannot: \(figures)."
    }
    let carriers = features.filter { $0.adjustedP <= alpha }.prefix(4).map {
      "\($0.name) (\(number($0.auc.value)))"
    }
    return carriers.isEmpty ? text : text + " Alone, these tell most: " + carriers.joined(separator: ", ") + "."
  }
}

extension TargetAudit.Association {
  init(_ kind: MarkKind, _ pairs: [(mark: Bool, outcome: Bool)], level: Double) throws(StatisticsError) {
    func count(_ mark: Bool, _ outcome: Bool) -> Int { pairs.filter { $0.mark == mark && $0.outcome == outcome }.count }
    self.kind = kind
    (withMarkPositive, withMarkNegative) = (count(true, true), count(true, false))
    (withoutMarkPositive, withoutMarkNegative) = (count(false, true), count(false, false))
    let counts = [withMarkPositive, withMarkNegative, withoutMarkPositive, withoutMarkNegative]
    guard withMarkPositive + withMarkNegative > 0, withoutMarkPositive + withoutMarkNegative > 0 else {
      (oddsRatio, fisherP) = (.undefined, nil)
      return
    }
    let raised = counts.map { Double($0) + (counts.contains(0) ? 0.5 : 0) }
    let logRatio = log(raised[0] * raised[3] / (raised[1] * raised[2]))
    let reach =
      NormalDistribution.critical(level: level) * raised.reduce(0) { $0 + 1 / $1 }.squareRoot()
    oddsRatio = Estimate(
      value: exp(logRatio),
      interval: Interval(lower: exp(logRatio - reach), upper: exp(logRatio + reach), level: level))
    fisherP = try? ContingencyTable([Array(counts[0...1]), Array(counts[2...3])]).fisher()
  }
}
