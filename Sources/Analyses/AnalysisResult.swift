public import Tables

/// What an analysis found: values for programs, tables for people, notes for both.
public struct AnalysisResult: Encodable, Sendable {
  /// Name of the analysis.
  public var analysis: String
  /// What a row of the analysis is, where it matters: image, lesion, patient, reader.
  public var unit: String?
  public var values: [String: JSONValue]
  /// What flags an estimate or says what could not be computed.
  public var notes: [String]
  public var tables: [ResultTable]

  init(_ analysis: String, unit: String? = nil) {
    (self.analysis, self.unit, values, notes, tables) = (analysis, unit, [:], [], [])
  }

  enum CodingKeys: CodingKey { case analysis, unit, values, notes }

  /// Tables and notes as text.
  public var lines: [String] {
    tables.flatMap { $0.lines + [""] } + notes.map { "note: " + $0 }
  }
}

/// A table to be read: text already rounded.
public struct ResultTable: Sendable, Equatable {
  public var title: String
  public var columns: [String]
  public var rows: [[String]]

  public init(_ title: String, _ columns: [String], _ rows: [[String]]) {
    (self.title, self.columns, self.rows) = (title, columns, rows)
  }

  /// Columns padded to their widest cell; all but the first and those that hold sentences to the right.
  public var lines: [String] {
    let all = [columns] + rows
    let widths = columns.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    func line(_ cells: [String]) -> String {
      let padded = cells.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 || widths[column] > 40 ? cell + space : space + cell
      }
      return String(padded.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
    }
    return [title] + all.map(line)
  }
}
