import Ultrasound

/// One system's scenes: what a lesion with given factors looks like in each modality.
protocol Study: Sendable {
  var design: StudyDesign { get }
  /// Pictures of one acquisition: its modalities, or its frames.
  var imagesPerAcquisition: Int { get }
  func look(of lesion: StudyLesion) -> LesionLook
  func render(_ lesion: StudyLesion, acquisition: Int) -> Acquisition
}

/// The pictures of one acquisition: of one plane at one time, or of one sweep.
struct Acquisition: Sendable {
  /// Side in pixels.
  let size: Int
  /// 255 within the lesion's true boundary, else 0: one for all pictures, or one a picture.
  let masks: [[UInt8]]
  let images: [AcquiredImage]

  /// The lesion's box over all masks.
  var region: PixelBox {
    var (left, top, right, bottom) = (size, size, 0, 0)
    for mask in masks {
      for row in 0..<size {
        for column in 0..<size where mask[row * size + column] != 0 {
          (left, right) = (min(left, column), max(right, column + 1))
          (top, bottom) = (min(top, row), max(bottom, row + 1))
        }
      }
    }
    return PixelBox(
      x: Double(left), y: Double(top), width: Double(max(0, right - left)), height: Double(max(0, bottom - top)))
  }
}

struct AcquiredImage: Sendable {
  enum Pixels: Sendable, Hashable {
    /// size x size.
    case grey([UInt8])
    /// size x size x 3.
    case color([UInt8])
  }

  let modality: Modality
  let pixels: Pixels
  /// 255 on the calcifications that this picture shows.
  var calcifications: [UInt8]?
  /// Place in a clip.
  var frame: Int?
  /// Cells of the design's picture columns.
  var cells: [String] = []
}

/// A cohort of any study: planned at once, rendered when written.
struct StudyCohort<Content: Study>: RenderableCohort {
  let study: Content
  let settings: CohortSettings
  let model: StudyTruthModel
  let lesions: [StudyLesion]
  let record: SimulationRecord

  init(_ study: Content, settings: CohortSettings) throws(SimulationError) {
    try settings.check(for: study.design.system)
    (self.study, self.settings) = (study, settings)
    model = StudyTruthModel(study.design, settings: settings)
    lesions = StudyPlan(study.design, settings: settings, model: model).lesions()
    record = SimulationRecord(system: study.design.system, settings: settings, groups: model.recordGroups)
  }

  var lesionCount: Int { lesions.count }
  var acquisitionCount: Int { lesions.count * settings.imagesPerLesion }
  var imagesPerAcquisition: Int { study.imagesPerAcquisition }

  /// One acquisition, the same whenever and wherever it is asked for.
  func render(lesion: Int, acquisition: Int) -> Acquisition {
    study.render(lesions[lesion], acquisition: acquisition)
  }

  func write(acquisition index: Int, to output: CohortFolder) throws(SimulationError) -> AcquisitionRows {
    let (lesion, number) = index.quotientAndRemainder(dividingBy: settings.imagesPerLesion)
    let acquisition = render(lesion: lesion, acquisition: number)
    let rows = AcquisitionRows(acquisition, lesion: lesions[lesion], number: number)
    for (mask, name) in zip(acquisition.masks, rows.maskNames) {
      try output.writeGrey(mask, size: acquisition.size, to: name)
    }
    for (image, row) in zip(acquisition.images, rows.rows) {
      switch image.pixels {
      case .grey(let pixels): try output.writeGrey(pixels, size: acquisition.size, to: row.file)
      case .color(let pixels): try output.writeColor(pixels, size: acquisition.size, to: row.file)
      }
      if let calcifications = image.calcifications, let name = row.calcificationMask {
        try output.writeGrey(calcifications, size: acquisition.size, to: name)
      }
    }
    return rows
  }

  func cohortTable(_ rendered: [AcquisitionRows]) -> TableRows { StudyTables(cohort: self).cohort(rendered) }
  func truthTable() -> TableRows { StudyTables(cohort: self).truth() }
  var readme: String { StudyTables(cohort: self).readme }
}
