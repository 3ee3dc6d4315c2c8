import Foundation
import Imaging
import Testing
import Ultrasound

@testable import BurnedIn

private let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

private func fixture(_ name: String) throws -> RGBImage {
  try Stills.decode(fixtures.appending(path: name)).rgb()
}

/// Whether Tesseract and its models are installed.
private let canRead = (try? TextReader(["eng", "chi_sim"])) != nil

@Suite(.enabled(if: canRead, "needs Tesseract with the models eng and chi_sim (Tools/setup.sh)"))
struct BurnedInTextTests {
  /// Where Tools/golden/burned_in.py drew its texts.
  private static let planted = [
    PixelRectangle(left: 8, top: 6, right: 108, bottom: 17), PixelRectangle(left: 230, top: 6, right: 355, bottom: 15),
    PixelRectangle(left: 9, top: 26, right: 50, bottom: 38),
    PixelRectangle(left: 121, top: 153, right: 205, bottom: 163),
    PixelRectangle(left: 201, top: 238, right: 295, bottom: 251),
  ]

  private func find(
    _ name: String, _ options: BlankingOptions = BlankingOptions(), identity: [String] = []
  ) throws -> (image: RGBImage, text: BurnedInText) {
    let image = try fixture(name)
    return (image, try BurnedInTextFinder(options).find(in: StillFrames([image]), identity: identity))
  }

  @Test func namesDatesAndNumbersAreBlankedAndNothingElseIsTouched() throws {
    let (image, text) = try find("named.png")
    for place in Self.planted {
      #expect(BurnedInTextFinder.share(of: text.mask, in: place) >= 0.9, "\(place)")
    }
    let blanked = text.blank(image)
    for at in text.mask.pixels.indices {
      let bytes = 3 * at..<3 * at + 3
      if text.mask.pixels[at] == 0 {
        #expect(blanked.pixels[bytes] == image.pixels[bytes])
      } else {
        #expect(blanked.pixels[bytes].allSatisfy { $0 == 0 })
      }
    }
    #expect(text.blankedTissuePixels * 20 < text.tissuePixels)
    let left = try PictureReading(reader: TextReader(["eng", "chi_sim"])).words(
      of: blanked.grey(), scale: 3, layout: .page)
    let kinds = TextKinds(identity: ["MUELLER^ANNA", "48213377", "1975-03-12", "王小明"])
    #expect(!left.contains { kinds.matchesIdentity($0.text) })
  }

  /// Loops of libtorch beside would wait forever for threads that they were denied.
  @Test func readingLeavesWhatHoldsForAllThreadsOfTheProcess() async throws {
    _ = try TextReader(["eng"])
    let library = try #require(dlopen("libgomp.so.1", RTLD_LAZY | RTLD_NOLOAD))
    let entry = try #require(dlsym(library, "omp_get_max_active_levels"))
    let levels = unsafeBitCast(entry, to: (@convention(c) () -> Int32).self)
    let before = levels()
    #expect(before >= 1)
    let reading = Task.detached {
      for _ in 0..<4 { _ = try TextReader(["eng"]).words(fixture("named.png").grey(), .page) }
    }
    let watching = Task.detached {
      while !Task.isCancelled, levels() == before { await Task.yield() }
      return levels()
    }
    try await reading.value
    watching.cancel()
    #expect(await watching.value == before)
  }

  @Test func scalesThatAreReadStayWhereAsked() throws {
    let (_, text) = try find("named.png", BlankingOptions(keepsScales: true))
    for scale in [
      PixelRectangle(left: 304, top: 26, right: 388, bottom: 33),
      PixelRectangle(left: 374, top: 103, right: 385, bottom: 111),
    ] {
      #expect(
        BurnedInTextFinder.share(of: text.mask, in: scale) == 0,
        "\(text.findings.filter { $0.box.common(scale).area > 0 })")
    }
    for place in Self.planted { #expect(BurnedInTextFinder.share(of: text.mask, in: place) >= 0.9, "\(place)") }
  }

  @Test func aPictureWithoutTextLosesLittle() throws {
    let (_, text) = try find("plain.png")
    #expect(text.mask.pixels.count { $0 > 0 } * 100 <= text.mask.pixels.count)
  }

  @Test func aClipIsBlankedByWhatStays() throws {
    let frames = (0..<20).map { shift -> RGBImage in
      // Tissue that moves sideways under letters that stay.
      guard let named = try? fixture("named.png"), let plain = try? fixture("plain.png") else {
        return RGBImage(width: 1, height: 1, pixels: [0, 0, 0])
      }
      var pixels = plain.pixels
      for y in 40..<plain.height {
        for x in 0..<plain.width {
          let from = 3 * (y * plain.width + (x + 7 * shift) % plain.width)
          let to = 3 * (y * plain.width + x)
          pixels.replaceSubrange(to..<to + 3, with: plain.pixels[from..<from + 3])
        }
      }
      for at in stride(from: 0, to: pixels.count, by: 3) where at / 3 / plain.width < 40 || named.pixels[at] >= 250 {
        pixels.replaceSubrange(at..<at + 3, with: named.pixels[at..<at + 3])
      }
      return RGBImage(width: plain.width, height: plain.height, pixels: pixels)
    }
    let text = try BurnedInTextFinder().find(in: StillFrames(frames))
    for place in Self.planted { #expect(BurnedInTextFinder.share(of: text.mask, in: place) >= 0.9, "\(place)") }
    #expect(text.findings.contains { $0.evidence.contains(.still) })
  }

  @Test func aMissingModelNamesItsPackage() {
    #expect {
      _ = try TextReader(["eng", "tlh_aaa"])
    } throws: {
      "\($0)".contains("tesseract-ocr-tlh-aaa")
    }
    #expect(throws: BurnedInError.self) { _ = try TextReader(["../eng"]) }
  }

