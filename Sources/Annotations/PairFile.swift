import Foundation
import Imaging
import Tables
import Ultrasound

/// The label files of the annotation package Pair (S1-08; `NAME_Label.json`). Its format is not published; this is what
/// its files and programs that write them show:
/// - `FileInfo`: `Name` of the picture or clip, `Width`, `Height`, `Depth`; `FileName` is the name with its last point
///   as `_`.
/// - `Models.ColorLabelTableModel`: the classes, `ID` and `Desc`; a `Label` elsewhere is such an ID.
/// - `Models.BoundingBoxLabelModel`: boxes from `p1` to `p2` in frame `FrameCount` (from 0), turned where
///   `RotateMatrix` says so.
/// - `Polys[].Shapes[]`: polygons of `Points[].Pos`, in frame `ImageFrame`, of class `labelType`; older:
///   `Models.PolygonModel2[]` of `Points` and `Label`, where `closed` is not false.
/// - `Models.EllipseModel`, `CircleModel`: `Center` with `MajorAxis` and `MinorAxis` (whole lengths), or `Radius`.
/// - `Models.FrameLabelModel.FrameLabel[]`: what is said of the picture as a whole.
///
/// Painted masks lie in a NIfTI file beside and are not read. Views other than that of a plain picture (`SliceType` 3)
/// and every other model that is not empty are left out with a note.
struct PairFile {
  private let source: AnnotationSource
  private let reader: ShapeReader
  private var classes: [Int: String] = [:]
  private var draft: PictureDraft
  private let frames: Int

  static func read(_ json: JSONValue, _ source: AnnotationSource) throws(AnnotationError) -> AnnotationContents {
    var file = try PairFile(json, source)
    let models = json["Models"]?.object ?? [:]
    for (key, model) in models.sorted(by: { $0.key < $1.key }) { try file.read(model, key) }
    for (index, poly) in (json["Polys"]?.list ?? []).enumerated() {
      for (number, shape) in (poly["Shapes"]?.list ?? []).enumerated() {
        try file.readPolygon(shape, "Polys[\(index)].Shapes[\(number)]", label: ["labelType", "Label"])
      }
    }
    if (json["Curves"]?.list ?? []).contains(where: { !($0["Shapes"]?.list ?? []).isEmpty }) {
      file.draft.note("Curves enclose nothing and were left out")
    }
    return AnnotationContents(kind: .pair, pictures: [file.draft.picture], measurements: [], notes: [])
  }

  private init(_ json: JSONValue, _ source: AnnotationSource) throws(AnnotationError) {
    self.source = source
    reader = ShapeReader(source)
    let info = json["FileInfo"]
    let size = try source.size(info?["Width"]?.number, info?["Height"]?.number, "FileInfo.Width, FileInfo.Height")
    let names = [info?["Name"], json["ImagePath"], json["FileName"]].compactMap { $0?.string }
    guard let name = names.first(where: { !AnnotationSource.pictureName($0).isEmpty }) else {
      throw source.wrong("FileInfo.Name", "the picture's name", "none")
    }
    frames = info?["Depth"]?.number.flatMap { Int(exactly: $0) } ?? 1
    draft = PictureDraft(source, name: name, size: size)
    draft.note("the format is not published: read as the platform's documentation says")
    if size == nil { draft.note("FileInfo does not say width and height") }
    for entry in json["Models"]?["ColorLabelTableModel"]?.list ?? [] {
      guard let id = entry["ID"]?.number.flatMap({ Int(exactly: $0) }) else { continue }
      classes[id] = entry["Desc"]?.string ?? ""
    }
  }

  private mutating func read(_ model: JSONValue, _ key: String) throws(AnnotationError) {
    guard model != .null, !(model.list.isEmpty && model.object.isEmpty) else { return }
    let items = model.list.enumerated()
    switch key {
    case "ColorLabelTableModel", "MprPositionModel": break
    case "BoundingBoxLabelModel": for (index, item) in items { try readBox(item, "Models.\(key)[\(index)]") }
    case "PolygonModel2":
      for (index, item) in items { try readPolygon(item, "Models.\(key)[\(index)]", label: ["Label"]) }
    case "EllipseModel", "CircleModel": for (index, item) in items { try readEllipse(item, "Models.\(key)[\(index)]") }
    // The frames that have polygons in a view: an index of `Polys`.
    case "PolygonModel" where model.list.isEmpty: break
    case "PolygonModel":
      for (index, item) in items { try readPolygon(item, "Models.\(key)[\(index)]", label: ["Label"]) }
    case "FrameLabelModel": readFrameLabels(model)
    default: draft.note("Models.\(key) is not understood and was left out")
    }
  }

