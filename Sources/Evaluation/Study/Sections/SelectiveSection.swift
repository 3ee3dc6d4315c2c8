import Figures
import Statistics
import Wording

/// What the calls are worth when uncertain lesions are left to a reader: conformal sets and the deferral curve.
enum SelectiveSection {
  /// Share of lesions whose set may miss the truth.
  static let alpha = 0.1
  /// Patients of a class below which sets tell nothing.
  static let fewest = 20

  static func section(_ study: StudyContext) -> ReportSection? {
    let words = study.words
    var all: [ReportSection.Part] = []
    for part in study.parts {
      guard let model = part.models.first, model.hasBothClasses, let deferral = try? deferral(model) else { continue }
      all.append(.figure(figure(deferral, part, model, study)))
    }
    for part in study.parts {
      guard let model = part.models.first, model.hasBothClasses else { continue }
      guard enough(model) else {
        all.append(
          .notes([
            study.place(part)
              + words("No conformal sets: they need \(fewest) patients with a lesion of either class.")
          ]))
        continue
      }
      let calibration = source(of: part, model, study)
      do throws(StatisticsError) {
        let sets = try sets(model, calibration)
        all += conformal(sets, part, model, calibration, study)
      } catch {
        all.append(.notes([study.place(part) + words("No conformal sets: \("\(error)").")]))
      }
    }
    guard !all.isEmpty else { return nil }
    all.insert(
      .paragraph(
        words(
          "A conformal set holds every class that cannot be ruled out; with both classes in it, or none, a lesion is left to a reader. Of lesions like those it was calibrated on it holds the truth for at least \(Text.percent(1 - alpha, 0)) of either class. The deferral curve leaves the lesions nearest to the cut-off to a reader first."
        )), at: 0)
    return ReportSection("selective", words("Leaving uncertain lesions to a reader"), all)
  }

  // MARK: Deferral

  static func deferral(_ model: StudyPart.Model) throws(StatisticsError) -> DeferralCurve {
    // Each row against the cut-off of its own fold: its call is 1 or 0.
    try DeferralCurve(
      scores: model.calls.map { $0 ? 1 : 0 }, positives: model.positives,
      certainties: model.rows.map { row in
        DeferralCurve.certainty(score: row.score, cutOff: model.evaluation.cutOff(of: row) ?? 0.5)
      }, cutOff: 0.5)
  }

  private static func figure(
    _ curve: DeferralCurve, _ part: StudyPart, _ model: StudyPart.Model, _ study: StudyContext
  ) -> Figure {
    DeferralFigure.figure(
      name: "deferral-\(part.suffix)",
      heading: study.heading(study.words("Deferral, \(study.label(model))"), part),
      places: thinned(curve.points).map {
        .init(deferred: $0.deferred, error: $0.error, sensitivity: $0.sensitivity, specificity: $0.specificity)
      }, words: study.words)
  }

  /// As many points as a figure can show.
  private static func thinned(_ points: [DeferralCurve.Point]) -> [DeferralCurve.Point] {
    var kept: [DeferralCurve.Point] = []
    for point in points where kept.last.map({ point.deferred - $0.deferred >= 0.002 }) ?? true { kept.append(point) }
    return kept
  }

  // MARK: Conformal sets

  private static func enough(_ model: StudyPart.Model) -> Bool {
    [true, false].allSatisfy { wanted in
      Set(model.rows.filter { $0.isMalignant == wanted }.map(\.patient)).count >= fewest
    }
  }

  /// What a part's sets are calibrated on.
  enum Calibration {
    /// Another part of other patients.
    case part(String, [UnitScore])
    /// Four fifths of the part's own patients for each fifth.
    case fifths
  }

  /// The internal test of the same model for another part without its patients, else the part itself in fifths.
  private static func source(of part: StudyPart, _ model: StudyPart.Model, _ study: StudyContext) -> Calibration {
    guard let other = study.parts.first, other.split != part.split,
      let own = other.models.first(where: { $0.name == model.name }), enough(own),
      Set(own.patients).isDisjoint(with: model.patients)
    else { return .fifths }
    return .part(study.title(other), own.rows)
  }

