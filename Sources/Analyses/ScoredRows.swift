import Statistics
public import Tables

/// Scores with their truth and what they are clustered in, read from a table's columns.
public struct ScoredRows: Sendable {
  /// What a statistic's row is made of.
  public enum Unit: String, Sendable, CaseIterable {
    /// Each row by itself.
    case image
    /// Mean of the lesion's images (S2-11).
    case lesion
    /// Highest of the patient's lesions; malignant if one is.
    case patient
  }

  /// Which columns hold what; a nil one is not used.
  public struct Columns: Sendable {
    public var label = "label"
    public var score = "score"
    /// Words of the positive class besides 1, true, yes, positive and malignant.
    public var positive: String?
    public var lesion: String? = "lesion"
    public var patient: String? = "patient"
    public var site: String? = "site"
    /// Names of the rows' images: an error where one repeats within a model, split and fold.
    public var image: String? = "image"

    public init() {}
  }

  public private(set) var scores: [Double]
  public private(set) var positives: [Bool]
  /// Keys of the rows' patients; each row its own where the table has none.
  public private(set) var patients: [String]
  public private(set) var lesions: [String]
  public private(set) var sites: [String]
  /// Rows of the table that each was made of, for its other columns.
  public private(set) var members: [[Int]]
  public let patientsAreKnown: Bool
  /// What is odd about the choice of rows, to be told with every result.
  public private(set) var notes: [String]
  private let source: String
  /// Line of the file on which each row (of a group, the first) stands.
  private var lines: [Int]

  /// - rows: which rows of the table; all where nil.
  /// Errors name line and column: a cell that is empty, no number or not finite, a label that is neither class, an image that
  /// comes twice.
  public init(_ table: Table, _ columns: Columns, rows: [Int]? = nil) throws(AnalysisError) {
    let chosen = rows ?? Array(0..<table.rowCount)
    guard !chosen.isEmpty else { throw .input(source: table.source, reason: "no rows") }
    try RowKeys.requireUnique(table, image: columns.image, rows: chosen)
    notes = try RowKeys.mixtures(table, rows: chosen)
    let labels = try Self.flags(table, columns.label, positive: columns.positive)
    let scores = try Self.numbers(table, columns.score)
    func keys(_ name: String?) throws(AnalysisError) -> [String]? {
      guard let name, table.has(name) else { return nil }
      return try asAnalysisError(table.source) { try table.column(name) }
    }
    let (patients, lesions, sites) = (
      try keys(columns.patient), try keys(columns.lesion), try keys(columns.site)
    )
    func key(_ row: Int, _ keys: [String]?) -> String {
      keys.flatMap { $0[row].isEmpty ? nil : $0[row] } ?? "row \(row + 1)"
    }
    self.scores = chosen.map { scores[$0] }
    positives = chosen.map { labels[$0] }
    self.lesions = chosen.map { key($0, lesions) }
    self.patients = chosen.map { patients == nil ? key($0, lesions) : key($0, patients) }
    self.sites = chosen.map { row in sites.map { $0[row] } ?? "" }
    members = chosen.map { [$0] }
    patientsAreKnown = patients != nil
    source = table.source
    lines = chosen.map(table.line(ofRow:))
    noteSharedPatients()
  }

  /// A hospital that numbers its patients from 1 makes them those of the next one.
  private mutating func noteSharedPatients() {
    guard patientsAreKnown else { return }
    var siteOf: [String: String] = [:]
    var shared: Set<String> = []
    for (patient, site) in zip(patients, sites) where !site.isEmpty {
      if siteOf.updateValue(site, forKey: patient).map({ $0 != site }) == true { shared.insert(patient) }
    }
    guard let first = shared.min() else { return }
    notes.append(
      "\(shared.count) patients (\(first)\(shared.count > 1 ? ", ..." : "")) are at more than one site and taken as one "
        + "person each; expected names that differ between sites")
  }

