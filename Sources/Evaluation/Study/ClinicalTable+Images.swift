import Cohort
import Tables
import Ultrasound

extension ClinicalTable {
  /// What a cohort's catalogue knows of its lesions; nil where it knows nothing. Of values that differ within a lesion the
  /// first known one is taken.
  static func of(_ images: [ImageRecord]) throws(EvaluationError) -> ClinicalTable? {
    let clinical = Set(images.flatMap(\.clinical.keys))
    // A clinical column of the same name is the cohort's own word for it.
    let own: [(name: String, value: (ImageRecord) -> String?)] = [
      ("size_mm", { $0.sizeMillimetres.map { "\($0)" } }), ("background", { $0.background?.rawValue }),
      ("device", { $0.device }), ("site", { $0.site }),
    ].filter { !clinical.contains($0.name) }
    let names = clinical.sorted() + own.map(\.name)
    var place: [LesionKey: Int] = [:]
    var keys: [LesionKey] = []
    var cells: [[String]] = []
    for image in images {
      let key = LesionKey(patient: image.patient, lesion: image.lesion)
      let values =
        clinical.sorted().map { image.clinical[$0]?.level(.number) ?? "" } + own.map { $0.value(image) ?? "" }
      guard let index = place[key] else {
        place[key] = keys.count
        keys.append(key)
        cells.append(values)
        continue
      }
      for (column, value) in values.enumerated() where cells[index][column].isEmpty { cells[index][column] = value }
    }
    guard let table = try? Table(columns: names, rows: cells, source: "cohort"), !keys.isEmpty else { return nil }
    let found = try ClinicalTable(StrictTable(table), names: names, keys: keys, key: .lesion, isStrict: false)
    return found.variables.isEmpty ? nil : found
  }
}
