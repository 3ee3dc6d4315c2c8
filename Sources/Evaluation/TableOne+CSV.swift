import Tables

extension TableOne {
  /// As written to `table1.csv`.
  public func csv() -> String {
    let cells = rows.map { row in
      [(row.isLevel ? "  " : "") + row.name, row.benign, row.malignant, row.all, row.p, row.test]
    }
    let columns = ["characteristic", "benign", "malignant", "all", "p", "test"]
    return (try? Table(columns: columns, rows: cells, source: "table1.csv"))?.csv() ?? ""
  }
}
