import Statistics
import Tables

/// A small long table of readings: four readers, two arms, twenty cases, every second positive.
struct ReaderTable {
  struct Reading {
    let reader: Int
    let arm: Int
    let place: Int
    let rating: Int
    let score: Double
  }

  var columns = ["reader", "treatment", "case", "truth", "rating"]
  var readers = 4
  var arms = ["1", "2"]
  var identical = false
  var leavesRowsOut = false
  var skip: (Int, Int, Int) -> Bool = { _, _, _ in false }
  var caseName: (Int) -> String = { "C\($0)" }
  var extra: [String: (Reading) -> String] = [:]

  init(_ change: (inout ReaderTable) -> Void = { _ in }) { change(&self) }

  func rows() -> [[String]] {
    var rows: [[String]] = []
    for reader in 0..<readers {
      for arm in 0..<2 {
        for place in 0..<20 {
          let skipped = skip(reader, arm, place)
          if skipped, leavesRowsOut { continue }
          var random = SplitMix64(seed: UInt64(1000 * (identical ? 0 : reader) + 100 * arm + place))
          let truth = place % 2
          let rating = min(5, 1 + Int(random.uniform() * 3.2) + truth * (1 + arm))
          var own = SplitMix64(seed: UInt64(5000 + place))
          let score = 0.3 * Double(truth) + 0.6 * own.uniform()
          let reading = Reading(reader: reader, arm: arm, place: place, rating: rating, score: score)
          rows.append(
            ["R\(reader + 1)", arms[arm], caseName(place), "\(truth)", skipped ? "" : "\(rating)"]
              + extra.keys.sorted().map { name in skipped && name == "call" ? "" : extra[name]?(reading) ?? "" })
        }
      }
    }
    return rows
  }

  func table() -> Table {
    let all = columns + extra.keys.sorted()
    guard let table = try? Table(columns: all, rows: rows(), source: "readings.csv") else {
      preconditionFailure("a table of the test's own making")
    }
    return table
  }
}
