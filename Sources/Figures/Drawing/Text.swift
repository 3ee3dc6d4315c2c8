import Foundation

/// Numbers as a reader sees them, the same in every figure, table and sentence.
package enum Text {
  /// `value` with a fixed number of decimals; "-0.00" is written "0.00", what is not finite "n/a".
  package static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return "n/a" }
    let text = String(format: "%.\(max(0, min(12, decimals)))f", value)
    guard text.hasPrefix("-"), !text.contains(where: { ("1"..."9").contains($0) }) else { return text }
    return String(text.dropFirst())
  }

  /// As ``fixed(_:_:)`` with a true minus sign, for readers.
  package static func signed(_ value: Double, _ decimals: Int) -> String {
    let text = fixed(value, decimals)
    return text.hasPrefix("-") ? "\u{2212}" + text.dropFirst() : text
  }

  /// A share of 0 to 1 as per cent with one decimal.
  package static func percent(_ share: Double, _ decimals: Int = 1) -> String {
    fixed(share * 100, decimals) + "\u{202F}%"
  }

  /// p with the digits journals ask for: "<0.001", three decimals below 0.1, two above.
  package static func pValue(_ p: Double) -> String {
    guard p.isFinite else { return "n/a" }
    if p < 0.001 { return "<0.001" }
    return p < 0.0995 ? fixed(p, 3) : fixed(p, 2)
  }

  /// 12345 as "12 345" with narrow spaces.
  package static func count(_ value: Int) -> String {
    let digits = Array(String(abs(value)))
    guard digits.count > 4 else { return String(value) }
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "\u{202F}" }
      text.append(digit)
    }
    return (value < 0 ? "-" : "") + text
  }

  /// "1 lesion", "2 lesions".
  package static func counted(_ value: Int, _ noun: String, plural: String? = nil) -> String {
    count(value) + " " + (value == 1 ? noun : plural ?? noun + "s")
  }

  /// "lesions" as "Lesions".
  package static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

  /// A text cut to `length` characters, with an ellipsis.
  package static func short(_ text: String, _ length: Int) -> String {
    text.count <= length ? text : text.prefix(max(1, length - 1)) + "…"
  }
}
