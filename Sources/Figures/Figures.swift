// Figures: from statistics to drawings, SVG by a small writer and PDF by librsvg. Every figure takes plain numbers and a Wording and
// returns a Figure. Knows no file, no cohort, no table; imports Statistics, Wording and CFigures.

/// A drawing with what a page needs of it.
package struct Figure: Sendable {
  /// Name of its files, without ending: letters, digits and hyphens, once a report.
  package var name: String
  package var svg: String
  /// What is to be read in it and how it was made.
  package var caption: String
  /// In pixels, 96 an inch.
  package var width: Double
  package var height: Double

  package init(name: String, svg: String, caption: String, width: Double, height: Double) {
    (self.name, self.svg, self.caption, self.width, self.height) = (name, svg, caption, width, height)
  }

  /// Takes the page's whole width.
  package var isWide: Bool { width > 560 }

  package func pdf() throws(DrawingError) -> [UInt8] { try PDF.page(svg: svg, width: width, height: height) }
}
