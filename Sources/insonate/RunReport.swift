import Cohort
import Evaluation
import Explanation
import Foundation
import InSilico
import Protocols
import Tables
import Training
import Ultrasound
import Wording

/// Brings the files of a run folder together for the report.
struct RunReport {
  let folder: RunFolder
  let cohort: URL

  struct Outcome: Encodable {
    let run: String
    let report: String
    let metrics: Metrics
    let headline: String

    var lines: [String] { [headline, "report: \(report)"] }
  }

  init(_ folder: RunFolder, cohort: URL) { (self.folder, self.cohort) = (folder, cohort) }

  /// - language: of the page, its tables and figures.
  /// - title: of the page; the protocol's where nil.
  /// - tables: the study's further tables, joined to the run's predictions, the cohort's images and its enrolment log.
  func write(
    in language: Language = .english, title: String? = nil,
    tables: ([Prediction], [ImageRecord], Table?) throws -> StudyTables = {
      try StudyTables(predictions: $0, images: $1, cohortEnrolment: $2)
    }
  ) throws -> Outcome {
    let study = try folder.studyProtocol()
    let provenance = try folder.provenance()
    let catalogue = try Catalogue.open(cohort)
    guard try catalogue.contentHash() == provenance.cohortHash else {
      throw BadInput("\(cohort.path): is not the cohort of \(folder.url.path), or has changed since")
    }
    let truth = SimulationTruth.exists(in: cohort) ? try SimulationTruth(folder: cohort) : nil
    let ideal = try truth.flatMap { try Self.idealObserver($0, study, catalogue.images()) }
    let (predictions, images) = (try PredictionTable.read(folder.predictionsFile), try catalogue.studyImages())
    let proof = try folder.splitProof(of: provenance)
    let input = ReportInput(
      title: title ?? study.title, predictions: predictions, images: images,
      study: StudyFacts.facts(study, provenance), protocolJSON: String(decoding: try study.json(), as: UTF8.self),
      provenance: try Self.flat(provenance), warnings: StudyFacts.warnings(study),
      history: try? TrainingHistory(contentsOf: folder.historyFile),
      combination: try CombinationSummary.read(runFolder: folder.url), splitProof: proof,
      histology: HistologyCounts(of: images, in: try catalogue.histologyTree()),
      gallery: try GalleryItem.all(in: folder.explanations),
      galleryNotes: try ExplanationSummary.read(folder: folder.explanations)?.sentences ?? [], isInSilico: truth != nil,
      idealObserver: ideal, patientsAreKnown: provenance.cohortPatientsAreKnown, language: language)
    let metrics = try StudyReport.write(
      input, try tables(predictions, images, catalogue.table(.enrolment)), into: folder.url)
    return Outcome(
      run: folder.url.path, report: folder.reportFile.path, metrics: metrics, headline: Self.headline(metrics))
  }

  /// The best possible score from what the network's images show; a clinical record that the network sees too is not in it,
  /// since its cells are missing now and then and have no closed form.
  private static func idealObserver(_ truth: SimulationTruth, _ study: StudyProtocol, _ images: [ImageRecord])
    -> IdealObserverSummary?
  {
    let wanted = Set(study.cohort.modalities)
    let modalities = Set(images.map(\.modality)).filter { wanted.isEmpty || wanted.contains($0) }
    guard let auc = truth.record.idealAUC(of: modalities) else { return nil }
    let names = modalities.map(\.rawValue).sorted().joined(separator: ", ")
    let sees =
      study.clinical.isEmpty
      ? Phrase("the factors that \(names) shows")
      : Phrase("the factors that \(names) shows, without the clinical record")
    return IdealObserverSummary(auc: auc, sees: sees, scores: truth.scores(of: modalities))
  }

  static func headline(_ metrics: Metrics) -> String {
    guard let unit = metrics.headline?[metrics.defaultUnit] else { return "nothing was evaluated" }
    guard let auc = unit.pooledAUC else { return "no AUC: one class only" }
    let interval = auc.quoted.map { String(format: " (95 %% CI %.3f to %.3f)", $0.lower, $0.upper) } ?? ""
    return
      "AUC per \(unit.unit.rawValue) \(String(format: "%.3f", auc.value))\(interval), \(unit.count) \(unit.unit.plural)"
  }

  private static func flat(_ provenance: Provenance) throws -> [String: String] {
    let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(provenance)) as? [String: Any]
    return (object ?? [:]).mapValues { "\($0)" }
  }
}
