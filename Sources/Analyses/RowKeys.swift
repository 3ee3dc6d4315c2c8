import Tables

/// What tells one row of a table of scores from another: its image, within the model, split and fold that scored it.
enum RowKeys {
  private static let context = ["model", "split", "fold"]

  /// - image: column of the images' names; a table without it is not checked.
  /// Errors: the same image twice within one model, split and fold; the message names both lines.
  static func requireUnique(_ table: Table, image: String?, rows: [Int]) throws(AnalysisError) {
    guard let image, table.has(image) else { return }
    let keys = try columns(table, [image] + context)
    var lines: [[String]: Int] = [:]
    lines.reserveCapacity(rows.count)
    for row in rows {
      let key = keys.map { $0.cells[row] }
      if key[0].isEmpty { continue }
      guard let first = lines.updateValue(row, forKey: key) else { continue }
      let place = zip(keys.dropFirst(), key.dropFirst()).map { " of \($0.name) \($1)" }.joined()
      throw .input(
        source: "\(table.source):\(table.line(ofRow: row))",
        reason: "\(image) \"\(key[0])\"\(place) is on line \(table.line(ofRow: first)) already; expected each once. "
          + "--only COLUMN=VALUE narrows the rows; --image names another column of images")
    }
  }

  /// Says where rows of several models or splits are taken together, which is seldom meant.
  static func mixtures(_ table: Table, rows: [Int]) throws(AnalysisError) -> [String] {
    try columns(table, ["model", "split"]).compactMap { column in
      let found = Set(rows.map { column.cells[$0] }).sorted()
      guard found.count > 1 else { return nil }
      return "rows of \(found.count) values of \(column.name) (\(found.joined(separator: ", "))) are taken together; "
        + "--only \(column.name)=VALUE keeps one"
    }
  }

  private static func columns(_ table: Table, _ names: [String]) throws(AnalysisError) -> [(
    name: String, cells: [String]
  )] {
    try asAnalysisError(table.source) {
      try names.filter { table.has($0) }.map { ($0, try table.column($0)) }
    }
  }
}
