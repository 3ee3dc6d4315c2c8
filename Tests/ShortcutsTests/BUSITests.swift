import Foundation
import Imaging
import Tables
import Testing
import Ultrasound

@testable import Shortcuts

/// The finders against what a person saw in 151 published pictures (Fixtures/busi-marks.csv: yes or no a kind, no pixels).
@Suite(.enabled(if: hasBUSI)) struct BUSITests {
  @Test func findersAgreeWithAPerson() throws {
    let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/busi-marks.csv")
    let table = try Table(contentsOf: fixture)
    // Without optimisation a picture takes seconds: every fifth then, and one error more than the floors allow.
    #if DEBUG
      let (step, slack) = (5, 1.0)
    #else
      let (step, slack) = (1, 0.0)
    #endif
    let rows = Array(stride(from: 0, to: table.rowCount, by: step))
    let all = try table.column("image")
    let names = rows.map { all[$0] }
    let readings = parallelResults(names.count) { place -> StillReading? in
      let folder = String(names[place].prefix { $0 != "_" })
      let file = busi.appending(path: "\(folder)/images/\(names[place])")
      return (try? Stills.decode(file)).map { StillReading(of: $0.rgb()) }
    }.compactMap(\.self)
    try #require(readings.count == names.count)
    // Sensitivity and specificity, the lowest that is accepted.
    let floors: [MarkKind: (Double, Double)] = [
      .caliper: (0.9, 0.98), .text: (0.65, 0.96), .bodyMark: (0.6, 0.98), .color: (1, 0.98),
    ]
    for (kind, floor) in floors.sorted(by: { $0.key.code < $1.key.code }) {
      let column = try table.column(kind.rawValue)
      let seen = rows.map { column[$0] == "yes" }
      // A word in the dark at the rim is found as a banner; the device's own mark in the corner is no word.
      let found = readings.map { reading in
        reading.has(kind)
          || kind == .text
            && reading.marks.contains { mark in
              mark.kind == .banner && (mark.box.x > 60 || mark.box.y > 60) && mark.box.y > 40
            }
      }
      let hits = zip(seen, found).filter { $0 && $1 }.count
      let rejections = zip(seen, found).filter { !$0 && !$1 }.count
      let (positive, negative) = (seen.filter(\.self).count, seen.filter { !$0 }.count)
      let wrong = zip(names, zip(seen, found)).filter { $0.1.0 != $0.1.1 }.map { "\($0.0) \($0.1.0)" }
      print("\(kind.rawValue): sensitivity \(hits)/\(positive), specificity \(rejections)/\(negative); \(wrong)")
      #expect(Double(hits) >= floor.0 * Double(positive) - slack, "\(kind): \(hits) of \(positive)")
      #expect(Double(rejections) >= floor.1 * Double(negative) - slack, "\(kind): \(rejections) of \(negative)")
    }
  }
}