  @Test func readersWorkSideBySide() async throws {
    let reader = try TextReader(["eng"])
    let image = try fixture("named.png").grey()
    let alone = try PictureReading(reader: reader).words(of: image, scale: 2, layout: .sparse).map(\.text)
    try await withThrowingTaskGroup(of: [String].self) { group in
      for _ in 0..<3 {
        group.addTask { try PictureReading(reader: reader).words(of: image, scale: 2, layout: .sparse).map(\.text) }
      }
      for try await words in group { #expect(words == alone) }
    }
  }

  /// What is written is read back as the clip it was, pixel for pixel and time for time, but for the text.
  @Test func aBlankedClipIsAClipAgain() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "clip-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let still = try fixture("named.png")
    let source = folder.appending(path: "source.mov")
    let writer = try ClipWriter(source, width: still.width, height: still.height)
    let times: [Int64] = [0, 33_333, 66_667, 140_000]
    for time in times { try writer.add(still, microseconds: time) }
    try writer.finish()
    let file = try PictureFile(source)
    let text = try BurnedInTextFinder().find(in: file.frames)
    #expect(!text.findings.isEmpty)
    let outputs = try file.write(text, as: "0001", into: folder)
    #expect(outputs.map(\.lastPathComponent) == ["0001.mov"])
    let reader = try ClipReader(outputs[0])
    for time in times {
      let frame = try #require(try reader.next())
      #expect(frame.nanoseconds == time * 1000)
      #expect(frame.image == text.blank(still))
    }
    #expect(try reader.next() == nil)
    let frames = try file.write(text, as: "0002", into: folder, clips: .frames)
    #expect(frames.count == 4 && FileManager.default.fileExists(atPath: folder.appending(path: "0002/times.json").path))
  }

  @Test func theProofSheetIsSignedForTheFilesAsTheyAre() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "proof-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = try PictureFile(fixtures.appending(path: "named.png"))
    let text = try BurnedInTextFinder().find(in: file.frames)
    let outputs = try file.write(text, as: "0001", into: folder)
    let sheet = ProofSheet([try ProofSheet.Entry(name: "<named>", frames: file.frames, text: text, outputs: outputs)])
    try sheet.write(to: folder.appending(path: "proof"))
    let page = try String(contentsOf: folder.appending(path: "proof/proof.html"), encoding: .utf8)
    #expect(page.contains("&lt;named&gt;") && page.contains(ProofPage.escaped(ProofSheet.notice)))
    let record = try ProofSheet.Record(reading: folder.appending(path: "proof/proof.json"))
    #expect(!record.covers(outputs[0]))
    let signed = try record.signed(by: "Dr. Roe", date: "2026-11-22T09:00:00Z")
    #expect(signed.covers(outputs[0]))
    #expect(throws: BurnedInError.self) { try record.signed(by: " ", date: "2026-11-22") }
    try Data([1]).write(to: outputs[0])
    #expect(!signed.covers(outputs[0]))
  }
}

@Suite struct TextKindsTests {
  private let kinds = TextKinds(identity: ["MUELLER^ANNA", "48213377", "王小明"])

  @Test(arguments: [
    "2024-03-05", "05/03/2024", "05-Mar-2024", "2024年3月5日", "05.03.2024", "20240305", "Mar 5, 2024", "2024/3/5",
  ]) func datesInAllOrders(_ text: String) { #expect(TextKinds(identity: []).kind(of: text, confidence: 90) == .date) }

  @Test func identityToleratesMisreading() {
    #expect(kinds.kind(of: "Muel1er, ANNA", confidence: 30) == .identity)
    #expect(kinds.kind(of: "x48213371", confidence: 30) == .identity)
    #expect(kinds.kind(of: "王 小 明", confidence: 30) == .identity)
  }

  @Test func whatIsNotKnownToBeHarmlessMayIdentify() {
    #expect(kinds.kind(of: "TIs 0.4 MI 1.2", confidence: 80) == .scale)
    #expect(kinds.kind(of: "-23.1 cm/s", confidence: 80) == .scale)
    #expect(kinds.kind(of: "RT BREAST UOQ", confidence: 90) == .annotation)
    #expect(kinds.kind(of: "左 乳腺", confidence: 90) == .annotation)
    #expect(kinds.kind(of: "City Hospital", confidence: 90) == .institution)
    #expect(kinds.kind(of: "Petrova, Irina", confidence: 90) == .name)
    #expect(kinds.kind(of: "13:05:09", confidence: 90) == .time)
    #expect(kinds.kind(of: "qx", confidence: 10) == .unreadable)
    #expect(kinds.kind(of: "Lorem", confidence: 90).mayIdentify)
  }

  @Test func framesOfAnotherSizeComeBackBlack() {
    let mask = GreyImage(width: 1, height: 1, pixels: [0])
    let frame = RGBImage(width: 2, height: 1, pixels: [1, 2, 3, 4, 5, 6])
    #expect(BurnedInText.blank(frame, mask).pixels == [0, 0, 0, 0, 0, 0])
    #expect(throws: BurnedInError.self) { try StillFrames([]) }
    #expect(throws: BurnedInError.self) { try StillFrames([frame, RGBImage(width: 1, height: 1, pixels: [0, 0, 0])]) }
  }
}
