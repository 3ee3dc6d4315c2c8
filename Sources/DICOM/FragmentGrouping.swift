/// Gives each frame its fragments: by the extended or the basic offset table where they hold, else one fragment a frame,
/// else by the marks with which frames begin.
struct FragmentGrouping {
  private let file: DICOMFile
  private let table: ByteRange
  private let fragments: [ByteRange]
  private let frameCount: Int

  init(_ file: DICOMFile, _ table: ByteRange, _ fragments: [ByteRange], frames: Int) throws(DICOMError) {
    (self.file, self.table, self.fragments, frameCount) = (file, table, fragments, frames)
    guard frames <= fragments.count else {
      throw .truncated(
        file: file.name,
        detail: "\(Tag.numberOfFrames) says \(frames), the pixels hold \(fragments.count) fragments")
    }
  }

  func frames() throws(DICOMError) -> [[ByteRange]] {
    if frameCount == 1 { return [fragments] }
    if let frames = grouped(byOffsets: try file.dataSet.integers(.extendedOffsets)) { return frames }
    if let frames = grouped(byOffsets: try basicOffsets()) { return frames }
    if fragments.count == frameCount { return fragments.map { [$0] } }
    if let frames = try groupedByMarks() { return frames }
    throw .corrupt(
      file: file.name,
      detail: "\(Tag.numberOfFrames) says \(frameCount), and \(fragments.count) fragments cannot be divided among them")
  }

  private func basicOffsets() throws(DICOMError) -> [Int] {
    guard table.count % 4 == 0, table.count / 4 == frameCount else { return [] }
    let source = file.dataSet.source
    let bytes = try source.bytes(at: table.start, count: table.count)
    return stride(from: 0, to: bytes.count, by: 4).map { start in
      (0..<4).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
    }
  }

  /// nil where the offsets are not those of fragments. They count from the first fragment's header.
  private func grouped(byOffsets offsets: [Int]) -> [[ByteRange]]? {
    guard offsets.count == frameCount, let first = fragments.first, offsets.first == 0 else { return nil }
    var frames: [[ByteRange]] = []
    var next = 0
    for (index, offset) in offsets.enumerated() {
      guard next < fragments.count, fragments[next].start - first.start == offset else { return nil }
      var frame: [ByteRange] = []
      while next < fragments.count,
        index + 1 == offsets.count || fragments[next].start - first.start < offsets[index + 1]
      {
        frame.append(fragments[next])
        next += 1
      }
      guard !frame.isEmpty else { return nil }
      frames.append(frame)
    }
    return frames
  }

  /// A JPEG, JPEG-LS or JPEG 2000 frame begins with a mark of its own; nil where their number is another.
  private func groupedByMarks() throws(DICOMError) -> [[ByteRange]]? {
    var frames: [[ByteRange]] = []
    for fragment in fragments {
      let head = try file.dataSet.source.bytes(at: fragment.start, count: min(3, fragment.count))
      let begins = head.starts(with: [0xff, 0xd8, 0xff]) || head.starts(with: [0xff, 0x4f, 0xff])
      if begins {
        frames.append([fragment])
      } else if frames.isEmpty {
        return nil
      } else {
        frames[frames.count - 1].append(fragment)
      }
    }
    return frames.count == frameCount ? frames : nil
  }
}
