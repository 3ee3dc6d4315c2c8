import Foundation
public import Ultrasound

/// Why a region cannot be followed at all.
public enum RegionTrackerProblem: Error, CustomStringConvertible, Sendable, Equatable {
  case notInside(width: Int, height: Int)
  case tooSmall(width: Double, height: Double)
  /// No texture that could be found again.
  case nothingToFollow
  case otherSize(width: Int, height: Int)
  case noSuchFrame(Int, frames: Int)

  public var description: String {
    switch self {
    case .notInside(let width, let height): "the region does not lie in the picture of \(width) x \(height) pixels"
    case .tooSmall(let width, let height): "expected a region of 6 x 6 pixels or more, found \(width) x \(height)"
    case .nothingToFollow: "the region and its surroundings show nothing that could be found again in another frame"
    case .otherSize(let width, let height): "the mask or overlay is not of the picture's size, \(width) x \(height)"
    case .noSuchFrame(let index, let frames): "frame \(index), counted from 0, was asked for; the clip has \(frames)"
    }
  }
}

/// Carries a region from one frame through the next ones, forwards or backwards, one at a time; what is kept is four
/// patches and the frame before.
///
/// The region's look in its key frame, at first the one in which it was drawn, is searched for in each new frame by its
/// correlation, moved and scaled. Where the speckle has changed too much, the frame before becomes the key. The first
/// look is tried again in each frame, and where it fits takes away the drift (Matthews, Ishikawa and Baker, The
/// template update problem, 2004). The way back, from the new frame to the one before, must lead to where the region
/// was (Kalal, Mikolajczyk and Matas, Forward-backward error, 2010).
///
/// The confidence, 0...1, falls with the likeness, with another place being as like, with the distance by which the way
/// back misses, with what is hidden or outside, and with each change of the key; it is a rank, made so that regions
/// lost on known motion stay below ``lostBelow`` (docs/annotations.md has the figures), and no probability. There the
/// track ends: a region that is lost is not reported again.
public struct RegionTracker: Sendable {
  /// Why a track ended.
  public enum Loss: String, Sendable, Codable {
    /// Another scene or another size of the frame.
    case cut
    /// The confidence fell below ``lostBelow``.
    case unlike
    /// Less than half of the region is left in the frame.
    case left
  }

  /// The confidence below which a region is lost.
  public static let lostBelow = 0.5
  /// The search goes this part of the region's smaller side far, at least 8 pixels.
  static let reach = 0.3

  public private(set) var loss: Loss?
  /// Pixels that the region's centre has moved to the right and down since the first frame, and its size against that.
  public var motion: (dx: Double, dy: Double, scale: Double) { (pose.x - start.x, pose.y - start.y, pose.scale) }

  private let region: RegionOfInterest
  private let warp: RegionWarp
  private let start: RegionPose
  private let grid: RegionGrid
  private let factor: Int
  private let side: Double
  private let overlay: GreyImage?
  private let first: RegionPatch
  private var key: RegionPatch
  /// What the key's own place deserves.
  private var trust = 1.0
  private var pose: RegionPose
  private var confidence = 1.0
  private var before: CoarseFrame
  private var changes: FrameChangeDetector

  /// - Parameters:
  ///   - region: in `frame`, of any shape.
  ///   - overlay: pixels above 127 stay while the picture moves and are not compared (``StaticOverlayFinder``).
  public init(
    frame: GreyImage, region: RegionOfInterest, overlay: GreyImage? = nil
  ) throws(RegionTrackerProblem) {
    let size = (frame.width, frame.height)
    if let overlay, (overlay.width, overlay.height) != size { throw .otherSize(width: size.0, height: size.1) }
    guard let box = RegionRaster.boundingBox(of: region.shape), box.x < Double(size.0), box.y < Double(size.1),
      box.maxX > 0,
      box.maxY > 0
    else { throw .notInside(width: size.0, height: size.1) }
    guard box.width >= 6, box.height >= 6 else { throw .tooSmall(width: box.width, height: box.height) }
    guard let mask = RegionRaster.mask(of: region.shape, width: size.0, height: size.1) else {
      throw .otherSize(width: size.0, height: size.1)
    }
    self.region = region
    self.overlay = overlay
    side = min(box.width, box.height)
    start = RegionPose(x: box.x + box.width / 2, y: box.y + box.height / 2, scale: 1)
    pose = start
    warp = RegionWarp(shape: region.shape, centre: start, width: size.0, height: size.1)
    grid = RegionGrid(box: box, mask: mask, margin: min(16, max(3, 0.15 * side)))
    factor = max(1, Int(grid.spacing))
    before = CoarseFrame(frame, factor: factor, overlay: overlay)
    first = RegionPatch(before, at: start, grid: grid)
    key = first
    changes = FrameChangeDetector(overlay: overlay)
    _ = changes.add(frame)
    guard first.visible >= 0.5, first.deviation >= 2 else { throw .nothingToFollow }
  }

