/// How wide text is set, so that nothing overlaps: the advances of Helvetica (the same in Arial and Liberation Sans),
/// an em for Chinese. Other scripts and other fonts come near it.
package enum TextWidth {
  /// In pixels at `size` pixels.
  package static func of(_ text: String, size: Double, bold: Bool = false) -> Double {
    let thousandths = text.unicodeScalars.reduce(0) { $0 + advance($1) }
    return Double(thousandths) * size / 1000 * (bold ? 1.07 : 1)
  }

  /// Set in squares, without spaces between words.
  static func isIdeographic(_ scalar: Unicode.Scalar) -> Bool {
    (0x2E80...0xD7FF).contains(scalar.value) || (0xF900...0xFAFF).contains(scalar.value)
      || (0xFF00...0xFF60).contains(scalar.value) || (0x20000...0x3FFFF).contains(scalar.value)
  }

  private static func advance(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x20...0x7E: latin[Int(scalar.value) - 0x20]
    case 0xA0: 278
    case 0x0300...0x036F, 0x200B...0x200D: 0
    case 0x202F, 0x2009: 200
    case 0x2013: 556
    case 0x2014, 0x2026, 0x2192: 1000
    default: isIdeographic(scalar) ? 1000 : scalar.value > 0xFFFF ? 1100 : 600
    }
  }

  /// From the space to the tilde.
  private static let latin = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
  ]
}

/// Text broken into lines of a width: at spaces, between Chinese characters, within a word only where it is wider
/// than a line.
package enum TextLines {
  /// - most: what does not fit in so many lines ends in an ellipsis.
  package static func wrapped(
    _ text: String, width: Double, size: Double, bold: Bool = false, most: Int = .max
  ) -> [String] {
    var lines: [String] = []
    var line = ""
    func fits(_ text: String) -> Bool { TextWidth.of(text, size: size, bold: bold) <= width }
    for piece in pieces(text) {
      if fits(line + trimmed(piece)) {
        line += piece
        continue
      }
      if !line.isEmpty { lines.append(trimmed(line)) }
      line = ""
      for letter in piece {
        if !line.isEmpty, !fits(line + String(letter)), letter != " " {
          lines.append(line)
          line = ""
        }
        line.append(letter)
      }
    }
    if !trimmed(line).isEmpty { lines.append(trimmed(line)) }
    guard lines.count > max(1, most) else { return lines }
    let last = lines[(max(1, most) - 1)...].joined(separator: " ")
    return Array(lines.prefix(max(1, most) - 1)) + [shortened(last + "…", width: width, size: size, bold: bold)]
  }

  /// `text`, or as many of its first letters as fit with an ellipsis.
  package static func shortened(_ text: String, width: Double, size: Double, bold: Bool = false) -> String {
    if TextWidth.of(text, size: size, bold: bold) <= width { return text }
    var kept = text
    while kept.count > 1, TextWidth.of(kept + "…", size: size, bold: bold) > width { kept.removeLast() }
    return trimmed(kept) + "…"
  }

  private static func trimmed(_ text: String) -> String {
    var text = Substring(text)
    while text.last == " " { text.removeLast() }
    return String(text)
  }

  /// Pieces between which a line may end. No line begins with a closing mark or ends with an opening one.
  private static func pieces(_ text: String) -> [String] {
    var pieces: [String] = []
    var last: Character?
    for letter in text {
      let isFree = [letter, last ?? "a"].contains { $0.unicodeScalars.first.map(TextWidth.isIdeographic) ?? false }
      let mayBreak = last == " " || (isFree && !closing.contains(letter) && !opening.contains(last ?? " "))
      if mayBreak || pieces.isEmpty { pieces.append("") }
      pieces[pieces.count - 1].append(letter)
      last = letter
    }
    return pieces
  }

  private static let closing: Set<Character> = [
    "，", "。", "；", "：", "、", "）", "」", "》", "！", "？", ",", ".", ";", ":", ")", "%", " ", "\u{202F}", "”",
  ]
  private static let opening: Set<Character> = ["（", "「", "《", "(", "“", "\u{202F}"]
}
