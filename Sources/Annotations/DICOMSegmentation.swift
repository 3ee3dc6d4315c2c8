import DICOM
import Foundation
import Imaging
import Ultrasound

/// DICOM segmentations (PS3.3 A.51): BINARY, FRACTIONAL from half of the largest value on, LABELMAP. A frame marks
/// pixels of the frame it was derived from, and has its size.
struct DICOMSegmentation {
  private struct Segment {
    let label: String
    let others: [String]
  }

  private let file: DICOMFile
  private let source: AnnotationSource
  private let frames: FrameReader
  private var segments: [Int: Segment] = [:]
  private var drafts: [PictureDraft] = []
  private var places: [String: Int] = [:]
  private var notes: [String] = []
  private var emptyFrames = 0
  private var reader: ShapeReader

  static func read(_ file: DICOMFile, _ source: AnnotationSource) throws(AnnotationError) -> AnnotationContents {
    var segmentation = try DICOMSegmentation(file, source)
    try segmentation.readSegments()
    try segmentation.readFrames()
    if segmentation.emptyFrames > 0 {
      segmentation.notes.append("frames that mark nothing: \(segmentation.emptyFrames)")
    }
    return AnnotationContents(
      kind: .dicomSegmentation, pictures: segmentation.drafts.map(\.picture), measurements: [],
      notes: segmentation.notes)
  }

  private init(_ file: DICOMFile, _ source: AnnotationSource) throws(AnnotationError) {
    (self.file, self.source) = (file, source)
    do throws(DICOMError) {
      frames = try FrameReader(file)
    } catch {
      throw .dicom(error)
    }
    reader = ShapeReader(source)
  }

  private mutating func readSegments() throws(AnnotationError) {
    for (index, item) in DICOMItem(file.dataSet).items(.segments).enumerated() {
      guard let number = try item.integer(.segmentNumber) else {
        throw source.wrong("Segment Sequence (0062,0002), item \(index)", "a Segment Number (0062,0004)", "none")
      }
      let type = try item.code(.segmentedPropertyType)?.meaning
      let category = try item.code(.segmentedPropertyCategory)?.meaning
      let label = try item.string(.segmentLabel) ?? type ?? ""
      segments[number] = Segment(label: label, others: [type, category].compactMap { $0 })
    }
    guard !segments.isEmpty else { throw source.wrong("Segment Sequence (0062,0002)", "a segment or more", "none") }
  }

  private mutating func readFrames() throws(AnnotationError) {
    let set = DICOMItem(file.dataSet)
    let layout = frames.layout
    _ = try source.size(Double(layout.columns), Double(layout.rows), "Rows and Columns")
    guard layout.samplesPerPixel == 1, !layout.isFloat else {
      throw source.wrong("Samples per Pixel (0028,0002)", "1", "\(layout.samplesPerPixel)")
    }
    let type = try set.string(.segmentationType) ?? "LABELMAP"
    let threshold: UInt32
    switch type {
    case "BINARY", "LABELMAP": threshold = 1
    case "FRACTIONAL":
      let largest = try set.integer(.maximumFractionalValue) ?? 255
      threshold = UInt32(max(1, (largest + 1) / 2))
      let meaning = try set.string(.fractionalType) ?? "no type"
      notes.append("FRACTIONAL (\(meaning)): marked from \(threshold) of \(largest) on")
    default: throw source.wrong("Segmentation Type (0062,0001)", "BINARY, FRACTIONAL or LABELMAP", type)
    }
    let groups = set.items(.perFrameGroups)
    guard groups.count == layout.frames || groups.isEmpty else {
      throw source.wrong(
        "Per-Frame Functional Groups (5200,9230)", "an item for each of \(layout.frames) frames", "\(groups.count)")
    }
    let shared = set.items(.sharedGroups).first
    for index in 0..<layout.frames {
      let own = [groups.isEmpty ? nil : groups[index], shared].compactMap { $0 }
      try readFrame(index, own, isLabelMap: type == "LABELMAP", threshold)
    }
  }