  /// The region in the next frame.
  /// - index: what the region says its frame is.
  /// - Returns: nil where it is lost, from then on always.
  public mutating func follow(_ frame: GreyImage, index: Int) -> RegionOfInterest? {
    guard loss == nil else { return nil }
    let change = changes.add(frame)
    guard change.kind != .cut else { return end(.cut) }
    if change.kind == .moved {
      let coarse = CoarseFrame(frame, factor: factor, overlay: overlay)
      advance(to: coarse)
      before = coarse
    }
    guard confidence >= Self.lostBelow else { return end(.unlike) }
    guard let shape = warp.shape(at: pose) else { return end(.left) }
    return RegionOfInterest(
      role: region.role, shape: shape, frame: index, origin: .tracked, confidence: confidence, label: region.label,
      name: region.name)
  }

  private mutating func end(_ reason: Loss) -> RegionOfInterest? {
    loss = reason
    return nil
  }

  private mutating func advance(to frame: CoarseFrame) {
    let reach = max(8, Self.reach * side)
    var found = RegionSearch(patch: key, frame: frame).best(near: pose, reach: reach)
    if found.likeness < 0.8 {
      // The frame before is more like this one than the key is.
      let last = RegionPatch(before, at: pose, grid: grid)
      let other = RegionSearch(patch: last, frame: frame).best(near: pose, reach: reach)
      if other.likeness > found.likeness + 0.1 {
        (key, trust, found) = (last, trust * 0.97, other)
      }
    }
    if trust < 1 { anchor(&found, in: frame) }
    found.pose.scale = min(max(found.pose.scale, 0.5), 2)
    // The way back.
    let seen = RegionPatch(frame, at: found.pose, grid: grid)
    let back = RegionSearch(patch: seen, frame: before).best(near: found.pose, reach: reach)
    let miss = back.pose.distance(to: pose) / side
    let kept = Self.ramp(first.structure(like: seen), 0.2, 0.6)
    confidence = trust * (0.3 + 0.7 * kept) * Self.confidence(found, miss: miss, visible: seen.visible)
    pose = found.pose
  }

  /// Draws the pose to where the first look fits best nearby, the more the better it fits.
  private mutating func anchor(_ found: inout RegionSearch.Finding, in frame: CoarseFrame) {
    let anchored = RegionSearch(patch: first, frame: frame).refined(found.pose)
    guard anchored.pose.distance(to: found.pose) <= max(3, 0.15 * side) else { return }
    let pull = Self.ramp(anchored.likeness, 0.2, 0.5)
    trust = max(trust, pull)
    if anchored.likeness >= max(0.6, found.likeness - 0.15) { (key, trust) = (first, 1) }
    found.pose.x += pull * (anchored.pose.x - found.pose.x)
    found.pose.y += pull * (anchored.pose.y - found.pose.y)
    found.pose.scale += pull * (anchored.pose.scale - found.pose.scale)
  }

  private static func confidence(_ found: RegionSearch.Finding, miss: Double, visible: Double) -> Double {
    let alike = ramp(found.likeness, 0.2, 0.7)
    let alone = 0.8 + 0.2 * ramp(found.lead, 0, 0.1)
    let returns = exp(-(miss / 0.15) * (miss / 0.15))
    return pow(alike * alone * returns * ramp(visible, 0.3, 0.7), 1.5)
  }

  private static func ramp(_ value: Double, _ low: Double, _ high: Double) -> Double {
    min(max((value - low) / (high - low), 0), 1)
  }
}
