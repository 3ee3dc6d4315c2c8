import Foundation
import Imaging
import Testing
import Ultrasound

struct RegionTrackerTests {
  private static let speckle = Scene.Speckle(seed: 11)
  private static let other = Scene.Speckle(seed: 12)
  private static let box = PixelBox(x: 40, y: 30, width: 30, height: 24)

  /// The scene after a motion about the box's centre, with some noise; `fading` mixes in another scene.
  private static func frame(
    _ index: Int, dx: Double = 0, dy: Double = 0, scale: Double = 1, fading: Double = 0, text: Bool = false
  ) -> GreyImage {
    var noise = SplitMix(state: UInt64(index) + 1)
    return Scene.image(110, 80) { x, y in
      if text, x % 7 < 2, (38..<44).contains(y) { return 255 }
      let (u, v) = (55 + (Double(x) - 55 - dx) / scale, 42 + (Double(y) - 42 - dy) / scale)
      let own = Double(speckle.value(u, v))
      let value = fading > 0 ? (1 - fading) * own + fading * Double(other.value(Double(x), Double(y))) : own
      return UInt8(min(max(value + Double(noise.next() % 17) - 8, 0), 255))
    }
  }

  private static func region(_ shape: RegionOfInterest.Shape = .box(box)) -> RegionOfInterest {
    RegionOfInterest(role: .lesion, shape: shape, label: .malignant, name: "mass")
  }

  private static func motion(_ index: Int) -> (dx: Double, dy: Double, scale: Double) {
    (1.7 * Double(index), -0.8 * Double(index), 1 + 0.012 * Double(index))
  }

  @Test func knownMotionIsFollowed() throws {
    var tracker = try RegionTracker(frame: Self.frame(0), region: Self.region())
    for index in 1...10 {
      let (dx, dy, scale) = Self.motion(index)
      let frame = Self.frame(index, dx: dx, dy: dy, scale: scale)
      let followed = tracker.follow(frame, index: index + 5)
      let found = try #require(followed)
      #expect(found.frame == index + 5 && found.origin == .tracked && found.label == .malignant && found.name == "mass")
      #expect(abs(tracker.motion.dx - dx) < 0.4 && abs(tracker.motion.dy - dy) < 0.4, "\(index): \(tracker.motion)")
      #expect(abs(tracker.motion.scale - scale) < 0.02, "\(index): \(tracker.motion)")
      #expect((found.confidence ?? 0) > 0.6 && (found.confidence ?? 2) <= 1)
    }
  }

  @Test func polygonsAndMasksMoveAsTheirBoxes() throws {
    let ring = [PixelPoint(x: 40, y: 30), PixelPoint(x: 70, y: 34), PixelPoint(x: 52, y: 54)]
    let polygon = RegionOfInterest.Shape.polygon([ring])
    let picture = try #require(RegionRaster.mask(of: polygon, width: 110, height: 80))
    let mask = RegionOfInterest.Shape.mask(try #require(RunLengthMask(picture)))
    let area = picture.pixels.count { $0 > 0 }
    for shape in [polygon, mask] {
      var tracker = try RegionTracker(frame: Self.frame(0), region: Self.region(shape))
      let followed = tracker.follow(Self.frame(1, dx: 2, dy: 1), index: 1)
      let found = try #require(followed, "\(String(describing: tracker.loss))")
      let bounds = try #require(RegionRaster.boundingBox(of: found.shape))
      let before = try #require(RegionRaster.boundingBox(of: shape))
      #expect(abs(bounds.x - before.x - 2) < 1.1 && abs(bounds.y - before.y - 1) < 1.1)
      let moved = try #require(RegionRaster.area(of: found.shape, width: 110, height: 80))
      #expect(abs(moved - area) < area / 12)
    }
  }

  @Test func anotherSceneEndsTheTrack() throws {
    var tracker = try RegionTracker(frame: Self.frame(0), region: Self.region())
    let (first, second) = (
      tracker.follow(Self.frame(1, dx: 1), index: 1), tracker.follow(Self.frame(2, fading: 1), index: 2)
    )
    #expect(first != nil && second == nil)
    #expect(tracker.loss == .cut || tracker.loss == .unlike)
    // What is lost stays lost.
    let third = tracker.follow(Self.frame(3, dx: 1), index: 3)
    #expect(third == nil)
    let small = GreyImage(width: 2, height: 2, pixels: [0, 0, 0, 0])
    var cut = try RegionTracker(frame: Self.frame(0), region: Self.region())
    let afterCut = cut.follow(small, index: 1)
    #expect(afterCut == nil && cut.loss == .cut)
  }

  @Test func whatFadesAwayIsLostBeforeItIsGone() throws {
    var tracker = try RegionTracker(frame: Self.frame(0), region: Self.region())
    var last = 0
    for index in 1...16 {
      guard
        tracker.follow(Self.frame(index, dx: Double(index), fading: min(1, Double(index) / 10)), index: index) != nil
      else { break }
      last = index
    }
    #expect((3..<10).contains(last) && tracker.loss == .unlike, "lost after \(last)")
  }

  @Test func whatLeavesThePictureIsLost() throws {
    let box = PixelBox(x: 72, y: 30, width: 30, height: 24)
    var tracker = try RegionTracker(frame: Self.frame(0), region: Self.region(.box(box)))
    var last: RegionOfInterest?
    for index in 1...10 {
      guard let found = tracker.follow(Self.frame(index, dx: 3 * Double(index)), index: index) else { break }
      last = found
    }
    #expect(tracker.loss != nil)
    guard case .box(let box)? = last?.shape else {
      Issue.record("was lost at once")
      return
    }
    #expect(box.maxX <= 110 && box.width > 14 && box.x > 80)
  }

  @Test func theOverlayDoesNotHoldTheRegion() throws {
    let overlay = Scene.image(110, 80) { x, y in x % 7 < 2 && (38..<44).contains(y) ? 255 : 0 }
    var tracker = try RegionTracker(frame: Self.frame(0, text: true), region: Self.region(), overlay: overlay)
    for index in 1...4 {
      let found = tracker.follow(Self.frame(index, dx: 2 * Double(index), text: true), index: index)
      #expect(found != nil && abs(tracker.motion.dx - 2 * Double(index)) < 0.6, "\(tracker.motion)")
    }
  }

  @Test func aRepeatedFrameChangesNothing() throws {
    var tracker = try RegionTracker(frame: Self.frame(0), region: Self.region())
    let moved = Self.frame(1, dx: 3)
    let first = tracker.follow(moved, index: 1)
    let second = tracker.follow(moved, index: 2)
    #expect(first?.shape == second?.shape && first?.confidence == second?.confidence && second?.frame == 2)
  }

  @Test func whatCannotBeFollowedIsSaid() {
    func problem(_ box: PixelBox, _ frame: GreyImage = Self.frame(0), overlay: GreyImage? = nil)
      -> RegionTrackerProblem?
    {
      do throws(RegionTrackerProblem) {
        _ = try RegionTracker(frame: frame, region: Self.region(.box(box)), overlay: overlay)
        return nil
      } catch {
        return error
      }
    }
    #expect(problem(PixelBox(x: 200, y: 0, width: 20, height: 20)) == .notInside(width: 110, height: 80))
    #expect(problem(PixelBox(x: .nan, y: 0, width: 20, height: 20)) == .notInside(width: 110, height: 80))
    #expect(problem(PixelBox(x: 20, y: 20, width: 5, height: 20)) == .tooSmall(width: 5, height: 20))
    let flat = GreyImage(width: 110, height: 80, pixels: [UInt8](repeating: 90, count: 8800))
    #expect(problem(Self.box, flat) == .nothingToFollow)
    #expect(
      problem(Self.box, overlay: GreyImage(width: 1, height: 1, pixels: [0])) == .otherSize(width: 110, height: 80))
    #expect(problem(Self.box) == nil)
  }

