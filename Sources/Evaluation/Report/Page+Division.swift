import Cohort
import Figures
import Foundation
import Wording

/// The division and the proof that nothing lies on two sides of it.
extension Page {
  var division: ReportSection? {
    guard let proof = input.splitProof else { return nil }
    let rows = proof.divisions.flatMap { division in
      division.parts.map { part -> [String] in
        let name = division.name.map { "\(division.fold + 1) (\($0))" } ?? "\(division.fold + 1)"
        return [
          proof.divisions.count > 1 ? name : "", words(Self.name(part.role)), Text.count(part.patients),
          Text.count(part.lesions), Text.count(part.malignantLesions), Text.count(part.images), Text.count(part.sites),
        ]
      }
    }
    let columns: [ReportTable.Column] = [
      .text(words("Fold")), .text(words("Part")),
      .number(input.patientsAreKnown ? words("Patients") : words("Look-alike groups")),
      .number(words("Lesions")), .number(words("Malignant")), .number(words("Images")), .number(words("Sites")),
    ]
    let isOne = proof.divisions.count < 2
    let table = ReportTable(
      "division", caption: words("The parts of the division"), columns: isOne ? Array(columns.dropFirst()) : columns,
      rows: isOne ? rows.map { Array($0.dropFirst()) } : rows)
    let (pairs, images) = (Text.count(proof.pairsExamined), Text.count(proof.likeness.images))
    let (examined, hash) = (Text.count(proof.likeness.examined), proof.sha256)
    let text = words.sentences([
      Phrase("Of \(pairs) pairs of images on two sides, none shares a patient, an examination or a picture."),
      Phrase(
        """
        Pictures were searched for copies, crops, mirror images, other frames of a clip and drawn marks among all \
        \(images) images of the cohort; \(examined) pairs were laid over each other.
        """),
      Phrase("The proof is split-proof.json in the run folder, SHA-256 \(hash)."),
    ])
    return ReportSection("division", words("The division and its proof"), [.paragraph(text), .table(table)])
  }

  private static func name(_ role: SplitRole) -> Phrase {
    switch role {
    case .train: Phrase("training")
    case .validation: Phrase("validation")
    case .test: Phrase("internal test")
    case .externalTest: Phrase("external test")
    case .leftOut: Phrase("left out")
    }
  }
}
