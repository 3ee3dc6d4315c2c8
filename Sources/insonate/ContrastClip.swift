import DICOM
import Foundation
import Imaging

/// What a DICOM file says of the contrast agent (S1-04). Metadata: nothing is computed from it but the injection's time.
struct ContrastFacts: Encodable {
  let agent: String?
  /// ml
  let volume: Double?
  let mechanicalIndex: Double?
  /// Seconds from the first frame to the injection, where the file gives both times of day.
  let injection: Double?

  init(_ set: DataSet) {
    agent = try? set.string(Tag(0x0018, 0x0010))
    volume = try? set.number(Tag(0x0018, 0x1041))
    mechanicalIndex = try? set.number(Tag(0x0018, 0x5022))
    let start = (try? set.string(Tag(0x0018, 0x1042))).flatMap { $0 }.flatMap { Self.secondsOfDay($0) }
    let moment = (try? set.string(Tag(0x0008, 0x002a))).flatMap { $0 }.map { String($0.dropFirst(8)) }
    let time = (try? set.string(Tag(0x0008, 0x0032))).flatMap { $0 }
    let acquired = (moment ?? time).flatMap { Self.secondsOfDay($0) }
    // More than an hour apart they do not speak of this clip.
    injection = start.flatMap { start in acquired.map { start - $0 } }.flatMap { abs($0) <= 3600 ? $0 : nil }
  }

  /// Of a time such as 142530.25.
  private static func secondsOfDay(_ text: String) -> Double? {
    let digits = text.prefix { $0.isNumber || $0 == "." }
    guard digits.count >= 6, let hours = Double(digits.prefix(2)), let minutes = Double(digits.dropFirst(2).prefix(2)),
      let seconds = Double(digits.dropFirst(4)), hours < 24, minutes < 60, seconds < 61
    else { return nil }
    return hours * 3600 + minutes * 60 + seconds
  }
}

/// A clip or a DICOM cine whose frames are gone through one at a time, as often as needed.
struct ContrastClip {
  struct Frame {
    var index: Int
    /// Seconds; nil where the file does not say.
    var time: Double?
    var image: RGBImage
  }

  let facts: ContrastFacts?
  private let file: URL
  private let frameRate: Double?
  private let cine: (reader: FrameReader, timing: FrameTiming)?
  let expectedFrames: Int?

  init(path: String, frameRate: Double?) throws {
    file = URL(fileURLWithPath: path)
    self.frameRate = frameRate
    if PictureInput.isDICOM(file) {
      let opened = try DICOMFile(file)
      let reader = try FrameReader(opened)
      cine = (reader, FrameTiming(opened, frames: reader.frameCount))
      (facts, expectedFrames) = (ContrastFacts(opened.dataSet), reader.frameCount)
    } else {
      cine = nil
      (facts, expectedFrames) = (nil, try ClipReader(file).info.declaredFrames)
    }
  }

  /// - wanted: only these frames are given; the others are passed over.
  func read(where wanted: (Int) -> Bool = { _ in true }, _ body: (Frame) throws -> Void) throws {
    if let cine {
      for index in 0..<cine.reader.frameCount where wanted(index) {
        let stated = cine.timing.milliseconds.map { $0[index] / 1000 }
        try body(Frame(index: index, time: time(index, stated), image: try cine.reader.rgb(index)))
      }
      return
    }
    let reader = try ClipReader(file)
    while true {
      guard wanted(reader.position) else {
        guard try reader.skip(1) == 1 else { return }
        continue
      }
      guard let frame = try reader.next() else { return }
      try body(Frame(index: frame.index, time: time(frame.index, frame.time), image: frame.image))
    }
  }

  private func time(_ index: Int, _ stated: Double?) -> Double? { frameRate.map { Double(index) / $0 } ?? stated }
}
