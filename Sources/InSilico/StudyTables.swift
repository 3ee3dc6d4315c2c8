import Ultrasound

/// What the cohort table needs to know of a rendered acquisition.
struct AcquisitionRows: Sendable {
  struct Row: Sendable {
    let modality: Modality
    let file: String
    let mask: String
    let calcificationMask: String?
    let frame: Int?
    let cells: [String]
  }

  let pair: String
  let region: PixelBox
  let maskNames: [String]
  let rows: [Row]

  /// - Parameter number: which of the lesion's acquisitions.
  init(_ acquisition: Acquisition, lesion: StudyLesion, number: Int) {
    let pair = "\(lesion.id)-\(number + 1)"
    func stem(_ frame: Int?) -> String { frame.map { "\(pair)-\(padded($0, 3))" } ?? pair }
    let isShared = acquisition.masks.count == 1
    let maskNames = isShared ? ["masks/\(pair).png"] : acquisition.images.map { "masks/\(stem($0.frame)).png" }
    rows = acquisition.images.enumerated().map { place, image in
      let name = image.frame == nil ? "\(pair)-\(image.modality.rawValue)" : stem(image.frame)
      return Row(
        modality: image.modality, file: "images/\(name).png", mask: maskNames[isShared ? 0 : place],
        calcificationMask: image.calcifications.map { _ in "masks/\(stem(image.frame))-calcifications.png" },
        frame: image.frame, cells: image.cells)
    }
    (self.pair, region, self.maskNames) = (pair, acquisition.region, maskNames)
  }
}

/// A study's two tables and its README.
struct StudyTables<Content: Study> {
  let cohort: StudyCohort<Content>

  private var design: StudyDesign { cohort.study.design }

  /// One row a picture; nothing of the truth but what a department would have on record.
  func cohort(_ rendered: [AcquisitionRows]) -> TableRows {
    let isClip = rendered.first?.rows.first?.frame != nil
    let hasCalcifications = rendered.first?.rows.first?.calcificationMask != nil
    let hasSizeColumn = design.clinical.contains { $0.name == "size_mm" }
    let columns =
      ["patient", "lesion", "label", "file", "modality", "pair"] + (isClip ? ["frame"] : [])
      + ["exam", "date", "site", "device", "histology"] + (hasSizeColumn ? [] : ["size_mm"]) + ["mask"]
      + (hasCalcifications ? ["calcification_mask"] : []) + ["x", "y", "width", "height"].map { "roi_" + $0 }
      + design.pictureColumns + design.clinical.map(\.name)
    var rows: [[String]] = []
    for (index, acquisition) in rendered.enumerated() {
      let lesion = cohort.lesions[index / cohort.settings.imagesPerLesion]
      let region = acquisition.region
      let size = hasSizeColumn ? [] : [oneDecimal(size(of: lesion))]
      for row in acquisition.rows {
        rows.append(
          [lesion.patientID, lesion.id, lesion.label.rawValue, row.file, row.modality.rawValue, acquisition.pair]
            + (isClip ? [row.frame.map { String($0) } ?? ""] : [])
            + ["E" + padded(lesion.patient), lesion.exam.date, lesion.exam.site, lesion.exam.device.name]
            + [lesion.histology] + size + [row.mask]
            + (hasCalcifications ? [row.calcificationMask ?? ""] : [])
            + [region.x, region.y, region.width, region.height].map { String(Int($0)) } + row.cells + lesion.record)
      }
    }
    return TableRows(columns: columns, rows: rows)
  }

  /// Longest diameter, mm.
  private func size(of lesion: StudyLesion) -> Double {
    LesionShape.longestDiameter(
      look: cohort.study.look(of: lesion), aspect: lesion.aspect, outline: lesion.outline, radius: lesion.radius)
  }

  /// One row a lesion: the factors and the ideal observers' scores.
  func truth() -> TableRows {
    let model = cohort.model
    let factors = (model.images.factors + model.clinical.factors).map { "z_" + $0.name }
    let observers = model.groups.map(\.observer) + [.images, .clinical, .clinicalRecorded, .all]
    let rows = cohort.lesions.map { lesion -> [String] in
      let images = lesion.factors.flatMap(\.self)
      let ofGroups = zip(model.groups, lesion.factors).map { $0.model.logLikelihoodRatio($1) }
      let scores =
        ofGroups + [
          model.images.logLikelihoodRatio(images), model.clinical.logLikelihoodRatio(lesion.clinical),
          lesion.recordedLogLikelihoodRatio,
          model.all.logLikelihoodRatio(model.allValues(images: lesion.factors, clinical: lesion.clinical)),
        ]
      return [lesion.id, lesion.label.rawValue] + (images + lesion.clinical + scores).map { "\($0)" }
    }
    return TableRows(columns: ["lesion", "label"] + factors + observers.map(\.column), rows: rows)
  }

  var readme: String {
    """
    In silico: every picture, person and value in this folder is simulated; no patient is behind any of it.

    cohort.csv holds one row a picture; rows that share a pair belong together. Empty cells are missing at random.
    \(design.legend)
    truth.csv holds each lesion's generating factors and the ideal observers' log-likelihood ratios; simulation.json how they
    were drawn. Both are for judging a model and must not be shown to it.

    """
  }

  private func oneDecimal(_ value: Double) -> String { String((value * 10).rounded() / 10) }
}
