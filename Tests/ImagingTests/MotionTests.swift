import Foundation
import Imaging
import Testing
import Ultrasound

/// Synthetic frames of speckle, whose overlay, panels and motion are known.
enum Scene {
  /// Smooth noise that can be looked at anywhere, also between pixels: a sum of random waves.
  struct Speckle {
    let waves: [(kx: Double, ky: Double, phase: Double)]

    init(seed: UInt64) {
      var generator = SplitMix(state: seed)
      func unit() -> Double { Double(generator.next() >> 11) / 9_007_199_254_740_992 }
      waves = (0..<60).map { _ in (kx: 1.6 * (unit() - 0.5), ky: 1.6 * (unit() - 0.5), phase: 2 * .pi * unit()) }
    }

    func value(_ x: Double, _ y: Double) -> UInt8 {
      var sum = 0.0
      for wave in waves { sum += cos(wave.kx * x + wave.ky * y + wave.phase) }
      return UInt8(min(max(110 + 12 * sum, 25), 255))
    }
  }

  static func image(_ width: Int, _ height: Int, _ value: (Int, Int) -> UInt8) -> GreyImage {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height)
    for y in 0..<height { for x in 0..<width { pixels.append(value(x, y)) } }
    return GreyImage(width: width, height: height, pixels: pixels)
  }

  /// Whether a place lies in a convex sector whose box is width x height.
  static func isInSector(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> Bool {
    let (dx, dy) = (Double(x) - Double(width) / 2, Double(y) + 0.4 * Double(height))
    let radius = (dx * dx + dy * dy).squareRoot()
    return radius > 0.5 * Double(height) && radius < 1.4 * Double(height) && abs(dx) < 0.5 * dy
  }
}

struct StaticOverlayTests {
  /// A letter-like mark of three strokes.
  private static func isMark(_ x: Int, _ y: Int) -> Bool {
    (40..<52).contains(y) && (20..<60).contains(x) && (x % 8 < 2 || y % 6 < 2)
  }

  private static func frame(_ index: Int, withMark: Bool) -> RGBImage {
    let speckle = Scene.Speckle(seed: UInt64(index) + 5)
    return Scene.image(96, 80) { x, y in
      if withMark && isMark(x, y) { return 230 }
      return x < 10 ? 0 : speckle.value(Double(x), Double(y))
    }.rgb()
  }

  @Test func textIsFoundAndNothingElse() throws {
    var finder = StaticOverlayFinder(width: 96, height: 80)
    finder.margin = 0
    for index in 0..<12 { finder.add(Self.frame(index, withMark: true)) }
    guard case .found(let overlay) = finder.find() else {
      Issue.record("\(finder.find())")
      return
    }
    for y in 0..<80 {
      for x in 0..<96 { #expect((overlay.mask.pixels[y * 96 + x] == 255) == Self.isMark(x, y), "\(x), \(y)") }
    }
    #expect(overlay.movingShare > 0.8 && !overlay.isEmpty)
    finder.margin = 2
    guard case .found(let grown) = finder.find() else { return }
    #expect(grown.mask.pixels[38 * 96 + 24] == 255 && grown.mask.pixels[36 * 96 + 24] == 0)
  }

  @Test func aClipWithoutOverlayHasNone() {
    var finder = StaticOverlayFinder(width: 96, height: 80)
    for index in 0..<12 { finder.add(Self.frame(index, withMark: false)) }
    guard case .found(let overlay) = finder.find() else {
      Issue.record("\(finder.find())")
      return
    }
    #expect(overlay.isEmpty)
  }

  @Test func aStillClipIsUndecided() {
    var finder = StaticOverlayFinder(width: 96, height: 80)
    for _ in 0..<20 { finder.add(Self.frame(1, withMark: true)) }
    #expect(finder.distinctFrames == 1)
    guard case .undecided = finder.find() else {
      Issue.record("a frozen clip was decided")
      return
    }
    // A clock that runs does not make a still picture a moving one.
    for index in 0..<20 {
      var pixels = Self.frame(1, withMark: true).pixels
      pixels[3 * 96 * 2 + 60] = UInt8(index)
      finder.add(RGBImage(width: 96, height: 80, pixels: pixels))
    }
    #expect(finder.find() == .undecided(reason: "nothing moves, so what stays cannot be told from the picture"))
    let isUsed = finder.add(RGBImage(width: 2, height: 1, pixels: [0, 0, 0, 0, 0, 0]))
    #expect(!isUsed)
  }
}

struct PanelTests {
  private static func finder(_ value: (Int, Int) -> UInt8) -> PanelFinder {
    var finder = PanelFinder(width: 240, height: 120)
    finder.add(Scene.image(240, 120, value))
    return finder
  }

  private static let speckle = Scene.Speckle(seed: 3)

  private static func sector(_ x: Int, _ y: Int, left: Int, scale: Double = 1) -> UInt8 {
    let (column, row) = (x - left, y - 10)
    guard (0..<100).contains(column), row >= 0, Scene.isInSector(column, row, 100, 100) else { return 0 }
    return UInt8(Double(speckle.value(Double(x), Double(y))) * scale)
  }

