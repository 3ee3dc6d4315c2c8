import Wording

/// What the analysis `table1` writes, in the report's language. Its texts are English with values between them.
struct TableOneText {
  let words: Wording

  /// - names: of the groups, as shown.
  func columns(_ titles: [String], group: String, names: [String: String]) -> [ReportTable.Column] {
    titles.enumerated().map { place, title in
      switch title {
      case "": return .text(words("Characteristic"))
      case "p": return .number(words("p"))
      case "test": return .text(words("Test"))
      case "standardised difference": return .number(words("SMD"))
      default: break
      }
      guard let match = title.wholeMatch(of: /(.*) \(n = (\d+)\)/) else { return .number(title) }
      var label = String(match.1)
      if label == "all" { label = words("All") }
      if label.hasPrefix(group + " ") { label = String(label.dropFirst(group.count + 1)) }
      return .number(words("\(names[label] ?? label) (n = \(String(match.2)))"))
    }
  }

  func row(_ cells: [String]) -> [String] {
    guard let head = cells.first else { return cells }
    return [name(head)] + cells.dropFirst().map(cell)
  }

  private func name(_ text: String) -> String {
    if text.hasPrefix("  ") {
      let level = String(text.dropFirst(2))
      return ReportTable.indent + (level == "missing" ? words("missing") : level)
    }
    if text == "patients, n" { return words("Patients") }
    for (suffix, phrase) in [
      (", mean ± SD", { (name: String) -> Phrase in "\(name), mean ± SD" }),
      (", median (IQR)", { "\($0), median (IQR)" }), (", n (%)", { "\($0), n (%)" }), (", range", { "\($0), range" }),
    ] where text.hasSuffix(suffix) {
      return words(phrase(String(text.dropLast(suffix.count))))
    }
    return text
  }

  private func cell(_ text: String) -> String {
    if let match = text.wholeMatch(of: /(\S+) \((\S+) to (\S+)\)/) {
      return words("\(String(match.1)) (\(String(match.2)) to \(String(match.3)))")
    }
    if let match = text.wholeMatch(of: /(\d\S*) to (\d\S*)/) {
      return words("\(String(match.1)) to \(String(match.2))")
    }
    switch text {
    case "no values", "Welch t", "Student t", "Welch ANOVA", "ANOVA", "Mann-Whitney", "Kruskal-Wallis", "chi-square",
      "Fisher exact", "a group without values":
      return words(Phrase(stringLiteral: text))
    default: return text
    }
  }

  func note(_ text: String) -> String {
    if text == "lesions of one patient are counted one by one, as if independent" {
      return words("Lesions of one patient are counted one by one, as if independent.")
    }
    if let match = text.wholeMatch(of: /(\d+) patients have lesions in more than one group/) {
      return words("Patients with lesions in more than one group: \(String(match.1)).")
    }
    if let match = text.wholeMatch(of: /(.*): left out, every value is different: an identifier/) {
      return words("\(String(match.1)): left out, every value is different.")
    }
    if let match = text.wholeMatch(of: /(.*): left out, it is (.*) throughout/) {
      return words("\(String(match.1)): left out, it is \(String(match.2)) throughout.")
    }
    if let match = text.wholeMatch(of: /(.*): left out, text with (\d+) different values among (\d+).*/) {
      return words("\(String(match.1)): left out, a text with \(String(match.2)) different values.")
    }
    return text
  }
}
