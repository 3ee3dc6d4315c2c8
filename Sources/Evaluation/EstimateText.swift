import Figures

/// Estimates in words, the same in figures, tables and sentences.
enum EstimateText {
  /// "0.91 (95 % CI 0.87 to 0.95)".
  static func auc(_ auc: AUCEstimate, decimals: Int = 2) -> String {
    Text.fixed(auc.value, decimals) + (auc.quoted.map { " (95\u{202F}% CI \(range($0, decimals)))" } ?? "")
  }

  /// "0.87 to 0.95".
  static func range(_ interval: ConfidenceInterval, _ decimals: Int) -> String {
    Text.signed(interval.lower, decimals) + " to " + Text.signed(interval.upper, decimals)
  }

  /// "86.0 % (80.1 to 90.4)", or why there is none.
  static func rate(_ rate: Rate) -> String {
    guard let value = rate.value else { return "n/a (no cases)" }
    let range = rate.interval.map { " (\(Text.fixed($0.lower * 100, 1)) to \(Text.fixed($0.upper * 100, 1)))" } ?? ""
    return Text.percent(value) + range
  }

  /// What a split is called on a page.
  static func split(_ split: String) -> String {
    switch split {
    case "internal-test": "Internal test"
    case "external-test": "External test"
    case "train": "Training"
    case "validation": "Validation"
    case "": "Test"
    default: split
    }
  }
}
