import Ultrasound

/// A simulated liver cohort: planned at once, rendered when written.
public struct LiverCohort: RenderableCohort {
  public let settings: LiverSettings
  public let record: SimulationRecord
  let lesions: [LiverLesion]
  let model: LiverTruthModel

  init(_ settings: LiverSettings) throws(SimulationError) {
    try settings.check(for: .liver)
    self.settings = settings
    model = LiverTruthModel(settings)
    record = SimulationRecord(settings: settings, model: model)
    lesions = LiverPlan(settings, model: model).lesions()
  }

  public var lesionCount: Int { lesions.count }

  /// One picture, the same whenever and wherever it is asked for.
  ///
  /// - Parameters:
  ///   - lesion: 0..<lesionCount.
  ///   - image: 0..<imagesPerLesion.
  func render(lesion: Int, image: Int) -> RenderedImage {
    LiverRenderer(settings: settings).render(lesions[lesion], image: image)
  }

  var acquisitionCount: Int { lesions.count * settings.imagesPerLesion }
  var imagesPerAcquisition: Int { 1 }

  /// - Returns: the picture's background box.
  func write(acquisition: Int, to output: CohortFolder) throws(SimulationError) -> PixelBox {
    let (lesion, image) = acquisition.quotientAndRemainder(dividingBy: settings.imagesPerLesion)
    let rendered = render(lesion: lesion, image: image)
    let name = imageName(lesion: lesion, image: image)
    try output.writeGrey(rendered.pixels, size: rendered.size, to: "images/" + name)
    try output.writeGrey(rendered.mask, size: rendered.size, to: "masks/" + name)
    return rendered.backgroundBox
  }

  func cohortTable(_ backgroundBoxes: [PixelBox]) -> TableRows {
    LiverTables(cohort: self).cohort(backgroundBoxes: backgroundBoxes)
  }

  func truthTable() -> TableRows { LiverTables(cohort: self).truth() }

  var readme: String { LiverTables(cohort: self).readme }

  func imageName(lesion: Int, image: Int) -> String { "\(lesions[lesion].id)-\(image + 1).png" }
}
