import Foundation

/// Text and tables for LaTeX, so that pdfLaTeX takes all but Chinese, and XeLaTeX that too.
public enum LaTeX {
  /// Where a column's cells stand.
  public enum Alignment: String, Sendable {
    case left = "l"
    case right = "r"
  }

  /// `text` with what LaTeX would take as a command written out; letters that its text fonts lack are set as mathematics.
  public static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if let command = commands[scalar] {
        result += command
      } else if scalar.value < 0x20 || scalar.value == 0x7F {
        result += " "
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static let commands: [Unicode.Scalar: String] = [
    "&": "\\&", "%": "\\%", "$": "\\$", "#": "\\#", "_": "\\_", "{": "\\{", "}": "\\}", "\\": "\\textbackslash{}",
    "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "<": "$<$", ">": "$>$", "|": "\\textbar{}",
    "`": "\\textasciigrave{}", "\u{A0}": "~", "\u{2009}": "\\,", "\u{202F}": "\\,",
    "\u{2007}": "~", "\u{200B}": "", "\u{FEFF}": "",
    "−": "$-$", "±": "$\\pm$", "×": "$\\times$", "·": "$\\cdot$", "≤": "$\\leq$", "≥": "$\\geq$", "≠": "$\\neq$",
    "≈": "$\\approx$", "∞": "$\\infty$", "√": "$\\surd$", "→": "$\\rightarrow$", "←": "$\\leftarrow$",
    "′": "$'$", "″": "$''$", "⁻": "$^{-}$", "¹": "$^{1}$", "²": "$^{2}$", "³": "$^{3}$", "°": "$^{\\circ}$",
    "α": "$\\alpha$", "β": "$\\beta$", "γ": "$\\gamma$", "δ": "$\\delta$", "κ": "$\\kappa$", "μ": "$\\mu$",
    "µ": "$\\mu$", "π": "$\\pi$", "ρ": "$\\rho$", "σ": "$\\sigma$", "τ": "$\\tau$", "χ": "$\\chi$", "Δ": "$\\Delta$",
    "Φ": "$\\Phi$", "…": "\\ldots{}",
  ]
}

extension ResultTable {
  /// Rows above which a table is broken over pages, by longtable.
  static let rowsOfAPage = 40

  /// The package a long table needs beside booktabs.
  public var isLong: Bool { rows.count > ResultTable.rowsOfAPage }

  /// A `tabular`, or a `longtable` where it is longer than a page, with booktabs' rules. Columns of long text are set as paragraphs that
  /// together fill the line.
  /// - columns: one a column.
  public func latex(columns alignments: [LaTeX.Alignment]) -> String {
    func line(_ cells: [String]) -> String { cells.map(LaTeX.cell).joined(separator: " & ") + " \\\\" }
    let environment = isLong ? "longtable" : "tabular"
    let head = ["\\toprule", line(columns), "\\midrule"] + (isLong ? ["\\endhead"] : [])
    return
      (["\\begin{\(environment)}{\(forms(alignments).joined())}"] + head + rows.map(line)
      + ["\\bottomrule", "\\end{\(environment)}"]).joined(separator: "\n") + "\n"
  }

  /// The same with all columns but the first to the right.
  public var latex: String { latex(columns: columns.indices.map { $0 == 0 ? .left : .right }) }

  /// A page's line holds about 95 letters.
  private func forms(_ alignments: [LaTeX.Alignment]) -> [String] {
    let widths = columns.indices.map { place in
      Double(([columns] + rows).map { $0[place].count }.max() ?? 0)
    }
    let long = columns.indices.filter { alignments[$0] == .left && widths[$0] > 18 }
    guard widths.reduce(0, +) > 95, !long.isEmpty else { return alignments.map(\.rawValue) }
    let others = widths.indices.filter { !long.contains($0) }.reduce(0) { $0 + widths[$1] }
    let room = max(0.3, 0.95 - others / 95 - 0.025 * Double(columns.count))
    let shares = long.map { min(widths[$0], 80) }
    let whole = shares.reduce(0, +)
    var forms = alignments.map(\.rawValue)
    for (place, share) in zip(long, shares) {
      forms[place] = "p{\(String(format: "%.3f", room * share / whole))\\linewidth}"
    }
    return forms
  }
}

extension LaTeX {
  /// Spaces before a cell indent it. At the head of a row `[` and `*` would belong to the `\\` before it.
  static func cell(_ text: String) -> String {
    let spaces = text.prefix { $0 == " " }.count
    let rest = escaped(String(text.dropFirst(spaces)))
    let guarded = rest.hasPrefix("[") || rest.hasPrefix("*") ? "{}" + rest : rest
    return (spaces > 1 ? "\\quad " : "") + guarded
  }
}
