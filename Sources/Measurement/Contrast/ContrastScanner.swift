public import Imaging
public import Ultrasound

/// Where in a clip's frames contrast is measured. Boxes are in pixels of the whole frame.
public struct ContrastRegions: Sendable, Hashable {
  /// The contrast picture; the whole frame where absent.
  public var contrastPanel: PixelBox?
  /// The B-mode picture of the same place beside it.
  public var bModePanel: PixelBox?
  /// Drawn in the contrast panel, or in the B-mode panel at the same place from its corner.
  public var lesion: RegionOfInterest.Shape?
  /// Parenchyma at the lesion's depth, without large vessels.
  public var reference: RegionOfInterest.Shape?

  public init(
    contrastPanel: PixelBox? = nil, bModePanel: PixelBox? = nil, lesion: RegionOfInterest.Shape? = nil,
    reference: RegionOfInterest.Shape? = nil
  ) {
    (self.contrastPanel, self.bModePanel) = (contrastPanel, bModePanel)
    (self.lesion, self.reference) = (lesion, reference)
  }
}

/// Goes through a contrast clip once, frame by frame; kept are numbers and the last frame.
public struct ContrastScanner: Sendable {
  public let compression: LogCompression
  private let size: (width: Int, height: Int)
  private let panel: PixelBox
  private let watched: PixelBox
  private let panelSpans: RegionSpans
  private let lesion: RegionSpans?
  private let parenchyma: RegionSpans?
  private let cover: GreyImage?
  private var tracker: DisplacementTracker?
  private var changes: FrameChangeDetector
  private var samples: [ContrastSample] = []
  private var brightest: UInt8 = 0
  private var isTinted = false
  private var notes: [String] = []

  /// - Parameters:
  ///   - reference: the frame in which the regions were drawn.
  ///   - overlay: above 127 where text stands: not measured and not followed. Of the frames' size.
  ///   - unlit: above 127 where the picture never lights up: not followed.
  ///   - followsMotion: false leaves the regions where they were drawn.
  /// - Throws: `region` where a region does not lie in its panel, or a panel in the frame.
  public init(
    regions: ContrastRegions, reference: RGBImage, compression: LogCompression, overlay: GreyImage? = nil,
    unlit: GreyImage? = nil, followsMotion: Bool = true
  ) throws(ContrastError) {
    self.compression = compression
    size = (reference.width, reference.height)
    let whole = PixelBox(x: 0, y: 0, width: Double(reference.width), height: Double(reference.height))
    panel = try Self.panel(regions.contrastPanel ?? whole, "contrast panel", in: whole)
    let bMode: PixelBox? =
      if let box = regions.bModePanel { try Self.panel(box, "B-mode panel", in: whole) } else { nil }
    watched = bMode ?? panel
    panelSpans = RegionSpans(.box(panel))
    for (name, image) in [("overlay", overlay), ("unlit", unlit)] {
      if let image, image.width != size.width || image.height != size.height {
        throw .region(
          name: name, expected: "\(size.width) x \(size.height) pixels", found: "\(image.width) x \(image.height)")
      }
    }
    cover = Self.usable(overlay, in: panel)
    if overlay != nil, cover == nil { notes.append("most of the contrast panel never changes: no overlay is left out") }
    lesion = try Self.region(regions.lesion, "lesion", panel, bMode)
    parenchyma = try Self.region(regions.reference, "reference", panel, bMode)
    changes = FrameChangeDetector(overlay: overlay)
    guard followsMotion else {
      notes.append("motion was not followed: the regions stay where they were drawn")
      return
    }
    // A picture that stands still is not overlay.
    let followed = Self.usable(overlay, in: watched)
    tracker = DisplacementTracker(
      reference: reference.grey(), panel: watched, cover: Self.union(followed, unlit), replacesKeys: bMode == nil)
    if tracker == nil { notes.append("the panel is too small to follow motion in it") }
  }

  /// - Parameter time: seconds on the clip's clock.
  /// - Throws: `frame` where the frame is of another size, or has no time after that of the frame before.
  public mutating func add(_ image: RGBImage, index: Int, time: Double?) throws(ContrastError) {
    guard image.width == size.width, image.height == size.height else {
      throw .frame(
        index: index, what: "size", expected: "\(size.width) x \(size.height) as the reference",
        found: "\(image.width) x \(image.height)")
    }
    guard let time, time.isFinite else {
      throw .frame(index: index, what: "time", expected: "seconds", found: time.map { "\($0)" } ?? "nothing")
    }
    if let last = samples.last?.time, time <= last {
      throw .frame(index: index, what: "time", expected: "after \(last) s of the frame before", found: "\(time) s")
    }
    let grey = image.grey()
    look(at: image, grey)
    let displacement = tracker?.displacement(of: grey, time: time)
    let (dx, dy) = (displacement?.dx ?? 0, displacement?.dy ?? 0)
    func level(_ region: RegionSpans?) -> RegionLevel? {
      region?.moved(dx: dx, dy: dy).level(in: grey, panel: panel, compression: compression, cover: cover)
    }
    samples.append(
      ContrastSample(
        index: index, time: time,
        panel: panelSpans.level(in: grey, panel: panel, compression: compression, cover: cover),
        lesion: level(lesion), reference: level(parenchyma), displacement: displacement,
        sharpness: sharpness(of: grey), isRepeated: changes.add(grey).kind == .repeated))
  }

