import Foundation
import GRDB
import Ultrasound

extension Catalogue {
  /// Carries each region that is drawn in a frame of a clip both ways through the clip (``ClipCarrier``), and keeps what was found,
  /// with its confidence, in the place of what was tracked before. What is drawn is never changed.
  ///
  /// - Parameters:
  ///   - names: images; nil for every clip with something drawn in a frame. Errors: `picture` for one that is no clip or has nothing
  ///     drawn.
  ///   - jobs: clips at a time; nil for one a core.
  ///   - progress: called on the calling thread with clips done and clips there are.
  public func track(
    images names: [String]? = nil, jobs: Int? = nil, progress: ((Int, Int) -> Void)? = nil
  ) throws(CohortError) -> TrackingReport {
    let regions = try regionsOfInterest()
    let clips = try clips(names, regions)
    let threads = max(1, min(jobs ?? ProcessInfo.processInfo.activeProcessorCount, clips.count))
    let memory = (256 << 20) / threads
    var report = TrackingReport(clips: [], failures: [])
    progress?(0, clips.count)
    for start in stride(from: 0, to: clips.count, by: threads) {
      let part = Array(clips[start..<min(start + threads, clips.count)])
      let outcomes = parallelMap(part, jobs: threads) { clip in
        Result { () throws(CohortError) in
          try ClipCarrier(clip, drawn: regions[clip.name] ?? [], memory: memory).run()
        }
      }
      for (clip, outcome) in zip(part, outcomes) {
        switch outcome {
        case .success(let outcome):
          try keep(outcome.tracked, of: clip)
          report.clips.append(outcome.clip)
        case .failure(.picture(_, let reason)):
          report.failures.append(ImportFailure(file: clip.name, reason: reason))
        case .failure(let error): throw error
        }
      }
      progress?(start + part.count, clips.count)
    }
    return report
  }

  private func clips(
    _ names: [String]?, _ regions: [String: [RegionOfInterest]]
  ) throws(CohortError) -> [ImageRecord] {
    func isDrawn(_ image: ImageRecord) -> Bool {
      (regions[image.name] ?? []).contains { $0.origin == .drawn && $0.frame != nil }
    }
    let images = try images()
    guard let names else { return images.filter(isDrawn) }
    let byName = Dictionary(images.map { ($0.name, $0) }) { one, _ in one }
    var clips: [ImageRecord] = []
    for name in Set(names).sorted() {
      guard let image = byName[name] else {
        throw .picture(image: name, reason: "the cohort has no image of this name")
      }
      guard case .clip = image.extent else { throw .picture(image: name, reason: "it is no clip") }
      guard isDrawn(image) else { throw .picture(image: name, reason: "no region is drawn in a frame of it") }
      clips.append(image)
    }
    return clips
  }

  private func keep(_ tracked: [RegionOfInterest], of image: ImageRecord) throws(CohortError) {
    try write { database in
      try database.execute(
        sql: "DELETE FROM region_of_interest WHERE image_id = ? AND origin = 'tracked'", arguments: [image.id])
      var writer = RegionWriter(database)
      for region in tracked { try writer.insert(region, of: image.id, file: nil) }
    }
  }
}
