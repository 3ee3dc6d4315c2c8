import Analyses
import Testing

@Suite struct LaTeXTests {
  @Test func commandsAreWrittenOut() {
    #expect(
      LaTeX.escaped(#"a_b & 50 % {x} \ ~ ^ # $ <1 |"#)
        == ##"a\_b \& 50 \% \{x\} \textbackslash{} \textasciitilde{} \textasciicircum{} \# \$ $<$1 \textbar{}"##)
  }

  /// pdfLaTeX's text fonts have what is left: ASCII, Latin-1 and general punctuation.
  @Test func whatTextFontsLackIsMathematics() {
    let escaped = LaTeX.escaped("−0.5 ± 2 × 10² ≥ κ, χ² → ∞, d′, 12\u{202F}345\u{A0}% √2 Φ⁻¹ …\n\tx")
    #expect(escaped.unicodeScalars.allSatisfy { $0.isASCII })
    #expect(escaped.hasPrefix(#"$-$0.5 $\pm$ 2 $\times$ 10$^{2}$ $\geq$ $\kappa$, $\chi$$^{2}$"#))
    #expect(LaTeX.escaped("Mann–Whitney ’é 病灶") == "Mann–Whitney ’é 病灶")
  }

  @Test func rowsAreNotTakenForArgumentsOfTheRowBefore() {
    let table = ResultTable("t", ["a", "b"], [["*", "[1]"], ["[0, 1]", "x"]])
    #expect(table.latex.contains("\n{}* & {}[1] \\\\\n{}[0, 1] & x \\\\\n"))
    #expect(table.latex.hasPrefix("\\begin{tabular}{lr}\n"))
  }

  @Test func longTextIsSetInParagraphsThatFitTheLine() throws {
    let text = String(repeating: "word ", count: 30)
    let table = ResultTable("", ["item", "what", "why", "n"], [["1", text, text + text, "12"]])
    let latex = table.latex(columns: [.left, .left, .left, .right])
    let widths = latex.matches(of: /p\{(0\.\d+)\\linewidth\}/).compactMap { Double($0.output.1) }
    #expect(widths.count == 2 && widths.reduce(0, +) < 0.95)
    #expect(latex.hasPrefix("\\begin{tabular}{lp{"))
  }

  @Test func aTableLongerThanAPageBreaks() {
    let table = ResultTable("", ["a", "b"], (0..<41).map { ["\($0)", "x"] })
    #expect(table.isLong)
    #expect(table.latex.hasPrefix("\\begin{longtable}{lr}\n\\toprule\na & b \\\\\n\\midrule\n\\endhead\n"))
    #expect(table.latex.hasSuffix("\\bottomrule\n\\end{longtable}\n"))
  }
}
