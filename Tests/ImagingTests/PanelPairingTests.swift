import Foundation
import Imaging
import Testing
import Ultrasound

/// Screens of two panels whose places are known.
@Suite struct PanelPairingTests {
  private static let (width, height) = (120, 100)

  /// Speckle that belongs to a place.
  private static func tissue(_ x: Int, _ y: Int, seed: UInt32 = 1) -> UInt8 {
    var hash = UInt32(truncatingIfNeeded: x / 2 * 7919 + y / 2 * 104_729) &+ seed &* 2_654_435_761
    hash = (hash ^ (hash >> 15)) &* 2_246_822_519
    hash = (hash ^ (hash >> 13)) &* 3_266_489_917
    return UInt8(40 + (hash >> 16) % 160)
  }

  private enum Look { case grey, stiffness, flow, amber, arriving, other }

  private static func colour(_ look: Look, _ x: Int, _ y: Int) -> (UInt8, UInt8, UInt8) {
    let level = tissue(x, y)
    switch look {
    case .grey: return (level, level, level)
    case .other:
      let level = tissue(x, y, seed: 99)
      return (level, level, level)
    case .amber:
      let dim = Double(tissue(x, y, seed: 5)) / 255
      return (UInt8(40 + 160 * dim), UInt8(20 + 90 * dim), UInt8(5 + 20 * dim))
    case .arriving:
      // The near field, as in B-mode; below it contrast in the middle only.
      let isNear = y < 16 && x >= 14
      let isBright = (14..<118).contains(x) && (30..<90).contains(y)
      guard isNear || isBright else { return (0, 0, 0) }
      let share = Double(isNear ? level : tissue(x, y, seed: 5)) / 255
      return (UInt8(40 + 160 * share), UInt8(20 + 90 * share), UInt8(5 + 20 * share))
    case .stiffness:
      guard (20..<100).contains(x), (15..<85).contains(y) else { return (level, level, level) }
      let hues: [(Double, Double, Double)] = [
        (0, 40, 255), (0, 190, 255), (60, 255, 120), (240, 240, 0), (255, 110, 0),
      ]
      let hue = hues[(x - 20) / 16]
      func mixed(_ part: Double) -> UInt8 { UInt8(0.5 * part + 0.5 * Double(level)) }
      return (mixed(hue.0), mixed(hue.1), mixed(hue.2))
    case .flow:
      let (dx, dy) = (x - 60, y - 50)
      guard dx * dx + dy * dy < 400 else { return (level, level, level) }
      return dx < 0 ? (210, 30, 10) : (10, 40, 220)
    }
  }

  private static func screen(_ first: Look, _ second: Look?, gutter: Int, isStacked: Bool = false) -> RGBImage {
    let places = isStacked ? [(20, 30), (20, 30 + height + gutter)] : [(20, 30), (20 + width + gutter, 30)]
    let (wide, high) = isStacked ? (160, 2 * height + gutter + 60) : (2 * width + gutter + 40, height + 60)
    var pixels = [UInt8](repeating: 0, count: wide * high * 3)
    for (place, look) in zip(places, [first, second]) {
      guard let look else { continue }
      for y in 0..<height {
        for x in 0..<width {
          let at = ((place.1 + y) * wide + place.0 + x) * 3
          (pixels[at], pixels[at + 1], pixels[at + 2]) = colour(look, x, y)
        }
      }
    }
    // A line of text above.
    for y in 6..<14 {
      for x in 24..<90 where (x / 3 + y / 3) % 2 == 0 {
        for channel in 0..<3 { pixels[(y * wide + x) * 3 + channel] = 220 }
      }
    }
    return RGBImage(width: wide, height: high, pixels: pixels)
  }

  private func pair(_ finding: PanelPairingFinding) throws -> PairedPanels {
    guard case .pair(let pair) = finding else {
      throw Missing(finding: "\(finding)")
    }
    return pair
  }

