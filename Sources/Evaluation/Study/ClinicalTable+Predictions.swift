import Cohort
import Tables
import Ultrasound

extension ClinicalTable {
  /// Columns of predictions that are no property of a lesion.
  private static let reserved: Set<String> = [Prediction.imagesColumn, "reader", "arm", "confidence", "call", "file"]

  /// The predictions' own further columns as variables of their lesions, and their sites; nil where there are none. Of
  /// values that differ within a lesion the first known one is taken, and the variable named in `differing`.
  static func of(
    _ predictions: [Prediction], source: String
  ) throws(EvaluationError) -> (table: ClinicalTable, differing: [String])? {
    var names = Set(predictions.flatMap(\.extra.keys)).subtracting(reserved).sorted()
    let hasSites = predictions.contains { !$0.site.isEmpty } && !names.contains("site")
    if hasSites { names.append("site") }
    guard !names.isEmpty else { return nil }
    var place: [LesionKey: Int] = [:]
    var keys: [LesionKey] = []
    var cells: [[String]] = []
    var differing = Set<String>()
    for row in predictions {
      let key = LesionKey(patient: row.patient, lesion: row.lesion)
      let values = names.map { hasSites && $0 == "site" ? row.site : row.extra[$0] ?? "" }
      guard let index = place[key] else {
        place[key] = keys.count
        keys.append(key)
        cells.append(values)
        continue
      }
      for (column, value) in values.enumerated() where !value.isEmpty {
        if cells[index][column].isEmpty {
          cells[index][column] = value
        } else if cells[index][column] != value {
          differing.insert(names[column])
        }
      }
    }
    guard let table = try? Table(columns: names, rows: cells, source: source) else { return nil }
    let clinical = try ClinicalTable(StrictTable(table), names: names, keys: keys, key: .lesion, isStrict: false)
    return clinical.variables.isEmpty ? nil : (clinical, differing.sorted())
  }
}
