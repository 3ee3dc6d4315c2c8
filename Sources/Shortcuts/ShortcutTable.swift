public import Tables

/// shortcuts.csv: a row a picture, what was found in it and how it was made.
public enum ShortcutTable {
  /// Columns `image, cluster, label`, the audited columns, then the numbers of ``ShortcutFeatures`` with `_` for blanks.
  public static func table(of pictures: [AuditPicture], source: String = "shortcuts.csv") throws(TableError) -> Table {
    let audited = Set(pictures.flatMap(\.columns.keys)).subtracting(["label", "image", "cluster"]).sorted()
    let numbers = ShortcutFeatures.names.map { name in
      String(name.map { $0 == " " ? "_" : $0 })
    }
    let rows = pictures.map { picture in
      let label = picture.isMalignant.map { $0 ? "malignant" : "benign" } ?? ""
      return [picture.name, picture.cluster, label] + audited.map { picture.columns[$0] ?? "" }
        + picture.features.values.map { $0 == $0.rounded() ? String(Int($0)) : String($0) }
    }
    return try Table(columns: ["image", "cluster", "label"] + audited + numbers, rows: rows, source: source)
  }
}
