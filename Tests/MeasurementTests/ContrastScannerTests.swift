import Foundation
import Imaging
import Testing
import Ultrasound

@testable import Measurement

struct ContrastScannerTests {
  /// Breathing of 5 px and a flash: the whole way from pixels to parameters.
  @Test func aBreathingClipIsMeasured() throws {
    var phantom = ContrastPhantom(side: 64)
    (phantom.rate, phantom.seconds) = (5, 44)
    phantom.lesion = ContrastPhantom.lognormal(area: 0.6, onset: 6, mu: 2.2, sigma: 0.5)
    phantom.parenchyma = ContrastPhantom.lognormal(area: 1.2, onset: 6, mu: 2.8, sigma: 0.6)
    phantom.motion = { (2 * sin(1.5 * $0), 5 * sin(1.7 * $0)) }
    phantom.gain = { (25.0...25.25).contains($0) ? 15 : 0 }
    let recording = try phantom.recording()
    let screening = FrameScreening(recording)
    #expect(screening.marks.indices.filter { screening.marks[$0].contains(.flash) } == [125, 126])
    var worst = 0.0
    for (at, sample) in recording.samples.enumerated() where !screening.isExcluded(at) {
      let found = try #require(sample.displacement)
      let truth = phantom.motion(sample.time)
      worst = max(worst, abs(found.dx - truth.0), abs(found.dy - truth.1))
    }
    #expect(worst < 0.3, "\(worst) px")
    var maker = TimelineMaker()
    maker.analyser.resamples = 20
    let timeline = try maker.timeline(of: recording, screening: screening)
    #expect(timeline.arrival.time.map { abs($0 - 6.5) <= 0.7 } == true, "\(timeline.arrival)")
    let lesion = try #require(timeline.curves.first { $0.site == .lesion }?.model)
    let peak = 6 + exp(2.2 - 0.25)
    #expect(abs(lesion.peakTime - peak) < 0.4, "\(lesion.peakTime) for \(peak)")
    #expect(abs(lesion.peakEnhancement / phantom.lesion(peak) - 1) < 0.06)
    #expect(abs((lesion.totalArea ?? 0) / 0.6 - 1) < 0.06)
    #expect(timeline.contrasts.last?.word == .hypo)
  }

  @Test func powersAreThoseBeforeCompression() throws {
    let compression = try LogCompression(dynamicRange: 60)
    let pixels = [UInt8](repeating: 255, count: 50) + [UInt8](repeating: 0, count: 50)
    let frame = GreyImage(width: 10, height: 10, pixels: pixels)
    let whole = PixelBox(x: 0, y: 0, width: 10, height: 10)
    func level(_ box: PixelBox, cover: GreyImage? = nil) -> RegionLevel? {
      RegionSpans(.box(box)).level(in: frame, panel: whole, compression: compression, cover: cover)
    }
    #expect(level(whole).map { abs($0.power - 0.5000005) < 1e-9 && $0.saturated == 0.5 && $0.seen == 1 } == true)
    // A box that reaches a quarter pixel into the black.
    let edge = level(PixelBox(x: 2, y: 4, width: 3, height: 1.25))
    #expect(edge.map { abs($0.power - (1 + 0.25e-6) / 1.25) < 1e-9 } == true)
    // Half of it outside is still measured, more is not.
    #expect(level(PixelBox(x: -2, y: 0, width: 4, height: 2))?.seen == 0.5)
    #expect(level(PixelBox(x: -3, y: 0, width: 4, height: 2)) == nil)
    let cover = GreyImage(width: 10, height: 10, pixels: (0..<100).map { $0 % 10 < 4 ? 255 : 0 })
    #expect(level(whole, cover: cover)?.seen == 0.6)
    // 127.5 of 255 at 60 dB is 30 dB below white.
    #expect(abs(compression.powers[51] - pow(10, -4.8)) < 1e-15)
    let tinted = try LogCompression(dynamicRange: 60, white: 200)
    #expect(tinted.powers[200] == 1 && tinted.powers[230] == 1 && abs(tinted.powers[100] - 1e-3) < 1e-15)
  }

  @Test func shapesCoverTheirPixels() throws {
    let ring = [PixelPoint(x: 2, y: 2), PixelPoint(x: 8, y: 2), PixelPoint(x: 8, y: 6), PixelPoint(x: 2, y: 6)]
    #expect(abs(RegionSpans(.polygon([ring])).area - 24) < 1e-9)
    let hole = [PixelPoint(x: 4, y: 3), PixelPoint(x: 6, y: 3), PixelPoint(x: 6, y: 5), PixelPoint(x: 4, y: 5)]
    #expect(abs(RegionSpans(.polygon([ring, hole])).area - 20) < 1e-9)
    let mask = try #require(RunLengthMask(width: 4, height: 3, runs: [2, 4, 6]))
    let spans = RegionSpans(.mask(mask))
    #expect(spans.area == 4 && spans.rectangles.count == 2 && spans.bounds.y == 0 && spans.bounds.maxY == 2)
    #expect(RegionSpans(.polygon([[]])).area == 0)
  }