  private mutating func readFrameLabels(_ model: JSONValue) {
    let entries = model["FrameLabel"]?.list ?? (model.list.isEmpty ? nil : model.list) ?? []
    let children = model["ChildFrameLabel"]?.list ?? []
    for entry in entries + children {
      guard let id = (entry["Label"] ?? entry).number.flatMap({ Int(exactly: $0) }) else {
        draft.note("an entry of Models.FrameLabelModel is not understood and was left out")
        continue
      }
      let name = classes[id] ?? "\(id)"
      if !draft.picture.classes.contains(name) { draft.picture.classes.append(name) }
    }
  }

  /// The class and frame of an item; nil, with a note, where it lies in a view that is no plain picture.
  private mutating func heading(
    _ item: JSONValue, _ place: String, label keys: [String] = ["Label", "labelType"]
  ) throws(AnnotationError) -> (name: String, frame: Int?)? {
    if let view = item["SliceType"]?.number, view != 3, view >= 0 {
      draft.note("\(place) lies in a view of a volume (SliceType \(view)) and was left out")
      return nil
    }
    var name = ""
    if let label = keys.lazy.compactMap({ item[$0] }).first {
      if let id = label.number.flatMap({ Int(exactly: $0) }) {
        if classes[id] == nil { draft.note("class \(id) is not in ColorLabelTableModel") }
        name = classes[id] ?? "\(id)"
      } else {
        name = label.scalar ?? ""
      }
    }
    guard let number = (item["FrameCount"] ?? item["ImageFrame"])?.number else { return (name, nil) }
    guard let frame = Int(exactly: number), frame >= 0 else {
      throw source.wrong(place, "a frame counted from 0", "\(number)")
    }
    // A still has depth 1, or 3 for its colours, and all in frame 0.
    return (name, frames <= 3 && frame == 0 ? nil : frame)
  }

  private func point(_ value: JSONValue?, _ place: String) throws(AnnotationError) -> PixelPoint {
    let numbers = (value?["Pos"] ?? value)?.list.map(\.number) ?? []
    guard numbers.count >= 2, let x = numbers[0], let y = numbers[1] else {
      throw source.wrong(place, "x and y", "something else")
    }
    return PixelPoint(x: x, y: y)
  }

  private mutating func readBox(_ item: JSONValue, _ place: String) throws(AnnotationError) {
    guard let (name, frame) = try heading(item, place) else { return }
    let (one, other) = (try point(item["p1"], "\(place).p1"), try point(item["p2"], "\(place).p2"))
    let box = try reader.box(one.x, one.y, other.x, other.y, at: place)
    let matrix = (item["RotateMatrix"]?.list ?? []).compactMap(\.number)
    if matrix.count >= 2, abs(matrix[1]) > 1e-6 {
      draft.note("\(place) is turned (RotateMatrix); the box between its two points was taken as it is")
    }
    try draft.add(.box(box), name: name, frame: frame, at: place)
  }

  private mutating func readPolygon(_ item: JSONValue, _ place: String, label: [String]) throws(AnnotationError) {
    if item["closed"]?.bool == false {
      draft.note("\(place) is an open line and was left out")
      return
    }
    guard let (name, frame) = try heading(item, place, label: label) else { return }
    var points: [PixelPoint] = []
    for (index, value) in (item["Points"]?.list ?? []).enumerated() {
      points.append(try point(value, "\(place).Points[\(index)]"))
    }
    try draft.add(.polygon([try reader.ring(points, at: "\(place).Points")]), name: name, frame: frame, at: place)
  }

  private mutating func readEllipse(_ item: JSONValue, _ place: String) throws(AnnotationError) {
    guard let (name, frame) = try heading(item, place) else { return }
    let centre = try point(item["Center"], "\(place).Center")
    let radii: (Double, Double)
    if let radius = (item["Radius"] ?? item["R"])?.number {
      radii = (radius, radius)
    } else if let major = item["MajorAxis"]?.number, let minor = item["MinorAxis"]?.number {
      radii = (major / 2, minor / 2)
    } else {
      draft.note("\(place) has neither axes nor a radius and was left out")
      return
    }
    try draft.add(try reader.ellipse(centre: centre, radii: radii, at: place), name: name, frame: frame, at: place)
  }
}
