import Figures
import Wording

/// Estimates in words, the same in figures, tables and sentences.
enum EstimateText {
  /// "0.91 (95 % CI 0.87 to 0.95)".
  static func auc(_ auc: AUCEstimate, decimals: Int = 2, _ words: Wording = Wording()) -> String {
    let value = Text.fixed(auc.value, decimals)
    guard let interval = auc.quoted else { return value }
    return words("\(value) (95\u{202F}% CI \(range(interval, decimals, words)))")
  }

  /// "0.87 to 0.95".
  static func range(_ interval: ConfidenceInterval, _ decimals: Int, _ words: Wording = Wording()) -> String {
    words("\(Text.signed(interval.lower, decimals)) to \(Text.signed(interval.upper, decimals))")
  }

  /// "0.910 (0.870 to 0.950)"; the value alone where there is no interval.
  static func brief(_ value: Double, _ interval: ConfidenceInterval?, decimals: Int, _ words: Wording) -> String {
    let value = Text.signed(value, decimals)
    guard let interval else { return value }
    return words("\(value) (\(range(interval, decimals, words)))")
  }

  /// "86.0 % (80.1 to 90.4)", or why there is none.
  static func rate(_ rate: Rate, _ words: Wording = Wording()) -> String {
    guard let value = rate.value else { return words("n/a (no cases)") }
    guard let interval = rate.interval else { return percent(value, words) }
    return words("\(percent(value, words)) (\(percentages(interval, words)))")
  }

  /// "86.0 %", of a share.
  static func percent(_ share: Double, _ words: Wording) -> String {
    words("\(Text.fixed(share * 100, 1))\u{202F}%")
  }

  /// "80.1 to 90.4", of shares.
  static func percentages(_ interval: ConfidenceInterval, _ words: Wording) -> String {
    words("\(Text.fixed(interval.lower * 100, 1)) to \(Text.fixed(interval.upper * 100, 1))")
  }

  /// What a split is called on a page; a name of its own stays.
  static func split(_ split: String) -> Phrase {
    switch split {
    case "internal-test": Phrase("Internal test")
    case "external-test": Phrase("External test")
    case "train": Phrase("Training")
    case "validation": Phrase("Validation")
    case "": Phrase("Test part")
    default: Phrase(verbatim: split)
    }
  }

  /// The same within a sentence.
  static func splitInSentence(_ split: String) -> Phrase {
    switch split {
    case "internal-test": Phrase("internal test")
    case "external-test": Phrase("external test")
    case "train": Phrase("training")
    case "validation": Phrase("validation")
    case "": Phrase("test part")
    default: Phrase(verbatim: split)
    }
  }
}
