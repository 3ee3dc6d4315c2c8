import Ultrasound

/// The cohort's two tables and its README.
struct LiverTables {
  let cohort: LiverCohort

  /// One row a picture; nothing of the truth but what a department would have on record.
  func cohort(backgroundBoxes boxes: [PixelBox]) -> TableRows {
    let columns =
      ["patient", "lesion", "label", "file", "modality", "exam", "date", "site", "device", "histology", "size_mm"]
      + ["background", "mask"] + ["x", "y", "width", "height"].map { "background_roi_" + $0 }
      + LiverPlan.recordColumns.map(\.name)
    var rows: [[String]] = []
    for (index, lesion) in cohort.lesions.enumerated() {
      for image in 0..<cohort.settings.imagesPerLesion {
        let name = cohort.imageName(lesion: index, image: image)
        let box = boxes[index * cohort.settings.imagesPerLesion + image]
        rows.append(
          [lesion.patientID, lesion.id, lesion.label.rawValue, "images/" + name, Modality.bMode.rawValue]
            + ["E" + padded(lesion.patient), lesion.exam.date, lesion.exam.site, lesion.exam.device.name]
            + [lesion.histology, Self.oneDecimal(lesion.size), lesion.background.rawValue, "masks/" + name]
            + [box.x, box.y, box.width, box.height].map { String(Int($0)) } + lesion.record)
      }
    }
    return TableRows(columns: columns, rows: rows)
  }

  /// One row a lesion: the factors and the ideal observers' scores.
  func truth() -> TableRows {
    let model = cohort.model
    let factors = (model.bmode.factors + model.clinical.factors).map { "z_" + $0.name }
    let columns = ["lesion", "label"] + factors + Self.observers.map(\.column)
    let rows = cohort.lesions.map { lesion -> [String] in
      let proper = Array(lesion.clinical.dropLast())
      let scores = [
        model.bmode.logLikelihoodRatio(lesion.bmode), model.clinical.logLikelihoodRatio(lesion.clinical),
        lesion.recordedLogLikelihoodRatio, model.all.logLikelihoodRatio(lesion.bmode + proper),
      ]
      return [lesion.id, lesion.label.rawValue] + (lesion.bmode + lesion.clinical + scores).map { "\($0)" }
    }
    return TableRows(columns: columns, rows: rows)
  }

  let readme = """
    In silico: every picture, person and value in this folder is simulated; no patient is behind any of it.

    cohort.csv holds one row a picture. hepatitis: 0 negative, 1 B, 2 C, 3 both. afp: ng/ml. extrahepatic_tumour, halo and
    vascularity: 0 no, 1 yes. Empty cells are missing at random.
    truth.csv holds each lesion's generating factors and the ideal observers' log-likelihood ratios; simulation.json how they
    were drawn. Both are for judging a model and must not be shown to it.

    """

  private static let observers: [SimulationRecord.Observer] = [.bmode, .clinical, .clinicalRecorded, .all]

  private static func oneDecimal(_ value: Double) -> String { String((value * 10).rounded() / 10) }
}
