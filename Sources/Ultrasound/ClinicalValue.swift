/// One cell of the clinical record. A protocol gives the column its type; the catalogue keeps what was written.
public enum ClinicalValue: Codable, Sendable, Hashable {
  case number(Double)
  case text(String)
  case missing

  /// An empty cell, `NA`, `N/A`, `nan` and `null` are missing; what reads as a finite number is a number.
  public init(cell: String) {
    let trimmed = cell.drop { $0.isWhitespace }
    let text = String(trimmed.reversed().drop { $0.isWhitespace }.reversed())
    if ["", "na", "n/a", "nan", "null"].contains(text.lowercased()) {
      self = .missing
    } else if let number = Double(text), number.isFinite {
      self = .number(number)
    } else {
      self = .text(text)
    }
  }
}
