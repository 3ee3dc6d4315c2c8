import Cohort
import Evaluation
import Explanation
import Foundation
import InSilico
import Protocols
import Training
import Ultrasound

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

  func write() throws -> Outcome {
    let study = try folder.studyProtocol()
    let provenance = try folder.provenance()
    let catalogue = try Catalogue.open(cohort)
    guard try catalogue.contentHash() == provenance.cohortHash else {
      throw BadInput("\(cohort.path): is not the cohort of \(folder.url.path), or has changed since")
    }
    let truth = SimulationTruth.exists(in: cohort) ? try SimulationTruth(folder: cohort) : nil
    let ideal = try truth.flatMap { try Self.idealObserver($0, study, catalogue.images()) }
    let input = ReportInput(
      title: study.title, predictions: try PredictionTable.read(folder.predictionsFile), images: try catalogue.images(),
      study: Self.facts(study, provenance), protocolJSON: String(decoding: try study.json(), as: UTF8.self),
      provenance: try Self.flat(provenance), warnings: Self.warnings(study, provenance),
      history: try? TrainingHistory(contentsOf: folder.historyFile),
      combination: try CombinationSummary.read(runFolder: folder.url),
      gallery: try GalleryItem.all(in: folder.explanations),
      galleryNotes: try ExplanationSummary.read(folder: folder.explanations)?.sentences ?? [], isInSilico: truth != nil,
      idealObserver: ideal, patientsAreKnown: provenance.cohortPatientsAreKnown)
    let metrics = try Report.write(input, to: folder.url)
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
    let clinical = study.clinical.isEmpty ? "" : ", without the clinical record"
    return IdealObserverSummary(
      auc: auc, sees: "the factors that \(names) shows" + clinical, scores: truth.scores(of: modalities))
  }

  private static func headline(_ metrics: Metrics) -> String {
    guard let unit = metrics.headline?[metrics.defaultUnit] else { return "nothing was evaluated" }
    guard let auc = unit.pooledAUC else { return "no AUC: one class only" }
    let interval = auc.quoted.map { String(format: " (95 %% CI %.3f to %.3f)", $0.lower, $0.upper) } ?? ""
    return
      "AUC per \(unit.unit.rawValue) \(String(format: "%.3f", auc.value))\(interval), \(unit.count) \(unit.unit.plural)"
  }

  private static func facts(_ study: StudyProtocol, _ provenance: Provenance) -> [ReportInput.Fact] {
    let validation = study.validation
    let split =
      switch validation.split {
      case .kFold: "\(validation.folds)-fold cross-validation, by patient, stratified by label"
      case .column: "one fold a value of \(validation.column), by patient"
      case .given: "as the cohort's split column says"
      }
    let chosen =
      switch validation.choose {
      case .last: "last epoch"
      case .loss: "epoch of lowest loss on the \(validation.chooseOn.rawValue) part"
      case .auc: "epoch of highest AUC on the \(validation.chooseOn.rawValue) part"
      }
    let region =
      study.input.region == .lesion ? "lesion region and \(Int(study.input.margin * 100)) % around it" : "whole image"
    return [
      .init(
        "Cohort",
        "\(provenance.patients) patients (\(provenance.patientSource)), \(provenance.lesions) lesions, \(provenance.images) images"
      ),
      .init("Input", "\(region), \(study.input.size) x \(study.input.size) pixels; \(Self.sample(study.input))"),
      .init("Network", "\(study.network.name), initial weights: \(study.network.weights)"),
      .init("Split", split),
      .init(
        "Choice of epoch",
        chosen
          + (validation.fraction > 0
            ? "; \(Int(validation.fraction * 100)) % of the training patients are the validation part" : "")),
      .init(
        "Training",
        "\(study.training.epochs) epochs, batches of \(study.training.batchSize), \(study.optimiser.kind.rawValue), learning rate \(study.optimiser.learningRate), schedule \(study.schedule.kind.rawValue), loss \(study.loss.kind.rawValue)"
      ),
      .init(
        "Computed",
        "\(provenance.precision) on \(provenance.device) (\(provenance.processor)), \(provenance.threads) threads, \(Int(provenance.trainingSeconds)) s"
      ),
    ]
  }

  private static func sample(_ input: InputChoice) -> String {
    switch input.sample {
    case .image: "each image by itself"
    case .pair: "the images of a pair together"
    case .lesion: "one image a modality of a lesion together"
    case .clip: "clips of \(input.clip.frames) frames"
    }
  }

  private static func warnings(_ study: StudyProtocol, _ provenance: Provenance) -> [String] {
    guard study.validation.chooseOn == .test, study.validation.choose != .last else { return [] }
    return [
      "The protocol chose each fold's epoch on its test part, as some published studies did. The results are therefore "
        + "optimistic: the network has seen the answer it is judged by."
    ]
  }

  private static func flat(_ provenance: Provenance) throws -> [String: String] {
    let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(provenance)) as? [String: Any]
    return (object ?? [:]).mapValues { "\($0)" }
  }
}
