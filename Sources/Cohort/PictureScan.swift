import DICOM
import Foundation
import Imaging
import Ultrasound

/// What copies of a picture are found by.
struct PictureLook: Sendable {
  var hash: NearDuplicates.Hash
  var thumbnail: Thumbnail
  /// 48 x 48 grey pixels, `LocalContrast.shrunk`.
  var picture: [UInt8]

  init(_ image: GreyImage) {
    hash = NearDuplicates.Hash(words: PerceptualHash(image).words)
    thumbnail = Thumbnail(image)
    picture = LocalContrast.shrunk(image)
  }

  init(hash: NearDuplicates.Hash, thumbnail: Thumbnail, picture: [UInt8]) {
    (self.hash, self.thumbnail, self.picture) = (hash, thumbnail, picture)
  }
}

/// What reading through a picture's file gave.
struct PictureScan: Sendable {
  var width: Int
  var height: Int
  var frames = 1
  /// Whether the file is a clip: its frames are told apart by their numbers.
  var isMoving = false
  /// By frame.
  var looks: [Int: PictureLook] = [:]
  /// Of parts of the frames that are images of their own, by part and frame.
  var partLooks: [PixelBox: [Int: PictureLook]] = [:]
  /// Milliseconds after the first frame; nil where the file says nothing of time.
  var times: [Double]?
  var spacing: PixelSpacing?
  var regions: [CalibratedRegion] = []
  var dicom: DICOMFacts?

  /// The frames of a clip that stand for it: first, middle and last.
  static func standing(for frames: Int) -> [Int] { Set([0, frames / 2, max(0, frames - 1)]).sorted() }

  init(_ still: Still, parts: Set<PixelBox> = []) {
    (width, height) = (still.width, still.height)
    keep(still.grey(), frame: 0, parts)
  }

  private mutating func keep(_ frame: GreyImage, frame index: Int, _ parts: Set<PixelBox>) {
    looks[index] = PictureLook(frame)
    for part in parts where part.isInside(width: frame.width, height: frame.height) {
      partLooks[part, default: [:]][index] = PictureLook(frame.cropped(part))
    }
  }

  /// What the scanner says of a part, in pixels of the part.
  func described(in part: PixelBox) -> (regions: [CalibratedRegion], spacing: PixelSpacing?) {
    let inside = regions.compactMap { region -> CalibratedRegion? in
      let moved = PixelBox(
        x: region.box.x - part.x, y: region.box.y - part.y, width: region.box.width, height: region.box.height)
      let cut = moved.expanded(by: 0, inWidth: Int(part.width), height: Int(part.height))
      guard cut.width > 0, cut.height > 0 else { return nil }
      return CalibratedRegion(box: cut, content: region.content, spacing: region.spacing)
    }
    return (inside, regions.isEmpty ? spacing : inside.sharedSpacing)
  }

  /// Reads a clip to its end, so that one that is cut or damaged is refused.
  ///
  /// - frames: further frames to look at; those the clip does not have are passed over.
  init(clip file: URL, frames wanted: Set<Int>, parts: Set<PixelBox> = []) throws(ImagingError) {
    let reader = try ClipReader(file)
    (width, height, isMoving) = (reader.info.width, reader.info.height, true)
    // Most clips say how many frames they have; then one pass is enough.
    let expected = wanted.union(Self.standing(for: reader.info.declaredFrames ?? 1))
    var seconds: [Double] = []
    while true {
      let index = reader.position
      if expected.contains(index) {
        guard let frame = try reader.next() else { break }
        seconds.append(frame.time)
        keep(frame.image.grey(), frame: index, parts)
      } else {
        guard let time = try reader.passOver() else { break }
        seconds.append(time)
      }
    }
    (frames, isMoving) = (seconds.count, seconds.count > 1)
    if isMoving, reader.info.hasTimes { times = seconds.map { ($0 - reader.info.startTime) * 1000 } }
    try look(again: Self.standing(for: frames).filter { looks[$0] == nil }, in: file, parts)
    let frames = frames
    func isNeeded(_ frame: Int) -> Bool { wanted.contains(frame) || Self.standing(for: frames).contains(frame) }
    looks = looks.filter { isNeeded($0.key) }
    partLooks = partLooks.mapValues { $0.filter { isNeeded($0.key) } }
  }

  private mutating func look(again missing: [Int], in file: URL, _ parts: Set<PixelBox>) throws(ImagingError) {
    guard !missing.isEmpty else { return }
    let reader = try ClipReader(file)
    for index in missing {
      try reader.skip(index - reader.position)
      if let frame = try reader.next() { keep(frame.image.grey(), frame: index, parts) }
    }
  }

  /// Decodes every frame of an encoded cine, so that one with a damaged frame is refused; of an uncompressed one those looked at,
  /// since its length was checked.
  init(
    dicom file: DICOMFile, person: PersonHash?, frames wanted: Set<Int>, parts: Set<PixelBox> = []
  ) throws(DICOMError) {
    let reader = try FrameReader(file)
    if let surplus = reader.surplus { throw .corrupt(file: file.name, detail: surplus) }
    let layout = reader.layout
    (width, height, frames, isMoving) = (layout.columns, layout.rows, layout.frames, layout.frames > 1)
    let looked = wanted.union(Self.standing(for: frames)).filter { $0 < frames }
    for index in 0..<frames where file.transferSyntax.isEncapsulated || looked.contains(index) {
      let frame = try reader.storedFrame(index)
      guard frame.isWhole else {
        throw .corrupt(
          file: file.name,
          detail: "frame \(index + 1) is \(frame.filled.columns) x \(frame.filled.rows), the file declares "
            + "\(frame.columns) x \(frame.rows)")
      }
      if looked.contains(index) { keep(try reader.rgb(frame).grey(), frame: index, parts) }
    }
    if isMoving { times = FrameTiming(file, frames: frames).milliseconds }
    let described = try file.ultrasoundRegions()
    regions = described.compactMap { CalibratedRegion($0, width: layout.columns, height: layout.rows) }
    spacing = file.spacing(regions)
    dicom = DICOMFacts(file, regions: described, person: person)
  }
}
