import Dispatch
public import Foundation
import Imaging
import Synchronization
import Tables
import Ultrasound

/// A simulated liver cohort: planned at once, rendered when written.
public struct LiverCohort: Sendable {
  public let settings: LiverSettings
  public let record: SimulationRecord
  let lesions: [LiverLesion]
  let model: LiverTruthModel

  init(_ settings: LiverSettings) throws(SimulationError) {
    try settings.check()
    self.settings = settings
    model = LiverTruthModel(settings)
    record = SimulationRecord(settings: settings, model: model)
    lesions = LiverPlan(settings, model: model).lesions()
  }

  public var lesionCount: Int { lesions.count }
  public var imageCount: Int { lesions.count * settings.imagesPerLesion }

  /// One picture, the same whenever and wherever it is asked for.
  ///
  /// - Parameters:
  ///   - lesion: 0..<lesionCount.
  ///   - image: 0..<imagesPerLesion.
  func render(lesion: Int, image: Int) -> RenderedImage {
    LiverRenderer(settings: settings).render(lesions[lesion], image: image)
  }

  /// Makes `folder` with cohort.csv, images/, masks/, truth.csv, simulation.json and README.txt. All is written into a
  /// folder beside it and renamed at the end; on failure nothing is left.
  ///
  /// - Parameters:
  ///   - folder: must not exist yet.
  ///   - progress: called with pictures done and pictures in all, from any thread, one call at a time.
  /// - Throws: `SimulationError.exists`, `.output`.
  public func write(
    to folder: URL, progress: (@Sendable (_ done: Int, _ of: Int) -> Void)? = nil
  ) throws(SimulationError) {
    let output = try CohortFolder(final: folder)
    do {
      let boxes = try writeImages(to: output, progress: progress)
      let tables = LiverTables(cohort: self)
      try output.write(tables.cohort(backgroundBoxes: boxes), to: "cohort.csv")
      try output.write(tables.truth(), to: "truth.csv")
      try output.write(tables.readme, to: "README.txt")
      try output.write(record: record)
      try output.finish()
    } catch {
      output.discard()
      throw error
    }
  }

  /// Renders lesions side by side; each draws from its own streams, so the order does not matter.
  ///
  /// - Returns: background boxes, one a picture in order of lesion and image.
  private func writeImages(
    to output: CohortFolder, progress: (@Sendable (Int, Int) -> Void)?
  ) throws(SimulationError) -> [PixelBox] {
    struct State {
      var boxes: [PixelBox]
      var done = 0
      var failure: SimulationError?
    }
    let (perLesion, total) = (settings.imagesPerLesion, imageCount)
    let state = Mutex(
      State(boxes: Array(repeating: PixelBox(x: 0, y: 0, width: 0, height: 0), count: total)))
    DispatchQueue.concurrentPerform(iterations: total) { index in
      if state.withLock({ $0.failure != nil }) { return }
      let (lesion, image) = index.quotientAndRemainder(dividingBy: perLesion)
      let rendered = render(lesion: lesion, image: image)
      let name = imageName(lesion: lesion, image: image)
      do throws(SimulationError) {
        try output.writeGrey(rendered.pixels, size: rendered.size, to: "images/" + name)
        try output.writeGrey(rendered.mask, size: rendered.size, to: "masks/" + name)
        state.withLock {
          $0.boxes[index] = rendered.backgroundBox
          $0.done += 1
          progress?($0.done, total)
        }
      } catch {
        state.withLock { $0.failure = $0.failure ?? error }
      }
    }
    return try state.withLock { (final) throws(SimulationError) -> [PixelBox] in
      if let failure = final.failure { throw failure }
      return final.boxes
    }
  }

  func imageName(lesion: Int, image: Int) -> String { "\(lesions[lesion].id)-\(image + 1).png" }
}
