import Imaging
import Testing

@testable import BurnedIn

/// Pictures that are drawn here, for what needs no Tesseract.
@Suite struct MaskTests {
  private func line(_ words: [PixelRectangle], letterHeight: Int = 10) -> FoundLine {
    let box = words.dropFirst().reduce(words[0]) { $0.joined($1) }
    return FoundLine(
      rectangle: box, words: words, letterHeight: letterHeight, letters: 4, likelihood: 0.9, text: nil,
      readingConfidence: 0, evidence: [.strokes])
  }

  private func box(_ left: Int, _ top: Int, _ right: Int, _ bottom: Int) -> PixelRectangle {
    PixelRectangle(left: left, top: top, right: right, bottom: bottom)
  }

  @Test func whatAnEchoSwallowedBetweenTwoPartsOfALineGoesToo() {
    let gaps = FoundLine.gaps(in: [line([box(10, 10, 50, 20)]), line([box(70, 11, 110, 21)])])
    #expect(gaps == [box(50, 10, 70, 21)])
    #expect(FoundLine.gaps(in: [line([box(10, 10, 50, 20)]), line([box(80, 10, 110, 20)])]).isEmpty)
    #expect(FoundLine.gaps(in: [line([box(10, 10, 50, 20)]), line([box(55, 17, 90, 27)])]).isEmpty)
  }

  @Test func aGapBetweenWordsIsNotTakenForText() {
    let known = line([box(0, 0, 40, 10), box(100, 0, 140, 10)])
    #expect(SceneSearch.isKnown(box(5, 0, 35, 10), [known]))
    #expect(!SceneSearch.isKnown(box(50, 0, 95, 10), [known]))
  }

  /// A streak that touches the line of letters and reaches far above it is cut off.
  @Test func aTallStreakIsCutToTheLine() throws {
    var pixels = [UInt8](repeating: 20, count: 120 * 80)
    for letter in 0..<6 {
      let left = 10 + 12 * letter
      for y in 40..<50 {
        for x in [left, left + 1, left + 5, left + 6] { pixels[y * 120 + x] = 250 }
      }
      for x in left..<left + 7 { pixels[45 * 120 + x] = 250 }
    }
    for y in 15..<50 { for x in 84..<87 { pixels[y * 120 + x] = 250 } }
    let image = RGBImage(width: 120, height: 80, pixels: pixels.flatMap { [$0, $0, $0] })
    let found = LineFinder(image).candidates().filter { $0.channel == .bright && $0.letters >= 6 }
    let best = try #require(found.max { $0.likelihood < $1.likelihood })
    #expect(best.words.allSatisfy { $0.top >= 35 && $0.bottom <= 55 })
    #expect(best.evenness == 1)
  }

  /// Digits of which a box holds the lower half, and a streak that the box cuts.
  @Test func lettersThatABoxCutsAreBlankedWhole() {
    var pixels = [UInt8](repeating: 20, count: 160 * 80)
    for letter in 0..<8 {
      for y in 30..<46 { for x in [20 + 12 * letter, 26 + 12 * letter] { pixels[y * 160 + x] = 250 } }
      for x in 20 + 12 * letter..<27 + 12 * letter { pixels[38 * 160 + x] = 250 }
    }
    let image = RGBImage(width: 160, height: 80, pixels: pixels.flatMap { [$0, $0, $0] })
    let letters = CutLetters(Scene(lowest: image, highest: image, frames: 1))
    let half = letters.widened(box(16, 36, 120, 48), letterHeight: 8, channel: .bright, isOutside: false)
    #expect(half.top <= 30 && half.top >= 27 && half.bottom == 48 && half.left == 16)
    // The last letter is cut through its cross-stroke and its middle, beside the tissue.
    let side = letters.widened(box(16, 28, 108, 48), letterHeight: 16, channel: .bright, isOutside: false)
    #expect(side == box(16, 28, 108, 48))
    // One streak downwards is no letter.
    for y in 10..<70 { for x in 60..<62 { pixels[y * 160 + x] = 250 } }
    let streak = RGBImage(width: 160, height: 80, pixels: pixels.flatMap { [$0, $0, $0] })
    let cut = CutLetters(Scene(lowest: streak, highest: streak, frames: 1))
      .widened(box(16, 28, 120, 48), letterHeight: 16, channel: .bright, isOutside: false)
    #expect(cut == box(16, 28, 120, 48))
  }

  @Test func aLetterThatABoxCutsBesideTissueIsBlankedWhole() {
    var pixels = [UInt8](repeating: 10, count: 80 * 40)
    for y in 10..<22 { for x in [40, 49] { pixels[y * 80 + x] = 240 } }
    for y in [10, 15, 21] { for x in 40..<50 { pixels[y * 80 + x] = 240 } }
    let image = RGBImage(width: 80, height: 40, pixels: pixels.flatMap { [$0, $0, $0] })
    let letters = CutLetters(Scene(lowest: image, highest: image, frames: 1))
    let wide = letters.widened(box(10, 8, 45, 24), letterHeight: 12, channel: .bright, isOutside: true)
    #expect(wide.right >= 50 && wide.right <= 52 && wide.top == 8 && wide.bottom == 24)
    let inside = letters.widened(box(10, 8, 45, 24), letterHeight: 12, channel: .bright, isOutside: false)
    #expect(inside == box(10, 8, 45, 24))
  }

  @Test func flowIsNoTextAndColouredLettersAreNoFlow() {
    var flow = [UInt8](repeating: 30, count: 200 * 120 * 3)
    for y in 30..<90 {
      for x in 40..<120 where (x / 4 + y / 6) % 3 > 0 {
        let at = 3 * (y * 200 + x)
        (flow[at], flow[at + 1], flow[at + 2]) = (UInt8(120 + x), UInt8(y), 0)
      }
    }
    let map = FlowMap(RGBImage(width: 200, height: 120, pixels: flow))
    #expect(map.share(of: box(50, 40, 110, 80)) == 1)
    #expect(map.share(of: box(150, 40, 190, 80)) == 0)

    var letters = [UInt8](repeating: 30, count: 200 * 120 * 3)
    for y in 30..<50 {
      for x in 20..<180 where x % 12 < 3 {
        let at = 3 * (y * 200 + x)
        (letters[at], letters[at + 1], letters[at + 2]) = (255, 255, 0)
      }
    }
    #expect(FlowMap(RGBImage(width: 200, height: 120, pixels: letters)).isEmpty)
  }

  @Test(arguments: ["0118", "2011", "02 09 04", "+2 09 04", "12 11 75", "+2: 68: 04"])
  func numbersThatMayBeYearsIdsOrClocksAreNoScale(_ text: String) {
    #expect(TextKinds(identity: []).kind(of: text, confidence: 95).mayIdentify)
  }

  @Test(arguments: ["10", "120", "-23.1", "0.4", "180 kPa", "1500m/s", "MI 1.1", "3.5 cm", "TIS 0.2 MI 0.8"])
  func numbersOfAScaleAre(_ text: String) {
    #expect(TextKinds(identity: []).kind(of: text, confidence: 95) == .scale)
  }
}