  /// Without a B-mode panel the picture is followed in the contrast itself, from key frame to key frame.
  @Test func motionIsFollowedInTheContrastAlone() throws {
    var phantom = ContrastPhantom(side: 64)
    (phantom.hasBMode, phantom.hasOverlay, phantom.floor) = (false, false, 1e-3)
    (phantom.rate, phantom.seconds) = (5, 12)
    (phantom.lesion, phantom.parenchyma) = ({ _ in 0 }, { _ in 0 })
    phantom.motion = { (3 * sin(1.5 * $0), 4 * sin(1.2 * $0)) }
    let recording = try phantom.recording()
    #expect(!recording.registersToOneFrame)
    for sample in recording.samples {
      let found = try #require(sample.displacement)
      let truth = phantom.motion(sample.time)
      #expect(abs(found.dx - truth.0) < 1 && abs(found.dy - truth.1) < 1, "\(sample.time) s: \(found)")
    }
  }

  @Test func aLesionDrawnInTheBModePanelIsMeasuredInTheContrast() throws {
    let phantom = ContrastPhantom(side: 64)
    var regions = phantom.regions
    let box = phantom.lesionBox
    regions.lesion = .box(PixelBox(x: box.x - 64, y: box.y, width: box.width, height: box.height))
    let frame = phantom.frame(100)
    var powers: [Double] = []
    for regions in [phantom.regions, regions] {
      var scanner = try ContrastScanner(
        regions: regions, reference: frame, compression: LogCompression(), followsMotion: false)
      for index in 0..<2 { try scanner.add(frame, index: index, time: Double(index)) }
      let recording = try scanner.recording()
      powers.append(try #require(recording.samples[0].lesion).power)
      #expect(recording.samples[1].isRepeated && !recording.samples[0].isRepeated)
    }
    #expect(powers[0] == powers[1] && powers[0] > 0.01)
  }

  @Test func badFramesAreErrorsThatNameThem() throws {
    let phantom = ContrastPhantom(side: 64)
    let frame = phantom.frame(0)
    let scanner = try ContrastScanner(regions: phantom.regions, reference: frame, compression: LogCompression())
    func message(_ image: RGBImage, _ time: Double?) -> String {
      var scanner = scanner
      do throws(ContrastError) {
        try scanner.add(frame, index: 0, time: 1)
        try scanner.add(image, index: 7, time: time)
        return "no error"
      } catch {
        return error.description
      }
    }
    #expect(message(frame, nil) == "frame 7: time: expected seconds, found nothing")
    #expect(message(frame, .nan).contains("expected seconds, found nan"))
    #expect(message(frame, 1) == "frame 7: time: expected after 1.0 s of the frame before, found 1.0 s")
    #expect(message(frame, 0.5).contains("found 0.5 s"))
    let small = RGBImage(width: 2, height: 1, pixels: [UInt8](repeating: 0, count: 6))
    #expect(message(small, 2) == "frame 7: size: expected 128 x 64 as the reference, found 2 x 1")
    #expect(throws: ContrastError.tooFew(what: "frames", needed: 2, found: 0)) { try scanner.recording() }
  }

  @Test func regionsOutsideAreErrors() throws {
    let phantom = ContrastPhantom(side: 64)
    let frame = phantom.frame(0)
    func isWrong(_ change: (inout ContrastRegions) -> Void) -> Bool {
      var regions = phantom.regions
      change(&regions)
      let made = try? ContrastScanner(regions: regions, reference: frame, compression: LogCompression())
      return made == nil
    }
    #expect(!isWrong { _ in })
    #expect(isWrong { $0.lesion = .box(PixelBox(x: 120, y: 10, width: 20, height: 10)) })
    #expect(isWrong { $0.lesion = .box(PixelBox(x: 70, y: 10, width: 0, height: 10)) })
    #expect(isWrong { $0.lesion = .box(PixelBox(x: .nan, y: 10, width: 10, height: 10)) })
    #expect(isWrong { $0.reference = .polygon([[]]) })
    #expect(isWrong { $0.contrastPanel = PixelBox(x: 64, y: 0, width: 65, height: 64) })
    #expect(isWrong { $0.bModePanel = PixelBox(x: -5, y: 0, width: 60, height: 64) })
    #expect(throws: ContrastError.self) { try LogCompression(dynamicRange: 0) }
    #expect(throws: ContrastError.self) { try LogCompression(dynamicRange: .nan) }
    #expect(throws: ContrastError.self) { try LogCompression(white: 256) }
  }

  /// Constant pictures have no motion, no arrival and no parameters, and no error.
  @Test func constantPicturesSayNothing() throws {
    let frame = GreyImage(width: 64, height: 64, pixels: [UInt8](repeating: 90, count: 4096)).rgb()
    var scanner = try ContrastScanner(
      regions: ContrastRegions(lesion: .box(PixelBox(x: 4, y: 4, width: 20, height: 20))), reference: frame,
      compression: LogCompression())
    for index in 0..<60 { try scanner.add(frame, index: index, time: 0.1 * Double(index)) }
    let recording = try scanner.recording()
    let timeline = try TimelineMaker().timeline(of: recording, screening: FrameScreening(recording))
    #expect(timeline.arrival.time == nil && timeline.longestDisplacement == nil && timeline.phases.isEmpty)
    #expect(timeline.marked["repeated"] == 59)
    #expect(try JSONEncoder().encode(timeline).count > 100)
  }
}