  private struct Missing: Error { let finding: String }

  @Test(arguments: [0, 2, 8, 20], [false, true]) func aMapBesideItsPicture(_ gutter: Int, _ isStacked: Bool) throws {
    let screen = Self.screen(.grey, .stiffness, gutter: gutter, isStacked: isStacked)
    let pair = try pair(PanelPairing.find(in: screen))
    #expect(pair.arrangement == (isStacked ? .stacked : .sideBySide))
    #expect(pair.firstContent == .bMode && pair.secondContent == .shearWave)
    let apart = isStacked ? pair.second.y - pair.first.y : pair.second.x - pair.first.x
    #expect(apart == Double((isStacked ? Self.height : Self.width) + gutter))
    #expect(abs(pair.first.x - 20) <= 2 && abs(pair.first.y - 30) <= 2)
    #expect(abs(pair.first.width - 120) <= 2 && abs(pair.first.height - 100) <= 2)
    let crops = pair.crops(of: screen)
    #expect(crops.first.width == crops.second.width && crops.first.height == crops.second.height)
    let alignment = try #require(pair.alignment)
    #expect(abs(alignment.dx) < 0.1 && abs(alignment.dy) < 0.1)
    // A lesion's box lies at the same place of the other panel, and back.
    let lesion = PixelBox(x: pair.first.x + 30, y: pair.first.y + 40, width: 20, height: 10)
    let other = try #require(pair.counterpart(of: lesion))
    #expect(abs(other.x - pair.second.x - 30) < 0.1 && abs(other.y - pair.second.y - 40) < 0.1)
    let back = try #require(pair.counterpart(of: other))
    #expect(abs(back.x - lesion.x) < 1e-9 && abs(back.y - lesion.y) < 1e-9)
    #expect(pair.counterpart(of: PixelBox(x: 0, y: 0, width: 2, height: 2)) == nil)
  }

  @Test func flowAndContrastAreToldFromBMode() throws {
    let flow = try pair(PanelPairing.find(in: Self.screen(.flow, .grey, gutter: 6)))
    #expect(flow.firstContent == .colorDoppler && flow.secondContent == .bMode)
    let contrast = try pair(PanelPairing.find(in: Self.screen(.amber, .grey, gutter: 6)))
    #expect(contrast.firstContent == .contrast && contrast.secondContent == .bMode)
    #expect(contrast.alignment == nil && contrast.notes.count == 1)
    #expect(contrast.second.x - contrast.first.x == 126)
  }

  /// What is lit of the second panel begins 14 columns inside it.
  @Test(arguments: [2, 8, 20]) func aPanelThatIsDarkAtItsEdgeStandsWhereBothAgree(_ gutter: Int) throws {
    let pair = try pair(PanelPairing.find(in: Self.screen(.grey, .arriving, gutter: gutter)))
    #expect(pair.firstContent == .bMode && pair.secondContent == .contrast)
    #expect(pair.second.x - pair.first.x == Double(Self.width + gutter))
    let alignment = try #require(pair.alignment)
    #expect(abs(alignment.dx) < 0.5 && abs(alignment.dy) < 0.5)
  }

  @Test func onePictureAndTwoOthersStayWhole() {
    for screen in [
      Self.screen(.grey, nil, gutter: 0), Self.screen(.grey, .other, gutter: 0), Self.screen(.grey, .other, gutter: 8),
      Self.screen(.stiffness, nil, gutter: 0), RGBImage(width: 1, height: 1, pixels: [9, 9, 9]),
      RGBImage(width: 0, height: 0, pixels: []),
    ] {
      guard case .none(let reason) = PanelPairing.find(in: screen) else {
        Issue.record("a pair was found")
        continue
      }
      #expect(!reason.isEmpty)
    }
  }

