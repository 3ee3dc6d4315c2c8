import Foundation
import Ultrasound

/// CVAT's tracks: one object through the frames of a video. A shape holds from its frame to the track's next one unless
/// it is `outside`; boxes between two of a track's frames lie on the straight way from the one to the other. Shapes
/// that a person set are drawn, the others (`keyframe` 0, and those between) carried along.
enum CVATVideo {
  static func read(_ tracks: [XMLNode], _ root: XMLNode, _ reader: inout CVATShapes) throws(AnnotationError)
    -> AnnotatedPicture
  {
    let source = reader.source
    let task = root.first("meta")?.first("task")
    let size = try source.size(
      number(task?.text("original_size", "width")), number(task?.text("original_size", "height")), "original_size")
    let name = root.text("meta", "source") ?? task?.text("source") ?? task?.text("name") ?? ""
    var draft = PictureDraft(source, name: name, size: size)
    if draft.picture.pictureName.isEmpty { draft.note("the file does not name its video") }
    if size == nil { draft.note("original_size is not said") }
    let step = max(1, Int(task?.text("frame_filter")?.replacing("step=", with: "") ?? "") ?? 1)
    for (index, track) in tracks.enumerated() {
      try read(track, "track[\(index)]", every: step, &reader, &draft)
    }
    return draft.picture
  }

  private static func number(_ text: String?) -> Double? { text.flatMap { Double($0) } }

  private struct Stand {
    let node: XMLNode
    let frame: Int
    let place: String
    var isOutside: Bool { node.attributes["outside"] == "1" }
    var isKey: Bool { node.attributes["keyframe"] != "0" }
  }

  private static func read(
    _ track: XMLNode, _ place: String, every step: Int, _ reader: inout CVATShapes, _ draft: inout PictureDraft
  ) throws(AnnotationError) {
    guard let label = track.attributes["label"] else {
      throw reader.source.wrong("\(place) (line \(track.line))", "a label", "none")
    }
    var stands: [Stand] = []
    for (number, node) in track.children.enumerated() {
      let place = "\(place).\(node.name)[\(number)] (line \(node.line))"
      let frame = try reader.whole(node, "frame", place)
      guard (0..<10_000_000).contains(frame) else {
        throw reader.source.wrong("\(place) frame", "0 or more", "\(frame)")
      }
      stands.append(Stand(node: node, frame: frame, place: place))
    }
    stands.sort { $0.frame < $1.frame }
    for (number, stand) in stands.enumerated() where !stand.isOutside {
      if number > 0, stands[number - 1].frame == stand.frame {
        throw reader.source.wrong(stand.place, "one shape a frame", "a second in frame \(stand.frame)")
      }
      let others = stand.node.all("attribute").map(\.text)
      guard let shape = try reader.shape(stand.node, stand.place, &draft) else { continue }
      switch shape {
      case .whole(let shape):
        try draft.add(
          shape, name: label, others: others, frame: stand.frame, origin: stand.isKey ? .drawn : .tracked,
          at: stand.place)
      case .patch(let patch): try draft.add(patch, name: label, others: others, frame: stand.frame, at: stand.place)
      }
      let next = number + 1 < stands.count ? stands[number + 1] : nil
      try fill(from: stand, to: next, every: step, label, others, &reader, &draft)
    }
  }

  /// The frames between two that are listed.
  private static func fill(
    from one: Stand, to next: Stand?, every step: Int, _ label: String, _ others: [String], _ reader: inout CVATShapes,
    _ draft: inout PictureDraft
  ) throws(AnnotationError) {
    guard let next else {
      draft.note("\(one.place) is the last of its track and not followed by one outside: read for its own frame only")
      return
    }
    let between = Array(stride(from: one.frame + step, to: next.frame, by: step))
    guard !between.isEmpty else { return }
    guard one.node.name == "box", next.node.name == "box" else {
      draft.note("\(one.place): \(between.count) frames to the next are not filled, as only boxes are")
      return
    }
    let (start, end) = (try reader.box(one.node, one.place), try reader.box(next.node, next.place))
    let turn = try reader.optional(one.node, "rotation", one.place) ?? 0
    let nextTurn = try reader.optional(next.node, "rotation", next.place) ?? 0
    for frame in between {
      let share = Double(frame - one.frame) / Double(next.frame - one.frame)
      func at(_ from: Double, _ to: Double) -> Double { from + share * (to - from) }
      let (left, top) = (at(start.x, end.x), at(start.y, end.y))
      let box = PixelBox(
        x: left, y: top, width: at(start.maxX, end.maxX) - left, height: at(start.maxY, end.maxY) - top)
      // The shorter way round.
      let way = (nextTurn - turn + 540).truncatingRemainder(dividingBy: 360) - 180
      let shape = try reader.turned(box, by: turn + share * way, at: one.place)
      try draft.add(
        shape, name: label, others: others, frame: frame, origin: .tracked, at: "\(one.place), frame \(frame)")
    }
  }
}
