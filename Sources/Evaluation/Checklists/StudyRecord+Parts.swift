import Figures
import Tables
import Wording

/// Parts of the data: how they were made, whether they share patients, how large they are.
extension StudyRecord {
  var partitions: Finding {
    .whole(
      if: split != nil,
      [
        split, validationPart, seed, evidence("the part of every image in every fold", .file("split.csv")), partCounts,
      ])
  }

  /// What is never divided between parts.
  private var keptTogether: Phrase { input.patientsAreKnown ? "patient" : "group of look-alike images" }

  var split: Evidence? {
    switch self[setting: "validation.split"]?.string {
    case "k-fold":
      guard let folds = self[setting: "validation.folds"]?.scalar else { return nil }
      return evidence(
        "cross-validation in \(folds) folds by \(keptTogether), classes balanced over the folds", .setting("validation")
      )
    case "column":
      guard let column = self[setting: "validation.column"]?.string else { return nil }
      return evidence("one fold for each value of \(column), by \(keptTogether)", .setting("validation"))
    case "given": return evidence("as the cohort’s own split column says", .setting("validation"))
    default: return nil
    }
  }

  /// A given split may name its validation part itself, so that the fraction says nothing.
  private var validationPart: Evidence? {
    guard let fraction = self[setting: "validation.fraction"]?.number, fraction > 0,
      ["k-fold", "column"].contains(self[setting: "validation.split"]?.string)
    else { return nil }
    return evidence(
      "\(Text.fixed(fraction * 100, 0)) % of each fold’s training part, by \(keptTogether), is its validation part",
      .setting("validation.fraction"))
  }

  var seed: Evidence? {
    if let seed = input.provenance["seed"] { return evidence("seed \(seed)", .provenance("seed")) }
    return self[setting: "seed"]?.scalar.flatMap { evidence("seed \($0)", .setting("seed")) }
  }

  /// Lesions of every part, all and malignant, a fold.
  private var partCounts: Evidence? {
    let test = counts.test.isEmpty ? counts.external : counts.test
    guard !counts.train.isEmpty, !test.isEmpty else { return nil }
    func lesions(_ parts: [Int: PartCounts.Part]) -> String { PartCounts.range(parts) { $0.lesions.count } }
    func malignant(_ parts: [Int: PartCounts.Part]) -> String { PartCounts.range(parts) { $0.malignant.count } }
    let validation: Phrase =
      counts.validation.isEmpty
      ? .nothing : "validation \(lesions(counts.validation)) (\(malignant(counts.validation)) malignant), "
    let name = splitName(counts.test.isEmpty ? "external-test" : "")
    return evidence(
      "lesions of a fold: training \(lesions(counts.train)) (\(malignant(counts.train)) malignant), \(validation)\(name) \(lesions(test)) (\(malignant(test)) malignant)",
      .file("predictions.csv"), .part(.results), .metric("sections"))
  }

  var disjointness: Finding {
    guard counts.isDisjoint else { return .none }
    let text: Phrase =
      input.patientsAreKnown
      ? "no patient is in training and test of one fold; checked in the predictions, folds: \(counts.testedFolds.count)"
      : "no group of look-alike images is in training and test of one fold; the source names no patients"
    return .whole(
      if: input.patientsAreKnown,
      [evidence(text, .file("split.csv"), .file("predictions.csv"), .part(.study), .part(.results))])
  }

  var analysisNumbers: Finding {
    .whole(if: partCounts != nil, [partCounts] + metrics.sections.map(numbers))
  }

  private func numbers(_ section: SectionMetrics) -> Evidence? {
    guard let main = section.units.first else { return nil }
    return evidence(
      "\(name(section)): \(Text.count(main.count)) lesions, \(Text.count(main.positives)) malignant, \(ofPatients(main))",
      .results(section), .metric("sections"))
  }

  // MARK: Development and external data

  private var externalSection: SectionMetrics? { metrics.sections.first { $0.split == "external-test" } }

  var shareByPart: Evidence? {
    guard let section = externalSection, let trained = counts.trained.shareMalignant,
      let external = counts.outside.shareMalignant
    else { return nil }
    return evidence(
      "malignant: \(Text.percent(trained)) of the training lesions, \(Text.percent(external)) of the external ones",
      .results(section), .metric("sections"))
  }

  var sitesByPart: Evidence? {
    let (trained, external) = (counts.trained.sites, counts.outside.sites)
    guard let section = externalSection, !external.isEmpty, !trained.isEmpty else { return nil }
    return evidence(
      "sites: training \(names(trained)); external test \(names(external))",
      .file("predictions.csv"), .results(section), .metric("sections"))
  }

  private func names(_ sites: Set<String>) -> String {
    sites.count > 8 ? Text.count(sites.count) : sites.sorted().joined(separator: ", ")
  }

  // MARK: Sites

  var siteFolds: Evidence? {
    guard self[setting: "validation.split"]?.string == "column", self[setting: "validation.column"]?.string == "site"
    else { return nil }
    return evidence("each site is tested by the network of the others", .setting("validation"))
  }

  var siteStrata: Evidence? { evidence("performance site by site", .part(.siteStrata)) }

  var clusterResults: Finding {
    guard siteFolds != nil, let section = metrics.headline, let main = section.units.first, main.foldsWithAUC > 1,
      let spread = main.standardDeviationOfFoldAUC
    else { return .part([siteStrata]) }
    return .whole([
      evidence(
        "AUC of each site; standard deviation between sites \(Text.fixed(spread, 3))", .results(section),
        .metric("sections")), siteStrata,
    ])
  }
}