  /// Tools/golden/moving_speckle.py: 1.5 pixels to the right and 1 down a frame, under a bar that stays.
  @Test func aClipIsFollowedBothWaysInAnyMemory() throws {
    let file = Fixtures.folder.appending(path: "regions/moving-speckle.mp4")
    // The disc in frame 6.
    let region = Self.region(.box(PixelBox(x: 36, y: 31, width: 36, height: 26)))
    let whole = try ClipTracking.track(region, inFrame: 6) { try ClipReader(file) }
    let parts = try ClipTracking.track(region, inFrame: 6, memory: 1) { try ClipReader(file) }
    #expect(whole.regions == parts.regions && whole.frames == 14 && whole.hasOverlay)
    #expect(whole.regions.compactMap(\.frame) == Array(0..<14), "\(whole)")
    for found in whole.regions {
      guard case .box(let box) = found.shape, let frame = found.frame else { continue }
      let (dx, dy) = (box.x + box.width / 2 - 54, box.y + box.height / 2 - 44)
      #expect(abs(dx - 1.5 * Double(frame - 6)) < 1 && abs(dy - Double(frame - 6)) < 1, "\(frame): \(dx), \(dy)")
    }
    let own = try #require(whole.regions.first { $0.frame == 6 })
    #expect(own.origin == .drawn && own.confidence == nil && own.shape == region.shape)
    #expect(throws: RegionTrackerProblem.noSuchFrame(14, frames: 14)) {
      try ClipTracking.track(region, inFrame: 14) { try ClipReader(file) }
    }
  }

  /// Real tissue has no known motion; there and back again it must come out where it began.
  @Test(.enabled(if: Fixtures.hasShared, "needs ../shared")) func aRealClipThereAndBack() throws {
    let file = Fixtures.shared.appending(path: "lung-pocus/pocus_videos/convex/Reg_pat1Image_132943.mpeg")
    let reader = try ClipReader(file)
    var frames: [GreyImage] = []
    while frames.count < 20, let frame = try reader.next() { frames.append(frame.image.grey()) }
    let box = PixelBox(x: 120, y: 60, width: 70, height: 60)
    var there = try RegionTracker(frame: frames[0], region: Self.region(.box(box)))
    var last: RegionOfInterest?
    for index in 1..<frames.count { last = there.follow(frames[index], index: index) }
    #expect(there.loss == nil)
    var back = try RegionTracker(frame: try #require(frames.last), region: try #require(last))
    for index in (0..<frames.count - 1).reversed() { last = back.follow(frames[index], index: index) }
    guard case .box(let end)? = last?.shape else {
      Issue.record("lost on the way back: \(String(describing: back.loss))")
      return
    }
    #expect(abs(end.x + end.width / 2 - 155) < 4 && abs(end.y + end.height / 2 - 90) < 4, "\(end)")
  }
}