  static func sets(
    _ model: StudyPart.Model, _ calibration: Calibration
  ) throws(StatisticsError) -> [PredictionSet] {
    switch calibration {
    case .part(_, let rows):
      let predictor = try predictor(rows)
      return model.rows.map { predictor.set(score: $0.score) }
    case .fifths:
      let fifths = fifths(model.patients)
      var predictors: [ConformalPredictor] = []
      for fifth in 0..<5 {
        predictors.append(try predictor(model.rows.indices.filter { fifths[$0] != fifth }.map { model.rows[$0] }))
      }
      return model.rows.indices.map { predictors[fifths[$0]].set(score: model.rows[$0].score) }
    }
  }

  private static func predictor(_ rows: [UnitScore]) throws(StatisticsError) -> ConformalPredictor {
    try ConformalPredictor(
      scores: rows.map(\.score), positives: rows.map(\.isMalignant), patients: rows.map(\.patient),
      sites: rows.map(\.site), taxonomy: .byClass, alpha: alpha)
  }

  /// The fifth of each row: patients in order of name, dealt out one by one.
  private static func fifths(_ patients: [String]) -> [Int] {
    let place = Dictionary(Set(patients).sorted().enumerated().map { ($1, $0 % 5) }) { first, _ in first }
    return patients.map { place[$0] ?? 0 }
  }

  private static func conformal(
    _ sets: [PredictionSet], _ part: StudyPart, _ model: StudyPart.Model, _ calibration: Calibration,
    _ study: StudyContext
  ) -> [ReportSection.Part] {
    let words = study.words
    func coverage(_ label: String, _ keeps: (UnitScore) -> Bool) -> ConformalCoverage? {
      let rows = model.rows.indices.filter { keeps(model.rows[$0]) }
      return try? ConformalCoverage(
        label, sets: rows.map { sets[$0] }, positives: rows.map { model.rows[$0].isMalignant },
        patients: rows.map { model.rows[$0].patient })
    }
    let sites = Set(model.rows.map(\.site)).subtracting([""]).sorted()
    let classes = [
      coverage(words("benign")) { !$0.isMalignant }, coverage(words("malignant")) { $0.isMalignant },
    ].compactMap(\.self)
    let ofSites = sites.count > 1 ? sites.compactMap { site in coverage(site) { $0.site == site } } : []
    let whole = [coverage(words("All")) { _ in true }].compactMap(\.self)
    let figureRows =
      classes.map { (words("Class"), $0) } + ofSites.map { (words("Site"), $0) }
    let figure = CoverageFigure.figure(
      name: "coverage-\(part.suffix)", heading: study.heading(words("Conformal sets, \(study.label(model))"), part),
      rows: figureRows.map { .init(label: $1.label, group: $0, n: $1.n, coverage: $1.coverage) },
      target: 1 - alpha, words: words)
    let from: String =
      switch calibration {
      case .part(let title, let rows):
        words("Calibrated on the \(Text.count(rows.count)) lesions of the part “\(title)”.")
      case .fifths:
        words("Each fifth of the patients is judged by sets calibrated on the other four.")
      }
    let table = ReportTable(
      "selective-\(part.suffix)", caption: study.place(part) + from + words(" ") + words("Per lesion, in per cent."),
      columns: [
        .text(words("Of")), .number(words("Lesions")), .number(words("Truth in the set (95 % CI)")),
        .number(words("One class")), .number(words("Both")), .number(words("None")),
        .number(words("Wrong among one class")),
      ],
      rows: (whole + classes + ofSites).map { found in
        func share(_ count: Int) -> String {
          found.n > 0 ? Text.fixed(Double(count) / Double(found.n) * 100, 1) : StudyContext.none
        }
        return [
          found.label, Text.count(found.n), study.percent(found.coverage),
          share(found.benignOnly + found.malignantOnly),
          share(found.both), share(found.empty),
          found.errorOfSingles.map { Text.fixed($0 * 100, 1) } ?? StudyContext.none,
        ]
      })
    return [.figure(figure), .table(table)]
  }
}
