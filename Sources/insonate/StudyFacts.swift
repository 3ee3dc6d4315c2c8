import Evaluation
import Foundation
import Protocols
import Training
import Wording

/// What the report says of a run before its results.
enum StudyFacts {
  static func facts(_ study: StudyProtocol, _ provenance: Provenance) -> [ReportInput.Fact] {
    let (patients, lesions, images) = (provenance.patients, provenance.lesions, provenance.images)
    let training = study.training
    return [
      .init(
        Phrase("Cohort"),
        Phrase("\(patients) patients (\(provenance.patientSource)), \(lesions) lesions, \(images) images")),
      .init(
        Phrase("Input"),
        Phrase("\(region(study.input)), \(study.input.size) x \(study.input.size) pixels; \(sample(study.input))")),
      .init(Phrase("Network"), Phrase("\(study.network.name), initial weights: \(study.network.weights)")),
      .init(Phrase("Split"), split(study.validation)),
      .init(Phrase("Choice of epoch"), choice(study.validation)),
      .init(
        Phrase("Training"),
        Phrase(
          """
          \(training.epochs) epochs, batches of \(training.batchSize), \(study.optimiser.kind.rawValue), learning rate \
          \("\(study.optimiser.learningRate)"), schedule \(study.schedule.kind.rawValue), loss \(study.loss.kind.rawValue)
          """)),
      .init(
        Phrase("Computed"),
        Phrase(
          """
          \(provenance.precision) on \(provenance.device) (\(provenance.processor)), \(provenance.threads) \
          threads, \(Int(provenance.trainingSeconds)) s
          """)),
    ]
  }

  static func warnings(_ study: StudyProtocol) -> [Phrase] {
    guard study.validation.chooseOn == .test, study.validation.choose != .last else { return [] }
    return [
      Phrase(
        """
        The protocol chose each fold's epoch on its test part, as some published studies did. The results are therefore \
        optimistic: the network has seen the answer it is judged by.
        """)
    ]
  }

  private static func split(_ validation: Validation) -> Phrase {
    switch validation.split {
    case .kFold: Phrase("\(validation.folds)-fold cross-validation, by patient, stratified by label")
    case .column: Phrase("one fold a value of \(validation.column), by patient")
    case .given: Phrase("as the cohort's split column says")
    case .parts: Phrase("one division of \(shares(validation)) of the lesions, by patient, stratified by label")
    case .holdOut:
      validation.parts.isEmpty
        ? Phrase("external test: \(values(validation))")
        : Phrase("external test: \(values(validation)); the others \(shares(validation)), by patient")
    case .date: Phrase("in time: patients first seen after \(validation.after) are the test part")
    }
  }

  private static func shares(_ validation: Validation) -> String {
    validation.parts.map { String(format: "%.3g", 100 * $0) }.joined(separator: " : ") + " %"
  }

  private static func values(_ validation: Validation) -> String {
    let column = validation.column.isEmpty ? "site" : validation.column
    return "\(column) " + validation.holdOut.joined(separator: ", ")
  }

  private static func choice(_ validation: Validation) -> Phrase {
    let part = validation.chooseOn == .test ? Phrase("test") : Phrase("validation")
    let chosen =
      switch validation.choose {
      case .last: Phrase("last epoch")
      case .loss: Phrase("epoch of lowest loss on the \(part) part")
      case .auc: Phrase("epoch of highest AUC on the \(part) part")
      }
    guard validation.fraction > 0 else { return chosen }
    let share = Int(validation.fraction * 100)
    return Phrase("\(chosen); \(share) % of the training patients are the validation part")
  }

  private static func region(_ input: InputChoice) -> Phrase {
    input.region == .lesion
      ? Phrase("lesion region and \(Int(input.margin * 100)) % around it") : Phrase("whole image")
  }

  private static func sample(_ input: InputChoice) -> Phrase {
    switch input.sample {
    case .image: Phrase("each image by itself")
    case .pair: Phrase("the images of a pair together")
    case .lesion: Phrase("one image a modality of a lesion together")
    case .clip: Phrase("clips of \(input.clip.frames) frames")
    }
  }
}
