import Foundation
import Imaging
import Ultrasound

/// The file that is read, for messages, with what bounds and interprets it.
struct AnnotationSource: Sendable {
  let name: String
  let vocabulary: RegionVocabulary
  let limits: AnnotationLimits

  func wrong(_ place: String, _ expected: String, _ found: String) -> AnnotationError {
    .wrong(file: name, place: place, expected: expected, found: found)
  }

  /// The first 136 bytes; fewer of a shorter file. Refuses a folder, and a pipe, which would wait for its writer.
  func head(of file: URL) throws(AnnotationError) -> [UInt8] {
    var facts = stat()
    if stat(file.path, &facts) == 0, facts.st_mode & S_IFMT != S_IFREG {
      throw .unreadable(file: name, reason: "expected a file, found a folder, pipe or device")
    }
    do {
      let handle = try FileHandle(forReadingFrom: file)
      defer { try? handle.close() }
      return Array(try handle.read(upToCount: 136) ?? Data())
    } catch {
      throw .unreadable(file: name, reason: Self.reason(error))
    }
  }

  func bytes(of file: URL) throws(AnnotationError) -> [UInt8] {
    do {
      let handle = try FileHandle(forReadingFrom: file)
      defer { try? handle.close() }
      let data = try handle.read(upToCount: limits.maximumFileBytes + 1) ?? Data()
      if data.count <= limits.maximumFileBytes { return Array(data) }
    } catch {
      throw .unreadable(file: name, reason: Self.reason(error))
    }
    throw .tooLarge(file: name, place: "the file", found: "its length in bytes", limit: limits.maximumFileBytes)
  }

  private static func reason(_ error: any Error) -> String {
    let error = error as NSError
    let inner = error.userInfo[NSUnderlyingErrorKey] as? NSError
    return (inner?.domain == NSPOSIXErrorDomain ? inner : nil).map { String(cString: strerror(Int32($0.code))) }
      ?? error.localizedDescription
  }

  /// Part 10 of the standard, or an old file that begins with its data set.
  static func isDICOM(_ head: [UInt8]) -> Bool {
    if head.count >= 132, Array(head[128..<132]) == Array("DICM".utf8) { return true }
    return head.count >= 8 && [2, 8].contains(head[0]) && head[1] == 0 && head[3] == 0
  }

  /// A path that cannot lead out of a folder. Both kinds of slash part it.
  static func pictureName(_ path: String) -> String {
    let parts = path.split(whereSeparator: { $0 == "/" || $0 == "\\" }).map(String.init).filter { $0 != "." }
    let isAbsolute = path.hasPrefix("/") || path.hasPrefix("\\") || parts.first?.hasSuffix(":") == true
    guard let last = parts.last(where: { $0 != ".." }) else { return "" }
    return isAbsolute || parts.contains("..") ? last : parts.joined(separator: "/")
  }

  /// Checked width and height of a picture.
  func size(_ width: Double?, _ height: Double?, _ place: String) throws(AnnotationError) -> (width: Int, height: Int)?
  {
    guard let width, let height else { return nil }
    // LabelMe and VIA write 0 or -1 where they do not know.
    if width <= 0, height <= 0 { return nil }
    guard let columns = Int(exactly: width), let rows = Int(exactly: height), columns > 0, rows > 0 else {
      throw wrong(place, "a width and height in whole pixels", "\(width) x \(height)")
    }
    guard columns <= limits.maximumSide, rows <= limits.maximumSide, columns * rows <= limits.maximumPixels else {
      throw .tooLarge(file: name, place: place, found: "a picture of \(columns) x \(rows)", limit: limits.maximumPixels)
    }
    return (columns, rows)
  }
}
