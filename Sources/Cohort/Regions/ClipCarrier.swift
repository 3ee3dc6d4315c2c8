import Foundation
import Imaging
import Ultrasound

/// Carries what is drawn in frames of a clip into its other frames, in three passes whatever is drawn: one to find what stays on
/// the screen, one forwards, one backwards. A region is followed until its role is drawn again; where the ways of two drawn frames
/// meet, a frame takes the more confident, of equals the nearer.
struct ClipCarrier {
  let image: ImageRecord
  /// By frame, those with a frame of the clip.
  private let drawn: [Int: [RegionOfInterest]]
  private let roleFrames: [RegionOfInterest.Role: Set<Int>]
  private let memory: Int
  private let reader = PictureReader()

  private struct Way {
    var tracker: RegionTracker
    var region: RegionOfInterest
    var source: Int
    var last: Int
  }

  private struct Found {
    var region: RegionOfInterest
    var source: Int
  }

  private struct Place: Hashable {
    var role: RegionOfInterest.Role
    var frame: Int
  }

  struct Outcome: Sendable {
    var tracked: [RegionOfInterest]
    var clip: TrackingReport.Clip
  }

  /// - memory: bytes of grey frames kept at once for the way backwards.
  init(_ image: ImageRecord, drawn regions: [RegionOfInterest], memory: Int) {
    (self.image, self.memory) = (image, memory)
    let framed = regions.filter { $0.origin == .drawn && $0.frame != nil }
    drawn = Dictionary(grouping: framed) { $0.frame ?? 0 }
    roleFrames = Dictionary(grouping: framed, by: \.role).mapValues { Set($0.compactMap(\.frame)) }
  }

  func run() throws(CohortError) -> Outcome {
    let frames = image.extent.frames
    let overlay = try overlay(frames)
    var found: [Place: [Found]] = [:]
    var losses: [TrackingReport.Loss] = []
    var ways: [Way] = []
    for frame in (drawn.keys.min() ?? frames)..<frames {
      let grey = try reader.frame(frame, of: image).grey()
      step(grey, frame, overlay, isForwards: true, &ways, &found, &losses)
      // Nothing is on its way, and nothing will be.
      if ways.isEmpty, !drawn.keys.contains(where: { $0 > frame }) { break }
    }
    ways = []
    try backwards(overlay, &ways, &found, &losses)
    let tracked = found.sorted { ($0.key.frame, $0.key.role.rawValue) < ($1.key.frame, $1.key.role.rawValue) }
      .flatMap { Self.choice($0.value, in: $0.key.frame) }
    let lesions = Set(tracked.filter { $0.role == .lesion }.compactMap(\.frame)).union(roleFrames[.lesion] ?? [])
    let clip = TrackingReport.Clip(
      image: image.name, frames: frames, drawnFrames: drawn.count,
      trackedFrames: Set(tracked.compactMap(\.frame)).count, lesionFrames: lesions.count, hasOverlay: overlay != nil,
      losses: losses)
    return Outcome(tracked: tracked, clip: clip)
  }

  private func overlay(_ frames: Int) throws(CohortError) -> GreyImage? {
    var finder = StaticOverlayFinder(width: image.width, height: image.height)
    for frame in 0..<frames { finder.add(try reader.frame(frame, of: image)) }
    guard case .found(let overlay) = finder.find(), !overlay.isEmpty else { return nil }
    return overlay.mask
  }

  /// A part of the clip at a time is decoded forwards and gone through backwards.
  private func backwards(
    _ overlay: GreyImage?, _ ways: inout [Way], _ found: inout [Place: [Found]], _ losses: inout [TrackingReport.Loss]
  ) throws(CohortError) {
    let held = max(2, memory / max(1, image.width * image.height))
    var end = (drawn.keys.max() ?? -1) + 1
    while end > 0 {
      let start = max(0, end - held)
      var part: [GreyImage] = []
      for frame in start..<end { part.append(try reader.frame(frame, of: image).grey()) }
      for frame in (start..<end).reversed() {
        step(part[frame - start], frame, overlay, isForwards: false, &ways, &found, &losses)
      }
      end = start
      if ways.isEmpty, !drawn.keys.contains(where: { $0 < end }) { return }
    }
  }

  /// Follows what is on its way into a frame, and starts what is drawn there.
  private func step(
    _ grey: GreyImage, _ frame: Int, _ overlay: GreyImage?, isForwards: Bool, _ ways: inout [Way],
    _ found: inout [Place: [Found]], _ losses: inout [TrackingReport.Loss]
  ) {
    func lose(_ region: RegionOfInterest, _ source: Int, _ last: Int, _ reason: String) {
      losses.append(
        TrackingReport.Loss(
          role: region.role, name: region.name, drawnFrame: source, lastFrame: last, isForwards: isForwards,
          reason: reason))
    }
    var left: [Way] = []
    for var way in ways where roleFrames[way.region.role]?.contains(frame) != true {
      guard let region = way.tracker.follow(grey, index: frame) else {
        lose(way.region, way.source, way.last, way.tracker.loss?.words ?? "the region is not found again")
        continue
      }
      found[Place(role: region.role, frame: frame), default: []].append(Found(region: region, source: way.source))
      way.last = frame
      left.append(way)
    }
    ways = left
    let next = isForwards ? frame + 1 : frame - 1
    guard (0..<image.extent.frames).contains(next) else { return }
    for region in drawn[frame] ?? [] where roleFrames[region.role]?.contains(next) != true {
      do throws(RegionTrackerProblem) {
        let tracker = try RegionTracker(frame: grey, region: region, overlay: overlay)
        ways.append(Way(tracker: tracker, region: region, source: frame, last: frame))
      } catch {
        lose(region, frame, frame, error.description)
      }
    }
  }

  /// Those of one drawn frame.
  private static func choice(_ found: [Found], in frame: Int) -> [RegionOfInterest] {
    func confidence(_ found: [Found]) -> Double {
      found.reduce(0) { $0 + ($1.region.confidence ?? 0) } / Double(max(1, found.count))
    }
    let best = Dictionary(grouping: found, by: \.source).max { one, other in
      let (first, second) = (confidence(one.value), confidence(other.value))
      return (first, -abs(one.key - frame), -one.key) < (second, -abs(other.key - frame), -other.key)
    }
    return (best?.value ?? []).map { found in
      var region = found.region
      region.shape = region.shape.rounded
      return region
    }
  }
}

extension RegionTracker.Loss {
  fileprivate var words: String {
    switch self {
    case .cut: "another scene"
    case .unlike: "the region is not found again"
    case .left: "the region leaves the picture"
    }
  }
}

extension RegionOfInterest.Shape {
  /// To a 1024th of a pixel, so that sums of its numbers are exact.
  fileprivate var rounded: RegionOfInterest.Shape {
    func round(_ value: Double) -> Double { (value * 1024).rounded() / 1024 }
    switch self {
    case .box(let box):
      let (left, top) = (round(box.x), round(box.y))
      return .box(PixelBox(x: left, y: top, width: round(box.maxX) - left, height: round(box.maxY) - top))
    case .polygon(let rings):
      return .polygon(rings.map { $0.map { PixelPoint(x: round($0.x), y: round($0.y)) } })
    case .mask: return self
    }
  }
}
