import Ultrasound

/// COCO's run lengths (cocoapi, common/maskApi): lengths of unmarked and marked runs in turn, unmarked first, down the
/// columns, as numbers or as text of six bits a character.
enum COCORunLength {
  /// The lengths that a compressed text holds: five bits a character from "0" on, the sixth says that more follow, and
  /// from the fourth length on each is counted from the one two before. Nil for what is no such text.
  static func lengths(of text: String) -> [Int]? {
    var lengths: [Int] = []
    var (value, shift) = (0, 0)
    for byte in text.utf8 {
      guard (48..<112).contains(byte), shift <= 60 else { return nil }
      let bits = Int(byte) - 48
      value |= (bits & 0x1f) &<< shift
      shift += 5
      guard bits & 0x20 == 0 else { continue }
      if bits & 0x10 != 0, shift < 64 { value |= -1 &<< shift }
      if lengths.count > 2 {
        let (sum, overflow) = value.addingReportingOverflow(lengths[lengths.count - 2])
        guard !overflow else { return nil }
        value = sum
      }
      lengths.append(value)
      (value, shift) = (0, 0)
    }
    return shift == 0 ? lengths : nil
  }

  /// The same pixels row by row.
  /// - Returns: nil where the lengths do not fill the picture exactly or one is negative.
  static func mask(lengths: [Int], width: Int, height: Int) -> RunLengthMask? {
    // Down the columns is row by row of the picture laid on its side.
    guard let sideways = RunLengthMask(width: height, height: width, runs: lengths) else { return nil }
    var firsts = [[Range<Int>]](repeating: [], count: height)
    var start = 0
    for (index, run) in sideways.runs.enumerated() {
      if index % 2 == 1 { mark(start..<start + run, height, &firsts) }
      start += run
    }
    var (runs, end): ([Int], Int) = ([], 0)
    for (row, ranges) in firsts.enumerated() {
      for range in ranges {
        let place = row * width + range.lowerBound
        if place == end, !runs.isEmpty {
          runs[runs.count - 1] += range.count
        } else {
          runs += [place - end, range.count]
        }
        end = place + range.count
      }
    }
    runs.append(width * height - end)
    return RunLengthMask(width: width, height: height, runs: runs)
  }

  /// Adds the places of a run, counted down the columns, to the ranges of columns of each row, which come in order.
  private static func mark(_ run: Range<Int>, _ height: Int, _ rows: inout [[Range<Int>]]) {
    var place = run.lowerBound
    while place < run.upperBound {
      let column = place / height
      let end = min(run.upperBound, (column + 1) * height)
      for row in place - column * height..<end - column * height {
        if let last = rows[row].indices.last, rows[row][last].upperBound == column {
          rows[row][last] = rows[row][last].lowerBound..<column + 1
        } else {
          rows[row].append(column..<column + 1)
        }
      }
      place = end
    }
  }
}