  @Test func twoSectorsAreSplitAtOneDistance() throws {
    let finding = Self.finder { x, y in max(Self.sector(x, y, left: 10), Self.sector(x, y, left: 131, scale: 0.9)) }
      .find()
    guard case .panels(let split) = finding else {
      Issue.record("\(finding)")
      return
    }
    #expect(split.right.x - split.left.x == 121 && split.left.width == split.right.width)
    #expect(split.left.y == split.right.y && split.left.height == split.right.height && split.confidence > 0.9)
    #expect(split.gutter.x == split.left.maxX && split.gutter.maxX == split.right.x)
  }

  @Test func twoRectanglesWithARulerBesideOne() {
    func value(_ x: Int, _ y: Int) -> UInt8 {
      if (226..<230).contains(x) && y % 12 < 2 { return 200 }
      guard (8..<112).contains(y), (10..<110).contains(x) || (118..<218).contains(x) else { return 0 }
      return Self.speckle.value(Double(x), Double(y))
    }
    let ruler = Scene.image(240, 120) { x, _ in (226..<230).contains(x) ? 255 : 0 }
    guard case .panels(let split) = Self.finder(value).find(overlay: ruler) else {
      Issue.record("\(Self.finder(value).find(overlay: ruler))")
      return
    }
    #expect(split.left == PixelBox(x: 10, y: 8, width: 100, height: 104))
    #expect(split.right == PixelBox(x: 118, y: 8, width: 100, height: 104))
    #expect(split.gutter == PixelBox(x: 110, y: 8, width: 8, height: 104) && split.confidence == 1)
  }

  /// Contrast that has filled but the middle of its panel, on either side of the B-mode.
  @Test func aPanelDarkInPartIsFoundByWhatItShows() {
    for contrastIsLeft in [false, true] {
      func value(_ x: Int, _ y: Int) -> UInt8 {
        for (left, isContrast) in [(6, contrastIsLeft), (127, !contrastIsLeft)] {
          guard (left..<left + 108).contains(x), (4..<116).contains(y) else { continue }
          let echo = Self.speckle.value(Double(x - left), Double(y))
          if !isContrast { return echo }
          return (left + 30..<left + 90).contains(x) && (20..<90).contains(y) ? UInt8(Int(echo) * Int(echo) / 255) : 0
        }
        return 0
      }
      guard case .panels(let split) = Self.finder(value).find() else {
        Issue.record("\(Self.finder(value).find())")
        continue
      }
      #expect(split.left == PixelBox(x: 6, y: 4, width: 108, height: 112), "\(split)")
      #expect(split.right == PixelBox(x: 127, y: 4, width: 108, height: 112), "\(split)")
    }
  }

  @Test func onePictureIsRefused() {
    let cases: [(String, (Int, Int) -> UInt8)] = [
      ("a sector", { Self.sector($0, $1, left: 70) }),
      ("a full frame", { Self.speckle.value(Double($0), Double($1)) }),
      ("dark", { _, _ in 4 }),
      ("a sector with a shadow in its middle", { x, y in (115..<122).contains(x) ? 0 : Self.sector(x, y, left: 70) }),
      (
        "a picture and a narrow column of settings",
        { x, y in
          (10..<130).contains(x) || (150..<190).contains(x) && y < 60 ? Self.speckle.value(Double(x), Double(y)) : 0
        }
      ),
    ]
    for (name, value) in cases {
      let finding = Self.finder(value).find()
      guard case .undecided = finding else {
        Issue.record("\(name): \(finding)")
        continue
      }
    }
  }
}

struct TranslationTests {
  private static let speckle = Scene.Speckle(seed: 21)

  /// The scene moved by dx, dy, with noise of its own.
  private static func frame(_ dx: Double, _ dy: Double, seed: UInt64 = 1) -> GreyImage {
    var generator = SplitMix(state: seed)
    return Scene.image(150, 110) { x, y in
      let noise = Int(generator.next() % 11) - 5
      return UInt8(clamping: Int(speckle.value(Double(x) - dx, Double(y) - dy)) + noise)
    }
  }

  @Test func shiftsAreFoundToATenthOfAPixel() throws {
    let estimator = try #require(TranslationEstimator(reference: Self.frame(0, 0)))
    for (dx, dy) in [(0.0, 0.0), (3.0, -2.0), (0.4, 0.7), (-7.3, 4.6), (12.25, -9.5)] {
      let found = try #require(estimator.translation(of: Self.frame(dx, dy, seed: 9)), "\(dx), \(dy)")
      #expect(abs(found.dx - dx) < 0.1 && abs(found.dy - dy) < 0.1, "\(dx), \(dy): \(found)")
      #expect(found.confidence >= estimator.minimumConfidence && found.confidence <= 1)
    }
  }