  private mutating func readFrame(
    _ index: Int, _ groups: [DICOMItem], isLabelMap: Bool, _ threshold: UInt32
  ) throws(AnnotationError) {
    let place = "frame \(index + 1)"
    let layout = frames.layout
    try reader.take(layout.rows * layout.columns, at: place)
    let values = try values(index)
    let numbers: [Int]
    if isLabelMap {
      numbers = segments.keys.sorted().filter { number in
        number > 0 && values.contains { $0 == UInt32(clamping: number) }
      }
    } else {
      guard let number = try segmentNumber(groups) else {
        throw source.wrong(place, "a Referenced Segment Number (0062,000b)", "none")
      }
      numbers = [number]
    }
    if isLabelMap, numbers.isEmpty { emptyFrames += 1 }
    for number in numbers {
      guard let segment = segments[number] else {
        throw source.wrong(place, "a segment of the file", "segment \(number)")
      }
      let marked = values.map { (isLabelMap ? $0 == UInt32(clamping: number) : $0 >= threshold) ? UInt8(255) : 0 }
      guard marked.contains(255) else {
        emptyFrames += 1
        continue
      }
      guard let mask = RunLengthMask(GreyImage(width: layout.columns, height: layout.rows, pixels: marked)),
        let target = try target(index, groups, place)
      else { continue }
      let draft = draft(target.instance)
      let name = segment.label
      for frame in target.frames.isEmpty ? [nil] : target.frames.map(Optional.some) {
        try drafts[draft].add(
          .mask(mask), name: name, others: segment.others, frame: frame, at: "\(place), segment \(number)")
      }
    }
  }

  private func values(_ index: Int) throws(AnnotationError) -> [UInt32] {
    let frame: StoredFrame
    do throws(DICOMError) {
      frame = try frames.storedFrame(index)
    } catch {
      throw .dicom(error)
    }
    let size = frame.bytesPerSample
    return frame.bytes.withUnsafeBytes { raw in
      (0..<raw.count / size).map { at in
        switch size {
        case 1: UInt32(raw[at])
        case 2: UInt32(raw.loadUnaligned(fromByteOffset: 2 * at, as: UInt16.self))
        default: raw.loadUnaligned(fromByteOffset: size * at, as: UInt32.self)
        }
      }
    }
  }

  private func segmentNumber(_ groups: [DICOMItem]) throws(AnnotationError) -> Int? {
    for group in groups {
      if let number = try group.items(.segmentIdentification).first?.integer(.referencedSegmentNumber) { return number }
    }
    return nil
  }

  /// The picture that a frame marks; nil, with a note, where it cannot be told or the mask's pixels are not the
  /// picture's.
  private mutating func target(_ index: Int, _ groups: [DICOMItem], _ place: String) throws(AnnotationError)
    -> DICOMReference?
  {
    var sources: [DICOMReference] = []
    for group in groups where sources.isEmpty {
      for derivation in group.items(.derivationImages) {
        for item in derivation.items(.sourceImages) {
          if let preserved = try item.string(.spatialLocationsPreserved), preserved != "YES" {
            notes.append("\(place): its pixels are not those of its source (\(preserved)); left out")
            return nil
          }
          if let reference = try item.reference() { sources.append(reference) }
        }
      }
    }
    if sources.count > 1 {
      notes.append("\(place): derived from \(sources.count) pictures; left out")
      return nil
    }
    if let source = sources.first { return source }
    // Without a derivation: the only instance that the file refers to, frame for frame where there is one segment.
    var instances: [String] = []
    for series in DICOMItem(file.dataSet).items(.referencedSeries) {
      for item in series.items(.referencedInstances) {
        if let reference = try item.reference() { instances.append(reference.instance) }
      }
    }
    guard instances.count == 1, frames.frameCount == 1 || segments.count == 1 else {
      notes.append("\(place): does not say which picture it marks; left out")
      return nil
    }
    notes.append(
      "\(place): taken for \(frames.frameCount == 1 ? "the" : "frame \(index + 1) of the") only picture that the file refers to"
    )
    return DICOMReference(instance: instances[0], frames: frames.frameCount == 1 ? [] : [index])
  }

  private mutating func draft(_ instance: String) -> Int {
    if let place = places[instance] { return place }
    places[instance] = drafts.count
    let size = (frames.layout.columns, frames.layout.rows)
    drafts.append(PictureDraft(source, name: instance, sopInstance: instance, size: size))
    return drafts.count - 1
  }
}

extension Tag {
  static let segments = Tag(0x0062, 0x0002)
  static let segmentationType = Tag(0x0062, 0x0001)
  static let segmentNumber = Tag(0x0062, 0x0004)
  static let segmentLabel = Tag(0x0062, 0x0005)
  static let segmentedPropertyCategory = Tag(0x0062, 0x0003)
  static let segmentedPropertyType = Tag(0x0062, 0x000f)
  static let segmentIdentification = Tag(0x0062, 0x000a)
  static let referencedSegmentNumber = Tag(0x0062, 0x000b)
  static let maximumFractionalValue = Tag(0x0062, 0x000e)
  static let fractionalType = Tag(0x0062, 0x0010)
  static let sharedGroups = Tag(0x5200, 0x9229)
  static let perFrameGroups = Tag(0x5200, 0x9230)
  static let derivationImages = Tag(0x0008, 0x9124)
  static let sourceImages = Tag(0x0008, 0x2112)
  static let spatialLocationsPreserved = Tag(0x0028, 0x135a)
}