  /// What was measured so far.
  /// - Throws: `tooFew` for fewer than two frames.
  public func recording() throws(ContrastError) -> ContrastRecording {
    guard samples.count > 1 else { throw .tooFew(what: "frames", needed: 2, found: samples.count) }
    var notes = notes
    if isTinted {
      notes.append(
        "the contrast panel is tinted; its brightest luma is \(brightest), white is taken to be \(compression.white)")
    }
    for time in tracker?.restarts ?? [] {
      notes.append("the track of the picture was lost and taken up anew at \(Text.fixed(time, 1)) s")
    }
    return ContrastRecording(
      samples: samples, hasLesion: lesion != nil, hasReference: parenchyma != nil,
      registersToOneFrame: tracker != nil && watched != panel, compression: compression, notes: notes)
  }

  private mutating func look(at image: RGBImage, _ grey: GreyImage) {
    // Every fourth row and column tell a tint as well as all.
    for y in stride(from: Int(panel.y), to: Int(panel.maxY), by: 4) {
      for x in stride(from: Int(panel.x), to: Int(panel.maxX), by: 4) {
        let at = y * image.width + x
        brightest = max(brightest, grey.pixels[at])
        let (red, blue) = (Int(image.pixels[3 * at]), Int(image.pixels[3 * at + 2]))
        if !isTinted, red + blue > 64, abs(red - blue) > 24 { isTinted = true }
      }
    }
  }

  /// Mean step between neighbouring pixels of the followed panel, over its mean.
  private func sharpness(of frame: GreyImage) -> Double {
    var (steps, sum) = (0, 1)
    frame.pixels.withUnsafeBufferPointer { pixels in
      for y in Int(watched.y)..<Int(watched.maxY) - 1 {
        for x in Int(watched.x)..<Int(watched.maxX) - 1 {
          let at = y * frame.width + x
          let here = Int(pixels[at])
          steps += abs(Int(pixels[at + 1]) - here) + abs(Int(pixels[at + frame.width]) - here)
          sum += here
        }
      }
    }
    return Double(steps) / Double(sum)
  }

  private static func panel(_ box: PixelBox, _ name: String, in whole: PixelBox) throws(ContrastError) -> PixelBox {
    let found = "\(box.x), \(box.y), \(box.width) x \(box.height)"
    let rounded = PixelBox(
      x: box.x.rounded(), y: box.y.rounded(), width: box.maxX.rounded() - box.x.rounded(),
      height: box.maxY.rounded() - box.y.rounded())
    guard rounded.x.isFinite, rounded.y.isFinite, rounded.width >= 2, rounded.height >= 2, rounded.x >= 0,
      rounded.y >= 0, rounded.maxX <= whole.maxX, rounded.maxY <= whole.maxY
    else {
      throw .region(
        name: name, expected: "a box inside the frame of \(Int(whole.width)) x \(Int(whole.height)) pixels",
        found: found)
    }
    return rounded
  }

  private static func region(
    _ shape: RegionOfInterest.Shape?, _ name: String, _ panel: PixelBox, _ bMode: PixelBox?
  ) throws(ContrastError) -> RegionSpans? {
    guard let shape else { return nil }
    var spans = RegionSpans(shape)
    guard spans.isFinite, spans.area >= 1, spans.rectangles.allSatisfy({ $0.width > 0 && $0.height > 0 }) else {
      throw .region(name: name, expected: "at least one pixel", found: "an area of \(spans.area)")
    }
    let box = spans.bounds
    let centre = (x: box.x + box.width / 2, y: box.y + box.height / 2)
    if let bMode, (bMode.x..<bMode.maxX).contains(centre.x), (bMode.y..<bMode.maxY).contains(centre.y) {
      spans = spans.moved(dx: panel.x - bMode.x, dy: panel.y - bMode.y)
    }
    let placed = spans.bounds
    guard placed.x >= panel.x, placed.y >= panel.y, placed.maxX <= panel.maxX, placed.maxY <= panel.maxY else {
      throw .region(
        name: name,
        expected: "inside the panel \(panel.x), \(panel.y), \(panel.width) x \(panel.height)",
        found: "\(box.x), \(box.y), \(box.width) x \(box.height)")
    }
    return spans
  }

  /// The part of a panel that may be overlay.
  private static let mostOverlay = 0.3

  private static func usable(_ overlay: GreyImage?, in panel: PixelBox) -> GreyImage? {
    guard let overlay else { return nil }
    let part = overlay.cropped(panel).pixels
    return Double(part.count { $0 > 127 }) <= mostOverlay * Double(part.count) ? overlay : nil
  }

  private static func union(_ first: GreyImage?, _ second: GreyImage?) -> GreyImage? {
    guard let first, let second else { return first ?? second }
    return GreyImage(
      width: first.width, height: first.height, pixels: zip(first.pixels, second.pixels).map { max($0, $1) })
  }
}
