import Foundation
import Imaging
import Testing

extension CommandTests {
  /// `clip`: over the small clips that Imaging's tests read.
  struct OfClips {
    private func clip(_ name: String) -> String {
      URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../ImagingTests/Fixtures/clips/\(name)").standardizedFileURL.path
    }

    @Test func infoSaysSizeRateAndTimes() throws {
      let found = try object(succeed("clip", "info", clip("h264-uneven.mp4"), "--json"))
      let (about, frames) = (found["clip"] as? [String: Any], found["frames"] as? [String: Any])
      #expect(about?["width"] as? Int == 64 && about?["height"] as? Int == 48 && about?["codec"] as? String == "h264")
      #expect(frames?["frames"] as? Int == 12 && frames?["hasVariableRate"] as? Bool == true)
      #expect(frames?["lastTime"] as? Double == 2.8 && found["damage"] == nil)
      #expect(try succeed("clip", "info", clip("mpeg1.mpeg")).output.contains("64 x 48 pixels, mpeg1video in mpeg"))
    }

    @Test func framesAreWrittenInOrderAndNamedByTheirPlace() throws {
      let sandbox = try Sandbox()
      let found = try object(
        succeed("clip", "frames", clip("turned-right.mp4"), "--out", sandbox("a/b"), "--every", "5", "--json"))
      let names = try FileManager.default.contentsOfDirectory(atPath: sandbox("a/b")).sorted()
      #expect(names == ["000000.png", "000005.png", "000010.png"])
      let frames = try #require(found["frames"] as? [[String: Any]])
      #expect(frames.map { $0["index"] as? Int } == [0, 5, 10] && frames.map { $0["time"] as? Double } == [0, 0.5, 1])
      let reader = try ClipReader(URL(fileURLWithPath: clip("turned-right.mp4")))
      try reader.skip(5)
      let sixth = try #require(try reader.next())
      #expect(try Stills.decode(URL(fileURLWithPath: sandbox("a/b/000005.png"))).rgb() == sixth.image)
    }

    @Test func whatIsNoClipIsRefused() throws {
      let sandbox = try Sandbox()
      let text = try sandbox.write("not a clip, though it is called one", to: "clip.mp4")
      for command in [["info", text], ["frames", text, "--out", sandbox("frames")]] {
        expectRefusal(try insonate(["clip"] + command + ["--json"]), 65, naming: "clip.mp4", "expected a clip")
      }
      expectRefusal(try insonate(["clip", "info", clip("sound.mp4")]), 65, naming: "sound.mp4", "moving pictures")
      expectRefusal(try insonate(["clip", "info", "/nowhere.avi"]), 65, naming: "/nowhere.avi")
      #expect(!exists(sandbox("frames")))
    }

    /// Each file is answered for itself, and none that cannot be read ends the others.
    @Test func panelsOfFilesThatAreNoneAreRefusedByName() throws {
      let sandbox = try Sandbox()
      let text = try sandbox.write("no picture", to: "note.png")
      let outcome = try insonate(
        "clip", "panels", text, clip("mjpeg.avi"), "--out", sandbox("pairs"), "--proof", sandbox("proof.svg"), "--json")
      #expect(outcome.code == 65 && outcome.errors.contains("note.png"))
      let files = try #require(try object(outcome)["files"] as? [[String: Any]])
      #expect(files.map { $0["isFailure"] as? Bool } == [true, false])
      let sheet = try String(contentsOfFile: sandbox("proof.svg"), encoding: .utf8)
      #expect(sheet.contains("note.png: could not be read") && sheet.contains("mjpeg.avi: "))
    }

    /// Reading one would wait for a writer that never comes.
    @Test(arguments: [
      ["clip", "info", "?"], ["clip", "panels", "?", "--out", "!"], ["clip", "deidentify", "?", "--out", "!"],
      ["ceus", "?"], ["measure", "colour", "?", "--unit", "kPa"], ["dicom", "info", "?"],
    ]) func aPipeIsNoPicture(arguments: [String]) throws {
      let sandbox = try Sandbox()
      try shell("mkfifo '\(sandbox("pipe.avi"))'")
      let words = arguments.map { $0 == "?" ? sandbox("pipe.avi") : $0 == "!" ? sandbox("out") : $0 }
      let outcome = try insonate(words, shell: #"exec timeout 30 "$0" "$@""#)
      #expect(outcome.signal == nil && outcome.code == 65, "\(outcome.code): \(outcome.errors)")
      #expect((outcome.errors + outcome.output).contains("pipe.avi"), "\(outcome.errors)")
    }

    @Test func aCutClipIsRefusedUnlessItsDamageIsAllowed() throws {
      let sandbox = try Sandbox()
      let bytes = try Data(contentsOf: URL(fileURLWithPath: clip("mjpeg.avi")))
      try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: sandbox("cut.avi")))
      expectRefusal(try insonate(["clip", "info", sandbox("cut.avi")]), 65, naming: "cut.avi", "cut short")
      let found = try object(succeed("clip", "info", sandbox("cut.avi"), "--allow-errors", "9", "--json"))
      let frames = try #require((found["frames"] as? [String: Any])?["frames"] as? Int)
      #expect(frames > 2 && frames < 12 && (found["damage"] as? String)?.contains("the file ends") == true)
    }
  }
}