  /// Rows of the unit.
  /// Errors: images of one lesion with different labels.
  public func by(_ unit: Unit) throws(AnalysisError) -> ScoredRows {
    switch unit {
    case .image: return self
    case .lesion:
      try requireOneLabelALesion()
      return try grouped {
        patients[$0] + "\u{1F}" + lesions[$0]
      } merge: {
        $0.reduce(0, +) / Double($0.count)
      }
    case .patient:
      return try by(.lesion).grouped { [patients = try by(.lesion).patients] in
        patients[$0]
      } merge: {
        $0.max() ?? .nan
      }
    }
  }

  private func requireOneLabelALesion() throws(AnalysisError) {
    var first: [String: Int] = [:]
    for row in scores.indices {
      let lesion = patients[row] + "\u{1F}" + lesions[row]
      let other = first[lesion, default: row]
      if other == row { first[lesion] = row }
      if positives[other] != positives[row] {
        throw .input(
          source: "\(source):\(lines[row])",
          reason:
            "lesion \(lesions[row]) of patient \(patients[row]) is \(positives[row] ? "malignant" : "benign") here and "
            + "\(positives[other] ? "malignant" : "benign") on line \(lines[other]); expected one label for a lesion")
      }
    }
  }

  /// Some of the rows, by number.
  func keeping(_ rows: [Int]) -> ScoredRows {
    var result = self
    result.scores = rows.map { scores[$0] }
    result.positives = rows.map { positives[$0] }
    result.patients = rows.map { patients[$0] }
    result.lesions = rows.map { lesions[$0] }
    result.sites = rows.map { sites[$0] }
    result.members = rows.map { members[$0] }
    result.lines = rows.map { lines[$0] }
    return result
  }

  private func grouped(_ key: (Int) -> String, merge: ([Double]) -> Double) throws(AnalysisError) -> ScoredRows {
    var place: [String: Int] = [:]
    var groups: [[Int]] = []
    for row in scores.indices {
      let name = key(row)
      if let index = place[name] {
        groups[index].append(row)
      } else {
        place[name] = groups.count
        groups.append([row])
      }
    }
    var result = self
    result.scores = groups.map { merge($0.map { scores[$0] }) }
    result.positives = groups.map { $0.contains { positives[$0] } }
    result.patients = groups.map { patients[$0[0]] }
    result.lesions = groups.map { lesions[$0[0]] }
    result.sites = groups.map { sites[$0[0]] }
    result.members = groups.map { $0.flatMap { members[$0] } }
    result.lines = groups.map { lines[$0[0]] }
    return result
  }

  // MARK: Columns

  static func numbers(_ table: Table, _ name: String) throws(AnalysisError) -> [Double] {
    try asAnalysisError(table.source) { try table.numbers(name) }
  }

  /// A column of two classes: 1, true, yes, positive, malignant or `positive` against 0, false, no, negative, benign or, where
  /// `positive` is given, anything else.
  static func flags(_ table: Table, _ name: String, positive: String? = nil) throws(AnalysisError) -> [Bool] {
    let cells = try asAnalysisError(table.source) { try table.column(name) }
    var flags: [Bool] = []
    flags.reserveCapacity(cells.count)
    for (row, cell) in cells.enumerated() {
      let word = cell.lowercased()
      if let positive, !cell.isEmpty {
        flags.append(word == positive.lowercased())
      } else if ["1", "1.0", "true", "yes", "positive", "malignant"].contains(word) {
        flags.append(true)
      } else if ["0", "0.0", "false", "no", "negative", "benign"].contains(word) {
        flags.append(false)
      } else {
        throw .input(
          source: "\(table.source):\(table.line(ofRow: row))",
          reason: "column \(name): expected 0 or 1 (benign or malignant), found "
            + (cell.isEmpty ? "nothing" : "\"\(cell)\""))
      }
    }
    return flags
  }
}
