import Statistics
import Tables

/// How an analysis resamples, and what it reads off.
public struct Resampling: Sendable {
  public enum Method: String, Sendable, CaseIterable {
    /// Percentiles of the resamples.
    case percentile
    /// Bias-corrected and accelerated (Efron 1987).
    case bca
    /// Percentiles over scores moved by Gaussian noise within their class (Silverman's bandwidth); rows independent.
    case smoothed
  }

  /// What is drawn whole.
  public enum Draws: String, Sendable, CaseIterable {
    /// Rows, positives and negatives apart; of a comparison rows with both scores.
    case rows
    /// Patients with all their rows.
    case patients
    /// Sites with all their patients.
    case sites
  }

  /// 0 for none, else 100 or more.
  public var resamples = 0
  public var method = Method.percentile
  /// Patients where they repeat, else rows, where nil.
  public var draws: Draws?
  public var seed: UInt64 = 1

  public init() {}
}

extension Resampling {
  /// What is drawn of these rows.
  func draws(of rows: ScoredRows) -> Draws { draws ?? (rows.patientsRepeat ? .patients : .rows) }

  /// Keys of what is drawn.
  /// Errors: sites asked for where the table names fewer than two.
  func clusters(of rows: ScoredRows, source: String) throws(AnalysisError) -> [String] {
    switch draws(of: rows) {
    case .rows: return rows.scores.indices.map { "\($0)" }
    case .patients: return rows.patients
    case .sites:
      guard Set(rows.sites).subtracting([""]).count > 1 else {
        throw .input(source: source, reason: "sites cannot be drawn: expected a column of two or more sites")
      }
      return rows.sites
    }
  }

  /// Errors: fewer than 100 resamples, unless none are wanted.
  func check(_ source: String) throws(AnalysisError) {
    if resamples != 0, !(100...1_000_000).contains(resamples) {
      throw .input(source: source, reason: "resamples: expected 0 or 100 to 1000000, found \(resamples)")
    }
  }
}

extension ScoredRows {
  var patientsRepeat: Bool { Set(patients).count < patients.count }
}

/// What a bootstrap found: values, and notes that flag it.
struct BootstrapOutcome {
  let sample: BootstrapSample
  let method: Resampling.Method
  let draws: Resampling.Draws
  /// Nil where BCa has none.
  let interval: Interval?
  /// Draws without a value that were drawn again.
  var redrawn = 0
  /// How many patients or sites are drawn; nil for rows.
  var clusters: Int?

  init(
    _ sample: BootstrapSample, acceleration: Double?, _ method: Resampling.Method, _ draws: Resampling.Draws,
    level: Double
  ) {
    (self.sample, self.method, self.draws) = (sample, method, draws)
    interval =
      method == .bca
      ? acceleration.flatMap { sample.biasCorrected(acceleration: $0, level: level) } : sample.percentile(level: level)
  }

  init(_ bootstrap: ClusterBootstrap, _ method: Resampling.Method, _ draws: Resampling.Draws, level: Double) {
    self.init(bootstrap.sample, acceleration: bootstrap.acceleration, method, draws, level: level)
    redrawn = bootstrap.redrawn
    clusters = draws == .rows ? nil : bootstrap.clusters
  }

  /// The interval with how it came about.
  var json: [String: JSONValue] {
    var values: [String: JSONValue] = [
      "method": .text(method.rawValue), "draws": .text(draws.rawValue),
      "resamples": .number(Double(sample.resampled.count)), "bias": .number(sample.bias),
      "standardError": .number(sample.standardError), "redrawn": .number(Double(redrawn)),
    ]
    if case .object(let ends)? = interval?.json { values.merge(ends) { $1 } }
    return values
  }

  /// "bootstrap of patients, bca, 2000 resamples".
  var title: String { "bootstrap of \(draws.rawValue), \(method.rawValue), \(sample.resampled.count) resamples" }

  /// What is to be known before the interval is believed.
  func notes(_ name: String) -> [String] {
    var notes: [String] = []
    if sample.isDegenerate {
      notes.append("every resample has the same value: its interval has no width and says nothing")
    } else if interval == nil {
      notes.append("no BCa interval: the resamples lie on one side of the estimate")
    }
    if redrawn > 0 {
      notes.append(
        "\(redrawn) draws lacked a class and were drawn again for \(sample.resampled.count) resamples: few "
          + "\(draws.rawValue) hold one of the classes")
    }
    if let clusters, clusters < 20 {
      notes.append("\(clusters) \(draws.rawValue) are drawn: the interval of so few is too narrow")
    }
    return notes.map { "\(name): \($0)" }
  }
}