  private func region(_ x: Double, _ content: CalibratedRegion.Content = .tissue, width: Double = 120)
    -> CalibratedRegion
  {
    CalibratedRegion(
      box: PixelBox(x: x, y: 30, width: width, height: 100), content: content, spacing: PixelSpacing(x: 0.2, y: 0.2))
  }

  @Test func regionsOfTheFileGoFirst() throws {
    let screen = Self.screen(.grey, .flow, gutter: 6)
    // The colour box lies on the second picture; a spectrum is no picture.
    let box = CalibratedRegion(
      box: PixelBox(x: 180, y: 50, width: 60, height: 60), content: .colorFlow, spacing: PixelSpacing(x: 0.2, y: 0.2))
    let spectrum = CalibratedRegion(
      box: PixelBox(x: 0, y: 140, width: 90, height: 20), content: .spectral, spacing: nil)
    let found = try pair(PanelPairing.find(in: screen, regions: [region(20), region(146), box, spectrum]))
    #expect(found.evidence == .regions && found.secondContent == .colorDoppler && found.second.x == 146)
    for regions in [[region(20), region(146, width: 60)], [region(0), region(130), region(260)]] {
      guard case .none(let reason) = PanelPairing.find(in: screen, regions: regions) else {
        Issue.record("a pair was found")
        continue
      }
      #expect(reason.contains("sizes") || reason.contains("3 pictures"))
    }
    let cuts = Self.screen(.grey, .other, gutter: 6)
    guard case .none = PanelPairing.find(in: cuts, regions: [region(20), region(146)]) else {
      Issue.record("two cuts were paired")
      return
    }
  }

  @Test func aClipIsFoundOverItsFrames() throws {
    let (dark, filled) = (Self.screen(.grey, nil, gutter: 6), Self.screen(.grey, .amber, gutter: 6))
    var pairing = PanelPairing(width: dark.width, height: dark.height)
    #expect(pairing.find() == .none(reason: "no frame was given"))
    for _ in 0..<3 { pairing.add(dark) }
    pairing.add(filled)
    let isUsed = pairing.add(RGBImage(width: 1, height: 1, pixels: [0, 0, 0]))
    #expect(!isUsed)
    let found = try pair(pairing.find())
    #expect(found.secondContent == .contrast && found.second.x - found.first.x == 126)
  }

  @Test func theProofShowsEveryPair() throws {
    let screen = Self.screen(.grey, .stiffness, gutter: 4)
    var proof = PanelProof()
    try proof.add(
      PanelProof.Entry(name: "a<b.png", frame: screen, panels: pair(PanelPairing.find(in: screen))))
    proof.addRefused(name: "c.png", reason: "one picture")
    let svg = proof.svg()
    #expect(svg.contains("a&lt;b.png") && svg.contains("c.png: one picture") && svg.contains("Signature"))
    #expect(svg.components(separatedBy: "data:image/png;base64,").count == 2)
    let parser = XMLCheck.parse(svg)
    #expect(parser)
  }

  /// Stills of one picture are not split.
  @Test(.enabled(if: Fixtures.hasShared, "needs ../shared")) func realStillsStayWhole() throws {
    let folder = Fixtures.shared.appending(path: "breast-busi/benign/images")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().prefix(2)
    #expect(!files.isEmpty)
    for file in files {
      let finding = PanelPairing.find(in: try Stills.decode(folder.appending(path: file)).rgb())
      if case .pair = finding { Issue.record("\(file) was split") }
    }
  }
}

/// Whether tags open and close in order.
private enum XMLCheck {
  static func parse(_ text: String) -> Bool {
    var open: [Substring] = []
    var rest = text[...]
    while let start = rest.firstIndex(of: "<"), let end = rest[start...].firstIndex(of: ">") {
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasSuffix("/") { continue }
      let name = tag.prefix { $0 != " " && $0 != "\n" }
      if name.hasPrefix("/") {
        guard open.popLast() == name.dropFirst() else { return false }
      } else {
        open.append(name)
      }
    }
    return open.isEmpty
  }
}
