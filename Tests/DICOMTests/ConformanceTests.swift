import Crypto
import DICOM
import Foundation
import Imaging
import Testing

/// The collection of real and made files in ../shared: sizes, pixels, regions as its manifest has them.
@Suite(.enabled(if: Conformance.isThere, "needs ../shared/conformance/dicom"))
struct ConformanceTests {
  @Test(arguments: Conformance.files)
  func file(_ vector: Conformance.Vector) throws {
    let file = try DICOMFile(vector.url)
    if vector.compare == "metadata_only" { return }
    let reader = try FrameReader(file)
    #expect(
      reader.layout.rows == vector.rows && reader.layout.columns == vector.cols && reader.frameCount == vector.frames)
    var (shown, stored) = (SHA256(), SHA256())
    for index in 0..<reader.frameCount {
      let frame = try reader.storedFrame(index)
      let image = try reader.rgb(frame)
      shown.update(data: image.pixels)
      // The manifest's hash is of the values in the file's byte order.
      stored.update(data: vector.isBigEndian ? swapped(frame.bytes, frame.bytesPerSample) : frame.bytes)
      guard vector.compare == "tolerance" else { continue }
      if index == 0 { check(image.pixels, vector, vector.firstGrid, "first") }
      // The reference of this file is what a decoder left in its buffer: frames smaller than declared, unplaced.
      if index == reader.frameCount - 1, !vector.file.hasSuffix("multiframe.dcm") {
        check(image.pixels, vector, vector.lastGrid, "last")
      }
    }
    if vector.compare == "exact" { #expect(hexadecimal(shown) == vector.rgb) }
    if vector.nativeIsExact { #expect(hexadecimal(stored) == vector.native) }
    try checkRegions(file, vector)
  }

  @Test(.timeLimit(.minutes(1)), arguments: Conformance.malformed)
  func malformed(_ url: URL) {
    let began = Date()
    do {
      let file = try DICOMFile(url)
      let reader = try FrameReader(file)
      for index in 0..<reader.frameCount { _ = try reader.rgb(index) }
    } catch {
      #expect("\(error)".contains(url.lastPathComponent))
    }
    #expect(Date().timeIntervalSince(began) < 5)
  }

  private func hexadecimal(_ hash: SHA256) -> String { hash.finalize().map { String(format: "%02x", $0) }.joined() }

  private func swapped(_ bytes: [UInt8], _ size: Int) -> [UInt8] {
    stride(from: 0, to: bytes.count, by: size).flatMap { bytes[$0..<$0 + size].reversed() }
  }

  /// Means of the fields of an 8 x 8 grid.
  private func check(_ pixels: [UInt8], _ vector: Conformance.Vector, _ grid: [[[Double]]], _ which: String) {
    func bound(_ length: Int, _ index: Int) -> Int { index == 8 ? length : Int(Double(length) / 8 * Double(index)) }
    var worst = 0.0
    for row in 0..<8 {
      for column in 0..<8 {
        let (top, left) = (bound(vector.rows, row), bound(vector.cols, column))
        let (bottom, right) = (max(top + 1, bound(vector.rows, row + 1)), max(left + 1, bound(vector.cols, column + 1)))
        for channel in 0..<3 {
          var sum = 0.0
          for y in top..<bottom { for x in left..<right { sum += Double(pixels[(y * vector.cols + x) * 3 + channel]) } }
          worst = max(worst, abs(sum / Double((bottom - top) * (right - left)) - grid[row][column][channel]))
        }
      }
    }
    #expect(worst <= vector.blockTolerance, "\(vector.file): \(which) frame, a block is off by \(worst)")
  }

  private func checkRegions(_ file: DICOMFile, _ vector: Conformance.Vector) throws {
    let regions = try file.ultrasoundRegions()
    #expect(regions.count == vector.regions.count)
    for (found, expected) in zip(regions, vector.regions) {
      let values: [String: Double?] = [
        "RegionSpatialFormat": Double(found.spatialFormat), "RegionDataType": Double(found.dataType),
        "RegionFlags": Double(found.flags), "RegionLocationMinX0": Double(found.minX),
        "RegionLocationMinY0": Double(found.minY), "RegionLocationMaxX1": Double(found.maxX),
        "RegionLocationMaxY1": Double(found.maxY), "PhysicalUnitsXDirection": Double(found.horizontal.unit),
        "PhysicalUnitsYDirection": Double(found.vertical.unit), "PhysicalDeltaX": found.horizontal.delta,
        "PhysicalDeltaY": found.vertical.delta, "ReferencePixelX0": found.horizontal.referencePixel.map { Double($0) },
        "ReferencePixelY0": found.vertical.referencePixel.map { Double($0) },
      ]
      for (key, value) in expected {
        guard let mine = values[key] else { continue }
        let difference = try abs(#require(mine, "\(vector.file): \(key) is absent") - value)
        #expect(difference <= 1e-12 * max(1, abs(value)), "\(vector.file): \(key)")
      }
    }
  }
}

enum Conformance {
  struct Vector: Sendable, CustomTestStringConvertible {
    let file: String
    let compare: String
    let rule: String
    let rows: Int
    let cols: Int
    let frames: Int
    let rgb: String
    let native: String
    let nativeIsExact: Bool
    let isBigEndian: Bool
    let blockTolerance: Double
    let firstGrid: [[[Double]]]
    let lastGrid: [[[Double]]]
    let regions: [[String: Double]]

    var url: URL { folder.appending(path: file) }
    var testDescription: String { file }
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/conformance/dicom")
  static let isThere = FileManager.default.fileExists(atPath: folder.appending(path: "manifest.json").path)

  private static func list(_ name: String) -> [[String: Any]] {
    guard let data = try? Data(contentsOf: folder.appending(path: name)) else { return [] }
    return (try? JSONSerialization.jsonObject(with: data) as? [[String: Any]]) ?? []
  }

  /// Those with a reference.
  static let files: [Vector] = list("manifest.json").compactMap { entry in
    guard entry["status"] as? String == "ok", let file = entry["file"] as? String else { return nil }
    let stats = entry["stats"] as? [String: Any] ?? [:]
    let tolerance = entry["tolerance"] as? [String: Any] ?? [:]
    let dtype = entry["native_dtype"] as? String ?? ""
    return Vector(
      file: file, compare: entry["compare"] as? String ?? "", rule: entry["rgb8_rule"] as? String ?? "",
      rows: entry["rows"] as? Int ?? 0, cols: entry["cols"] as? Int ?? 0, frames: entry["frames"] as? Int ?? 1,
      rgb: entry["rgb8_sha256"] as? String ?? "", native: entry["native_sha256"] as? String ?? "",
      nativeIsExact: entry["native_compare"] as? String == "exact", isBigEndian: dtype.hasPrefix(">"),
      blockTolerance: tolerance["block_mean_abs"] as? Double ?? 0,
      firstGrid: stats["grid8x8_first"] as? [[[Double]]] ?? [], lastGrid: stats["grid8x8_last"] as? [[[Double]]] ?? [],
      regions: (entry["us_regions"] as? [[String: Any]] ?? []).map { region in
        region.compactMapValues { ($0 as? NSNumber)?.doubleValue }
      })
  }

  static let malformed: [URL] = list("malformed.json").compactMap { entry in
    (entry["file"] as? String).map { folder.appending(path: $0) }
  }
}