  @Test func wholeTurnsOfNoiseFreeFramesAreExact() throws {
    // 128 x 64 pixels of a scene that repeats, so that nothing enters at the edges but the window.
    func frame(_ dx: Int, _ dy: Int) -> GreyImage {
      var generator = SplitMix(state: 4)
      let values = (0..<128 * 64).map { _ in UInt8(generator.next() & 255) }
      return Scene.image(128, 64) { x, y in values[(y - dy + 64) % 64 * 128 + (x - dx + 128) % 128] }
    }
    let estimator = try #require(TranslationEstimator(reference: frame(0, 0)))
    let same = try #require(estimator.translation(of: frame(0, 0)))
    #expect(abs(same.dx) < 1e-6 && abs(same.dy) < 1e-6 && same.confidence > 0.999)
    let moved = try #require(estimator.translation(of: frame(5, -3)))
    #expect(abs(moved.dx - 5) < 0.05 && abs(moved.dy + 3) < 0.05)
  }

  @Test func overlayDoesNotHoldTheSceneStill() throws {
    let mask = Scene.image(150, 110) { x, y in y < 70 && x % 4 < 2 ? 255 : 0 }
    func covered(_ image: GreyImage) -> GreyImage {
      Scene.image(150, 110) { x, y in mask.pixels[y * 150 + x] > 0 ? 255 : image.pixels[y * 150 + x] }
    }
    let box = PixelBox(x: 8, y: 40, width: 130, height: 66)
    let estimator = try #require(
      TranslationEstimator(reference: covered(Self.frame(0, 0)), region: box, overlay: mask))
    let found = try #require(estimator.translation(of: covered(Self.frame(4, 3, seed: 2))))
    #expect(abs(found.dx - 4) < 0.3 && abs(found.dy - 3) < 0.3, "\(found)")
  }

  @Test func anotherSceneHasNoTranslation() throws {
    let estimator = try #require(TranslationEstimator(reference: Self.frame(0, 0)))
    var generator = SplitMix(state: 77)
    #expect(abs(estimator.minimumConfidence - 0.1138) < 0.001)
    for _ in 0..<8 {
      let noise = Scene.image(150, 110) { _, _ in UInt8(generator.next() & 255) }
      #expect(estimator.translation(of: noise) == nil)
    }
    #expect(estimator.translation(of: Scene.image(150, 110) { _, _ in 90 }) == nil)
    #expect(estimator.translation(of: Scene.image(10, 10) { _, _ in 90 }) == nil)
    #expect(TranslationEstimator(reference: Scene.image(10, 10) { _, _ in 90 }) == nil)
    let nowhere = PixelBox(x: 900, y: 900, width: 50, height: 50)
    #expect(TranslationEstimator(reference: Self.frame(0, 0), region: nowhere) == nil)
  }
}

struct FrameChangeTests {
  private static func frame(_ scene: UInt64, at time: Int) -> GreyImage {
    let (speckle, shape) = (Scene.Speckle(seed: scene * 31), Scene.Speckle(seed: scene * 7 + 1))
    return Scene.image(80, 64) { x, y in
      let broad = Int(shape.value(Double(x) / 12, Double(y) / 12))
      return UInt8(clamping: broad + Int(speckle.value(Double(x + time), Double(y))) / 3 - 40)
    }
  }

  @Test func repeatsAndCutsAreTold() {
    var detector = FrameChangeDetector()
    let frames = [(1, 0), (1, 1), (1, 1), (1, 1), (1, 2), (2, 3), (2, 4), (2, 4)].map {
      Self.frame(UInt64($0.0), at: $0.1)
    }
    let changes = frames.map { detector.add($0) }
    #expect(changes.map(\.kind) == [.first, .moved, .repeated, .repeated, .moved, .cut, .moved, .repeated])
    #expect(changes.map(\.index) == Array(0..<8) && changes[2].meanDifference == 0)
    #expect(FrameChangeDetector.freezes(in: changes) == [1..<4])
    #expect(FrameChangeDetector.freezes(in: changes, minimum: 2) == [1..<4, 6..<8])
    let other = detector.add(Scene.image(8, 8) { _, _ in 0 })
    #expect(other.kind == .cut && other.meanDifference == nil)
  }

  @Test func aFlashIsNoCut() {
    var detector = FrameChangeDetector()
    _ = detector.add(Self.frame(1, at: 0))
    let flash = GreyImage(
      width: 80, height: 64, pixels: Self.frame(1, at: 1).pixels.map { UInt8(clamping: Int($0) + 60) })
    let change = detector.add(flash)
    #expect(change.kind == .moved)
  }

  @Test func overlayIsLeftOut() {
    let clock = Scene.image(80, 64) { _, y in y < 8 ? 255 : 0 }
    var (plain, covered) = (FrameChangeDetector(), FrameChangeDetector(overlay: clock))
    let still = Self.frame(1, at: 0)
    let ticking = GreyImage(
      width: 80, height: 64, pixels: still.pixels.enumerated().map { $0 < 80 * 8 ? 255 - $1 : $1 })
    let plainly = [plain.add(still), plain.add(ticking)].map(\.kind)
    let beneath = [covered.add(still), covered.add(ticking)].map(\.kind)
    #expect(plainly != [.first, .repeated] && beneath == [.first, .repeated])
  }
}
