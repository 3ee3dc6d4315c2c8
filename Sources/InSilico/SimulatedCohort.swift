import Dispatch
public import Foundation
import Synchronization
import Ultrasound

/// A simulated cohort: planned at once, rendered when written.
public protocol SimulatedCohort: Sendable {
  /// How it was made, and what its ideal observers reach.
  var record: SimulationRecord { get }
  var lesionCount: Int { get }
  /// Pictures in all modalities, each frame of a clip counted.
  var imageCount: Int { get }

  /// Makes `folder` with cohort.csv, images/, masks/, truth.csv, simulation.json and README.txt. All is written into a
  /// folder beside it and renamed at the end; on failure nothing is left.
  ///
  /// - Parameters:
  ///   - folder: must not exist yet.
  ///   - progress: called with pictures done and pictures in all, from any thread, one call at a time.
  /// - Throws: `SimulationError.exists`, `.output`.
  func write(
    to folder: URL, progress: (@Sendable (_ done: Int, _ of: Int) -> Void)?
  ) throws(SimulationError)
}

extension SimulatedCohort {
  /// Makes `folder` without telling of the progress.
  public func write(to folder: URL) throws(SimulationError) { try write(to: folder, progress: nil) }
}

/// A cohort that is rendered acquisition by acquisition, in any order: a picture, the pictures of a pair, a clip.
protocol RenderableCohort: SimulatedCohort {
  /// What the table needs to know of an acquisition once it is rendered.
  associatedtype Rendered: Sendable
  var acquisitionCount: Int { get }
  /// Pictures of one acquisition.
  var imagesPerAcquisition: Int { get }
  /// Renders and writes one acquisition's pictures and masks.
  func write(acquisition: Int, to output: CohortFolder) throws(SimulationError) -> Rendered
  /// cohort.csv: one row a picture.
  func cohortTable(_ rendered: [Rendered]) -> TableRows
  /// truth.csv: one row a lesion.
  func truthTable() -> TableRows
  var readme: String { get }
}

/// A table's columns and rows as text.
struct TableRows: Sendable {
  let columns: [String]
  let rows: [[String]]
}

extension RenderableCohort {
  public var imageCount: Int { acquisitionCount * imagesPerAcquisition }

  public func write(
    to folder: URL, progress: (@Sendable (_ done: Int, _ of: Int) -> Void)?
  ) throws(SimulationError) {
    let output = try CohortFolder(final: folder)
    do {
      let rendered = try writeImages(to: output, progress: progress)
      try output.write(cohortTable(rendered), to: "cohort.csv")
      try output.write(truthTable(), to: "truth.csv")
      try output.write(readme, to: "README.txt")
      try output.write(record: record)
      try output.finish()
    } catch {
      output.discard()
      throw error
    }
  }

  /// Renders acquisitions side by side; each draws from its own streams, so the order does not matter.
  private func writeImages(
    to output: CohortFolder, progress: (@Sendable (Int, Int) -> Void)?
  ) throws(SimulationError) -> [Rendered] {
    let (perAcquisition, total) = (imagesPerAcquisition, imageCount)
    let state = Mutex(WritingState<Rendered>(rendered: Array(repeating: nil, count: acquisitionCount)))
    DispatchQueue.concurrentPerform(iterations: acquisitionCount) { index in
      if state.withLock({ $0.failure != nil }) { return }
      do throws(SimulationError) {
        let rendered = try write(acquisition: index, to: output)
        state.withLock {
          $0.rendered[index] = rendered
          $0.done += perAcquisition
          progress?($0.done, total)
        }
      } catch {
        state.withLock { $0.failure = $0.failure ?? error }
      }
    }
    return try state.withLock { (final) throws(SimulationError) -> [Rendered] in
      if let failure = final.failure { throw failure }
      return final.rendered.compactMap(\.self)
    }
  }
}

/// What the threads of a cohort's writing share.
private struct WritingState<Rendered: Sendable>: Sendable {
  var rendered: [Rendered?]
  var done = 0
  var failure: SimulationError?
}
