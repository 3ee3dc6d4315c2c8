import DICOM
import Foundation
import Imaging
import Ultrasound

/// DICOM structured reports: the regions of TID 1500 and of CAD reports (SCOORD with the picture they were selected
/// from), and measurements wherever they stand, as in the ultrasound reports of TID 5000 and its kin (NUM). Coordinates
/// count from the upper left corner of the upper left pixel (PS3.3 C.18.6).
struct DICOMReport {
  /// What is said around a content item.
  private struct Surroundings {
    var headings: [String] = []
    /// Of the nearest group: what was found, and other coded or written values.
    var finding: String?
    var values: [String] = []
    var picture: DICOMReference?
  }

  private let source: AnnotationSource
  private let root: DICOMContentItem
  private let reader: ShapeReader
  private var drafts: [PictureDraft] = []
  private var places: [String: Int] = [:]
  private var measurements: [AnnotatedMeasurement] = []
  private var notes: [String] = []

  static func read(_ file: DICOMFile, _ source: AnnotationSource) throws(AnnotationError) -> AnnotationContents {
    var budget = 200_000
    let root = try DICOMContentItem(DICOMItem(file.dataSet), "1", source, &budget)
    var report = DICOMReport(source, root)
    try report.walk(root, Surroundings())
    return AnnotationContents(
      kind: .dicomReport, pictures: report.drafts.map(\.picture), measurements: report.measurements, notes: report.notes
    )
  }

  private init(_ source: AnnotationSource, _ root: DICOMContentItem) {
    (self.source, self.root) = (source, root)
    reader = ShapeReader(source)
  }

  private mutating func note(_ text: String) {
    if !notes.contains(text) { notes.append(text) }
  }

  private mutating func walk(_ item: DICOMContentItem, _ outside: Surroundings) throws(AnnotationError) {
    var around = outside
    switch item.type {
    case "CONTAINER":
      if !item.name.meaning.isEmpty { around.headings.append(item.name.meaning) }
      (around.finding, around.values) = (nil, [])
      gather(item, &around)
    case "CODE" where item.children.contains(where: { $0.type != "CODE" }):
      // CAD reports hang the regions of a finding below its code.
      around.finding = item.value ?? around.finding
      gather(item, &around)
    case "NUM": try measure(item, around)
    case "SCOORD": try mark(item, around)
    case "SCOORD3D": note("\(item.place): coordinates in space are not read")
    default: break
    }
    for child in item.children { try walk(child, around) }
  }

  /// What the children of a group say of it as a whole.
  private func gather(_ item: DICOMContentItem, _ around: inout Surroundings) {
    for child in item.children {
      switch child.type {
      case "CODE", "TEXT":
        guard let value = child.value else { continue }
        if child.isFinding { around.finding = value } else { around.values.append(value) }
      case "IMAGE": around.picture = around.picture ?? child.reference
      default: break
      }
    }
  }

  /// The picture from which coordinates were selected.
  private func picture(_ item: DICOMContentItem) -> DICOMReference? {
    item.resolved(in: root).first { $0.type == "IMAGE" }?.reference
  }

  private mutating func mark(_ item: DICOMContentItem, _ around: Surroundings) throws(AnnotationError) {
    guard let picture = picture(item) ?? around.picture else {
      note("\(item.place): coordinates without a picture were left out")
      return
    }
    let points = try reader.points(item.coordinates, at: item.place)
    let shape: RegionOfInterest.Shape
    switch item.graphic {
    case "POLYLINE":
      guard points.count >= 4, points.first == points.last else {
        note("\(item.place): an open POLYLINE of \(points.count) points encloses nothing and was left out")
        return
      }
      shape = .polygon([try reader.ring(points, at: item.place)])
    case "CIRCLE":
      guard points.count == 2 else {
        throw source.wrong(item.place, "a centre and a point of the circle", "\(points.count) points")
      }
      let radius = Self.distance(points[0], points[1])
      shape = try reader.ellipse(centre: points[0], radii: (radius, radius), at: item.place)
    case "ELLIPSE":
      guard points.count == 4 else { throw source.wrong(item.place, "the ends of both axes", "\(points.count) points") }
      let (major, minor) = (Self.distance(points[0], points[1]), Self.distance(points[2], points[3]))
      let centre = PixelPoint(x: (points[0].x + points[1].x) / 2, y: (points[0].y + points[1].y) / 2)
      let angle = atan2(points[1].y - points[0].y, points[1].x - points[0].x)
      shape = try reader.ellipse(centre: centre, radii: (major / 2, minor / 2), angle: angle, at: item.place)
    default:
      note("\(item.place): a \(item.graphic) encloses nothing and was left out")
      return
    }
    let index = draft(picture.instance)
    let name =
      around.finding ?? (around.values.isEmpty ? around.headings.last : around.values.first) ?? item.name.meaning
    for frame in picture.frames.isEmpty ? [nil] : picture.frames.map(Optional.some) {
      if let frame, frame < 0 { throw source.wrong(item.place, "a frame counted from 1", "\(frame + 1)") }
      try drafts[index].add(shape, name: name, others: around.values, frame: frame, at: item.place)
    }
  }

  private static func distance(_ one: PixelPoint, _ other: PixelPoint) -> Double {
    ((one.x - other.x) * (one.x - other.x) + (one.y - other.y) * (one.y - other.y)).squareRoot()
  }

  private mutating func measure(_ item: DICOMContentItem, _ around: Surroundings) throws(AnnotationError) {
    guard let value = item.number else {
      note("\(item.place): \(item.name.meaning) has no value")
      return
    }
    guard value.isFinite else { throw source.wrong(item.place, "a finite number", "\(value)") }
    var picture = around.picture
    for child in item.resolved(in: root) {
      if child.type == "IMAGE" { picture = child.reference ?? picture }
      if child.type == "SCOORD", let own = self.picture(child) { picture = own }
    }
    // HAS CONCEPT MOD: left, longest, mean, ...
    let modifiers = item.children.filter { $0.type == "CODE" || $0.type == "TEXT" }.compactMap(\.value)
    measurements.append(
      AnnotatedMeasurement(
        name: item.name.meaning, value: value, unit: item.unit,
        millimetres: item.unit.flatMap { Self.millimetres(value, $0) },
        context: around.headings + [around.finding].compactMap { $0 } + modifiers, sopInstance: picture?.instance,
        frame: picture?.frames.first))
  }

  /// UCUM's lengths, areas and volumes.
  private static func millimetres(_ value: Double, _ unit: String) -> Double? {
    let factors: [String: Double] = [
      "um": 0.001, "mm": 1, "cm": 10, "m": 1000, "mm2": 1, "cm2": 100, "mm3": 1, "cm3": 1000, "ml": 1000, "mL": 1000,
    ]
    return factors[unit].map { value * $0 }
  }

  private mutating func draft(_ instance: String) -> Int {
    if let place = places[instance] { return place }
    places[instance] = drafts.count
    var draft = PictureDraft(source, name: instance, sopInstance: instance, size: nil)
    draft.note("a report does not say the picture's size: shapes are not cut at the right and lower edge")
    drafts.append(draft)
    return drafts.count - 1
  }
}
